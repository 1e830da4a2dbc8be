"""The option `--format NAME[:FILE]`: which formats to answer in, and where each of them is written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from spec2bdd.cli.params import ChoiceType, complete_words
from spec2bdd.errors import UsageError

# What a command needs is imported when it runs: `--help` and `--version` answer at once.
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spec2bdd.model import Diagnostic
    from spec2bdd.model.feature import GherkinSources
    from spec2bdd.reporters.registry import AnswerKind


PENDING_FAILS = "spec2bdd.pending_fails"
"""Where the context of a command keeps whether pending criteria are failures in JUnit; None where nothing asked."""

# What a file in such a format is called, where the format has not the name of its kind of file.
_FILES = {
    "junit": "junit.xml",
    "junit-strict": "junit.xml",
    "badge-svg": "badge.svg",
    "badge-json": "badge.json",
    "github": "github.txt",
    "cucumber-messages": "messages.ndjson",
    "cucumber-json": "cucumber.json",
}


@dataclass(frozen=True, slots=True)
class Output:
    """One requested format, and the file that it is written to; without a file, it is printed on stdout."""

    format: str
    file: str = ""


class OutputType(click.ParamType):  # type: ignore[type-arg]  # Only newer versions of click are generic.
    """`NAME` or `NAME:FILE`, where NAME is a format that fits one of the kinds of answers of a command."""

    name = "FORMAT[:FILE]"

    def __init__(self, *kinds: AnswerKind) -> None:
        self.kinds = kinds

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        """Show what a value is made of; click 8.1 calls this without a context."""
        return self.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Parse one value of the option."""
        from importlib.util import find_spec

        from spec2bdd.reporters.registry import FOLDER_FORMATS, LIBRARIES, REPORTERS, list_formats

        # At the first colon, so that FILE may be a path on a drive of Windows.
        name, colon, file = str(value).partition(":")
        if name not in list_formats(*self.kinds):
            hint = _list_choices(*self.kinds)
            if name in REPORTERS:
                raise UsageError(f"this command has no format `{name}`", hint=hint)
            if all(part in list_formats(*self.kinds) for part in name.split(",")):
                several = " ".join(f"--format {part}" for part in name.split(","))
                raise UsageError(f"unknown format `{name}`", hint=f"give the option several times: `{several}`")
            from spec2bdd.text.suggest import suggest

            close = suggest(name, list_formats(*self.kinds))
            raise UsageError(f"unknown format `{name}`", hint=f"did you mean `{close}`?" if close else hint)
        # Before anything is done: a run may take minutes.
        library = LIBRARIES.get(name)
        if library and find_spec(library.module) is None:
            hint = f"install it next to spec2bdd: `python -m pip install {library.name}`"
            raise UsageError(f"the format `{name}` needs the library {library.name}", hint=hint)
        if name in FOLDER_FORMATS and not file:
            message = f"the format `{name}` is a folder of files, and needs the name of one"
            raise UsageError(message, hint=f"for example: `{name}:{name}-results`")
        if name == "html" and not colon and sys.stdout.isatty():
            raise UsageError("a page is not printed on a terminal", hint="name a file: `html:report.html`")
        if colon and not file:
            raise UsageError(
                f"missing file name after `{value}`", hint=f"for example: `{value}{_FILES.get(name, f'report.{name}')}`"
            )
        if name not in FOLDER_FORMATS and (file.endswith("/") or os.path.isdir(file)):  # noqa: PTH112
            example = f"{value.rstrip('/')}/{_FILES.get(name, f'report.{name}')}"
            raise UsageError(f"`{file}` is a folder", hint=f"name a file in it, such as `{example}`")
        if file == "-":
            raise UsageError(f"`-` in `{value}` names no file", hint=f"to print it on stdout, use `{name}`")
        # A shell does not expand it after the colon, and it would become a folder of the project.
        return Output(name, os.path.expanduser(file) if file.startswith("~/") else file)  # noqa: PTH111

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        """List the formats that a shell may complete to."""
        from spec2bdd.reporters.registry import list_formats

        return complete_words(list_formats(*self.kinds), incomplete)


