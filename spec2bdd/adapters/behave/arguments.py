"""Arguments for Behave itself in, an error for each that would take from spec2bdd what it has to decide out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from spec2bdd.errors import ConfigError

# By the name that Behave's own parser gives the value.
_OURS = {
    "paths": "what is run is chosen by the specs: take `--only`, or Behave's `--name` and `--tags`",
    "format": "the records need the formatter of spec2bdd; for another one call `behave` itself",
    "outfiles": "the records need the formatter of spec2bdd; for another one call `behave` itself",
    "runner": "the records need the runner of spec2bdd; for another one call `behave` itself",
    "jobs": "type `spec2bdd run -j N`, before the `--`",
    "dry_run": "a dry run proves nothing; for one call `behave --dry-run` itself",
    "steps_catalog": "it runs nothing; call `behave` itself",
    "lang_list": "it runs nothing; call `behave` itself",
    "lang_help": "it runs nothing; call `behave` itself",
    "tags_help": "it runs nothing; call `behave` itself",
    "version": "it runs nothing; call `behave` itself",
}


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse arguments that Behave does not know, or that are none of its caller's business.

    Raises:
        ConfigError: there is such an argument; all of them are told at once.
    """
    if arguments:
        errors = list(_find_errors(arguments))
        if errors:
            first, *others = errors
            raise ConfigError(first.message, hint=first.hint, others=others)


def _find_errors(arguments: Sequence[str]) -> Iterator[ConfigError]:
    """Yield what is wrong with arguments."""
    # Behave takes long to import, and mostly there are no arguments.
    from behave.configuration import setup_parser

    parser: Any = setup_parser()
    parser.error = _refuse
    defaults = vars(parser.parse_args([]))
    try:
        given = vars(parser.parse_args(list(arguments)))
    except ConfigError as error:
        yield error
        return
    except SystemExit:
        yield ConfigError("Behave would only print its help", hint="type `behave --help`")
        return
    for name, hint in _OURS.items():
        if given.get(name) != defaults.get(name):
            what = " ".join(map(str, given[name])) if isinstance(given[name], list) else name.replace("_", "-")
            yield ConfigError(f"`{what}` cannot be handed to Behave", hint=hint)


def _refuse(message: str) -> NoReturn:
    """Raise what Behave's parser says of arguments that it does not know."""
    raise ConfigError(f"Behave does not take this: {message}", hint="type `behave --help` for what it takes")
