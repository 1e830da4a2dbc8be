"""Read JSON from outside with checked types.

`require_*` raise where a value is missing or of the wrong type, for our own formats. `find_*` return an empty value
there, for reports of other tools, whose versions differ in what they write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from spec2bdd.errors import EvidenceError

JsonObject = Mapping[str, Any]
Value = TypeVar("Value")


def parse_object(content: bytes) -> JsonObject:
    """Parse a file that holds one JSON object; a byte order mark is allowed.

    Raises:
        EvidenceError: it holds none, or is cut off.
    """
    try:
        value = json.loads(content)
    # Deep nesting exhausts the stack of the parser, which is written in C and recursive.
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"invalid or truncated JSON: {error}") from error
    if not isinstance(value, dict):
        raise EvidenceError("not a JSON object")
    return value


def require_value(item: JsonObject, key: str, kind: type[Value]) -> Value:
    """Require a value of the given type.

    Raises:
        KeyError: it is missing.
        TypeError: it is of another type.
    """
    value = item[key]
    # Called some hundred thousand times for the records of a large run.
    if not isinstance(value, kind):
        raise TypeError(f"`{key}` is {value!r:.40}")
    return value


def require_list(item: JsonObject, key: str, kind: type[Value]) -> list[Value]:
    """Require a list of values of the given type.

    Raises:
        KeyError: it is missing.
        TypeError: it is no list, or a value is of another type.
    """
    return [_check_type(value, key, kind) for value in require_value(item, key, list)]


def require_mapping(item: JsonObject, key: str, kind: type[Value]) -> dict[str, Value]:
    """Require an object whose values are of the given type.

    Raises:
        KeyError: it is missing.
        TypeError: it is no object, or a value is of another type.
    """
    return {name: _check_type(value, key, kind) for name, value in require_value(item, key, dict).items()}


def _check_type(value: object, key: str, kind: type[Value]) -> Value:
    if not isinstance(value, kind):
        raise TypeError(f"`{key}` is {value!r:.40}")
    return value


def find_text(item: JsonObject, key: str) -> str:
    """Find a string; an empty one where there is none."""
    value = item.get(key)
    return value if isinstance(value, str) else ""


def find_count(item: JsonObject, key: str) -> int | None:
    """Find a whole number that is not negative."""
    value = item.get(key)
    # `bool` is a subclass of `int`.
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def find_object(item: JsonObject, key: str) -> JsonObject:
    """Find an object; an empty one where there is none."""
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def find_objects(item: JsonObject, key: str) -> list[JsonObject]:
    """Find the objects of a list, without its other values; none where there is no list."""
    values = item.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
