"""A project's root in, the settings of Behave out that decide what it runs, each with the file that it stands in."""

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
# The later ones win: `behave.configuration.config_filenames`.
_NAMES = ("pyproject.toml", "tox.ini", "setup.cfg", ".behaverc", "behave.ini")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, its value as text, and where it stands; `line` is 0 where that is not sure."""

    name: str
    value: str
    path: str
    line: int = 0


def find_settings(root: Path) -> tuple[Setting, ...]:
    """Return the settings by which Behave leaves out scenarios, runs no step, or reads other files than usual."""
    found: dict[str, Setting] = {}
    for folder in (Path.home(), root):
        for name in _NAMES:
            path = folder / name
            found |= {setting.name: setting for setting in _read_settings(path, name if folder == root else str(path))}
    if stage := os.environ.get("BEHAVE_STAGE"):
        found["stage"] = Setting("BEHAVE_STAGE", stage, "")
    return tuple(found.values())


def _read_settings(path: Path, shown: str) -> Iterator[Setting]:
    """Yield those of one file; one that Behave cannot read is its own business."""
    if not path.is_file():
        return
    # It costs start-up time, and only those ask who miss a result.
    from behave.configuration import read_configuration

    try:
        values: dict[str, Any] = read_configuration(str(path))
        lines = path.read_text(encoding="utf-8").splitlines()
    except Exception:  # noqa: BLE001  Behave's own readers raise whatever they like.
        return
    for key, name in _CHOOSING.items():
        if value := values.get(key):
            yield Setting(name, _render_value(value), shown, _find_line(lines, name))


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
