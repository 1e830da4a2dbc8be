"""Make sure that the modules which the steps import are those of the project, as it was when the run began.

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
from importlib.util import cache_from_source
from operator import itemgetter
from pathlib import Path
from types import ModuleType

from spec2bdd.adapters.system.file_stamps import Since

# The folders of a project that Python, or an installation, may import its modules from.
_FOLDERS = ("", "src/", "lib/")
BUILT = re.compile(r"(?:^|[/_])version(?:_?info)?_*\.py$")
"""The paths of what builds write themselves, so that an installed copy differs."""
# The flags of a compiled module that holds a hash of its source which Python does not check (PEP 552).
_UNCHECKED = b"\1\0\0\0"


class ProjectModules:
    """The modules that this process imports, compared with the files of a project."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._began = Since.start(root)
        # Those that were imported from a source that is younger than this run, without an order.
        self._changed: set[str] = set()

    def watch_imports(self) -> None:
        """Let Python compile a module of the project again if its source may have changed since; notice late changes.

        The time at which a file was last modified can be set, and that of its last change cannot. Windows has no such
        time.
        """
        if os.name == "nt":
            return
        loader: type = SourceFileLoader
        read, prefix = loader.get_data, f"{self._root}{os.sep}"  # type: ignore[attr-defined]

        def read_watched(loader: SourceFileLoader, path: str) -> bytes:
            """Read a source or what it was compiled to."""
            source = loader.path
            if source.startswith(prefix) and path.endswith((".py", ".pyc")) and "site-packages" not in source:
                changed = os.stat(source).st_ctime_ns  # noqa: PTH116  As Python does.
                if path != source and changed >= os.stat(path).st_mtime_ns:  # noqa: PTH116
                    # For Python, an error means that there is no compiled module.
                    raise OSError("older than its source")
                if self._began.covers(changed):
                    self._changed.add(source.removeprefix(prefix))
                content = bytes(read(loader, path))
                if path != source and content[4:8] == _UNCHECKED:
                    raise OSError("never compared with its source")
                return content
            return bytes(read(loader, path))

        loader.get_data = read_watched  # type: ignore[attr-defined]

    def remove_outdated(self, paths: Collection[str]) -> None:
        """Remove the compiled modules that Python takes for those of the project although their sources changed later.

        That is for the processes that steps start. `paths` are those of the project's files that count, from its root.
        """
        folders: dict[str, set[str]] = {}
        for path in paths if os.name != "nt" else ():
            folder, _, name = path.rpartition("/")
            folders.setdefault(folder, set()).add(name)
        for folder, names in folders.items():
            sources = self._root / folder
            with suppress(OSError), os.scandir(Path(cache_from_source(str(sources / "a.py"))).parent) as entries:
                for entry in entries:
                    name = entry.name.partition(".")[0] + ".py"
                    # It may be read-only.
                    with suppress(OSError):
                        if name in names and _is_taken_although_outdated(entry, (sources / name).stat()):
                            os.unlink(entry.path)  # noqa: PTH108

    def find_foreign(self, paths: Collection[str]) -> Iterator[str]:
        """Describe each module that is not the one of the project when the run began.

        It was imported from a file that has changed since, or from elsewhere although the project has it, and with
        another content. `paths` are those of the project's files that count, from its root.
        """
        for path in sorted(self._changed.intersection(paths)):
            yield f"`{path}` changed during the run, before it was imported"
        for name, module in sorted(((str(name), module) for name, module in sys.modules.items()), key=itemgetter(0)):
            # Not `module.__file__`, which would import one that is to be imported when it is used.
            facts = object.__getattribute__(module, "__dict__") if isinstance(module, ModuleType) else {}
            file = facts.get("__file__")
            if not isinstance(file, str) or not file.endswith(".py") or BUILT.search(file):
                continue
            path = name.replace(".", "/") + ("/__init__.py" if file.endswith("__init__.py") else ".py")
            for own in (folder + path for folder in _FOLDERS if folder + path in paths):
                with suppress(OSError):
                    if not (self._root / own).samefile(file) and _read_text(self._root / own) != _read_text(Path(file)):
                        yield f"`{name}` was imported from `{file}`, which differs from `{own}` of this project"


def _is_taken_although_outdated(compiled: os.DirEntry[str], source: os.stat_result) -> bool:
    """Whether a compiled module is older than its source, and Python does not notice it (PEP 552)."""
    if source.st_ctime_ns < compiled.stat().st_mtime_ns:
        return False
    with open(compiled, "rb") as stream:  # noqa: PTH123
        header = stream.read(16)
    numbers = (0, source.st_mtime_ns // 10**9, source.st_size)
    expected = b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)
    return header[4:8] == _UNCHECKED or header[4:] == expected


def _read_text(path: Path) -> bytes:
    """Read a source without the difference that line ends make."""
    return path.read_bytes().replace(b"\r\n", b"\n")
