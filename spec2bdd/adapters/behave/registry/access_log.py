"""A process that loads step modules in, out what it read on the way: files, folders, and whether it asked the world.

Python tells of each file that is opened and of each folder that is listed. What a module only asks the existence of is
not told.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from typing import Any

from spec2bdd.adapters.results.wire import JsonObject

# What comes from a network, another process or a library of its own may be another thing tomorrow.
_WORLD = ("ctypes.dlopen", "os.exec", "os.posix_spawn", "os.system", "socket.connect", "sqlite3.connect")
_WORLD_PREFIXES = ("subprocess.", "urllib.", "socket.getaddrinfo")
_SYSTEM = ("/dev/", "/proc/", "/sys/")


class AccessLog:
    """What was read since `watch`; the standard library does not count, since it belongs to the version of Python."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._closed = True
        self._library = sysconfig.get_path("stdlib") + os.sep

    def watch(self) -> None:
        """Take note from now on; Python has no way to stop it."""
        sys.addaudithook(self._note)

    def describe(self) -> JsonObject:
        """Return what was read, all modules that are loaded among it; `closed` tells that there was nothing else."""
        modules = {str(path) for module in list(sys.modules.values()) if (path := _find_file(module))}
        files = {path for path in self._files | modules if self._counts(path)}
        folders = {path for path in self._folders | set(map(_name, sys.path)) if self._counts(path)}
        return {"files": sorted(files), "folders": sorted(folders), "closed": self._closed}

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note one event; this is called for every one, and must never fail."""
        if event == "open":
            self._note_file(*arguments)
        elif event in ("os.listdir", "os.scandir"):
            self._folders.add(_name(arguments[0] if arguments[0] is not None else "."))
        elif event in _WORLD or event.startswith(_WORLD_PREFIXES):
            self._closed = False

    def _note_file(self, path: Any, mode: Any, flags: Any) -> None:
        """Note a file that is opened to be read; its number may stand for it, when it was opened before."""
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if not writes and (mode is None or not set("wax+") & set(str(mode))) and not isinstance(path, int):
            self._files.add(_name(path))

    def _counts(self, path: str) -> bool:
        """Tell whether a path is the project's, or that of an installed package."""
        packages = f"{os.sep}site-packages{os.sep}" in path + os.sep
        ours = packages or not path.startswith(self._library)
        return bool(path) and ours and "__pycache__" not in path and not path.startswith(_SYSTEM)


def _name(path: Any) -> str:
    """Return a path as text, absolute, or nothing for what is none."""
    try:
        return os.path.abspath(os.fsdecode(path))  # noqa: PTH100  It asks the disk nothing.
    except (TypeError, ValueError):
        return ""


def _find_file(module: Any) -> Any:
    """Return the file of a module, if it has one; whatever stands in `sys.modules` may do anything when it is asked."""
    try:
        return getattr(module, "__file__", None)
    except Exception:  # noqa: BLE001
        return None
