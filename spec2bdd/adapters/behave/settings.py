"""Find the settings in Behave's configuration files that decide what it loads and runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spec2bdd.model.values import dataclass

# From the name after Behave has read the file to the name in the file.
_RUN_SETTINGS = {
    "config_tags": "tags",
    "tags": "tags",
    "default_tags": "default_tags",
    "name": "name",
    "include_re": "include_re",
    "exclude_re": "exclude_re",
    "wip": "wip",
    "dry_run": "dry_run",
    "steps_catalog": "steps_catalog",
    "stage": "stage",
    "lang": "lang",
}
_NESTED = "use_nested_step_modules"
# In this order, a later file overrides an earlier one: `behave.configuration.config_filenames` of behave 1.3.3.
_FILENAMES = ("pyproject.toml", "tox.ini", "setup.cfg", ".behaverc", "behave.ini")


@dataclass(frozen=True, slots=True)
class BehaveSetting:
    """One setting, its value as text, and where it is; `line` is 0 if unsure."""

    name: str
    value: str
    path: str
    line: int = 0


def find_settings(root: Path) -> tuple[BehaveSetting, ...]:
    """Find the settings by which Behave leaves out scenarios, runs no step, or reads other files than usual."""
    settings = _find_values(root, _RUN_SETTINGS)
    if stage := os.environ.get("BEHAVE_STAGE"):
        settings["stage"] = BehaveSetting("BEHAVE_STAGE", stage, "")
    return tuple(settings.values())


def find_runner(root: Path) -> BehaveSetting | None:
    """Find the setting of another runner, which does not run where ours does."""
    return _find_values(root, {"runner": "runner"}).get("runner")


def find_unreadable(root: Path) -> tuple[str, str] | None:
    """Find the file whose settings Behave cannot read, and why."""
    # The import costs start-up time, and is needed only where Behave could not start.
    from behave.configuration import read_configuration

    for path, shown in _list_files(root):
        try:
            if path.is_file():
                read_configuration(str(path))
        except Exception as error:  # noqa: BLE001  Behave's readers raise whatever the parsers of the formats raise.
            return shown, str(error)
    return None


def _find_values(root: Path, names: Mapping[str, str]) -> dict[str, BehaveSetting]:
    """Find the settings with these names, by their names in the file."""
    settings: dict[str, BehaveSetting] = {}
    for path, shown in _list_files(root):
        values = _read_values(path)
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if values else []
        except (OSError, ValueError):
            continue
        for key, name in names.items():
            if value := values.get(key):
                pattern = re.compile(rf"\s*{name}\s*[=:]")
                # Another section may have a setting of that name.
                numbers = [number for number, line in enumerate(lines, 1) if pattern.match(line)]
                line = numbers[0] if len(numbers) == 1 else 0
                # As it is written in the file, or nearly.
                text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                settings[name] = BehaveSetting(name, "true" if value is True else text, shown, line)
    return settings


def find_nested(root: Path, steps: Path) -> list[Path]:
    """Find the folders under the steps folder whose modules Behave loads as well, if it is configured to."""
    from behave.pathutil import select_subdirectories

    folders = [Path(folder) for folder in select_subdirectories(steps)]
    # Without modules there, no configuration file has to be read.
    if not any(next(folder.glob("*.py"), None) for folder in folders):
        return []
    values = [values[_NESTED] for path, _ in _list_files(root) if _NESTED in (values := _read_values(path))]
    return folders if values and values[-1] else []


def _list_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the configuration files that Behave reads, later ones override, each with how it is shown."""
    # As Behave finds it: `Path.home` raises an error where the user has no name.
    for folder in (Path(os.path.expanduser("~")), root):  # noqa: PTH111
        for name in _FILENAMES:
            yield folder / name, name if folder == root else str(folder / name)


def _read_values(path: Path) -> dict[str, Any]:
    """Read all settings of one file; for one that Behave cannot read, Behave reports that itself."""
    # `Path.is_file` raises an error in a folder that may not be searched.
    if not os.path.isfile(path):  # noqa: PTH113
        return {}
    # The import costs start-up time, and most projects have no such file.
    from behave.configuration import read_configuration

    try:
        return dict(read_configuration(str(path)))
    except Exception:  # noqa: BLE001  Behave's readers raise whatever the parsers of the formats raise.
        return {}
