"""Make sure that the modules which the steps import are those of the project, as it is now.

Python takes a compiled module for that of a source with the same time and size, and imports whatever comes first in its
path, such as another copy of the project. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

# The folders of a project that Python, or an installation, may import its modules from.
_FOLDERS = ("", "src/", "lib/")
# What builds write themselves, so that an installed copy differs.
_BUILT = re.compile(r"version[^/]*\.py$")


def distrust_old_bytecode(root: Path) -> None:
    """Let Python compile a module of the project again if its source may have changed since it was compiled.

    The time at which a file was last modified can be set, and that of its last change cannot. Windows has no such time.
    """
    if os.name == "nt":
        return
    loader: type = SourceFileLoader
    read, prefix = loader.get_data, f"{root}{os.sep}"  # type: ignore[attr-defined]

    def read_fresh(self: SourceFileLoader, path: str) -> bytes:
        """Read a source or what it was compiled to."""
        source = self.path
        is_compiled = path.endswith(".pyc") and source.startswith(prefix) and "site-packages" not in source
        if is_compiled and os.stat(source).st_ctime_ns >= os.stat(path).st_mtime_ns:  # noqa: PTH116  As Python does.
            # For Python, an error means that there is no compiled module.
            raise OSError("older than its source")
        return bytes(read(self, path))

    loader.get_data = read_fresh  # type: ignore[attr-defined]


def find_foreign_modules(root: Path, paths: Collection[str]) -> Iterator[str]:
    """Describe each module that was imported from elsewhere although the project has it, and with another content.

    `paths` are those of the project's files that count, from its root.
    """
    for name, module in sorted(sys.modules.items()):
        file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if not isinstance(file, str) or not file.endswith(".py") or _BUILT.search(file):
            continue
        path = name.replace(".", "/") + ("/__init__.py" if file.endswith("__init__.py") else ".py")
        for own in (folder + path for folder in _FOLDERS if folder + path in paths):
            with suppress(OSError):
                if not os.path.samefile(root / own, file) and _read_text(root / own) != _read_text(Path(file)):  # noqa: PTH121
                    yield f"`{name}` was imported from `{file}`, which differs from `{own}` of this project"


def _read_text(path: Path) -> bytes:
    """Read a source without the difference that line ends make."""
    return path.read_bytes().replace(b"\r\n", b"\n")
