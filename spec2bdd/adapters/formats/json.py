"""The bytes of a JSON report in, its object out; numbers and lists in it are taken out with care."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spec2bdd.errors import EvidenceError


def parse_object(content: bytes) -> Mapping[str, Any]:
    """Return the object that a file holds.

    Raises:
        EvidenceError: it holds none, or is cut off.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"not whole JSON: {error}") from error
    if not isinstance(value, dict):
        raise EvidenceError("not a JSON object")
    return value


def find_object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside of another, an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def find_count(value: Mapping[str, Any], name: str) -> int | None:
    """Return a count, or nothing."""
    found = value.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None
