"""Trace or mutate the product in a Python process that a step starts.

A copy of this file is the `sitecustomize` of such a process (https://docs.python.org/3/library/site.html). That may be
another version of Python with other packages, so this imports the standard library only, and an error ends nothing.
"""

from __future__ import annotations

import atexit
import json
import marshal
import os
import sys
import threading
from contextlib import suppress
from importlib import machinery, util
from pathlib import Path
from typing import Any

VARIABLE = "SPEC2BDD_CHALLENGE_CHILD"


def start(folder: str) -> None:
    """Do what the request in a folder says, and write there what came of it."""
    with open(os.path.join(folder, "request.json"), encoding="ascii") as file:  # noqa: PTH118, PTH123
        request = json.load(file)
    if request["path"]:
        mutate(request, folder)
    else:
        trace(request, folder)


def mutate(request: dict[str, Any], folder: str) -> None:
    """Load the mutant in place of the code of its file, and leave a file that says so."""
    if request["magic"] != util.MAGIC_NUMBER.hex():
        return
    get_code = machinery.SourceFileLoader.get_code

    def get_mutant(self: Any, fullname: str) -> Any:
        if os.path.realpath(self.path) != request["path"]:
            return get_code(self, fullname)
        write(folder, "put-in", "")
        return marshal.loads(bytes.fromhex(request["code"]))  # noqa: S302  It is from the process that started this.

    machinery.SourceFileLoader.get_code = get_mutant  # type: ignore[method-assign]


def trace(request: dict[str, Any], folder: str) -> None:
    """Trace the lines of the product, and write them at the end."""
    spec: Any = util.spec_from_file_location("spec2bdd_origins", request["origins"])
    origins = util.module_from_spec(spec)
    sys.modules[spec.name] = origins
    spec.loader.exec_module(origins)

    folders = list(map(Path, request["steps"]))
    index = origins.OriginIndex(Path(request["root"]), steps=folders, helpers=request["helpers"])
    lines: dict[str, set[int]] = {}
    known: dict[int, Any] = {}

    def enter(frame: Any, event: str, arg: Any) -> Any:  # noqa: ARG001  Python passes it.
        filename = frame.f_code.co_filename
        if index.find(filename) != "product":
            return None
        found, left = lines.setdefault(filename, set()), origins.find_lines(frame.f_code, known)
        if not left:
            return None

        def note(frame: Any, event: str, arg: Any) -> Any:  # noqa: ARG001
            if event == "line":
                found.add(frame.f_lineno)
                left.discard(frame.f_lineno)
                if not left:
                    frame.f_trace = None
                    return None
            return note

        return note

    def finish() -> None:
        sys.settrace(None)
        content = {os.path.realpath(name): sorted(numbers) for name, numbers in lines.items()}
        write(folder, "lines-%d" % os.getpid(), json.dumps(content))  # noqa: UP031

    atexit.register(finish)
    threading.settrace(enter)
    sys.settrace(enter)


def write(folder: str, name: str, text: str) -> None:
    """Write a file of the folder."""
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:  # noqa: PTH118, PTH123
        file.write(text)


def run_next(folder: str) -> None:
    """Run the `sitecustomize` that this one hides."""
    sys.path[:] = [path for path in sys.path if os.path.realpath(path) != folder]
    spec = machinery.PathFinder.find_spec("sitecustomize")
    if spec and spec.loader:
        module = util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    here = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120
    run_next(here)
    if os.environ.get(VARIABLE) == here:
        with suppress(Exception):
            start(here)
