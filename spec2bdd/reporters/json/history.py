"""History of criteria as JSON."""

from __future__ import annotations

from spec2bdd.model import Explanation
from spec2bdd.reporters.json.explanation import history_to_json
from spec2bdd.reporters.json.report import render_document
from spec2bdd.reporters.text.history import VERSION


def render_history_json(explanation: Explanation) -> str:
    """Write what is remembered of each criterion."""
    spec = explanation.spec.spec
    criteria = [
        {
            "number": entry.number,
            "id": entry.item.id,
            "text": entry.item.criterion.text,
            "line": entry.item.criterion.line,
            "history": history_to_json(entry.past) if entry.past else None,
        }
        for entry in explanation.entries
    ]
    facts = {"path": spec.path, "feature_id": spec.find_value("feature_id"), "name": spec.find_value("name")}
    return render_document({"version": VERSION, "command": "history", "spec": facts, "criteria": criteria})
