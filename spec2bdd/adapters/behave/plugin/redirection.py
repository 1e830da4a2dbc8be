"""Import modules from a copy of the project, where an editable install or PYTHONPATH leads to the project itself.

The module is imported by Behave itself, in the process that runs the features of another commit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.plugin.missing_names import replace_missing_names


def redirect_imports(top: Path, tree: Path, *, origins: OriginIndex) -> None:
    """Let this process, and the Python processes that it starts, import what is below `top` from below `tree`.

    What code of the steps by its origin imports, and is missing there, fails when it is used.
    """
    top, tree = Path(os.path.realpath(top)), Path(os.path.realpath(tree))

    def map_entry(entry: str) -> str:
        path = Path(os.path.realpath(entry))
        is_kept = not entry or path.is_relative_to(tree) or Path(entry).is_relative_to(sys.prefix)
        if is_kept or not path.is_relative_to(top):
            return entry
        return str(tree / path.relative_to(top))

    # An install that names its packages one by one has a finder of its own.
    named = [
        (finder, [folder for folder in _list_folders(finder) if map_entry(folder) != folder])
        for finder in sys.meta_path
    ]
    sys.meta_path[:] = [finder for finder, folders in named if not folders]
    entries = [*sys.path, *dict.fromkeys(folder for _, folders in named for folder in folders)]
    mapped = list(map(map_entry, entries))
    sys.path[:] = mapped
    # The folder from which Behave was started is not on the path of other processes.
    moved = [new for old, new in zip(entries, mapped, strict=True) if old != new]
    inherited = [map_entry(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    if variable := os.pathsep.join(dict.fromkeys([*inherited, *moved])):
        os.environ["PYTHONPATH"] = variable
    replace_missing_names(origins, top, tree)


def _list_folders(finder: Any) -> Iterator[str]:
    """List the folders from which the finder of an editable install by setuptools imports packages and modules."""
    mapping = getattr(sys.modules.get(getattr(finder, "__module__", "")), "MAPPING", None)
    if isinstance(mapping, dict):
        yield from (str(Path(path).parent) for path in mapping.values() if isinstance(path, str))
