"""A project's root in, the settings of Behave out that decide what it loads and runs, with the files they stand in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# By what Behave calls each of them once it has read the file.
_CHOOSING = {
    "config_tags": "tags",
    "tags": "tags",
    "default_tags": "default_tags",
    "name": "name",
    "include_re": "include_re",
    "exclude_re": "exclude_re",
    "wip": "wip",
    "dry_run": "dry_run",
    "stage": "stage",
    "lang": "lang",
}
_NESTED = "use_nested_step_modules"
# The later ones win: `behave.configuration.config_filenames`.
_NAMES = ("pyproject.toml", "tox.ini", "setup.cfg", ".behaverc", "behave.ini")


@dataclass(frozen=True, slots=True)
class BehaveSetting:
    """One setting, its value as text, and where it stands; `line` is 0 where that is not sure."""

    name: str
    value: str
    path: str
    line: int = 0


def find_settings(root: Path) -> tuple[BehaveSetting, ...]:
    """Return the settings by which Behave leaves out scenarios, runs no step, or reads other files than usual."""
    found: dict[str, BehaveSetting] = {}
    for path, shown in _list_files(root):
        found |= {setting.name: setting for setting in _read_settings(path, shown)}
    if stage := os.environ.get("BEHAVE_STAGE"):
        found["stage"] = BehaveSetting("BEHAVE_STAGE", stage, "")
    return tuple(found.values())


def find_nested(root: Path, steps: Path) -> list[Path]:
    """Return the folders below that of the steps whose modules Behave loads as well, if it is told so."""
    from behave.pathutil import select_subdirectories

    below = [Path(folder) for folder in select_subdirectories(steps)]
    if not any(next(folder.glob("*.py"), None) for folder in below):
        return []
    told = [values[_NESTED] for path, _ in _list_files(root) if _NESTED in (values := _read_values(path))]
    return below if told and told[-1] else []


def _list_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the configuration files that Behave reads, the later ones win, each with how it is called."""
    for folder in (Path.home(), root):
        for name in _NAMES:
            yield folder / name, name if folder == root else str(folder / name)


def _read_settings(path: Path, shown: str) -> Iterator[BehaveSetting]:
    """Yield those of one file that decide what is run."""
    values = _read_values(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if values else []
    except (OSError, ValueError):
        return
    for key, name in _CHOOSING.items():
        if value := values.get(key):
            yield BehaveSetting(name, _render_value(value), shown, _find_line(lines, name))


def _read_values(path: Path) -> dict[str, Any]:
    """Return all settings of one file; one that Behave cannot read is its own business."""
    if not path.is_file():
        return {}
    # It costs start-up time, and few ask.
    from behave.configuration import read_configuration

    try:
        return dict(read_configuration(str(path)))
    except Exception:  # noqa: BLE001  Behave's own readers raise whatever they like.
        return {}


def _render_value(value: Any) -> str:
    """Return a value much as it stands in the file."""
    return (
        ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value is True else str(value)
    )


def _find_line(lines: list[str], name: str) -> int:
    """Return the line in which a setting stands, or 0."""
    pattern = re.compile(rf"\s*{name}\s*[=:]")
    found = [number for number, line in enumerate(lines, 1) if pattern.match(line)]
    return found[0] if len(found) == 1 else 0
