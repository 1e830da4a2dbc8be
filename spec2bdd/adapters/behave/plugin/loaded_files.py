"""The Python files of a project that this process has loaded: imported as modules, or read or run by their paths.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from spec2bdd.adapters.behave.glue.project_modules import BUILT

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


class SourceWatch:
    """The Python files that code of the project reads or runs by their paths while it is loaded: no module has them.

    That is what `exec`, `runpy`, and `importlib` with a path do.
    """

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._hook: Any = None

    def start(self) -> None:
        """Note what is read or run from here on; Python cannot remove the hook again."""
        self._hook = type("SourceHook", (), {"__call__": lambda _, event, args: self._note(event, args)})()
        sys.addaudithook(self._hook)

    def stop(self) -> None:
        """Stop noting."""
        if self._hook is not None:
            # It is called for each `id()` as well, which for a function in Python takes a sixth of a short scenario.
            type(self._hook).__call__ = staticmethod({}.get)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        """Note the path in an event of Python's."""
        if event not in ("open", "exec"):
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


def list_loaded(root: Path) -> list[str]:
    """List the Python files of a project that this process has imported, by their paths from its root.

    Those that are installed or in hidden folders are left out, and those that a build writes for each commit.
    """
    # Python may look for modules in the project by another path, through a link.
    real = os.path.realpath(root) + os.sep
    places = {entry + os.sep: os.path.realpath(entry) + os.sep for entry in sys.path if entry}
    places = {f"{root}{os.sep}": real} | {name: place for name, place in places.items() if place.startswith(real)}
    paths = set()
    for module in list(sys.modules.values()):
        # Not `module.__file__`, which would import one that is to be imported when it is used.
        facts = object.__getattribute__(module, "__dict__") if isinstance(module, ModuleType) else {}
        file = facts.get("__file__")
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        for name in (name for name in places if file.startswith(name)):
            paths.add((places[name] + file.removeprefix(name)).removeprefix(real))
            break
    return _list_own(root, paths, _INSTALLED)


def list_by_path(root: Path, names: Iterable[str]) -> list[str]:
    """List which of some files, by absolute paths, belong to a project, by their paths from its root.

    Unlike `list_loaded`, it leaves out no hidden folder but those of tools: the project names the file itself.
    """
    places = (f"{root}{os.sep}", os.path.realpath(root) + os.sep)
    paths = {name.removeprefix(place) for name in names for place in places if name.startswith(place)}
    return _list_own(root, paths, _TOOLS)


def _list_own(root: Path, paths: Iterable[str], left_out: re.Pattern[str]) -> list[str]:
    """List the paths with `/`, apart from what is installed or left out, and from what builds write."""
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

    plain = {path.replace(os.sep, "/") for path in paths}
    own = (path for path in plain if not (BUILT.search(path) or left_out.search(path)))
    return sorted(path for path in own if not is_installed(path.rpartition("/")[0]))
