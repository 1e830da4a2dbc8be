"""What a table of the configuration holds in, errors that name what was meant out, all of them in one."""

from __future__ import annotations

from collections.abc import Iterable

from spec2bdd.errors import ConfigError
from spec2bdd.text.suggest import describe_unknown


def find_unknown_keys(table: Iterable[str], known: Iterable[str]) -> list[ConfigError]:
    """Return an error for each key that means nothing, with a guess at what was meant."""
    return [describe_unknown(key, tuple(known)) for key in table if key not in known]


def collect_errors(errors: Iterable[ConfigError]) -> None:
    """Raise one error that holds them all, if there is one.

    Raises:
        ConfigError: there is at least one.
    """
    every = [each for error in errors for each in (error, *error.others)]
    if every:
        first, *others = every
        raise ConfigError(first.message, hint=first.hint, path=first.path, line=first.line, others=others)


def check_choice(value: object, *, key: str, choices: tuple[str, ...]) -> str:
    """Return one of the words that a key knows.

    Raises:
        ConfigError: it is none of them.
    """
    if value not in choices:
        hint = f"one of {', '.join(f'`{choice}`' for choice in choices)}"
        raise ConfigError(f"`{key} = {value!r}` is not known", hint=hint)
    return str(value)
