"""Read the settings of other tools that generated files have to follow: those of Behave, ruff and black.

A file that cannot be read counts as missing: the tool itself reports it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spec2bdd.model.values import dataclass

# In this order, a later file overrides an earlier one: `behave.configuration.config_filenames` of behave 1.3.3.
_BEHAVE_FILES = ("pyproject.toml", "tox.ini", "setup.cfg", ".behaverc", "behave.ini")
# The first of these that sets a length decides, as ruff looks for them; black reads pyproject.toml alone.
_RUFF_FILES = (".ruff.toml", "ruff.toml")
# What ruff and black break lines at if nothing is set.
DEFAULT_LINE_LENGTH = 88


@dataclass(frozen=True, slots=True)
class BehaveDefaults:
    """The settings of Behave that decide which files it reads, and in which language; empty where not set."""

    language: str = ""
    stage: str = ""

    @property
    def steps(self) -> str:
        """The name of the folder that Behave loads steps from: a stage has one of its own."""
        return f"{self.stage}_steps" if self.stage else "steps"

    @property
    def environment(self) -> str:
        """The name of the file of hooks, which a stage has as well."""
        return f"{self.stage}_environment.py" if self.stage else "environment.py"


def read_behave_defaults(root: Path) -> BehaveDefaults:
    """Read `lang` and `stage` from Behave's configuration files, of the user and then of the project."""
    values: dict[str, str] = {}
    for folder in (find_home(), root):
        for name in _BEHAVE_FILES:
            section = _read_behave_section(folder / name)
            values |= {key: str(section[key]).strip() for key in ("lang", "stage") if section.get(key)}
    stage = values.get("stage") or os.environ.get("BEHAVE_STAGE", "")
    # It becomes the name of a folder, as in `pre-prod_steps`.
    return BehaveDefaults(values.get("lang", ""), "" if {"/", os.sep, "\0"}.intersection(stage) else stage)


def find_home() -> Path:
    """Find the home folder of the user as Behave does: without one, it is a folder `~`, which is hardly there."""
    # `Path.home` raises an error where the user has no name, as in a container that runs with any user id.
    return Path(os.path.expanduser("~"))  # noqa: PTH111


def is_readable_file(path: Path) -> bool:
    """Whether there is a regular file; a named pipe would be waited for, and a device has no end."""
    # `Path.is_file` raises an error in a folder that may not be searched.
    return os.path.isfile(path)  # noqa: PTH113


def read_line_length(root: Path) -> int:
    """Read the line length that ruff, or else black, is configured to."""
    tables: list[object] = [_read_toml(root / name) for name in _RUFF_FILES]
    tools = _read_toml(root / "pyproject.toml").get("tool")
    tools = tools if isinstance(tools, dict) else {}
    tables += [tools.get("ruff"), tools.get("black")]
    lengths = (table.get("line-length") for table in tables if isinstance(table, dict))
    return next((length for length in lengths if type(length) is int and length > 0), DEFAULT_LINE_LENGTH)


def _read_behave_section(path: Path) -> Mapping[str, Any]:
    """Read the section of Behave in one of its configuration files; empty if there is none."""
    if path.suffix == ".toml":
        tools = _read_toml(path).get("tool")
        section = tools.get("behave") if isinstance(tools, dict) else None
        return section if isinstance(section, dict) else {}
    if not is_readable_file(path):
        return {}
    # Most projects have no such file.
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    return dict(parser["behave"]) if parser.has_section("behave") else {}


def _read_toml(path: Path) -> Mapping[str, Any]:
    """Read a TOML file; empty if there is none, or if it is not TOML."""
    if not is_readable_file(path):
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
