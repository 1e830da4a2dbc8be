"""Alter a value that the product gives to a step: one leaf changed, or one element dropped, at a time.

The alterations of a value are the same, in the same order, whenever they are listed: a fault is named by its position.
Values are never changed in place, since the product may keep them.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import enum
import json
import reprlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any

from spec2bdd.model.values import dataclass

# How many elements of a container, or attributes of an object, are changed one by one; and how many changes in all.
_MOST_PARTS = 6
_MOST = 12
# How deep inside of containers a leaf is changed.
_DEEPEST = 3
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 3


@dataclass(frozen=True, slots=True)
class Alteration:
    """What can be done to a value, as in `3 becomes 4`, and what makes the other value."""

    description: str
    make: Callable[[], Any]


def list_alterations(value: Any, *, is_product: Callable[[type], bool]) -> list[Alteration]:
    """List the alterations of a value; `is_product` finds the product's own classes, whose attributes are changed.

    The first one of a container or object changes all of its leaves: a check of any of them notices it.
    """
    parts = list(islice(_alter(value, is_product, 0), _MOST))
    if len(parts) < 2 or list(_change_leaf(value)):
        return parts
    changed = _change_all(value, is_product, 0)
    # A class of the product may compare in a way of its own.
    with suppress(Exception):
        # With one leaf, changing all of them is one of the parts.
        if changed == value or any(changed == part.make() for part in parts):
            return parts
    return [Alteration(f"{show(value)} becomes {show(changed)}", partial(_keep, changed)), *parts]


def _change_all(value: Any, is_product: Callable[[type], bool], depth: int) -> Any:
    """Change every leaf of a value; what cannot be changed stays."""
    for leaf in _change_leaf(value):
        return leaf
    if depth > _DEEPEST:
        return value
    if type(value) is dict:
        return {key: _change_all(each, is_product, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return _rebuild(value, [_change_all(each, is_product, depth + 1) for each in value])
    changed = value
    for name in _list_attributes(value, is_product):
        with suppress(Exception):
            changed = _copy_with(changed, name, _change_all(getattr(value, name), is_product, depth + 1))
    return changed


def _alter(value: Any, is_product: Callable[[type], bool], depth: int) -> Iterator[Alteration]:
    """Yield the alterations of a leaf, of the parts of a container, or of the attributes of an object."""
    if depth > _DEEPEST:
        return
    leaves = list(_change_leaf(value))
    # Inside of something else, one other value has to do.
    for leaf in leaves if depth == 0 else leaves[:1]:
        yield Alteration(f"{show(value)} becomes {show(leaf)}", partial(_keep, leaf))
    if leaves:
        return
    for shorter, lost in _drop_element(value):
        yield Alteration(f"{show(value)} loses {lost}", partial(_keep, shorter))
    for where, part, build in _list_parts(value, is_product):
        # A class of the product may forbid copies, or raise anything at all.
        with suppress(Exception):
            for alteration in list(_alter(part, is_product, depth + 1)):
                changed = build(alteration.make())
                yield Alteration(f"{where}: {alteration.description}", partial(_keep, changed))


def _drop_element(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield a container without one of its elements, and which one that is."""
    if not value:
        return
    if type(value) is dict:
        last = list(value)[-1]
        yield {key: value[key] for key in value if key != last}, show(last)
    elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        yield value[:-1], "its last item"
    elif type(value) in (set, frozenset):
        item = min(value, key=repr)
        yield value - {item}, show(item)


def _list_parts(value: Any, is_product: Callable[[type], bool]) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """Yield some parts of a value: where each is, the part, and what builds the value with another one in its place."""
    if type(value) is dict:
        for key in list(value)[:_MOST_PARTS]:
            yield f"[{show(key)}]", value[key], partial(_replace_item, value, key)
    elif isinstance(value, (list, tuple)):
        for place in sorted({*range(len(value))[: _MOST_PARTS - 1], *range(len(value))[-1:]}):
            yield f"[{place}]", value[place], partial(_replace_item, value, place)
    for name in _list_attributes(value, is_product)[:_MOST_PARTS]:
        yield f".{name}", getattr(value, name, None), partial(_copy_with, value, name)


