"""Alter a value that the product gives to a step: one leaf changed, or one element dropped, at a time.

The alterations of a value are the same, in the same order, whenever they are listed: a fault is named by its position.
Values are never changed in place, since the product may keep them.
"""

from __future__ import annotations

import copy
import dataclasses
import types
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, KeysView, Sequence, ValuesView
from contextlib import suppress
from functools import partial
from itertools import islice, zip_longest
from typing import Any

from spec2bdd.adapters.behave.challenges.values.elements import SEQUENCES, change_elements, rebuild, show
from spec2bdd.adapters.behave.challenges.values.leaves import change_leaf, change_words, choose_leaf, put_word
from spec2bdd.adapters.behave.challenges.values.libraries import change_library_value
from spec2bdd.model.values import dataclass

# How many elements of a container, or attributes of an object, are changed one by one; and how many changes in all.
_MOST_PARTS = 6
_MOST = 16
# How many of the words of a step are put into a value.
_MOST_WORDS = 6
# How deep inside of containers a leaf is changed.
_DEEPEST = 3
_DEEPEST_JSON = 30


@dataclass(frozen=True, slots=True)
class Alteration:
    """What can be done to a value, as in `3 becomes 4`, and what makes the other value."""

    description: str
    make: Callable[[], Any]


def list_alterations(
    value: Any, words: Sequence[Any] = (), *, is_product: Callable[[type], bool], is_json: bool = False
) -> list[Alteration]:
    """List the alterations of a value; `is_product` finds the product's own classes, whose attributes are changed.

    `words` are values that the step has. The first alteration changes them wherever they are in the value. Then come in
    turn: changes of one of the words; changes of all leaves of a container or an object, a check of any of which
    notices it, and words in place of leaves, since a check that one of them is absent notices nothing but its
    presence; and changes of one part of the value. A value that is JSON ends somewhere; an object may contain itself.
    """
    if isinstance(value, AsyncIterator):
        change = partial(_change_all, choose=partial(choose_leaf, number=0), is_product=is_product, deepest=_DEEPEST)
        return [
            Alteration("its items are changed", lambda: (change(item) async for item in value)),
            Alteration("it has no items", lambda: (item async for item in value if False)),
        ]
    if isinstance(value, Iterator):
        return _alter_iterator(value, is_product)
    deepest = _DEEPEST_JSON if is_json else _DEEPEST
    one_by_one = list(islice(_alter(value, is_product, deepest), _MOST))
    choices = [] if list(change_leaf(value)) else [partial(choose_leaf, number=number) for number in range(4)]
    choices += [partial(put_word, word=word) for word in words[:_MOST_WORDS]]
    in_turn = _merge(value, (_change_all(value, choose, is_product, deepest) for choose in choices), one_by_one)
    # Where a step looks something up by one word and compares it with another, only the second one is checked.
    parts = [words, *([word] for word in words[:_MOST_WORDS])]
    changed = (_change_all(value, partial(change_words, words=part), is_product, deepest) for part in parts)
    first = _merge(value, changed, [])
    known = {alteration.description for alteration in first}
    others = [alteration for alteration in in_turn if alteration.description not in known]
    return [*first[:1], *take_turns(first[1:], others)]


def take_turns(*groups: Iterable[Alteration]) -> list[Alteration]:
    """List the first of each group, then the second of each, and so on."""
    rows = zip_longest(*groups)
    return [alteration for row in rows for alteration in row if alteration is not None]


def _merge(value: Any, others: Iterator[Any], alterations: Sequence[Alteration]) -> list[Alteration]:
    """Merge other values, of which those that are no change are left out, into alterations: one of each in turn."""
    # A view of a dictionary is equal to no list.
    known = [value, list(value)] if isinstance(value, (KeysView, ValuesView)) else [value]
    # A class of the product may compare in a way of its own.
    with suppress(Exception):
        known += [alteration.make() for alteration in alterations]
    merged: list[Alteration] = []
    rest = iter(alterations)
    for other in others:
        with suppress(Exception):
            # Many classes compare by identity, and then their attributes count.
            attributes = getattr(other, "__dict__", None)
            if not any(
                each == other or (attributes and attributes == getattr(each, "__dict__", None)) for each in known
            ):
                merged.append(Alteration(f"{show(value)} becomes {show(other)}", partial(_keep, other)))
                known.append(other)
        merged += islice(rest, 1)
    return [*merged, *rest]


