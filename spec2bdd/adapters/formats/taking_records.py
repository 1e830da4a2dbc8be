"""One object of a JSON file in, its values out, each checked to be of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

JsonObject = Mapping[str, Any]
Value = TypeVar("Value")


def require_value(event: JsonObject, key: str, kind: type[Value]) -> Value:
    """Return a value of an event.

    Raises:
        KeyError: it is missing.
        TypeError: it is of another kind.
    """
    return _check(event[key], key, kind)


def require_list(event: JsonObject, key: str, kind: type[Value]) -> list[Value]:
    """Return a list of values of one kind."""
    return [_check(value, key, kind) for value in require_value(event, key, list)]


def require_mapping(event: JsonObject, key: str, kind: type[Value]) -> dict[str, Value]:
    """Return a mapping of texts to values of one kind."""
    return {name: _check(value, key, kind) for name, value in require_value(event, key, dict).items()}


def _check(value: object, key: str, kind: type[Value]) -> Value:
    """Return the value if it is of that kind."""
    if not isinstance(value, kind):
        raise TypeError(f"`{key}` is {value!r:.40}")
    return value
