"""Notice failed checks that only were printed or collected: in a request of a server, by a library."""

from __future__ import annotations

import socketserver
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from spec2bdd.adapters.behave.glue.background.collectors import describe_collected
from spec2bdd.adapters.behave.glue.serialize import describe_error

# It holds the failures of pytest-check 2, which its plugin for pytest reads, and nothing else.
_COLLECTED = "pytest_check.check_log"
# Where other libraries collect failures until a function of theirs is called: the module, the name of the list or of
# the class that has it, that function, and the library (delayed-assert 0.4, smart-assertions 1.0, softest 1.2).
_LISTS = (
    ("delayed_assert.delayed_assert", "_failed_expectations", "assert_expectations", "delayed-assert"),
    ("smart_assertions.smart_assertions", "failed_conditions", "verify_expectations", "smart-assertions"),
    ("softest.support", "AssertionLogger._AssertionLogger__asserted_exceptions", "assert_all", "softest"),
)
_MODULES = (_COLLECTED, *(module for module, *_ in _LISTS))


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
        return not (self._failed or any(module in sys.modules for module in _MODULES))

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
        for module, path, function, library in _LISTS:
            if failures := _find_list(module, path):
                # Another version of the library may keep something else.
                first = failures[0][-1] if isinstance(failures[0], list | tuple) and failures[0] else failures[0]
                text = describe_collected(first)
                failures.clear()
                yield self._find_scenario(), f"{library} collected a failure, and `{function}` was not called: {text}"


def _find_list(module: str, path: str) -> list[Any]:
    """Find the list of a module under a name, or under that of a class; an empty one where there is none."""
    value: Any = sys.modules.get(module)
    for name in path.split("."):
        value = getattr(value, name, None)
    return value if isinstance(value, list) else []
