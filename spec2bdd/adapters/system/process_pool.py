"""A function and many values in, its results in their order out, worked out on as many cores as there are.

Where that is not safe or not worth it, one process does it all; the results are the same.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, is_dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")
# Fewer are done sooner than a process is started and its results are handed over.
_LEAST_EACH = 50
_MOST_PROCESSES = 8
_PIECE = 500


class _ReducerTable(dict[type, Callable[[Any], Any]]):
    """How values of each type are pickled: those of our own by their fields, in a quarter of the time.

    Left to themselves, slotted dataclasses look up their fields for each value anew, on both sides. What both sides
    have already, since it went in, is handed over by its number.
    """

    def __init__(self, shared: Sequence[object]) -> None:
        self._numbers = {id(value): number for number, value in enumerate(shared)}

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        """Return how values of a type are pickled that are met for the first time.

        Raises:
            KeyError: they know best.
        """
        known = fields(kind) if is_dataclass(kind) else ()
        names = [field.name for field in known if field.init and not field.kw_only]
        if not names or len(names) < len(known):
            raise KeyError(kind)

        numbers = self._numbers

        def reduce(value: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            """Return what to call, and with what, for an equal value."""
            if id(value) in numbers:
                return _find_shared, (numbers[id(value)],)
            held = [getattr(value, name) for name in names]
            return kind, tuple([_SharedReference(numbers[id(one)]) if id(one) in numbers else one for one in held])

        self[kind] = reduce
        return reduce


# What went into the share whose results are being taken in.
_shared: list[object] = []


def _find_shared(number: int) -> object:
    """Return what both sides have, by its number."""
    return _shared[number]


class _SharedReference:
    """Stands for a value of any type that both sides have."""

    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Become the value itself on the other side."""
        return _find_shared, (self._number,)


def _list_shared(values: Iterable[object]) -> list[object]:
    """Return values of our own, those in their fields, and the texts of these: a result may hold them as they are."""
    shared: list[object] = []
    for value in filter(is_dataclass, values):
        items = [item for held in _list_held(value) if isinstance(held, tuple) for item in held]
        texts = [held for item in items if is_dataclass(item) for held in _list_held(item) if isinstance(held, str)]
        shared += [value, *items, *texts]
    return shared


def _list_held(value: Any) -> list[object]:
    """Return what the fields of a value of our own hold."""
    return [getattr(value, field.name) for field in fields(value)]


@dataclass(frozen=True, slots=True)
class _Job:
    """The part of the work that another process does, and where its results arrive."""

    process: BaseProcess
    source: Connection


def parallel_map(
    function: Callable[[_Value], _Result], values: Sequence[_Value], *, processes: int = 0
) -> list[_Result]:
    """Return what a pure function makes of each value; the results are pickled, the values are not.

    Where a result holds a value, or one in a field of it, it is the very same one.

    A process that fails costs time only: its share is done here, where an error is raised as if all were done here.
    """
    count = min(processes or count_processes(), len(values) // _LEAST_EACH)
    if count < 2:
        return [function(value) for value in values]
    bounds = [len(values) * number // count for number in range(count + 1)]
    shares = [values[start:end] for start, end in pairwise(bounds)]
    with _start_shares(function, shares[1:]) as started:
        results = [function(value) for value in shares[0]]
        for share, part in zip(started, shares[1:], strict=True):
            found = _receive(share, part)
            results += [function(value) for value in part] if found is None else found
    return results


def count_processes() -> int:
    """Return how many processes may work at once: as many as we have cores, where a process can be doubled safely.

    On other systems than Linux, or where threads are running, what they hold would be doubled with it.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)


@contextmanager
def _start_shares(function: Callable[[Any], Any], shares: Sequence[Sequence[Any]]) -> Iterator[list[_Job]]:
    """Start a process for each share, and leave none behind."""
    started: list[_Job] = []
    try:
        for part in shares:
            started.append(_start_share(function, part, [share.source for share in started]))
        yield started
    finally:
        for share in started:
            share.process.terminate()
            share.process.join()
            share.source.close()


def _start_share(function: Callable[[Any], Any], values: Sequence[Any], sources: Sequence[Connection]) -> _Job:
    """Start a process that is a double of this one, and hands over the results of its share.

    `sources` are where the results of others arrive.
    """
    # It costs start-up time, and small projects do without.
    from multiprocessing import get_context

    context = get_context("fork")
    source, target = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(function, values, target, [*sources, source]), daemon=True)
    process.start()
    target.close()
    return _Job(process, source)


def _work(
    function: Callable[[Any], Any], values: Sequence[Any], target: Connection, sources: Sequence[Connection]
) -> None:
    """Do a share and hand over its results; what cannot be done is left to the one who asked, without a word."""
    with suppress(BaseException):
        # While a double holds them open, it would wait for whoever was to read there, and is gone, without end.
        for source in sources:
            source.close()
        # Nothing of what is made here lives long enough to be cleared away.
        gc.disable()
        results, reducers = [function(value) for value in values], _ReducerTable(_list_shared(values))
        # In pieces, so that neither side holds all of it twice.
        for start in range(0, len(results), _PIECE):
            target.send_bytes(_pickle(results[start : start + _PIECE], reducers))


def _pickle(results: list[Any], reducers: _ReducerTable) -> bytes:
    """Return results as bytes."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = reducers
    pickler.dump(results)
    return stream.getvalue()


def _receive(share: _Job, values: Sequence[object]) -> list[Any] | None:
    """Return the results of a share, or nothing if its process ended without any."""
    _shared[:] = _list_shared(values)
    results: list[Any] = []
    gc.disable()
    try:
        with suppress(EOFError, OSError):
            while len(results) < len(values):
                results += pickle.loads(share.source.recv_bytes())  # noqa: S301  It comes from our own double.
    finally:
        gc.enable()
        _shared.clear()
    return results if len(results) == len(values) else None
