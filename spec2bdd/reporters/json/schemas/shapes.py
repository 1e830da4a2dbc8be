"""Parts that the schemas of several documents share.

Every key is always there, so all are required. A key may be added without a new version, so others are allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spec2bdd.model import BaseOutcome, Severity, Strength, Tier, Verdict

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
LINE: Schema = {"type": "integer", "minimum": 0, "description": "Counted from 1; 0 where there is none."}
SECONDS: Schema = {"type": "number", "minimum": 0}


def build_object(properties: Mapping[str, Schema]) -> Schema:
    """Build the schema of an object with all of these keys."""
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def build_list(items: Schema) -> Schema:
    """Build the schema of a list."""
    return {"type": "array", "items": items}


def build_optional(schema: Schema) -> Schema:
    """Build the schema of a value that may be `null`."""
    return {"anyOf": [schema, {"type": "null"}]}


def build_choice(values: Iterable[str]) -> Schema:
    """Build the schema of one of several words, spelled as documents spell them."""
    return {"enum": [str(value).replace(" ", "_") for value in values]}


VERDICT = build_choice(Verdict)
TIER = build_choice(Tier)
EXIT_CODE: Schema = {"enum": [0, 1, 2], "description": "0: success; 1: checks failed; 2: an error."}
PLACE = {"path": STRING, "line": LINE, "name": STRING}
BOX = build_object({"before": STRING, "after": STRING})
DIAGNOSTIC = {
    "path": STRING,
    "line": LINE,
    "column": LINE,
    "severity": build_choice(Severity),
    "code": STRING,
    "message": STRING,
    "hint": STRING,
}
COMPARISON = build_optional(
    build_object({"outcome": build_choice(BaseOutcome), "name": STRING, "commit": STRING, "reason": STRING})
)
STRENGTH = {"strength": build_choice(Strength), "reason": STRING, "tried": COUNT, "noticed": COUNT}
CHANGES = build_list(build_object({"path": STRING, "kind": {"enum": ["created", "changed", "removed"]}}))


def build_document(command: Schema, *, version: int, properties: Mapping[str, Schema]) -> Schema:
    """Build the schema of a document: its version, its command, and its other keys."""
    return build_object({"version": {"const": version}, "command": command, **properties})
