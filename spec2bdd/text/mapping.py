"""Apply a pure function to many values, serially or in several processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

# A function to apply and the values; the results come back in the order of the values. The implementation on several
# cores is an adapter, so the domain is given one of these.
Mapper = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]


def map_serially(function: Callable[[Any], Any], values: Sequence[Any], /) -> list[Any]:
    """Apply a function to each value, one after the other."""
    return list(map(function, values))
