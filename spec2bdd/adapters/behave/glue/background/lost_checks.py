"""Notice failed checks that only were printed or collected: in a request of a server, by pytest-check."""

from __future__ import annotations

import socketserver
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from spec2bdd.adapters.behave.glue.serialize import describe_error

# It holds the failures of pytest-check 2, which its plugin for pytest reads, and nothing else.
_COLLECTED = "pytest_check.check_log"


class LostCheckWatch:
    """The checks that failed in scenarios and raised nothing there.

    `find_scenario` is that of `FutureWatch`.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        self._failed: list[tuple[Any, str]] = []

    def install(self) -> None:
        """Record what a server of this process, or of one forked from it, would only print of a request."""
        server_class: Any = socketserver.BaseServer
        handle = server_class.handle_error

        @wraps(handle)
        def handle_watched(server: Any, request: Any, client_address: Any) -> None:
            error, scenario = sys.exc_info()[1], self._find_scenario()
            # Others may be what a client has to cope with.
            if isinstance(error, AssertionError) and scenario is not None:
                name = type(server).__name__
                self._failed.append((scenario, f"a request of a `{name}` failed: {describe_error(error)}"))
            handle(server, request, client_address)

        server_class.handle_error = handle_watched

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not (self._failed or _COLLECTED in sys.modules)

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, with its scenario."""
        failed, self._failed = self._failed, []
        yield from failed
        collected: Any = sys.modules.get(_COLLECTED)
        for text in list(collected.get_failures()) if collected else ():
            first = str(text).partition("\n")[0].removeprefix("FAILURE: ").strip(": ")
            yield self._find_scenario(), f"pytest-check collected a failure, which only pytest reads: {first}"
        if collected:
            collected.clear_failures()
