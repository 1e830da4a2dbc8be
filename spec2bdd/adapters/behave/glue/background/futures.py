"""Notice the exceptions of futures and of calls in pools that nothing reads, and what callbacks of futures raise."""

from __future__ import annotations

import concurrent.futures
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import wraps
from multiprocessing.pool import ApplyResult, IMapIterator, IMapUnorderedIterator, MapResult
from typing import Any

from spec2bdd.adapters.behave.glue.background.frames import drops_answer
from spec2bdd.adapters.behave.glue.serialize import describe_error, is_failed_check

# The attributes of a future that hold the scenario in which it was made, and the pool that has made it, or None.
_MADE_IN, _MADE_BY = "spec2bdd_scenario", "spec2bdd_pool"
# What asks a future for its exception, or gives it up; the last one is of Python 3.14.
_READERS = ("result", "exception", "cancel", "_get_snapshot")
# They raise nothing, and only return what they are asked for.
_ASKED = ("exception", "successful")
# The callback by which an event loop takes a future over, and reports its exception itself.
_TAKEN_OVER = "_call_set_state"


class FutureWatch:
    """The futures and calls in pools that were begun in scenarios, failed, and that nothing has asked how they ended.

    `find_scenario` finds the scenario that is running, or None also where this process is not watched. Other threads
    change the dictionaries by single operations, which needs no lock.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        # By `id`, since a class of the project may compare by other things: each with its scenario.
        self._futures: dict[int, tuple[Any, Any, BaseException]] = {}
        # The pools of which an error was read in this scenario.
        self._read_pools: dict[int, Any] = {}
        # What callbacks have raised.
        self._raised: list[tuple[Any, str]] = []

    def install(self) -> None:
        """Patch the classes and functions of Python, in this process and those forked from it."""
        self._patch_futures(Future)
        self._patch_callbacks(Future)
        self._patch_waits(concurrent.futures)
        for result_class in (ApplyResult, MapResult, IMapIterator, IMapUnorderedIterator):
            self._patch_results(result_class)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not (self._futures or self._read_pools or self._raised)

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what failed, with its scenario: the one that is running, or else all of them."""
        current = self._find_scenario()
        for key, (future, scenario, error) in list(self._futures.items()):
            # Behave compares scenarios by their texts.
            if current is None or current is scenario:
                del self._futures[key]
                if id(getattr(future, _MADE_BY, None)) not in self._read_pools:
                    kind = "future" if isinstance(future, Future) else "call in a pool"
                    yield scenario, f"nothing read the exception of a {kind}: {describe_error(error)}"
        self._read_pools.clear()
        raised, self._raised = self._raised, []
        yield from raised

    def _patch_futures(self, future_class: Any) -> None:
        """Keep each future with an exception until something asks for it."""
        create, fail = future_class.__init__, future_class.set_exception

        @wraps(create)
        def create_watched(future: Any, *args: Any, **kwargs: Any) -> None:
            create(future, *args, **kwargs)
            scenario = self._find_scenario()
            if scenario is not None:
                setattr(future, _MADE_IN, scenario)
                # The method `submit` makes it.
                pool = sys._getframe(1).f_locals.get("self")
                setattr(future, _MADE_BY, pool if isinstance(pool, Executor) else None)

        @wraps(fail)
        def fail_watched(future: Any, exception: Any) -> None:
            scenario = getattr(future, _MADE_IN, None)
            is_taken_over = any(getattr(call, "__name__", "") == _TAKEN_OVER for call in future._done_callbacks)
            if scenario is not None and not is_taken_over and not isinstance(exception, SystemExit | None):
                # First: another thread may read it at once.
                self._futures[id(future)] = (future, scenario, exception)
            try:
                fail(future, exception)
            except BaseException:
                # It was cancelled, or has a result.
                self._futures.pop(id(future), None)
                raise

        future_class.__init__, future_class.set_exception = create_watched, fail_watched
        for name in _READERS:
            if read := getattr(future_class, name, None):
                setattr(future_class, name, self._watch_reader(read))

    def _patch_callbacks(self, future_class: Any) -> None:
        """Record what the callbacks of futures raise: Python only logs it."""
        add = future_class.add_done_callback

        @wraps(add)
        def add_watched(future: Any, callback: Any) -> None:
            scenario = self._find_scenario()
            is_own = not str(getattr(callback, "__module__", "")).startswith(("asyncio", "concurrent."))

            @wraps(callback)
            def call_watched(future: Any) -> Any:
                try:
                    return callback(future)
                except Exception as error:
                    if scenario is not None and is_own:
                        self._raised.append((scenario, f"a callback of a future failed: {describe_error(error)}"))
                    raise

            add(future, call_watched)

        future_class.add_done_callback = add_watched

    def _patch_waits(self, module: Any) -> None:
        """Forget the futures for which code that has waited for several waits no longer, as for the first of them."""
        wait, iterate = module.wait, module.as_completed

        @wraps(wait)
        def wait_watched(*args: Any, **kwargs: Any) -> Any:
            found = wait(*args, **kwargs)
            self._give_up(found.not_done)
            return found

        @wraps(iterate)
        def iterate_watched(fs: Any, timeout: Any = None) -> Iterator[Any]:
            left = {id(future): future for future in fs}
            try:
                for future in iterate(left.values(), timeout):
                    left.pop(id(future), None)
                    yield future
            finally:
                self._give_up(left.values())

        module.wait, module.as_completed = wait_watched, iterate_watched

    def _give_up(self, futures: Iterable[Any]) -> None:
        """Forget futures that nothing has to read."""
        for future in futures:
            setattr(future, _MADE_IN, None)
            self._futures.pop(id(future), None)

    def _patch_results(self, result_class: Any) -> None:
        """Keep each exception of a call in a pool until something asks for it, unless there is a callback for it."""
        own = vars(result_class)
        create, finish = own.get("__init__"), own["_set"]

        @wraps(finish)
        def finish_watched(result: Any, number: Any, outcome: Any) -> None:
            scenario, (has_worked, error) = getattr(result, _MADE_IN, None), outcome
            if not (scenario is None or has_worked or getattr(result, "_error_callback", None)):
                # First: another thread may read it at once.
                self._futures[id(result)] = (result, scenario, error)
            finish(result, number, outcome)

        result_class._set = finish_watched
        if create and result_class is not MapResult:

            @wraps(create)
            def create_watched(result: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
                setattr(result, _MADE_IN, self._find_scenario())
                setattr(result, _MADE_BY, pool)
                create(result, pool, *args, **kwargs)

            result_class.__init__ = create_watched
        for name in ("get", "successful", "next", "__next__"):
            if read := own.get(name):
                setattr(result_class, name, self._watch_reader(read))

    def _watch_reader(self, read: Callable[..., Any]) -> Callable[..., Any]:
        """Make a method of futures after which nothing else has to read the exception of one."""
        is_asked = read.__name__ in _ASKED

        @wraps(read)
        def read_watched(future: Any, *args: Any, **kwargs: Any) -> Any:
            is_dropped = False
            try:
                found = read(future, *args, **kwargs)
                is_dropped = is_asked and self._has_failed_check(future) and drops_answer(sys._getframe(1))
                return found
            finally:
                if not is_dropped:
                    # If the caller has waited in vain, it goes on without what comes later.
                    setattr(future, _MADE_IN, None)
                    if self._futures.pop(id(future), None):
                        pool = getattr(future, _MADE_BY, None)
                        self._read_pools |= {id(pool): pool} if pool else {}

        return read_watched

    def _has_failed_check(self, future: Any) -> bool:
        """Whether a failed check has ended a future, or a call in a pool; other errors may be what a step waits for."""
        *_, error = self._futures.get(id(future), (None,))
        return is_failed_check(error)
