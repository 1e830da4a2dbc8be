"""An object of another tool's JSON in, its values out, each of the kind that is asked for, or empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]


def find_text(item: Item, name: str) -> str:
    """Return a text, an empty one where there is none."""
    found = item.get(name)
    return found if isinstance(found, str) else ""


def find_number(item: Item, name: str) -> int:
    """Return a number that is not negative, 0 where there is none."""
    found = item.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def find_item(item: Item, name: str) -> Item:
    """Return an object, an empty one where there is none."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def find_items(item: Item, name: str) -> list[Item]:
    """Return the objects of a list, none where there is no list."""
    found = item.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def find_tags(item: Item) -> tuple[str, ...]:
    """Return the tags without `@`, whether they stand as texts or as objects with names."""
    found = item.get("tags")
    names = [one.get("name") if isinstance(one, dict) else one for one in found] if isinstance(found, list) else []
    return tuple(name.removeprefix("@") for name in names if isinstance(name, str))