class FormatOption(click.Option):
    """An option whose help lists the formats of its command, which only the registry knows.

    `limits` has the options with which the command answers with another kind, that has other formats.
    """

    def __init__(self, *declarations: Any, limits: Mapping[str, AnswerKind] = MappingProxyType({}), **options: Any):
        super().__init__(*declarations, **options)
        self.limits = limits

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Find the two columns of the help: in the first, the formats would be wider than a terminal."""
        from spec2bdd.reporters.registry import list_formats

        record = super().get_help_record(ctx)
        if record is None or not isinstance(self.type, OutputType):
            return record
        kinds = {"": self.type.kinds, **{f"; with `{option}`: ": (kind,) for option, kind in self.limits.items()}}
        parts = (words + ", ".join(f"`{name}`" for name in list_formats(*own)) for words, own in kinds.items())
        return record[0], f"{''.join(parts)}. {record[1]}"


def format_option(
    *kinds: AnswerKind, limits: Mapping[str, AnswerKind] = MappingProxyType({})
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Build the option `--format` of a command that answers with these kinds; it is passed as `outputs`.

    `limits` has the kinds that the command answers with where other options are given, by the first of these options.
    """

    def check(ctx: click.Context, param: click.Parameter, outputs: tuple[Output, ...]) -> tuple[Output, ...]:  # noqa: ARG001
        """Refuse several formats for stdout, or for one file, and options of a format that is not asked for."""
        if sum(not output.file for output in outputs) > 1:
            hint = f"name a file for the others: `{outputs[-1].format}:FILE`"
            raise UsageError("only one format can be written to stdout", hint=hint)
        paths = [Path(os.path.realpath(output.file)) for output in outputs if output.file]
        if repeated := next((path for path in paths if paths.count(path) > 1), None):
            message = f"two formats cannot be written to one file: `{repeated.name}`"
            raise UsageError(message, hint="name another file for one of them")
        is_junit = any(output.format.startswith("junit") for output in outputs)
        if ctx.meta.get(PENDING_FAILS) is not None and not is_junit:
            message = "`--junit-pending` is only used with the format `junit`"
            raise UsageError(message, hint="add `--format junit:FILE`, or leave out `--junit-pending`")
        return outputs

    option = click.option(
        "--format",
        "outputs",
        cls=FormatOption,
        limits=limits,
        type=OutputType(*kinds),
        multiple=True,
        callback=check,
        help="With FILE, the output is written to that file, and missing folders are created. Can be given several "
        "times; `text` by default.",
    )
    # Only these have the verdicts that formats of test runners show.
    if not {"judgement", "run", "documentation"} & {*kinds}:
        return option
    pending = click.option(
        "--junit-pending",
        type=ChoiceType("skipped", "failure"),
        expose_value=False,
        # Before `--format`, which checks that they fit together.
        is_eager=True,
        callback=lambda ctx, _, value: ctx.meta.update({PENDING_FAILS: value and value == "failure"}),
        help="What a pending criterion is in `junit`: `skipped` (the default) or `failure`.",
    )
    return lambda command: option(pending(command))


def check_formats(outputs: Iterable[Output], kind: AnswerKind, *, command: str) -> None:
    """Refuse formats that do not fit an answer whose kind depends on other options; `command` has these options.

    Raises:
        UsageError: one does not fit.
    """
    from spec2bdd.reporters.registry import list_formats

    # The option itself allows the formats of all kinds of answers that the command has.
    for output in outputs:
        if output.format not in list_formats(kind):
            raise UsageError(f"`{command}` has no format `{output.format}`", hint=_list_choices(kind))


def find_stdout_format(outputs: Iterable[Output]) -> str:
    """Find the format that is printed on stdout."""
    # If all formats go to files, stdout gets the text, as without the option.
    return next((output.format for output in outputs if not output.file), "text")


def read_sources(
    outputs: Iterable[Output], value: Any, *, config: str | None
) -> tuple[GherkinSources | None, Sequence[Diagnostic]]:
    """Read the files of the project that one of the formats needs, with an error for each bad one."""
    from spec2bdd.reporters.registry import SOURCED_FORMATS

    if not any(output.format in SOURCED_FORMATS for output in outputs):
        return None, ()
    from spec2bdd.commands.reporting.sources import read_gherkin_sources
    from spec2bdd.config import read_config

    return read_gherkin_sources(read_config(Path.cwd(), explicit=Path(config) if config else None), value.runs)


def _list_choices(*kinds: AnswerKind) -> str:
    """Render the hint of an error: the formats that fit."""
    from spec2bdd.reporters.registry import list_formats

    return f"use one of {', '.join(f'`{name}`' for name in list_formats(*kinds))}"
