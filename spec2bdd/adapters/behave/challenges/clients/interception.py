"""Intercept the clients by which steps reach a product that is not Python in this process.

What comes back is altered in content and in status: the result of a process, the response of a server, the rows of a
database, a file that the product wrote.
"""

from __future__ import annotations

import builtins
import io
import os
import pathlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.alterations import Alteration, alter_text, list_alterations
from spec2bdd.adapters.behave.challenges.answers import Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.clients.processes import intercept_processes
from spec2bdd.adapters.behave.challenges.functions import intercept_client
from spec2bdd.adapters.behave.challenges.origins import Origin
from spec2bdd.adapters.behave.challenges.reach import Reach

# What a client returns has no class of the product.
_alter_plain = partial(list_alterations, is_product=lambda _: False)


def intercept_clients(control: AnswerControl, reach: Reach) -> None:
    """Intercept all clients that are loaded in this process, and those of the standard library."""
    for module, path, alter in _CLIENTS:
        function: Any = sys.modules.get(module)
        for name in path.split("."):
            function = getattr(function, name, None)
        if isinstance(function, FunctionType):
            intercept_client(function, f"{module.partition('.')[0]}.{path}", control, alter)
    intercept_processes(control)
    _intercept_files(control, reach)
    _intercept_sqlite(control)


