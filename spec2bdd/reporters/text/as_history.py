"""An explanation in, what is remembered of its criteria out, as a table for a terminal or as JSON with a version."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import Entry, Explanation
from spec2bdd.reporters.json.explanation import derive_past_json
from spec2bdd.reporters.json.report import render_document
from spec2bdd.reporters.terminal.layout import BLANK, Line, render_lines
from spec2bdd.reporters.text.history import describe_past

VERSION = 1


def render_history(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show what is remembered of each criterion."""
    return render_lines(_derive_lines(explanation), width=width, color=color)


def render_history_json(explanation: Explanation) -> str:
    """Write what is remembered of each criterion."""
    spec = explanation.spec.spec
    criteria = [
        {
            "number": entry.number,
            "id": entry.item.id,
            "text": entry.item.criterion.text,
            "line": entry.item.criterion.line,
            "history": derive_past_json(entry.past) if entry.past else None,
        }
        for entry in explanation.entries
    ]
    facts = {"path": spec.path, "feature_id": spec.find_value("feature_id"), "name": spec.find_value("name")}
    return render_document({"version": VERSION, "command": "history", "spec": facts, "criteria": criteria})


def _derive_lines(explanation: Explanation) -> Iterator[Line]:
    """Name the spec, and show each criterion with its past."""
    spec = explanation.spec.spec
    yield Line(((spec.find_value("name") or spec.title or spec.path, "bold"),), right=((spec.path, "dim"),))
    for entry in explanation.entries:
        yield BLANK
        yield from _derive_entry(entry)


def _derive_entry(entry: Entry) -> Iterator[Line]:
    """Show one criterion."""
    criterion = entry.item.criterion
    yield Line(((f"#{entry.number} ", "dim"), (criterion.text, "")), right=((f":{criterion.line}", "dim"),), hang=4)
    for line in describe_past(entry.past) if entry.past else ["nothing is remembered"]:
        yield Line(((line, "dim"),), indent=4, hang=2)
