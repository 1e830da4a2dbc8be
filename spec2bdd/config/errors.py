"""Find and collect the errors of a table, so that all of them are reported at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from spec2bdd.errors import ConfigError
from spec2bdd.text.suggest import suggest

# Errors that are reported one by one.
_MOST_ERRORS = 100


def render_choices(choices: Iterable[str]) -> str:
    """Render the words to choose from."""
    return ", ".join(f"`{choice}`" for choice in choices)


def render_setting(key: str, value: object) -> str:
    """Render a key and its value as they are written in TOML."""
    return f"`{key} = {json.dumps(value, ensure_ascii=False, default=str)}`"


def find_unknown_keys(table: Iterable[str], known: Iterable[str], *, of: str = "") -> list[ConfigError]:
    """Find the keys of a table that do not exist; the hint names the one that is most like it, or all.

    `of` is the key that holds the table, where it is an inner one.
    """
    names = tuple(known)
    where = f" in `{of}`" if of else ""
    errors = []
    unknown = [key for key in table if key not in names]
    for key in unknown[:_MOST_ERRORS]:
        close = suggest(key, names)
        hint = f"did you mean `{close}`?" if close else f"known keys: {render_choices(names)}"
        errors.append(ConfigError(f"unknown key `{key}`{where}", hint=hint).inside(key))
    if len(unknown) > _MOST_ERRORS:
        errors.append(ConfigError(f"{len(unknown) - _MOST_ERRORS} more unknown keys{where}"))
    return errors


def spell_keys(table: Mapping[str, object], known: Iterable[str]) -> dict[str, object]:
    """Spell the known keys of a table with hyphens, where it has underscores."""
    names = {key.replace("-", "_"): key for key in known}
    spelt = {key: names.get(key.replace("-", "_"), key) for key in table}
    # Of two spellings of one key, the other one stays as it is, and is unknown.
    return {key if spelt[key] in table else spelt[key]: value for key, value in table.items()}


def collect_errors(errors: Iterable[ConfigError]) -> None:
    """Raise one error that holds all the others, those that they hold included; nothing if there are none.

    Raises:
        ConfigError: there is at least one.
    """
    collected = [nested for error in errors for nested in (error, *error.others)]
    if collected:
        first, *others = collected
        # Where it was done before, the last one says so already.
        if len(others) > _MOST_ERRORS + 1:
            others = [*others[:_MOST_ERRORS], ConfigError(f"{len(others) - _MOST_ERRORS} more errors")]
        error = ConfigError(first.message, hint=first.hint, others=others)
        error.keys = getattr(first, "keys", ())
        raise error
