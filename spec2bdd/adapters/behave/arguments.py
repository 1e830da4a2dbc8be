"""Check the arguments that are passed through to Behave: some of them would break the records of a run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, NoReturn

from spec2bdd.errors import UsageError

# The hint of each option that is refused, by its name in the parsed arguments of Behave.
_OURS = {
    "paths": "name specs, criteria or feature files before the `--`, or use Behave's `--name` and `--tags`",
    "format": "the records need the formatter of spec2bdd; run `behave` itself for another one",
    "outfiles": "the records need the formatter of spec2bdd; run `behave` itself for another one",
    "runner": "the records need the runner of spec2bdd; run `behave` itself for another one",
    "jobs": "write `-j N` before the `--`",
    "stage": "set `stage` in Behave's configuration, or `BEHAVE_STAGE` in the environment",
    "dry_run": "a dry run proves nothing; run `behave --dry-run` itself",
    "steps_catalog": "it runs nothing; run `behave` itself",
    "lang_list": "it runs nothing; run `behave` itself",
    "lang_help": "it runs nothing; run `behave` itself",
    "tags_help": "it runs nothing; run `behave` itself",
    "version": "it runs nothing; run `behave` itself",
}
# The options whose names are not those of their arguments.
_NAMES = {"outfiles": "outfile"}


def is_behave_option(name: str) -> bool:
    """Whether Behave has an option with this name."""
    from behave.configuration import setup_parser

    def refuse(message: str) -> NoReturn:
        """Raise in place of the parser's own `error`, as for an option that needs a value."""
        raise UsageError(message)

    parser: Any = setup_parser()
    parser.error = refuse
    try:
        with redirect_stdout(StringIO()):
            return name not in parser.parse_known_args([name])[1]
    except (UsageError, SystemExit):
        return True


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse arguments that Behave does not know, or that decide what spec2bdd has to decide.

    Raises:
        UsageError: there is such an argument; the first error holds the others.
    """
    if not arguments:
        return
    # Behave takes long to import, and mostly there are no arguments.
    from behave.configuration import setup_parser
    from behave.tag_expression import make_tag_expression

    def refuse(message: str) -> NoReturn:
        """Raise in place of the parser's own `error`, which prints its usage and exits."""
        raise UsageError(f"invalid arguments for Behave: {message}", hint="run `behave --help` for its options")

    parser: Any = setup_parser()
    parser.error = refuse
    # Behave's own runner would take the place of ours, too.
    parser.set_defaults(runner="")
    defaults = vars(parser.parse_args([]))
    try:
        # `--help` would be printed here.
        with redirect_stdout(StringIO()):
            given = vars(parser.parse_args(list(arguments)))
    except SystemExit:
        raise UsageError("Behave would only print its help", hint="run `behave --help`") from None
    errors: list[UsageError] = []
    for name, hint in _OURS.items():
        if given.get(name) != defaults.get(name):
            shown = " ".join(given[name]) if name == "paths" else f"--{_NAMES.get(name, name.replace('_', '-'))}"
            errors.append(UsageError(f"`{shown}` cannot be passed to Behave", hint=hint))
    for expression in given["tags"] or ():
        try:
            make_tag_expression([expression])
        except Exception:  # noqa: BLE001  Which error it is depends on the version of Behave's parser.
            hint = 'combine tags with `and`, `or`, `not` and parentheses: `--tags "@smoke and not @slow"`'
            errors.append(UsageError(f"invalid tag expression `{expression}`", hint=hint))
    if errors:
        first, *others = errors
        raise UsageError(first.message, hint=first.hint, others=others)
