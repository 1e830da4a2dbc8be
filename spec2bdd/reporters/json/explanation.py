"""The documents of `explain` and `history`; `docs/explaining.md` describes their keys."""

from __future__ import annotations

from spec2bdd.model import BoxKind, CriterionExplanation, CriterionHistory, Explanation, Observation
from spec2bdd.reporters.json.challenges import challenged_to_json
from spec2bdd.reporters.json.document import Json, comparison_to_json, render_document, strength_to_json, verdict_key
from spec2bdd.reporters.next_step.of_explanation import find_next_of, find_next_of_all

# Of each document; raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1
HISTORY_VERSION = 1


def render_explanation_json(explanation: Explanation) -> str:
    """Render an explanation as one document."""
    return render_document({"version": VERSION, "command": "explain", **explanation_to_json(explanation)})


def render_spec_status_json(explanation: Explanation) -> str:
    """Render the status of one spec, which is its explanation."""
    return render_document({"version": VERSION, "command": "status", **explanation_to_json(explanation)})


def explanation_to_json(explanation: Explanation) -> Json:
    """Build what is known of a spec, its criteria and its done items."""
    spec, run = explanation.spec, explanation.run
    done = [
        {
            "text": item.item.text,
            "line": item.item.line,
            "box": {"before": item.item.box.mark, "after": item.mark},
            "verdict": verdict_key(item.verdict),
            "reason": item.reason,
        }
        for item in spec.done
    ]
    return {
        "spec": {
            "path": spec.spec.path,
            "feature_id": spec.spec.find_value("feature_id"),
            "name": spec.spec.find_value("name"),
            "status": spec.status_before,
        },
        "run": run and {"id": run.id, "complete": run.complete, "started": run.started, "commit": run.commit},
        "criteria": [_criterion_to_json(explanation, entry) for entry in explanation.entries],
        # An explanation of one criterion says nothing on the rest of its spec.
        "done": [] if explanation.single else done,
        "holds": list(explanation.holds),
        "next": "" if explanation.single else find_next_of_all(explanation),
    }


def _criterion_to_json(explanation: Explanation, entry: CriterionExplanation) -> Json:
    """Build one criterion, with the rule, the scenario and the step that decided its verdict."""
    item, judgement = entry.item, entry.judgement
    criterion = item.criterion
    record, step = (judgement.record, judgement.step) if judgement else (None, None)
    box = {"before": criterion.box.mark, "after": judgement.mark if judgement else criterion.box.mark}
    return {
        "number": entry.number,
        "id": item.id,
        "tier": str(criterion.tier),
        "text": criterion.text,
        "line": criterion.line,
        "column": criterion.column,
        "box": None if criterion.box.kind is BoxKind.NONE else box,
        # Won't-haves have no verdict.
        "verdict": verdict_key(judgement.verdict) if judgement else None,
        "reason": judgement.reason if judgement else "",
        # Of a stale criterion: what its results were, and the file because of which they no longer count.
        "last": verdict_key(judgement.last) if judgement and judgement.last else None,
        "changed": judgement.changed if judgement else "",
        "rule": {"sentence": entry.rule.sentence},
        "proof": str(item.proof),
        "files": list(item.files),
        "reworded_from": item.reworded,
        "scenario": record
        and {"path": record.feature, "line": record.line, "name": record.name, "status": record.status},
        "step": step
        and {
            "text": f"{step.keyword} {step.text}",
            "line": step.line,
            "status": step.status,
            "location": step.location,
            "error": step.error,
        },
        "history": _history_to_json(entry.past),
        # Null where it was not challenged in this project.
        "strength": entry.strength
        and {
            **strength_to_json(entry.strength),
            "scenarios": list(map(challenged_to_json, entry.strength.scenarios)),
        },
        "lines": dict(entry.lines.ranges),
        # Null where they are not known.
        "lines_of_steps": entry.lines.steps and {keyword: dict(lines) for keyword, lines in entry.lines.steps.items()},
        "runs_product": entry.lines.runs_product,
        "base": comparison_to_json(judgement.comparison if judgement else None),
        "next": find_next_of(explanation, entry),
    }


def render_history_json(explanation: Explanation) -> str:
    """Render the history of each criterion as one document."""
    spec = explanation.spec.spec
    criteria = [
        {
            "number": entry.number,
            "id": entry.item.id,
            "text": entry.item.criterion.text,
            "line": entry.item.criterion.line,
            "history": _history_to_json(entry.past),
        }
        for entry in explanation.entries
    ]
    facts = {"path": spec.path, "feature_id": spec.find_value("feature_id"), "name": spec.find_value("name")}
    return render_document({"version": HISTORY_VERSION, "command": "history", "spec": facts, "criteria": criteria})


def _history_to_json(history: CriterionHistory | None) -> Json | None:
    """Build the history of a criterion, if there is one."""
    if history is None:
        return None
    return {
        "runs": history.runs,
        "first_passed": _observation_to_json(history.first_passed),
        "last_failed": _observation_to_json(history.last_failed),
        "changes": history.changes,
        "flaky": bool(history.flaky),
        "flaky_commit": history.flaky,
        "median_seconds": history.median_seconds,
        "last_seconds": history.last_seconds,
    }


def _observation_to_json(observation: Observation | None) -> Json | None:
    """Build when and at which commit a verdict was observed, if it was."""
    if observation is None:
        return None
    return {"run": observation.run, "started": observation.started, "commit": observation.commit}
