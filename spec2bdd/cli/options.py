"""Options that several commands share, and the examples at the end of their help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from spec2bdd.cli.params import ChoiceType, FileType
from spec2bdd.errors import UsageError

if TYPE_CHECKING:
    from spec2bdd.commands.options import WriteMode
    from spec2bdd.model import JudgeOptions, Selection

Command = TypeVar("Command", bound=Callable[..., Any])


def render_examples(*commands: str) -> str:
    """Render the end of a command's help: command lines to copy."""
    # `\b` keeps click from wrapping the paragraph that follows.
    return "\n".join(("\b", "Examples:", *(f"  spec2bdd {command}".rstrip() for command in commands)))


config_option = click.option(
    "--config",
    type=FileType(exists=True),
    help="Path to the configuration file.",
)
verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Also list all specs, ticked boxes, written files, and each criterion that is not proved, with its reason.",
)
strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Untick unverified boxes: ticked before spec2bdd first read the spec, and not proved since.",
)
_GATE_HINT = (
    'use `claimed` or `all`; the tiers of the gate are set in the configuration, such as `gate = ["must", "should"]`'
)
gate_option = click.option(
    "--gate",
    type=ChoiceType("claimed", "all", "no-regression", hints=dict.fromkeys(("must", "should", "could"), _GATE_HINT)),
    # A paragraph for each value.
    help="How strict the exit code is about the criteria of the gate, by default the musts.\n\n"
    "`claimed`: none may fail, and none may be unproved in a spec whose status is Review or Complete. The default.\n\n"
    "`all`: none may be unproved in any spec.\n\n"
    "`no-regression`: only those in `spec2bdd.lock` have to be proved.\n\n"
    "If only a part is run, criteria outside of it that are skipped or stale do not count, except those that are left "
    "out because they passed. In `verify`, failures of earlier runs count; in `mark`, all criteria do.",
)
baseline_option = click.option(
    "--update-baseline",
    is_flag=True,
    help="Add the criteria that pass to `spec2bdd.lock`, and delete those that were removed from the specs, waived or "
    "made manual; those that fail stay. Implies `--gate no-regression`.",
)
commands_option = click.option(
    "--allow-commands",
    "commands",
    is_flag=True,
    help="Run the commands that the configuration names as evidence for the definition of done.",
)
trust_external_option = click.option(
    "--trust-external",
    is_flag=True,
    help="Accept passes from external reports (JUnit XML, JSON of Cucumber or Behave).",
)


patch_option = click.option(
    "--patch",
    type=FileType(exists=False),
    help="Write only this file: a patch of what would change, for `git apply`.",
)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print only errors and the summary.")


def add_output_options(command: Command) -> Command:
    """Add the options that every command takes that prints what it wrote."""
    # Applied last, shown first: click lists options in the order in which decorators are read.
    return config_option(quiet_option(command))


def add_judgement_options(command: Command) -> Command:
    """Add the options that every command takes that prints verdicts."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print only failures and the summary.")
    return config_option(quiet(command))


def add_write_options(command: Command, *, fails: str = "") -> Command:
    """Add the options of every command that writes; `fails` is what else makes its exit code 1 with `--check`."""
    diff = click.option("--diff", is_flag=True, help="Like --check, and print what would change as a patch.")
    check = click.option("--check", is_flag=True, help=f"Write nothing; exit 1 if something would change{fails}.")
    return check(diff(command))


def add_mark_options(command: Command) -> Command:
    """Add the options of every command that writes verdicts into specs."""
    return add_write_options(command, fails=", or if a check fails")


def add_preview_options(command: Command) -> Command:
    """Add the options of every command that creates files: those of a command that writes, and a preview."""
    preview = click.option("--dry-run", is_flag=True, help="Write nothing, and list what would be written.")
    return preview(add_write_options(command))


def since_option(text: str) -> Callable[[Command], Command]:
    """Build the option `--since REV` of a command; `text` is the beginning of its help. By default, it is empty.

    What it compares with is the same in all commands.
    """

    def check(ctx: click.Context, param: click.Parameter, value: str) -> str:
        """Refuse an empty revision, such as that of a variable which is not set."""
        if not value and ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE:
            raise UsageError("`--since` needs a revision", hint="name one, such as `--since main`, or leave it out")
        return value

    return click.option(
        "--since",
        metavar="REV",
        default="",
        callback=check,
        help=f"{text} since the merge base with REV, such as `main`.",
    )


def add_selection_options(command: Command) -> Command:
    """Add the names and the options that select what is run; several of them select what all of them name."""
    for option in (
        click.argument("names", nargs=-1, metavar="[NAME]..."),
        since_option("Run only what may be affected by changes"),
        click.option("--failed", is_flag=True, help="Rerun only what did not pass last time."),
        # The plain argument is the one way that the help shows; scripts may prefer a list of options.
        click.option("--only", metavar="NAME", multiple=True, hidden=True, help="The same as the argument NAME."),
    ):
        command = option(command)
    return command


def build_selection(names: tuple[str, ...], only: tuple[str, ...], *, failed: bool, since: str) -> Selection:
    """Build the selection that the arguments of `add_selection_options` ask for."""
    # Imported here: `--help` must not load the project.
    from spec2bdd.model import Selection

    return Selection((*names, *only), failed, since)


def build_judge_options(gate: str | None, *, update_baseline: bool = False, **options: bool) -> JudgeOptions:
    """Build the options for judging that `--gate` and `--update-baseline` ask for, with further ones.

    `gate` is nothing where it was not given, which means `claimed` but contradicts nothing.

    Raises:
        UsageError: the two contradict each other.
    """
    from spec2bdd.model import JudgeOptions

    if update_baseline and gate not in (None, "no-regression"):
        hint = f"remove `--gate {gate}`"
        raise UsageError(f"`--update-baseline` cannot be combined with `--gate {gate}`", hint=hint)
    gates = {"gate_all": gate == "all", "gate_baseline": update_baseline or gate == "no-regression"}
    return JudgeOptions(**gates, **options, update_baseline=update_baseline, baseline=None)


def choose_write_mode(*, check: bool, patch: bool = False) -> WriteMode:
    """Choose what a command does with its changes: `--check` and `--diff` win over `--patch`."""
    from spec2bdd.commands.options import WriteMode

    if check:
        return WriteMode.CHECK
    return WriteMode.PLAN if patch else WriteMode.WRITE
