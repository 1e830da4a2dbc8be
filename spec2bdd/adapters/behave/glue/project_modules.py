"""Make sure that the modules which the steps import are those of the project, as it was when the run began.

Python takes a compiled module for that of a source with the same time and size, and imports whatever comes first in its
path, such as another copy of the project. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from importlib.util import cache_from_source
from itertools import islice
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from spec2bdd.adapters.system.file_stamps import STAMP_LAG

# The folders of a project that Python, or an installation, may import its modules from.
_FOLDERS = ("", "src/", "lib/")
# What builds write themselves, so that an installed copy differs.
_BUILT = re.compile(r"(?:^|[/_])version(?:_?info)?_*\.py$")
# The parts of a path that installing makes; `build` is also a usual name for what a project generates itself.
_INSTALLED = re.compile(
    r"(?:^|/)(?:\.[^/]*|__pycache__|node_modules|site-packages|dist-packages|build/(?:lib|bdist)[^/]*)/"
)
# The same without hidden folders of the project's own, which it may load a file from by its path.
_TOOLS = re.compile(
    r"(?:^|/)(?:\.(?:git|spec2bdd|venv|tox|nox|eggs|[a-z]+_cache)|__pycache__|node_modules|site-packages|dist-packages"
    r"|build/(?:lib|bdist)[^/]*)/"
)
# In a source, the name of a Python file, and any short text.
_NAMED = re.compile(rb"[\"']([^\"'\\\r\n]{0,200}\.py)[\"']")
_TEXT = re.compile(rb"[\"']([^\"'\\\r\n]{1,100})[\"']")
_MOST_TEXTS = 1_000
# What loads a file by its path, and what writes one: a file that a run writes again says nothing about the next run.
_LOADS = re.compile(rb"\b(?:runpy|spec_from_file_location|SourceFileLoader|load_source|exec\()")
_WRITES = re.compile(rb"write_text|write_bytes|\.write\(|shutil|[\"'][wax]b?\+?[\"']")
# The flags of a compiled module that holds a hash of its source which Python does not check (PEP 552).
_UNCHECKED = b"\1\0\0\0"


class ProjectModules:
    """The modules that this process imports, compared with the files of a project."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._began = time.time_ns() - STAMP_LAG
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
                if changed >= self._began:
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
            if not isinstance(file, str) or not file.endswith(".py") or _BUILT.search(file):
                continue
            path = name.replace(".", "/") + ("/__init__.py" if file.endswith("__init__.py") else ".py")
            for own in (folder + path for folder in _FOLDERS if folder + path in paths):
                with suppress(OSError):
                    if not (self._root / own).samefile(file) and _read_text(self._root / own) != _read_text(Path(file)):
                        yield f"`{name}` was imported from `{file}`, which differs from `{own}` of this project"


class SourceWatch:
    """The Python files that code of the project reads or runs by their paths while it is loaded: no module has them.

    That is what `exec`, `runpy`, and `importlib` with a path do.
    """

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._is_open = False
        self._hook: Any = None

    def start(self) -> None:
        """Note what is read or run from here on; Python cannot remove the hook again."""
        self._is_open = True
        self._hook = type("SourceHook", (), {"__call__": lambda _, event, args: self._note(event, args)})()
        sys.addaudithook(self._hook)

    def stop(self) -> None:
        """Stop noting."""
        self._is_open = False
        if self._hook is not None:
            # It is called for each `id()` as well, which for a function in Python takes a sixth of a short scenario.
            type(self._hook).__call__ = staticmethod({}.get)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        """Note the path in an event of Python's."""
        if not self._is_open or event not in ("open", "exec"):
            return
        path = args[0] if event == "open" else getattr(args[0], "co_filename", None)
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str) and path.endswith(".py"):
            self.paths.add(os.path.abspath(path))  # noqa: PTH100  It may not exist.


def list_named(root: Path, sources: Collection[str]) -> Iterator[str]:
    """List the Python files that the texts of some sources name, by absolute paths; `sources` are paths from the root.

    Only sources count that load files by their paths when they run, and write none. Names and folders may be apart, as
    in `Path(".cache") / "product.py"`.
    """
    for source in sources:
        content = b""
        with suppress(OSError):
            content = (root / source).read_bytes()
        if not _LOADS.search(content) or _WRITES.search(content):
            continue
        names = [os.fsdecode(match[1]) for match in _NAMED.finditer(content)]
        if not names:
            continue
        texts = (os.fsdecode(match[1]) for match in islice(_TEXT.finditer(content), _MOST_TEXTS))
        bases = dict.fromkeys((root, (root / source).parent))
        folders = [base / text for text in dict.fromkeys(texts) for base in bases if _is_folder(base / text)]
        for name in dict.fromkeys(names):
            found = (folder / name for folder in (*bases, *folders))
            yield from (os.path.abspath(path) for path in found if path.is_file())  # noqa: PTH100  Links stay.


def _is_folder(path: Path) -> bool:
    """Whether a path is that of a folder, whatever text it was made of."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def list_loaded(root: Path, by_path: Collection[str] = ()) -> list[str]:
    """List the Python files of a project that this process has imported, by their paths from its root.

    Those that are installed or in hidden folders are left out, and those that a build writes for each commit. What was
    loaded `by_path`, given by absolute paths, counts in hidden folders, too.
    """
    # Python may look for modules in the project by another path, through a link.
    real = os.path.realpath(root) + os.sep
    places = {entry + os.sep: os.path.realpath(entry) + os.sep for entry in sys.path if entry}
    places = {f"{root}{os.sep}": real} | {name: place for name, place in places.items() if place.startswith(real)}
    installed: dict[str, bool] = {"": False}

    def is_installed(folder: str) -> bool:
        """Whether a folder is below that of an environment or of installed packages."""
        if folder not in installed:
            names: list[str] = []
            with suppress(OSError):
                names = os.listdir(root / folder)  # noqa: PTH208  `Path` takes longer.
            here = any(name == "pyvenv.cfg" or name.endswith(".dist-info") for name in names)
            installed[folder] = here or is_installed(folder.rpartition("/")[0])
        return installed[folder]

    paths = {
        path.removeprefix(place).replace(os.sep, "/")
        for path in by_path
        for place in (f"{root}{os.sep}", real)
        if path.startswith(place)
    }
    paths = {path for path in paths if not (_BUILT.search(path) or _TOOLS.search(path))}
    for module in list(sys.modules.values()):
        # Not `module.__file__`, which would import one that is to be imported when it is used.
        facts = object.__getattribute__(module, "__dict__") if isinstance(module, ModuleType) else {}
        file = facts.get("__file__")
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        for name in (name for name in places if file.startswith(name)):
            path = (places[name] + file.removeprefix(name)).removeprefix(real).replace(os.sep, "/")
            if not (_BUILT.search(path) or _INSTALLED.search(path)):
                paths.add(path)
            break
    return sorted(path for path in paths if not is_installed(path.rpartition("/")[0]))


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
