"""An explanation in, JSON out: one document with a version; `docs/explaining.md` says what each key means."""

from __future__ import annotations

from typing import Any

from spec2bdd.model import Entry, Explanation, Past, Run, ScenarioRecord, Sighting, StepRecord
from spec2bdd.reporting.as_json import render_document
from spec2bdd.reporting.next_step import find_next_of, find_next_of_all

VERSION = 1

Json = dict[str, Any]
"""One JSON object, about to be written."""


def render_explanation_json(explanation: Explanation) -> str:
    """Write an explanation."""
    spec = explanation.spec
    return render_document(
        {
            "version": VERSION,
            "command": "explain",
            "spec": {
                "path": spec.spec.path,
                "feature_id": spec.spec.find_value("feature_id"),
                "name": spec.spec.find_value("name"),
                "status": spec.status_before,
            },
            "run": _derive_run(explanation.run),
            "criteria": [_derive_entry(explanation, entry) for entry in explanation.entries],
            "done": [_derive_done(item.text, item.line, item.box.mark) for item in _find_done(explanation)],
            "holds": list(explanation.holds),
            "next": "" if explanation.single else find_next_of_all(explanation),
        }
    )


def _find_done(explanation: Explanation) -> tuple[Any, ...]:
    """Return the done items, where the whole spec was asked for."""
    return () if explanation.single else explanation.spec.spec.done_items


def _derive_done(text: str, line: int, mark: str) -> Json:
    """Write one done item."""
    return {"text": text, "line": line, "box": mark}


def _derive_run(run: Run | None) -> Json | None:
    """Write which run it was."""
    return {"id": run.id, "complete": run.complete} if run else None


def _derive_entry(explanation: Explanation, entry: Entry) -> Json:
    """Write one criterion."""
    item, found = entry.item, entry.judgement
    criterion = item.criterion
    return {
        "number": entry.number,
        "id": item.id,
        "tier": str(criterion.tier),
        "text": criterion.text,
        "line": criterion.line,
        "column": criterion.column,
        "box": {"before": criterion.box.mark, "after": found.mark if found else criterion.box.mark},
        "verdict": found.verdict.replace(" ", "_") if found else None,
        "reason": found.reason if found else "",
        "rule": {"sentence": entry.rule.sentence, "place": entry.rule.place},
        "proof": str(item.proof),
        "files": list(item.files),
        "reworded_from": item.reworded,
        "scenario": _derive_scenario(found.record) if found and found.record else None,
        "step": _derive_step(found.step) if found and found.step else None,
        "history": derive_past_json(entry.past) if entry.past else None,
        "next": find_next_of(explanation, entry),
    }


def _derive_scenario(record: ScenarioRecord) -> Json:
    """Write the scenario that decided."""
    return {"path": record.feature, "line": record.line, "name": record.name, "status": record.status}


def _derive_step(step: StepRecord) -> Json:
    """Write the step that decided."""
    return {
        "text": f"{step.keyword} {step.text}",
        "line": step.line,
        "status": step.status,
        "location": step.location,
        "error": step.error,
    }


def derive_past_json(past: Past) -> Json:
    """Write what is remembered of a criterion."""
    return {
        "runs": past.runs,
        "first_passed": _derive_sighting(past.first_passed),
        "last_failed": _derive_sighting(past.last_failed),
        "changes": past.changes,
        "flaky": bool(past.flaky),
        "flaky_commit": past.flaky,
        "median_seconds": past.median_seconds,
        "last_seconds": past.last_seconds,
    }


def _derive_sighting(sighting: Sighting | None) -> Json | None:
    """Write when something was seen."""
    return {"run": sighting.run, "started": sighting.started, "commit": sighting.commit} if sighting else None
