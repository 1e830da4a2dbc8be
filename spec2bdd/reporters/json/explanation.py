"""An explanation in, JSON out: one document with a version; `docs/explaining.md` says what each key means."""

from __future__ import annotations

from typing import Any

from spec2bdd.model import (
    CriterionExplanation,
    CriterionHistory,
    DoneItemVerdict,
    Explanation,
    Observation,
    ScenarioResult,
    StepResult,
    TestRun,
)
from spec2bdd.reporters.advice import find_next_of, find_next_of_all
from spec2bdd.reporters.json.report import render_document

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
            "done": [] if explanation.single else [_derive_done(one) for one in spec.done],
            "holds": list(explanation.holds),
            "next": "" if explanation.single else find_next_of_all(explanation),
        }
    )


def _derive_done(one: DoneItemVerdict) -> Json:
    """Write one done item."""
    box = {"before": one.item.box.mark, "after": one.mark}
    verdict = one.verdict.replace(" ", "_")
    return {"text": one.item.text, "line": one.item.line, "box": box, "verdict": verdict, "reason": one.reason}


def _derive_run(run: TestRun | None) -> Json | None:
    """Write which run it was."""
    if run is None:
        return None
    return {"id": run.id, "complete": run.complete, "started": run.started, "commit": run.commit}


def _derive_entry(explanation: Explanation, entry: CriterionExplanation) -> Json:
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
        "history": history_to_json(entry.past) if entry.past else None,
        "next": find_next_of(explanation, entry),
    }


def _derive_scenario(record: ScenarioResult) -> Json:
    """Write the scenario that decided."""
    return {"path": record.feature, "line": record.line, "name": record.name, "status": record.status}


def _derive_step(step: StepResult) -> Json:
    """Write the step that decided."""
    return {
        "text": f"{step.keyword} {step.text}",
        "line": step.line,
        "status": step.status,
        "location": step.location,
        "error": step.error,
    }


def history_to_json(past: CriterionHistory) -> Json:
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


def _derive_sighting(sighting: Observation | None) -> Json | None:
    """Write when something was seen."""
    return {"run": sighting.run, "started": sighting.started, "commit": sighting.commit} if sighting else None
