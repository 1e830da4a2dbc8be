"""What all JSON documents have in common: how they are written, and how verdicts and diagnostics look in them."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

from spec2bdd.model import BaseComparison, CriterionStrength, Diagnostic
from spec2bdd.reporters.terminal.escape import UNSAFE

Json = dict[str, Any]
"""One JSON object, about to be written."""


def render_document(document: Json) -> str:
    """Write a document as JSON that every encoding can hold and that is safe to print on a terminal."""
    return _render_value(document, "\n") + "\n"


def _render_value(value: object, line_end: str) -> str:
    """Write a value as `json.dumps` with an indent of 2 does; `line_end` is a line feed with the indent of the value.

    With an indent, `json.dumps` goes through Python code for each part of a value (until 3.13), which takes three times
    as long: the trace of 1,000 specs has two million parts.
    """
    if isinstance(value, str):
        return _render_text(value)
    if value.__class__ is int:
        return str(value)
    if value is None or isinstance(value, int | float):
        return json.dumps(value)
    inner = f"{line_end}  "
    if isinstance(value, dict):
        parts = [f"{_render_text(key)}: {_render_value(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line_end}}}" if parts else "{}"
    if isinstance(value, list | tuple):
        parts = [_render_value(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(parts)}{line_end}]" if parts else "[]"
    raise TypeError(f"a {type(value).__name__} is no value of JSON")


def _render_text(text: str) -> str:
    """Write a text; only what a terminal would obey, and what no encoding can hold, is escaped."""
    written = encode_basestring(text)
    return written if written.isprintable() else UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], written)


def verdict_key(verdict: str) -> str:
    """Spell a verdict such as `not run` as it is in documents: `not_run`."""
    return verdict.replace(" ", "_")


def diagnostic_to_json(diagnostic: Diagnostic) -> Json:
    """Build one diagnostic, without its diff."""
    return {
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "severity": str(diagnostic.severity),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }


def comparison_to_json(comparison: BaseComparison | None) -> Json | None:
    """Build what became of a criterion at the merge base, if it was asked for."""
    if comparison is None:
        return None
    return {
        "outcome": str(comparison.outcome),
        "name": comparison.base,
        "commit": comparison.commit,
        "reason": comparison.reason,
    }


def strength_to_json(strength: CriterionStrength) -> Json:
    """Build what came of the challenges of a criterion."""
    return {
        "strength": verdict_key(strength.strength),
        "reason": strength.reason,
        "tried": strength.tried,
        "noticed": strength.noticed,
    }