def _alter_iterator(value: Iterator[Any], is_product: Callable[[type], bool]) -> list[Alteration]:
    """List what can be done to a generator or another iterator, which is not consumed before the step does that."""
    change = partial(_change_all, is_product=is_product, deepest=_DEEPEST)
    return [
        Alteration("its first item is missing", lambda: islice(value, 1, None)),
        *(
            Alteration(f"its items are changed ({number + 1})", partial(map, partial(change, choose=choose), value))
            for number, choose in enumerate(partial(choose_leaf, number=number) for number in range(3))
        ),
        Alteration("it has no items", lambda: iter(())),
        Alteration("each item comes twice", lambda: (item for item in value for _ in range(2))),
    ]


def _change_all(
    value: Any, choose: Callable[[Any], list[Any]], is_product: Callable[[type], bool], deepest: int
) -> Any:
    """Change every leaf of a value to what is chosen for it; what cannot be changed stays."""
    for leaf in choose(value):
        return leaf
    if deepest < 0 or isinstance(value, type):
        return value
    change = partial(_change_all, choose=choose, is_product=is_product, deepest=deepest - 1)
    if isinstance(value, dict):
        changed = copy.copy(value)
        for key, each in value.items():
            changed[key] = change(each)
        return changed
    if isinstance(value, (*SEQUENCES, set, frozenset)):
        return rebuild(value, list(map(change, value)))
    changed = value
    for name in _list_attributes(value, is_product):
        with suppress(Exception):
            before = getattr(value, name)
            if (after := change(before)) is not before:
                changed = copy.copy(value) if changed is value else changed
                # Frozen dataclasses refuse an ordinary assignment.
                object.__setattr__(changed, name, after)
    return changed


def _alter(
    value: Any, is_product: Callable[[type], bool], deepest: int, most_leaves: int | None = None
) -> Iterator[Alteration]:
    """Yield the alterations of a leaf, of the parts of a container, or of the attributes of an object."""
    if deepest < 0:
        return
    leaves = list(change_leaf(value))
    for leaf in leaves[:most_leaves]:
        yield Alteration(f"{show(value)} becomes {show(leaf)}", partial(_keep, leaf))
    if leaves:
        return
    for other, effect in (*change_elements(value), *change_library_value(value)):
        yield Alteration(f"{show(value)} {effect}", partial(_keep, other))
    for where, part, build in _list_parts(value, is_product):
        # A class of the product may forbid copies, or raise anything at all.
        with suppress(Exception):
            # Inside of something else, one other value has to do.
            for alteration in list(_alter(part, is_product, deepest - 1, 1)):
                changed = build(alteration.make())
                yield Alteration(f"{where}: {alteration.description}", partial(_keep, changed))


def _list_parts(value: Any, is_product: Callable[[type], bool]) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """Yield some parts of a value: where each is, the part, and what builds the value with another one in its place."""
    if isinstance(value, dict):
        for key in list(value)[:_MOST_PARTS]:
            yield f"[{show(key)}]", value[key], partial(_replace_item, value, key)
    elif isinstance(value, SEQUENCES):
        items = list(value)
        for place in sorted({*range(len(items))[: _MOST_PARTS - 1], *range(len(items))[-1:]}):
            yield f"[{place}]", items[place], partial(_replace_item, value, place)
    for name in _list_attributes(value, is_product)[:_MOST_PARTS]:
        yield f".{name}", getattr(value, name, None), partial(_copy_with, value, name)


def _replace_item(value: Any, place: Any, item: Any) -> Any:
    """Build a dictionary or a sequence with another item at a key or an index."""
    changed: Any = copy.copy(value) if isinstance(value, dict) else list(value)
    changed[place] = item
    return changed if isinstance(value, dict) else rebuild(value, changed)


def _list_attributes(value: Any, is_product: Callable[[type], bool]) -> list[str]:
    """List the names of the attributes of a dataclass, a namespace, or an object of the product."""
    if isinstance(value, type):
        return []
    names = [field.name for field in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
    if names or isinstance(value, types.SimpleNamespace) or is_product(type(value)):
        slots = [name for kind in type(value).__mro__ for name in vars(kind).get("__slots__", ()) if name != "__dict__"]
        names += [name for name in [*getattr(value, "__dict__", {}), *slots] if name not in names]
    return names


def _copy_with(value: Any, name: str, attribute: Any) -> Any:
    """Copy an object with another value of one attribute."""
    changed = copy.copy(value)
    # Frozen dataclasses refuse an ordinary assignment.
    object.__setattr__(changed, name, attribute)
    return changed


def _keep(value: Any) -> Any:
    """Return a value that has been made already."""
    return value
