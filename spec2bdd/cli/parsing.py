"""The classes of the commands: how arguments are parsed, how errors of usage are printed, how help is laid out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from spec2bdd.errors import UsageError

# The headings of the options in a command's help, in order, with the names of the options under each; all other options
# come first.
_HEADINGS = {
    "Selection": ("failed", "since"),
    "Running": ("jobs", "timeout", "retries", "shard", "durations", "executor", "scheduler", "pdb"),
    "Judging": ("strict", "gate", "gaps_fail", "update_baseline", "commands", "trust_external"),
    "Writing": ("dry_run", "check", "diff", "patch"),
    "Output": ("outputs", "junit_pending", "quiet", "verbose"),
    "Common options": ("config", "help"),
}

# What to write instead of an option of pytest, some of which have another meaning to Behave.
_INSTEAD = {
    "-k": "name what to run, such as a part of a criterion's text: `{command} TEXT`",
    "-m": "to select by tags, write the expression after `--`: `{command} -- --tags @smoke`",
    "-x": "to stop at the first failure, write Behave's option after `--`: `{command} -- --stop`",
    "--lf": "did you mean `--failed`?",
    "-n": "did you mean `--jobs`? To pass it to Behave, write it after `--`: `{command} -- -n`",
}


class Command(click.Command):
    """A command whose errors of usage look like all other errors, and whose options are grouped in its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; print what is wrong with them, and exit."""
        with exit_on_usage_error(ctx):
            # Else click refuses superfluous arguments itself, by a message alone.
            ctx.allow_extra_args = True
            left = super().parse_args(ctx, args)
            if left and not ctx.resilient_parsing:
                raise UsageError(f"unexpected argument `{left[0]}`", hint=_find_example(self))
            if ctx.params.get("quiet") and ctx.params.get("verbose") and not ctx.resilient_parsing:
                raise UsageError("`--quiet` cannot be combined with `--verbose`", hint="leave out one of them")
        return left

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings."""
        rows: dict[str, list[tuple[str, str]]] = {heading: [] for heading in ("Options", *_HEADINGS)}
        for param in self.get_params(ctx):
            # Arguments have no row: the description above explains them.
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx)):
                # Versions of click have different names for this one.
                name = "help" if "--help" in param.opts else param.name
                heading = next((heading for heading, names in _HEADINGS.items() if name in names), "Options")
                rows[heading].append(record)
        for heading, records in rows.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class BehaveCommand(Command):
    """A command that passes the arguments after the first `--` on to Behave, as `behave_args`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments before `--`."""
        # click would take the first of those after it for names.
        place = args.index("--") if "--" in args else len(args)
        left = super().parse_args(ctx, args[:place])
        ctx.params["behave_args"] = tuple(args[place + 1 :])
        return left

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Add the arguments of Behave to the usage line."""
        return [*super().collect_usage_pieces(ctx), "[-- BEHAVE_ARGS]"]


@contextmanager
def exit_on_usage_error(ctx: click.Context) -> Iterator[None]:
    """Print an error of usage, click's own ones included, and exit with its code."""
    try:
        yield
    except click.UsageError as error:
        if (translated := translate_click_error(error, ctx)) is None:
            raise
        _print_and_exit(translated)
    except UsageError as error:
        _print_and_exit(error)


def translate_click_error(error: click.UsageError, ctx: click.Context) -> UsageError | None:
    """Translate an error of click into one of ours; nothing for what is no error, such as a call without arguments."""
    if isinstance(error, click.NoSuchOption):
        return _build_no_such_option(error.option_name, ctx)
    if isinstance(error, click.BadOptionUsage):
        option = next(param for param in ctx.command.get_params(ctx) if error.option_name in param.opts)
        if getattr(option, "is_flag", False):
            return UsageError(f"option `{error.option_name}` takes no value", hint="leave out the value")
        expected = f"`{error.option_name} {option.make_metavar(ctx)}`"
        return UsageError(f"option `{error.option_name}` needs a value", hint=f"write {expected}")
    if isinstance(error, click.MissingParameter) and error.param:
        # An argument that can be given several times has dots after its name.
        is_argument = isinstance(error.param, click.Argument)
        name = error.param.make_metavar(ctx).rstrip(".") if is_argument else error.param.opts[-1]
        return UsageError(f"missing {error.param.param_type_name} `{name}`", hint=_find_example(ctx.command))
    return None


def suggest_command(name: str, names: Sequence[str]) -> UsageError:
    """Build the error for a command that does not exist."""
    from spec2bdd.text.suggest import suggest

    close = suggest(name, names)
    hint = f"did you mean `{close}`?" if close else "`spec2bdd --help` lists the commands"
    return UsageError(f"no such command `{name}`", hint=hint)


def _build_no_such_option(name: str, ctx: click.Context) -> UsageError:
    """Build the error for an option that a command does not have."""
    from spec2bdd.text.suggest import suggest

    hint = f"`{ctx.command_path} --help` lists the options"
    if commands := [f"`{command}`" for command in _find_commands_with(name, ctx)]:
        shown = [*commands[:3], "other commands"] if commands[3:] else commands
        hint = f"it is an option of {' and '.join(filter(None, [', '.join(shown[:-1]), shown[-1]]))}"
        hint += "; write it after the name of the command" if isinstance(ctx.command, click.Group) else ""
    elif close := suggest(name, _list_options(ctx.command, ctx)):
        hint = f"did you mean `{close}`?"
    elif isinstance(ctx.command, BehaveCommand):
        from spec2bdd.adapters.behave.arguments import is_behave_option

        if instead := _INSTEAD.get(name):
            hint = instead.format(command=ctx.command_path)
        elif is_behave_option(name):
            hint = f"to pass it to Behave, write it after `--`: `{ctx.command_path} -- {name}`"
    return UsageError(f"no such option `{name}`", hint=hint)


def _find_commands_with(option: str, ctx: click.Context) -> list[str]:
    """Find the other commands that have an option."""
    group = ctx.parent.command if ctx.parent else ctx.command
    if not isinstance(group, click.Group):
        return []
    commands = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    return [
        name for name, command in commands if command and any(option in param.opts for param in command.get_params(ctx))
    ]


def _list_options(command: click.Command, ctx: click.Context) -> list[str]:
    """List the long options of a command."""
    return [option for param in command.get_params(ctx) for option in param.opts if option.startswith("--")]


def _find_example(command: click.Command) -> str:
    """Find the first example of a command's help, as a hint."""
    lines = (command.epilog or "").splitlines()
    example = next((line for line in lines if line.startswith("  spec2bdd ")), "")
    # Without the comment that some of them have.
    return f"for example: `{example.partition('   #')[0].strip()}`" if example else ""


def _print_and_exit(error: UsageError) -> Any:
    """Print an error and end the command."""
    from spec2bdd.cli.output import exit_on_error

    with exit_on_error():
        raise error
    sys.exit(2)
