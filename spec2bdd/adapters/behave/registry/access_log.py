"""Record which files and folders a process reads while it loads step modules, so that the result can be cached.

Python's audit events report each file that is opened and each folder that is listed. A check whether a file exists has
no event, and is not recorded.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from typing import Any

from spec2bdd.adapters.results.wire import JsonObject

# The results of a network, another process or a native library may be different tomorrow.
_UNTRACKED = ("ctypes.dlopen", "os.exec", "os.posix_spawn", "os.system", "socket.connect", "sqlite3.connect")
_UNTRACKED_PREFIXES = ("subprocess.", "urllib.", "socket.getaddrinfo")
_SYSTEM = ("/dev/", "/proc/", "/sys/")


class AccessLog:
    """What was read since `watch`; the standard library is left out, since it belongs to the version of Python."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._closed = True
        self._library = sysconfig.get_path("stdlib") + os.sep

    def watch(self) -> None:
        """Record from now on; Python cannot remove an audit hook."""
        sys.addaudithook(self._record)

    def describe(self) -> JsonObject:
        """Describe what was read, including all loaded modules; `closed` means that nothing untracked was used."""
        modules: set[str] = set()
        for module in list(sys.modules.values()):
            try:
                path = getattr(module, "__file__", None)
            except Exception:  # noqa: BLE001, S112  Any object may be in `sys.modules`, and may raise anything.
                continue
            if path:
                modules.add(str(path))
        files = {path for path in self._files | modules if self._is_relevant(path)}
        folders = {path for path in self._folders | set(map(_absolute, sys.path)) if self._is_relevant(path)}
        return {"files": sorted(files), "folders": sorted(folders), "closed": self._closed}

    def _record(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Record one audit event; called for every event of the process, and must never raise."""
        if event == "open":
            # The flags also say what a mode such as `w` means.
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
            # A file descriptor is that of a file which was opened, and recorded, before.
            if not writes and not isinstance(path, int):
                self._files.add(_absolute(path))
        elif event in ("os.listdir", "os.scandir"):
            self._folders.add(_absolute(arguments[0] if arguments[0] is not None else "."))
        elif event in _UNTRACKED or event.startswith(_UNTRACKED_PREFIXES):
            self._closed = False

    def _is_relevant(self, path: str) -> bool:
        """Whether a path is the project's, or that of an installed package."""
        # `site-packages` is inside the folder of the standard library.
        is_package = f"{os.sep}site-packages{os.sep}" in path + os.sep
        is_outside = is_package or not path.startswith(self._library)
        return bool(path) and is_outside and "__pycache__" not in path and not path.startswith(_SYSTEM)


def _absolute(path: Any) -> str:
    """Make a path absolute; empty for anything that is no path."""
    try:
        return os.path.abspath(os.fsdecode(path))  # noqa: PTH100  `Path.absolute` does not remove `..`.
    except (TypeError, ValueError):
        return ""
