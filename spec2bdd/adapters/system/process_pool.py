"""Map a pure function over many values in several processes, with the same results as in one.

Forked workers inherit the function and the values, so only results are pickled, and those in less time and space than
`pickle` takes by itself. A worker that dies costs time only; `multiprocessing.Pool` would never stop waiting for it.
"""

from __future__ import annotations

import gc
import io
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.model.values import dataclass

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

# Why there is no pool of the standard library here: benchmarks/parallel_map.py reads 1,000 specs in 2 processes on 2
# busy cores. Measured twice (medians of 5), `Pool.map` took 1.62 and 1.47 times as long in one chunk for each process,
# 1.37 and 1.14 times in four chunks, and `ProcessPoolExecutor` 1.35 and 1.11 times.
_Value = TypeVar("_Value")
_Result = TypeVar("_Result")
# With fewer values for each, starting a process and sending its results takes longer than the work.
_MIN_VALUES_EACH = 50
_MAX_PROCESSES = 8
# Values are worked on in so many chunks for each process. Half of them are its own; the others go to whichever process
# is free, since other programs may keep one of the cores busy.
_CHUNKS_EACH = 24
_TOKEN_SIZE = 4
# Of shorter texts, a copy takes less time than a reference; one without a character is that of each empty field.
_LEAST_SHARED = 16