def _alter_completed(result: Any, words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter the result of `subprocess.run`: what it printed, and its exit code."""
    for name in ("stdout", "stderr"):
        content = getattr(result, name)
        for alteration in alter_text(content, words) if content is not None else ():
            yield Alteration(f"{name}: {alteration.description}", partial(_set, result, {name: alteration.make}))
    yield _alter_code(result, "returncode", 1 if result.returncode == 0 else 0)


def _alter_communicated(result: Any, words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter what `Popen.communicate` returned."""
    for place, name in enumerate(("stdout", "stderr")):
        for alteration in alter_text(result[place], words) if result[place] is not None else ():
            changed = [*result]
            changed[place] = alteration.make()
            yield Alteration(f"{name}: {alteration.description}", partial(tuple, changed))


def _alter_response(response: Any, words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter a response of `requests` or `httpx` that has been read: its content, and its status."""
    content = getattr(response, "_content", None)
    for alteration in alter_text(content, words) if isinstance(content, bytes) and content else ():
        yield Alteration(f"content: {alteration.description}", partial(_set, response, {"_content": alteration.make}))
    yield _alter_code(response, "status_code", 500 if response.status_code < 400 else 200)


def _alter_status(response: Any, _words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter the status of a response of `http.client`, which `urllib` uses as well."""
    other = 500 if response.status < 400 else 200
    change = {"status": lambda: other, "code": lambda: other}
    yield Alteration(f"status {response.status} becomes {other}", partial(_set, response, change))


def _alter_code(result: Any, name: str, other: int) -> Alteration:
    """Alter a code to another one."""
    description = f"{name} {getattr(result, name)} becomes {other}"
    return Alteration(description, partial(_set, result, {name: lambda: other}))


def _set(target: Any, attributes: dict[str, Callable[[], Any]]) -> Any:
    """Set attributes of an object, which no one else has yet, and return it."""
    for name, make in attributes.items():
        setattr(target, name, make())
    return target


# Module, function, and what alters its result.
_CLIENTS: tuple[tuple[str, str, Alter], ...] = (
    ("subprocess", "run", lambda result, words: list(_alter_completed(result, words))),
    ("subprocess", "Popen.communicate", lambda result, words: list(_alter_communicated(result, words))),
    ("subprocess", "Popen.wait", lambda result, _: _alter_plain(result)[:1]),
    ("asyncio.subprocess", "Process.communicate", lambda result, words: list(_alter_communicated(result, words))),
    ("asyncio.subprocess", "Process.wait", lambda result, _: _alter_plain(result)[:1]),
    ("http.client", "HTTPConnection.getresponse", lambda result, words: list(_alter_status(result, words))),
    ("http.client", "HTTPResponse.read", alter_text),
    ("requests.sessions", "Session.send", lambda result, words: list(_alter_response(result, words))),
    ("httpx._client", "Client.send", lambda result, words: list(_alter_response(result, words))),
)

# The position of `factory` among the parameters of `sqlite3.connect` after the database.
_FACTORY_PLACE = 5


def _intercept_files(control: AnswerControl, reach: Reach) -> None:
    """Intercept what steps read from files that the product wrote: by `Path`, and by `open`."""
    original_open = builtins.open

    def read_file(path: Any, read: Callable[[], Any], frame: Any) -> Any:
        """Read the content of a file as the answer of a client."""
        if control.is_inside_client:
            return read()
        place = control.begin("", "file", 0, frame)
        value = control.run_outermost(read)
        if place is None or not reach.is_from_product(path):
            return value
        return control.end(place, value, alter_text)

    def open_file(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """Open a file; a fault gives its changed content, without the file."""
        stream = original_open(file, mode, *args, **kwargs)
        if not mode.startswith("r") or "+" in mode or not isinstance(file, (str, os.PathLike)):
            return stream
        if control.is_inside_client or not reach.is_from_product(file):
            return stream
        place = control.begin("", "file", 0, sys._getframe(1))
        if place is None:
            return stream
        content = stream.read()
        stream.close()
        changed = control.end(place, content, alter_text)
        return io.BytesIO(changed) if isinstance(changed, bytes) else io.StringIO(changed)

    def patch_reader(name: str) -> None:
        """Patch one of the methods of `Path` that read a whole file."""
        original = getattr(pathlib.Path, name)

        def read(self: pathlib.Path, *args: Any, **kwargs: Any) -> Any:
            return read_file(self, partial(original, self, *args, **kwargs), sys._getframe(1))

        setattr(pathlib.Path, name, read)

    builtins.open = open_file
    patch_reader("read_text")
    patch_reader("read_bytes")


def _intercept_sqlite(control: AnswerControl) -> None:
    """Intercept the rows that steps read from a database file; one in memory is the steps' own."""
    original_connect = sqlite3.connect

    def connect(database: Any, *args: Any, **kwargs: Any) -> Any:
        """Connect to a database; for a step, to one whose rows are answers."""
        is_own = "factory" in kwargs or len(args) >= _FACTORY_PLACE or database == ":memory:"
        if not is_own and control.origins.find_step(sys._getframe(1)):
            kwargs["factory"] = _build_connection_class(control)
        return original_connect(database, *args, **kwargs)

    # Modules may have imported the function itself; those of libraries, by its name.
    for module in filter(None, list(sys.modules.values())):
        is_library = control.origins.find_module(module) is Origin.LIBRARY
        for name in ["connect"] if is_library else list(vars(module)):
            if vars(module).get(name) is original_connect:
                setattr(module, name, connect)


def _build_connection_class(control: AnswerControl) -> type[sqlite3.Connection]:
    """Build a class of connections whose rows are answers: the methods of the original ones are written in C."""

    def end(rows: Any, frame: Any) -> Any:
        """Give the rows of one call as the answer of a client."""
        place = control.begin("", "sqlite3", 0, frame)
        return rows if place is None or rows is None else control.end(place, rows, _alter_plain)

    class InterceptedCursor(sqlite3.Cursor):
        """A cursor whose rows are answers."""

        def fetchone(self) -> Any:
            """Fetch a row."""
            return end(super().fetchone(), sys._getframe(1))

        def fetchall(self) -> Any:
            """Fetch all rows."""
            return end(super().fetchall(), sys._getframe(1))

        def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
            """Fetch some rows."""
            return end(super().fetchmany(*args, **kwargs), sys._getframe(1))

        def __iter__(self) -> Any:
            """Iterate over the rows; the iterator in C does not call `fetchone`."""
            return iter(end(super().fetchall(), sys._getframe(1)))

    class InterceptedConnection(sqlite3.Connection):
        """A connection whose cursors are intercepted."""

        def cursor(self, *args: Any, **kwargs: Any) -> Any:
            """Make a cursor."""
            return super().cursor(*(args or (InterceptedCursor,)), **kwargs)

        def execute(self, *args: Any) -> Any:
            """Execute a statement with a new cursor."""
            return self.cursor().execute(*args)

    return InterceptedConnection
