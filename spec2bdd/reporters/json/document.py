"""What all JSON documents have in common: how they are written, and how verdicts and diagnostics look in them."""

from __future__ import annotations

import json
from typing import Any

from spec2bdd.model import BaseComparison, Diagnostic
from spec2bdd.reporters.terminal.escape import UNSAFE

Json = dict[str, Any]
"""One JSON object, about to be written."""


def render_document(document: Json) -> str:
    """Write a document as JSON that every encoding can hold and that is safe to print on a terminal."""
    # Readable where it is safe: only what a terminal would obey and lone surrogates are escaped below.
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # Every other line feed is escaped already: those that are left are the line ends of the document itself.
    return UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text) + "\n"


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
