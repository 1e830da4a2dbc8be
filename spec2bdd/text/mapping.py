"""A pure function and many values in, its results in their order out, however many processes work on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


class Mapper(Protocol):
    """Whatever calls a function with each of many values, be it on several cores."""

    def __call__(self, function: Callable[[_Value], _Result], values: Sequence[_Value], /) -> list[_Result]:
        """Return what the function makes of each value, in their order."""
        ...  # pragma: no cover


def map_serially(function: Callable[[_Value], _Result], values: Sequence[_Value], /) -> list[_Result]:
    """Return what a function makes of each value, one after the other."""
    return list(map(function, values))
