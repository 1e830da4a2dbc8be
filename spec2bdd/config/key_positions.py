"""Find where a key is in a TOML file, so that an error about its value has a line and a column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
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
    places = dict(_list_keys(text))
    table = ("tool", "spec2bdd") if path.name == CONFIG_NAMES[1] else ()
    for nested in (error, *error.others):
        if isinstance(nested, ConfigError) and not nested.path:
            keys = tuple(key.replace("_", "-") for key in (*table, *nested.keys))
            # The nearest table, if the key is not written; ours says nothing.
            known = (places[keys[:length]] for length in range(len(keys), len(table), -1) if keys[:length] in places)
            nested.path, (nested.line, nested.column) = path.name, next(known, (0, 0))
    return error


def _list_keys(text: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    """List the tables and the keys of a valid TOML text: each with its whole path, with hyphens, and its place."""
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
                name = re.search(rf"(?:^|[\s.{{,\[])[\"']?{re.escape(key)}[\"']?\s*[.=\]]", statement)
                before = statement[: name.start() + (name.start() > 0)] if name else ""
                place = (first + before.count("\n"), len(before) - before.rfind("\n"))
                pending.append(((*path, key.replace("_", "-")), inner))
                yield pending[-1][0], place
        table = path if is_table else table
        statement = ""
