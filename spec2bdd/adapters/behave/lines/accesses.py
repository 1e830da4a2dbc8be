"""Watch which files of a project a process reads, and what it does whose effects no other process can see."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import threading
from pathlib import Path
from types import FrameType, NoneType
from typing import Any
from urllib.parse import unquote

import spec2bdd
from spec2bdd.adapters.behave.glue import project_modules
from spec2bdd.adapters.results.run_lines import ASKS_SERVER, STARTS_PROCESS, TRACES

# By audit event of Python (https://docs.python.org/3/library/audit_events.html), why what runs is not known.
_LIBRARY = "loads a library that is not Python"
_DOUBTS = {
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.spawn"), STARTS_PROCESS),
    **dict.fromkeys(("os.fork", "os.forkpty", "pty.spawn", "os.startfile"), STARTS_PROCESS),
    **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg"), ASKS_SERVER),
    "ctypes.dlopen": _LIBRARY,
    "sys.settrace": TRACES,
}
# The folder of coverage.py, which traces new threads.
_TRACER = f"{os.sep}coverage{os.sep}"
_OPENING = ("open", "sqlite3.connect")
# What gives a file another name, under which it may be read outside of the project.
_NAMING = ("os.link", "os.rename")
_LISTING = ("os.listdir", "os.scandir")
_NOTED = frozenset({*_OPENING, *_NAMING, *_LISTING})
_ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
# What runs the steps, and what traces them.
_MACHINERY = (f"{os.sep}behave{os.sep}", _TRACER)
# Its function is called in place of that of Python by which modules are read.
_WRAPPER = project_modules.__file__
_IMPORTER = "<frozen importlib._bootstrap_external>"
_CODE = (".py", ".pyc")
_COMPILED = (".so", ".pyd", ".dll", ".dylib")
# Compiled modules that open no file and no connection by themselves. Others may, without an audit event.
_HARMLESS = frozenset(
    {
        *("_yaml", "charset_normalizer", "coverage", "frozenlist", "markupsafe", "msgpack", "multidict", "numpy"),
        *("orjson", "propcache", "pydantic_core", "rapidfuzz", "regex", "rpds", "simplejson", "ujson", "wrapt"),
        *("yaml", "yarl"),
    }
)
# Of the standard library, those that open files by themselves; `multiprocessing` starts processes without an event.
_DOUBTED = {
    **dict.fromkeys(("_dbm", "_gdbm", "_tkinter"), _LIBRARY),
    "multiprocessing.popen_spawn_posix": STARTS_PROCESS,
}


class AccessWatch:
    """What the project's code reads, by path from the root, and why there may be more, in words.

    The path of a folder whose files it lists ends with `/`; that of the root is `./`. `imported` are the modules whose
    source was read, also of those that could not be imported.
    """

    def __init__(self, root: Path) -> None:
        self.read: set[str] = set()
        self.imported: set[str] = set()
        self.doubts: set[str] = set()
        self._written: set[str] = set()
        self._root = os.path.join(os.path.realpath(root), "")  # noqa: PTH118  Paths are compared as texts.
        package = Path(os.path.realpath(spec2bdd.__file__)).parent
        # A project that tests this very package reads files by its other modules.
        ours = package / "adapters" / "behave" if package.is_relative_to(self._root) else package
        self._ours = os.path.join(ours, "")  # noqa: PTH118
        # In a virtual environment, the standard library is that of another folder.
        self._standard = os.path.dirname(os.__file__)  # noqa: PTH120
        self._installed = tuple(os.path.join(sysconfig.get_path(name), "") for name in ("purelib", "platlib"))  # noqa: PTH118
        self._libraries = (os.path.join(self._standard, ""), *self._installed)  # noqa: PTH118
        # The threads in which an event is being looked at, which may itself open files.
        self._busy: set[int] = set()

    def start(self) -> None:
        """Watch from here on; Python offers no way to stop it but the end of the process."""
        sys.addaudithook(self._note)

    def forget(self) -> None:
        """Forget what was noted so far."""
        self.read, self.imported, self.doubts, self._written = set(), set(), set(), set()

    def find_modules(self) -> tuple[set[str], set[str]]:
        """Find the Python files of the project that were loaded as modules, and doubts because of other modules."""
        files: set[str] = set(self.imported)
        doubts = {why for name, why in _DOUBTED.items() if name in sys.modules}
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not isinstance(file, str):
                continue
            if file.endswith(_COMPILED) and not self._is_known(name, file):
                doubts.add(f"loads the compiled module `{name}`")
            elif path := self.find_path(file):
                files.add(path)
        return files, doubts

    def find_path(self, name: str) -> str:
        """Find the path from the root, with `/`, of a file of the project; nothing for one of a library."""
        path = os.path.abspath(name)  # noqa: PTH100  This is asked of every file that is opened.
        if not path.startswith(self._root):
            path = os.path.realpath(path)
        if not path.startswith(self._root) or path.startswith(self._libraries):
            return ""
        return path[len(self._root) :].replace(os.sep, "/")

    def _is_known(self, name: str, file: str) -> bool:
        """Whether a compiled module opens nothing by itself that no event shows."""
        if file.startswith(self._standard) and "-packages" not in file:
            return True
        return name.split(".")[0] in _HARMLESS or name.endswith("__mypyc")

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        """Note an audit event."""
        doubt = _DOUBTS.get(event)
        thread = threading.get_ident()
        if not (doubt or event in _NOTED) or thread in self._busy:
            return
        self._busy.add(thread)
        try:
            frame = sys._getframe(1)
            if doubt:
                # The library that is this process itself.
                is_own = event == "ctypes.dlopen" and args[0] is None
                is_ours = event == "sys.settrace" and _TRACER in frame.f_code.co_filename
                if not (is_own or is_ours) and self._is_of_project(frame):
                    self.doubts.add(doubt)
            elif event in _LISTING:
                self._note_folder(args[0], frame)
            elif isinstance(args[0], (str, bytes, os.PathLike)):
                name = os.fsdecode(args[0])
                flags = args[2] if event == "open" and isinstance(args[2], int) else os.O_RDWR
                self._note_file(_drop_scheme(name) if event == "sqlite3.connect" else name, flags, frame)
        except Exception:  # noqa: BLE001  It would be raised where the file is opened.
            self.doubts.add("opens what has no name")
        finally:
            self._busy.discard(thread)

    def _note_file(self, name: str, flags: int, frame: FrameType) -> None:
        """Note that a file is opened, with the flags of the system."""
        paths = {self.find_path(name), self.find_path(os.path.realpath(name))} - {""}
        if name.endswith(_CODE) and _is_import(frame):
            self.imported.update(path for path in paths if path.endswith(".py"))
            return
        if not paths or not self._is_of_project(frame):
            return
        if os.path.isdir(name):  # noqa: PTH112
            # Files in it may be opened by names that say nothing about the folder.
            self.doubts.add("opens a folder")
            return
        # What it wrote itself is no file of the project that it depends on, nor is a log that it only appends to. A
        # file that is there can neither be made, nor be emptied where it may not be written.
        can_write = not os.path.lexists(name) or (not flags & os.O_EXCL and os.access(name, os.W_OK))
        is_new = bool(flags & (os.O_TRUNC | os.O_EXCL)) and can_write
        for path in paths - self._written - self.read:
            if is_new:
                self._written.add(path)
            elif flags & _ACCESS != os.O_WRONLY:
                self.read.add(path)

    def _note_folder(self, name: Any, frame: FrameType) -> None:
        """Note that the names of the files in a folder are listed, which is the current one without a name."""
        # An import looks for modules; one that is new has effects of its own.
        if not isinstance(name, (str, bytes, os.PathLike, NoneType)) or frame.f_code.co_filename == _IMPORTER:
            return
        inner = self.find_path(os.path.join("." if name is None else os.fsdecode(name), "-"))  # noqa: PTH118
        if inner and self._is_of_project(frame):
            self.read.add(inner[:-1] or "./")

    def _is_of_project(self, frame: FrameType | None) -> bool:
        """Whether code of the project, and not spec2bdd, causes what a frame does; in doubt it does.

        Step definitions and hooks can be those of a library.
        """
        while frame is not None:
            name = frame.f_code.co_filename
            is_ours = name.startswith(self._ours)
            if is_ours and name != _WRAPPER:
                return False
            # Step modules may have relative names, and a step may have changed the folder.
            is_own = not name.startswith("<") and (not os.path.isabs(name) or bool(self.find_path(name)))  # noqa: PTH117
            is_library = name.startswith(self._installed) and not any(part in name for part in _MACHINERY)
            if not is_ours and (is_own or is_library):
                return True
            frame = frame.f_back
        return True


def _drop_scheme(name: str) -> str:
    """Drop what surrounds the path in a URI of SQLite, such as `file:shop.db?mode=ro`."""
    if not name.startswith("file:"):
        return name
    path = unquote(re.split("[?#]", name.removeprefix("file:"), maxsplit=1)[0])
    return re.sub("^//[^/]*", "", path)


def _is_import(frame: FrameType) -> bool:
    """Whether a file is opened because its module is imported."""
    caller = frame.f_back
    if caller and caller.f_code.co_filename == _WRAPPER:
        caller = caller.f_back
    if caller is None or frame.f_code.co_filename != _IMPORTER:
        return False
    return caller.f_code.co_filename == _IMPORTER and caller.f_code.co_name == "get_code"
