"""Intercept the clients by which steps reach a product that is not Python in this process.

What comes back is altered in content and in status: the result of a process, the response of a server, the rows of a
database, a file that the product wrote.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.clients.databases import intercept_sqlite
from spec2bdd.adapters.behave.challenges.clients.files import intercept_files
from spec2bdd.adapters.behave.challenges.clients.processes import alter_code, intercept_processes
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
    intercept_sqlite(control, reach, own)


def _alter_completed(result: Any, words: Sequence[Any]) -> list[Alteration]:
    """Alter the result of `subprocess.run`: what it printed."""
    outputs = (
        [
            Alteration(f"{name}: {alteration.description}", partial(_set, result, {name: alteration.make}))
            for alteration in alter_text(content, words)
        ]
        for name in ("stdout", "stderr")
        if (content := getattr(result, name)) is not None
    )
    return take_turns(*outputs)


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
    code = response.status_code
    codes = [
        Alteration(
            f"status_code {code} becomes {other}", partial(_set, response, {"status_code": partial(_keep, other)})
        )
        for other in _list_other_codes(code)
    ]
    # First where the step has that number, and second otherwise.
    place = 0 if any(type(word) is int and word == code for word in words) else 1
    return [*contents[:place], codes[0], _alter_headers(response), *codes[1:], *contents[place:]]


def _alter_status(response: Any, _words: Sequence[Any]) -> Iterator[Alteration]:
    """Alter the status of a response of `http.client`, which `urllib` uses as well."""
    for other in _list_other_codes(response.status):
        change = dict.fromkeys(("status", "code"), partial(_keep, other))
        yield Alteration(f"status {response.status} becomes {other}", partial(_set, response, change))
    yield _alter_headers(response)


def _list_other_codes(code: int) -> list[int]:
    """List other codes of a response: one for which many clients raise an error, and then one for which they do not."""
    return [500, 202 if code == 200 else 200] if code < 400 else [200]


def _keep(value: Any) -> Any:
    """Return a value."""
    return value


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


def _set(target: Any, attributes: Mapping[str, Callable[[], Any]]) -> Any:
    """Set attributes of an object, which no one else has yet, and return it."""
    for name, make in attributes.items():
        setattr(target, name, make())
    return target


# Module, function, and what alters its result.
_CLIENTS: tuple[tuple[str, str, Alter], ...] = (
    ("subprocess", "run", _alter_completed),
    ("subprocess", "Popen.communicate", _alter_communicated),
    ("asyncio.subprocess", "Process.communicate", _alter_communicated),
    ("asyncio.subprocess", "Process.wait", alter_code),
    ("http.client", "HTTPConnection.getresponse", lambda result, words: list(_alter_status(result, words))),
    ("http.client", "HTTPResponse.read", alter_text),
    ("http.client", "HTTPResponse.readline", alter_text),
    ("requests.sessions", "Session.send", _alter_response),
    ("httpx._client", "Client.send", _alter_response),
    ("httpx._client", "AsyncClient.send", _alter_response),
)


def find_clients() -> list[str]:
    """Find the modules of clients that have been imported."""
    return [module for module, _, _ in _CLIENTS if module in sys.modules]
