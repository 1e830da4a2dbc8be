"""Intercept the clients by which steps reach a product that is not Python in this process.

What comes back is altered in content and in status: the result of a process, the response of a server, the rows of a
database, a file that the product wrote.
"""

from __future__ import annotations

import copy
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.clients.files import intercept_files
from spec2bdd.adapters.behave.challenges.clients.processes import intercept_processes
from spec2bdd.adapters.behave.challenges.functions import intercept_client
from spec2bdd.adapters.behave.challenges.reach import Reach
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration, list_alterations, take_turns
from spec2bdd.adapters.behave.challenges.values.leaves import change_text
from spec2bdd.adapters.behave.challenges.values.texts import alter_text

# What a client returns has no class of the product.
_alter_plain = partial(list_alterations, is_product=lambda _: False)
# The headers that say how a response is read.
_FRAMING = frozenset({"connection", "content-encoding", "content-length", "transfer-encoding"})


def intercept_clients(control: AnswerControl, reach: Reach, own: Sequence[dict[str, Any]]) -> None:
    """Intercept all clients that are loaded; `own` are the names in the modules of the project."""
    for module, path, alter in _CLIENTS:
        function: Any = sys.modules.get(module)
        for name in path.split("."):
            function = getattr(function, name, None)
        if isinstance(function, FunctionType):
            intercept_client(function, f"{module.partition('.')[0]}.{path}", control, alter)
    intercept_processes(control)
    intercept_files(control, reach, own)
    _intercept_sqlite(control, own)


def _alter_completed(result: Any, words: Sequence[Any]) -> list[Alteration]:
    """Alter the result of `subprocess.run`: what it printed, and its exit code."""
    outputs = (
        [
            Alteration(f"{name}: {alteration.description}", partial(_set, result, {name: alteration.make}))
            for alteration in alter_text(content, words)
        ]
        for name in ("stdout", "stderr")
        if (content := getattr(result, name)) is not None
    )
    return _add_code(result, "returncode", 1 if result.returncode == 0 else 0, words, take_turns(*outputs))


def _alter_communicated(result: Any, words: Sequence[Any]) -> list[Alteration]:
    """Alter what `Popen.communicate` returned."""
    return take_turns(
        *(
            [
                Alteration(f"{name}: {alteration.description}", partial(_replace_item, result, place, alteration.make))
                for alteration in alter_text(result[place], words)
            ]
            for place, name in enumerate(("stdout", "stderr"))
            if result[place] is not None
        )
    )


def _replace_item(result: Sequence[Any], place: int, make: Callable[[], Any]) -> tuple[Any, ...]:
    """Replace an item of a result by another value."""
    return (*result[:place], make(), *result[place + 1 :])


def _alter_response(response: Any, words: Sequence[Any]) -> list[Alteration]:
    """Alter a response of `requests` or `httpx` that has been read: its content, and its status."""
    content = getattr(response, "_content", None)
    contents = [
        Alteration(f"content: {alteration.description}", partial(_set, response, {"_content": alteration.make}))
        for alteration in (alter_text(content, words) if isinstance(content, bytes) and content else ())
    ]
    changed = _add_code(response, "status_code", 500 if response.status_code < 400 else 200, words, contents)
    changed.insert(2, _alter_headers(response))
    return changed


def _alter_status(response: Any, _words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter the status of a response of `http.client`, which `urllib` uses as well."""
    other = 500 if response.status < 400 else 200
    change = {"status": lambda: other, "code": lambda: other}
    yield Alteration(f"status {response.status} becomes {other}", partial(_set, response, change))
    yield _alter_headers(response)


def _alter_headers(response: Any) -> Alteration:
    """Alter the headers of a response, apart from those that say how it is read."""

    def change() -> Any:
        headers = copy.copy(response.headers)
        for name, value in list(headers.items()):
            if name.lower() not in _FRAMING:
                # A message of `email` would get a second one.
                del headers[name]
                headers[name] = change_text(value)
        return headers

    return Alteration("its headers are changed", partial(_set, response, {"headers": change}))


def _add_code(
    result: Any, name: str, other: int, words: Sequence[Any], alterations: list[Alteration]
) -> list[Alteration]:
    """Add that a code is another one: at the beginning where the step has that number, and second otherwise."""
    code = getattr(result, name)
    changed = Alteration(f"{name} {code} becomes {other}", partial(_set, result, {name: lambda: other}))
    place = 0 if any(type(word) is int and word == code for word in words) else 1
    return [*alterations[:place], changed, *alterations[place:]]


def _set(target: Any, attributes: dict[str, Callable[[], Any]]) -> Any:
    """Set attributes of an object, which no one else has yet, and return it."""
    for name, make in attributes.items():
        setattr(target, name, make())
    return target


# Module, function, and what alters its result.
_CLIENTS: tuple[tuple[str, str, Alter], ...] = (
    ("subprocess", "run", _alter_completed),
    ("subprocess", "Popen.communicate", _alter_communicated),
    ("subprocess", "Popen.wait", lambda result, _: _alter_plain(result)[:1]),
    ("asyncio.subprocess", "Process.communicate", _alter_communicated),
    ("asyncio.subprocess", "Process.wait", lambda result, _: _alter_plain(result)[:1]),
    ("http.client", "HTTPConnection.getresponse", lambda result, words: list(_alter_status(result, words))),
    ("http.client", "HTTPResponse.read", alter_text),
    ("requests.sessions", "Session.send", _alter_response),
    ("httpx._client", "Client.send", _alter_response),
    ("httpx._client", "AsyncClient.send", _alter_response),
)

# The position of `factory` among the parameters of `sqlite3.connect` after the database.
_FACTORY_PLACE = 5


def _intercept_sqlite(control: AnswerControl, own: Sequence[dict[str, Any]]) -> None:
    """Intercept the rows that steps read from a database file; one in memory is the steps' own."""
    original_connect = sqlite3.connect

    def connect(database: Any, *args: Any, **kwargs: Any) -> Any:
        """Connect to a database; for a step, to one whose rows are answers."""
        is_own = "factory" in kwargs or len(args) >= _FACTORY_PLACE or database == ":memory:"
        if not is_own and control.origins.find_step(sys._getframe(1)):
            kwargs["factory"] = _build_connection_class(control)
        return original_connect(database, *args, **kwargs)

    # Modules may have imported the function itself; those of libraries, by its name.
    for names in filter(None, (getattr(module, "__dict__", None) for module in list(sys.modules.values()))):
        if names.get("connect") is original_connect:
            names["connect"] = connect
    for names in own:
        for name in [name for name, value in names.items() if value is original_connect]:
            names[name] = connect


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
