"""Change which elements a container has, and their order."""

from __future__ import annotations

import collections
import copy
import reprlib
from collections.abc import Iterator, KeysView, ValuesView
from typing import Any

# What has items in an order; views of dictionaries are answered as lists.
SEQUENCES = (list, tuple, collections.deque, KeysView, ValuesView)
_UNORDERED = (dict, set, frozenset)
# What happens to an empty container, to an empty answer of a database, and to the listing of a folder.
GETS_ITEM, GETS_ROW, GETS_FILE = "gets an item", "there is a row", "as well"
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 3


def change_elements(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield a container with fewer or more elements or in another order, and what has happened to it."""
    if not isinstance(value, (*SEQUENCES, *_UNORDERED)) or hasattr(value, "_fields"):
        return
    if not len(value):
        other: Any = {"x": "x"} if isinstance(value, dict) else {"x"}
        filled: Any = copy.copy(value) | other if isinstance(value, _UNORDERED) else rebuild(value, ["x"])
        yield filled, GETS_ITEM
    elif isinstance(value, _UNORDERED):
        yield from _drop_elements(value)
    else:
        items = list(value)
        yield rebuild(value, items[:-1]), "loses its last item"
        if len(items) > 1:
            yield rebuild(value, []), "loses everything"
            if items[::-1] != items:
                yield rebuild(value, items[::-1]), "is reversed"
        yield rebuild(value, [*items, items[-1]]), "gets its last item twice"


def _drop_elements(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield a dictionary or a set without one element, and without all."""
    last = list(value)[-1] if isinstance(value, dict) else min(value, key=repr)
    if isinstance(value, dict):
        shorter: Any = copy.copy(value)
        del shorter[last]
    else:
        shorter = value - {last}
    yield shorter, f"loses {show(last)}"
    if len(value) > 1:
        yield type(value)(), "loses everything"


def rebuild(value: Any, items: list[Any]) -> Any:
    """Build a sequence or a set of the same type with other items; of a view of a dictionary, a list."""
    build: Any = list if isinstance(value, (KeysView, ValuesView)) else type(value)
    return build(*items) if hasattr(value, "_fields") else build(items)


def show(value: Any) -> str:
    """Show a value in a few characters, whatever its class does."""
    try:
        return _SHORT.repr(value)
    except Exception:  # noqa: BLE001  The product's own `__repr__` may raise anything at all.
        return f"<{type(value).__name__}>"
