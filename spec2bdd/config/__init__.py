"""Read `[tool.spec2bdd]` from pyproject.toml, or spec2bdd.toml: a folder to start from in, a checked `Config` out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spec2bdd.config.config import CACHE, Config
from spec2bdd.config.discovery import find_config, read_table
from spec2bdd.config.errors import collect_errors, find_unknown_keys
from spec2bdd.config.schema import CHECKS
from spec2bdd.errors import ConfigError

__all__ = ["CACHE", "KEYS", "Config", "read_config"]

KEYS = tuple(CHECKS)


def read_config(start: Path, *, explicit: Path | None = None) -> Config:
    """Return the configuration that holds for `start`: the nearest one upward, or the defaults with `start` as root.

    Raises:
        ConfigError: a file is not TOML, a key is unknown, a value has the wrong type or leads outside the project; all
            that is wrong with a table is told at once, in `others`.
    """
    path = explicit or find_config(start.resolve())
    if path is None:
        return _derive_config(start.resolve(), {}, "")
    return _derive_config(path.resolve().parent, read_table(path) or {}, path.name)


def _derive_config(root: Path, table: Mapping[str, object], name: str) -> Config:
    """Check every key of the table and fill in the defaults."""
    values: dict[str, Any] = {}
    errors = find_unknown_keys(table, KEYS)
    for key, check in CHECKS.items():
        try:
            values |= {key: check(table[key])} if key in table else {}
        except ConfigError as error:
            errors.append(error)
    collect_errors(_place_error(each, name) for error in errors for each in (error, *error.others))
    values.setdefault("steps", _find_steps(root, values.get("features", "features")))
    return Config(root, **values)


def _place_error(error: ConfigError, name: str) -> ConfigError:
    """Return the error as one of a file."""
    return ConfigError(error.message, hint=error.hint, path=name)


def _find_steps(root: Path, features: str) -> str:
    """Return the steps folder that a project has already inside its features folder, else `steps`.

    Behave looks there first, and then sees no other.
    """
    nested = f"{features}/steps"
    return nested if (root / nested).is_dir() else "steps"
