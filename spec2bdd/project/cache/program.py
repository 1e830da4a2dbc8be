"""What every cached answer depends on besides the files of the project: the settings, Python, and spec2bdd itself."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from spec2bdd import __version__
from spec2bdd.adapters.system.file_stamps import Stamp, stamp_file, walk_folders
from spec2bdd.config import Config

_PACKAGE = Path(__file__).parents[2]
# What reads and renders the texts of a project besides spec2bdd itself.
_READERS = ("behave", "jinja2", "marko", "nh3", "yaml")


def describe_program(config: Config) -> tuple[object, ...]:
    """Describe the program that computes an answer, so that any other has another description.

    It names the inodes and times of the package and of those that read texts for it, so that a cache that comes with a
    commit never counts.
    """
    return (__version__, repr(config), (sys.version, sys.executable, str(sys.flags)), _stamp_package())


@cache
def _stamp_package() -> tuple[tuple[str, Stamp], ...]:
    """Stamp the files of the package and of its readers, once: a process goes on with the code that it has loaded."""
    # A development version changes without a new number.
    package: list[tuple[str, Stamp]] = []
    for folder in walk_folders(str(_PACKAGE)):
        with os.scandir(folder) as entries:
            package += [(path, stamp_file(path)) for path in sorted(entry.path for entry in entries if entry.is_file())]
    origins = [spec.origin or "" for name in _READERS if (spec := find_spec(name))]
    return (*package, *((path, stamp_file(path)) for path in origins))
