"""Find where a key is in a TOML file, so that an error about its value has a line and a column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path

from spec2bdd.config.discovery import CONFIG_NAMES
from spec2bdd.errors import ConfigError

Place = tuple[int, int]
"""A line and a column, both counted from 1."""

# Where a value of several lines may end.
_END = re.compile(r"(?:[\]}]|\"\"\"|''')\s*(?:#.*)?$")


def locate_errors(error: ConfigError, path: Path) -> ConfigError:
    """Give an error of a configuration file, and those that it holds, their path and their position."""
    text = ""
    with suppress(OSError, UnicodeDecodeError):
        text = path.read_text(encoding="utf-8-sig")
    table = ("tool", "spec2bdd") if path.name == CONFIG_NAMES[1] else ()
    errors = [each for each in (error, *error.others) if isinstance(each, ConfigError) and not each.path]
    # Of each, also the tables that it is in; ours says nothing.
    asked = [
        [keys[:length] for length in range(len(keys), len(table), -1)]
        for keys in (tuple(key.replace("_", "-") for key in (*table, *each.keys)) for each in errors)
    ]
    places = _find_keys(text, {keys for group in asked for keys in group})
    for nested, group in zip(errors, asked, strict=True):
        # The nearest table, if the key is not written.
        known = (places[keys] for keys in group if keys in places)
        nested.path, (nested.line, nested.column) = path.name, next(known, (0, 0))
    return error


def _find_keys(text: str, wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], Place]:
    """Find the places of tables and keys, by their whole paths with hyphens, in a valid TOML text."""
    places: dict[tuple[str, ...], Place] = {}
    for keys, place in _list_keys(text, wanted):
        places[keys] = place
        if len(places) == len(wanted):
            break
    return places


def _list_keys(text: str, wanted: Set[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Place]]:
    """List the tables and keys that are wanted in a valid TOML text: each with its whole path, and its place."""
    table: tuple[str, ...] = ()
    statement = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if statement and not _END.search(line):
            statement += f"\n{line}"
            continue
        statement += f"\n{line}" if statement else line
        try:
            keys = tomllib.loads(statement)
        except (ValueError, RecursionError):
            # The value goes on in the next line.
            continue
        first = number - statement.count("\n")
        is_table = statement.lstrip().startswith("[")
        path: tuple[str, ...] = () if is_table else table
        pending: list[tuple[tuple[str, ...], object]] = [(path, keys)]
        while pending:
            path, value = pending.pop()
            for key, inner in value.items() if isinstance(value, dict) else ():
                pending.append(((*path, key.replace("_", "-")), inner))
                if pending[-1][0] not in wanted:
                    continue
                name = re.search(rf"(?:^|[\s.{{,\[])[\"']?{re.escape(key)}[\"']?\s*[.=\]]", statement)
                before = statement[: name.start() + (name.start() > 0)] if name else ""
                place = (first + before.count("\n"), len(before) - before.rfind("\n"))
                yield pending[-1][0], place
        table = path if is_table else table
        statement = ""