def parallel_map(
    function: Callable[[_Value], _Result], values: Sequence[_Value], *, processes: int = 0
) -> list[_Result]:
    """Apply a pure function to each value, in several processes where that is safe and pays.

    Where a result holds a value, or an object in a field of it, it is the same object and no copy.

    A process that fails costs time only: its share is done here, where an error is raised as if all were done here.
    """
    count = min(processes or count_processes(), len(values) // _MIN_VALUES_EACH)
    if count < 2:
        return [function(value) for value in values]
    # What the first call imports and compiles, the workers inherit.
    first, values = function(values[0]), values[1:]
    size = -(-len(values) // (count * _CHUNKS_EACH))
    chunks = [values[start : start + size] for start in range(0, len(values), size)]
    done: dict[int, list[_Result]] = {}
    with _start_jobs(function, chunks, others=count - 1) as (numbers, jobs):
        for number in numbers:
            done[number] = [function(value) for value in chunks[number]]
        for job in jobs:
            _receive(job.source, chunks, done)
        for number in range(len(chunks)):
            if number not in done:
                done[number] = [function(value) for value in chunks[number]]
    return [first, *(result for number in range(len(chunks)) for result in done[number])]


def count_processes() -> int:
    """Count the processes that may work at once: one for each core, where forking is safe.

    It is not where threads are running: a lock that one of them holds would never be released in the child.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MAX_PROCESSES)


@dataclass(frozen=True, slots=True)
class _Job:
    """A process that works on some of the values, and the pipe through which its results arrive."""

    process: BaseProcess
    source: Connection


@contextmanager
def _start_jobs(
    function: Callable[[Any], Any], chunks: Sequence[Sequence[Any]], *, others: int
) -> Iterator[tuple[Iterator[int], list[_Job]]]:
    """Fork other processes, and end them all afterwards; yield the numbers of the chunks for this one, and these."""
    # The import costs start-up time, and small projects do without.
    from multiprocessing import get_context

    context = get_context("fork")
    own = _CHUNKS_EACH // 2
    reserved = [range(start, start + own) for start in range(0, (others + 1) * own, own)]
    # A token is the number of a chunk that no process has taken yet.
    tokens, target = os.pipe()
    free = range(len(reserved) * own, len(chunks))
    os.write(target, b"".join(number.to_bytes(_TOKEN_SIZE, "big") for number in free))
    os.close(target)
    jobs: list[_Job] = []
    try:
        for numbers in reserved[1:]:
            source, target_end = context.Pipe(duplex=False)
            inherited = [*(job.source for job in jobs), source]
            taken = chain(numbers, _take_tokens(tokens))
            process = context.Process(target=_work, args=(function, chunks, taken, target_end, inherited), daemon=True)
            process.start()
            # Only the worker may hold the writing end: when it dies, reading ends.
            target_end.close()
            jobs.append(_Job(process, source))
        yield chain(reserved[0], _take_tokens(tokens)), jobs
    finally:
        os.close(tokens)
        for job in jobs:
            job.process.terminate()
            job.process.join()
            job.source.close()


def _take_tokens(tokens: int) -> Iterator[int]:
    """Take one number of a chunk after the other, until there is none; no two processes take the same."""
    while token := os.read(tokens, _TOKEN_SIZE):
        yield int.from_bytes(token, "big")


def _work(
    function: Callable[[Any], Any],
    chunks: Sequence[Sequence[Any]],
    numbers: Iterator[int],
    target: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Work on chunks in the forked process and send the results.

    Every failure is silent: the parent does the chunks again and meets the same error itself.
    """
    with suppress(BaseException):
        # A worker that holds the reading end open would block on a full pipe when the parent is killed.
        for source in inherited:
            source.close()
        # The process ends before anything is worth collecting.
        gc.disable()
        # Most projects are too small for more than one process.
        import pickle

        pickled: list[bytes] = []
        for number in numbers:
            stream = io.BytesIO()
            stream.write(number.to_bytes(_TOKEN_SIZE, "big"))
            pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
            pickler.dispatch_table = _ReducerTable(_list_shared(chunks[number]))
            pickler.dump([function(value) for value in chunks[number]])
            pickled.append(stream.getvalue())
        # Not before: the parent reads once it has nothing else to do.
        for data in pickled:
            target.send_bytes(data)


def _receive(source: Connection, chunks: Sequence[Sequence[Any]], done: dict[int, list[Any]]) -> None:
    """Receive the results of a process by the numbers of its chunks, until it has ended."""
    import pickle

    try:
        # Thousands of new objects would start collections that find nothing.
        with pause_collector(), suppress(EOFError, OSError):
            while True:
                data = memoryview(source.recv_bytes())
                number = int.from_bytes(data[:_TOKEN_SIZE], "big")
                _shared[:] = _list_shared(chunks[number])
                done[number] = pickle.loads(data[_TOKEN_SIZE:])  # noqa: S301  The sender is a fork of this process.
    finally:
        _shared.clear()


# The objects that both sides have, by number, while results are received. Pickles can call module functions only, so
# that this cannot be an argument.
_shared: list[object] = []


def _find_shared(number: int) -> object:
    return _shared[number]


class _SharedReference:
    """Pickles as a reference to an object that both sides have, whatever the type of that object."""

    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Unpickle as the object itself."""
        return _find_shared, (self._number,)


class _ReducerTable(dict[type, Callable[[Any], Any]]):
    """The dispatch table of a pickler that writes our dataclasses as calls with the values of their fields.

    By default, a frozen dataclass with slots looks up its fields for every instance, on both sides; this takes a
    quarter of the time. Objects that the other side has are written as references. The pickler asks the table once
    for each type, and `__missing__` fills it.
    """

    def __init__(self, shared: Sequence[object]) -> None:
        # By identity, because equal objects are not the same one, and hashing large values is slow.
        self._numbers = {id(value): number for number, value in enumerate(shared)}

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        """Build the function that pickles the values of a type.

        Raises:
            KeyError: the type is pickled as usual: it is no dataclass, or cannot be called with all its fields.
        """
        declared = fields(kind) if is_dataclass(kind) else ()
        if not declared or any(field.kw_only or not field.init for field in declared):
            raise KeyError(kind)

        numbers, known, read = self._numbers, self._numbers.keys(), _find_reader(kind)

        def reduce(value: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            if id(value) in numbers:
                return _find_shared, (numbers[id(value)],)
            held = read(value)
            # Most objects hold none of them, which is found out without a loop in Python.
            if known.isdisjoint(map(id, held)):
                return kind, held
            return kind, tuple([_SharedReference(numbers[id(item)]) if id(item) in numbers else item for item in held])

        self[kind] = reduce
        return reduce


def _list_shared(values: Iterable[object]) -> list[object]:
    """List the objects that results are likely to hold again: dataclasses, those in their tuples, and their texts.

    Both sides list the same objects in the same order, so that a number names the same one.
    """
    shared: list[object] = []
    for value in filter(is_dataclass, values):
        items = [item for held in _read_fields(value) if isinstance(held, tuple) for item in held]
        fields_of_items = (held for item in filter(is_dataclass, items) for held in _read_fields(item))
        texts = [held for held in fields_of_items if isinstance(held, str) and len(held) >= _LEAST_SHARED]
        shared += [value, *items, *texts]
    return shared


def _read_fields(value: Any) -> tuple[Any, ...]:
    kind: Any = type(value)
    return _find_reader(kind)(value)


@cache
def _find_reader(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Find the function that reads all fields of the values of a dataclass."""
    names = [field.name for field in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple([getattr(value, name) for name in names])
