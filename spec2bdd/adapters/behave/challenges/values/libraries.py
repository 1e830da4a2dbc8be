"""Change values of libraries that have a form of their own: arrays and tables, and elements of XML."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from spec2bdd.adapters.behave.challenges.values.leaves import change_text

_ARRAYS = frozenset({"numpy", "pandas", "polars"})
# What is done to an array, a table or one of its numbers; where it makes no sense, they raise an error.
_CHANGES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("becomes larger by 1", lambda value: value + 1),
    ("loses its last item", lambda value: getattr(value, "iloc", value)[:-1]),
    ("gets another text", lambda value: value + "x"),
    ("loses everything", lambda value: getattr(value, "iloc", value)[:0]),
    ("is reversed", lambda value: getattr(value, "iloc", value)[::-1]),
)


def change_library_value(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield changed copies of a value of these libraries, and what has happened to each; none of another one."""
    if type(value).__module__.partition(".")[0] in _ARRAYS:
        for effect, change in _CHANGES:
            with suppress(Exception):
                yield change(value), effect
    elif all(hasattr(value, name) for name in ("tag", "attrib", "iter", "text")):
        with suppress(Exception):
            changed = copy.deepcopy(value)
            for element in changed.iter():
                element.text = change_text(element.text) if isinstance(element.text, str) else "x"
                for name, attribute in list(element.attrib.items()):
                    element.attrib[name] = change_text(attribute)
            yield changed, "has other texts"