def _replace_item(value: Any, place: Any, item: Any) -> Any:
    """Build a dictionary or a sequence with another item at a key or an index."""
    if type(value) is dict:
        return {**value, place: item}
    return _rebuild(value, [*value[:place], item, *value[place + 1 :]])


def _list_attributes(value: Any, is_product: Callable[[type], bool]) -> list[str]:
    """List the names of the attributes of a dataclass, or of an object of the product."""
    names = [field.name for field in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
    if names or is_product(type(value)):
        names += [name for name in getattr(value, "__dict__", {}) if name not in names]
    return names


def _copy_with(value: Any, name: str, attribute: Any) -> Any:
    """Copy an object with another value of one attribute."""
    changed = copy.copy(value)
    # Frozen dataclasses refuse an ordinary assignment.
    object.__setattr__(changed, name, attribute)
    return changed


def _rebuild(value: list[Any] | tuple[Any, ...], items: list[Any]) -> Any:
    """Build a sequence of the same type with other items."""
    build: Any = type(value)
    return build(*items) if hasattr(value, "_fields") else build(items)


def _change_leaf(value: Any) -> Iterator[Any]:
    """Yield other values of the type of a leaf; none for what is no leaf."""
    match value:
        case enum.Enum():
            yield from [member for member in type(value) if member is not value][:1]
        case bool():
            yield not value
        case int() | float() | complex() | decimal.Decimal():
            # The next one, and then 0: a check such as `assert count` notices only that.
            kind: Any = type(value)
            yield from [kind(other) for other in (value + 1, 0) if other != value]
        case str() | bytes():
            yield change_text(value)
            if value:
                yield value[:0]
        case datetime.timedelta():
            yield value + datetime.timedelta(days=1)
        case datetime.date():
            # The first day of all has none before it.
            day = datetime.timedelta(days=1)
            yield value - day if value.year > 1 else value + day
        case PurePath():
            yield value.with_name(change_text(value.name)) if value.name else value / "x"


def change_text(text: Any) -> Any:
    """Change each ASCII letter and digit of a text, or of bytes, to the next one; its length and signs stay."""
    if isinstance(text, bytes):
        return change_text(text.decode("latin-1")).encode("latin-1")
    return text.translate(_NEXT) if text.translate(_NEXT) != text else text + "x"


def _build_next_characters() -> dict[int, int]:
    """Build the table of the character that follows each ASCII letter and digit."""
    groups = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
    return {
        ord(character): ord(group[(place + 1) % len(group)])
        for group in groups
        for place, character in enumerate(group)
    }


_NEXT = _build_next_characters()


def alter_text(text: Any) -> list[Alteration]:
    """List the alterations of a text, or of bytes, that a program wrote: of JSON also those of its values."""
    alterations = []
    with suppress(ValueError, RecursionError):
        content = json.loads(text)
        if isinstance(content, (dict, list)):
            alterations = [
                Alteration(alteration.description, partial(_write_json, alteration.make, type(text)))
                for alteration in list_alterations(content, is_product=lambda _: False)
            ]
    return [*alterations, *list_alterations(text, is_product=lambda _: False)]


def _write_json(make: Callable[[], Any], kind: type) -> Any:
    """Write a changed JSON document as text or as bytes."""
    text = json.dumps(make())
    return text.encode() if kind is bytes else text


def _keep(value: Any) -> Any:
    """Return a value that has been made already."""
    return value


def show(value: Any) -> str:
    """Show a value in a few characters, whatever its class does."""
    try:
        return _SHORT.repr(value)
    except Exception:  # noqa: BLE001  The product's own `__repr__` may raise anything at all.
        return f"<{type(value).__name__}>"
