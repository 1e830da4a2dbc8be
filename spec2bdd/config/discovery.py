"""Find the file that configures a project, and read our table of it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from spec2bdd.config.tool_settings import is_readable_file
from spec2bdd.errors import ConfigError
from spec2bdd.text.conflicts import RESOLVE, find_conflict_marker
from spec2bdd.text.encoding import SAVE_AS_UTF8, describe_bad_byte

# In order of precedence.
CONFIG_NAMES = ("spec2bdd.toml", "pyproject.toml")

# Dots in a key, which is in one line.
_MOST_DOTS = 1000
# The position at the end of a message of `tomllib`, which has no attributes for it before Python 3.14.
_POSITION = re.compile(r"(?P<message>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)
# What `tomllib` says in place of the position where something is not closed.
_AT_END = " (at end of document)"

# What `tomllib` says where a key or a table is defined a second time.
_TWICE = re.compile(r"Cannot (overwrite a value|declare .* twice|mutate immutable namespace)", re.DOTALL)


def find_config(start: Path) -> Path | None:
    """Find the nearest file upward that holds our configuration.

    Raises:
        ConfigError: one on the way cannot be read.
    """
    for folder in (start, *start.parents):
        for name in CONFIG_NAMES:
            path = folder / name
            # A pyproject.toml without our table belongs to a part of the project, such as one of its packages.
            if is_readable_file(path) and read_table(path) is not None:
                return path
            if name == CONFIG_NAMES[0] and os.path.lexists(path) and not is_readable_file(path):
                raise ConfigError("not a regular file", path=str(path), hint="put a file in its place, or delete it")
    return None


def read_table(path: Path) -> Mapping[str, object] | None:
    """Read our table of a TOML file; `None` if it has none.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or our table is not a table.
    """
    data = _read_toml(path)
    if path.name != "pyproject.toml":
        return data
    tool = data.get("tool")
    table = tool.get("spec2bdd") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise ConfigError("expected a table for `tool.spec2bdd`", path=path.name, hint="write it as `[tool.spec2bdd]`")


def _read_toml(path: Path) -> dict[str, object]:
    """Read a TOML file, and report what is wrong with it at its position."""
    text = ""
    # A named pipe would be waited for, and a device has no end.
    if os.path.lexists(path) and not is_readable_file(path):
        hint = "name a file"
        raise ConfigError("cannot read the configuration: not a regular file", path=str(path), hint=hint)
    try:
        # Editors on Windows may write a BOM, which TOML does not allow.
        text = path.read_text(encoding="utf-8-sig")
        # The time that `tomllib` takes for a dotted key grows with the square of its length, at least.
        if any(line.partition("=")[0].count(".") > _MOST_DOTS for line in text.splitlines()):
            raise RecursionError
        return tomllib.loads(text)
    except OSError as error:
        hint = "check that the file exists and is readable"
        raise ConfigError(f"cannot read the configuration: {error.strerror}", path=str(path), hint=hint) from error
    except tomllib.TOMLDecodeError as error:
        raise _explain_toml_error(error, text, path.name) from error
    except UnicodeDecodeError as error:
        bad = describe_bad_byte(error)
        message = f"invalid TOML: {bad.message}"
        raise ConfigError(message, hint=SAVE_AS_UTF8, path=path.name, line=bad.line, column=bad.column) from error
    except ValueError as error:
        # A number with thousands of digits.
        message = "invalid TOML: a number is too large"
        raise ConfigError(message, hint="write a smaller number", path=path.name) from error
    except RecursionError as error:
        raise ConfigError("invalid TOML: nested too deeply", path=path.name) from error


def _explain_toml_error(error: tomllib.TOMLDecodeError, text: str, name: str) -> ConfigError:
    """Explain, at its position, why a text is not TOML; `name` is that of its file."""
    if marker := find_conflict_marker(text):
        message = f"invalid TOML: {marker.message}"
        return ConfigError(message, hint=RESOLVE, path=name, line=marker.line, column=1)
    match = _POSITION.fullmatch(str(error))
    message, line, column = (match[1], int(match[2]), int(match[3])) if match else (str(error), 0, 0)
    if message.endswith(_AT_END):
        rows = text.rstrip().splitlines()
        message, line, column = message.removesuffix(_AT_END), len(rows), len(rows[-1]) + 1
    # A string ends in its line.
    message = "the string is not closed" if message == r"Illegal character '\n'" else message
    hint = "check the quotes, brackets and commas up to there"
    if _TWICE.match(message):
        key = text.splitlines()[line - 1].partition("=")
        # A line with an inline table begins with another key than the one that is defined twice.
        message = "a key is defined twice" if "{" in key[2] else f"`{key[0].strip()}` is defined twice"
        hint = "keep one of the two definitions"
    # Python begins them with a capital.
    message = f"invalid TOML: {message[:1].lower()}{message[1:]}"
    return ConfigError(message, hint=hint, path=name, line=line, column=column)
