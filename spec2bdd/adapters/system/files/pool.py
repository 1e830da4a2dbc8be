"""A call and many values in, the calls made in several threads that wait for the disk together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Waiting for the disk can take nearly all of the time, and many who wait at once are served together.
_WAITING_AT_ONCE = 16

AtOnce = Callable[[Callable[[Any], object], Sequence[Any]], object]


@contextmanager
def open_pool(most: int) -> Iterator[AtOnce]:
    """Yield what makes a call with each of many values, `most` at most: the calls wait for the disk together."""
    if most <= 1:
        yield lambda call, values: [call(value) for value in values]
        return
    # Only needed where there is much to write.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_WAITING_AT_ONCE) as pool:
        yield partial(_call_in, pool)


def _call_in(pool: Executor, call: Callable[[Any], object], values: Sequence[Any]) -> None:
    """Make the calls in the threads of a pool; to hand over one value after the other would take longer than most."""
    size = -(-len(values) // _WAITING_AT_ONCE)
    parts = [values[start : start + size] for start in range(0, len(values), size)] if size else []
    for _ in pool.map(lambda part: [call(value) for value in part], parts):
        pass
