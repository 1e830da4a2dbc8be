"""A report in, JSON out: one document with a version; `docs/json-report.md` says what each key means."""

from __future__ import annotations

import json
from typing import Any

from spec2bdd.model import (
    CriterionVerdict,
    Diagnostic,
    DoneItemVerdict,
    FileChange,
    Report,
    ScenarioResult,
    SpecReport,
    StepResult,
    TestRun,
)
from spec2bdd.reporters.advice import find_next
from spec2bdd.reporters.summary import derive_written, summarize
from spec2bdd.reporters.terminal.escape import UNSAFE

VERSION = 1

Json = dict[str, Any]
"""One JSON object, about to be written."""


def render_json(report: Report) -> str:
    """Write a report as JSON that any encoder takes and any terminal may be shown."""
    written = derive_written(report)
    document = {
        "version": VERSION,
        "command": report.command,
        "exit_code": report.exit_code,
        "wrote": report.wrote,
        "summary": _derive_summary(report),
        "next": find_next(report),
        "specs": [_derive_spec(spec, written=spec.spec.path in written) for spec in report.specs],
        "changes": [_derive_change(change) for change in report.changes],
        "problems": [_derive_problem(problem) for problem in report.problems],
        "run": _derive_run(report.run) if report.run else None,
        "older": [_derive_run(run) for run in report.older],
        "notes": list(report.notes),
    }
    return render_document(document)


def render_document(document: Json) -> str:
    """Write a document as JSON that any encoder takes and any terminal may be shown."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # Line feeds are the document's own: those of its strings are escaped already.
    return UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else json.dumps(match[0])[1:-1], text) + "\n"


def _derive_summary(report: Report) -> Json:
    """Write the numbers."""
    counts = summarize(report)
    return {
        "specs": counts.specs,
        "criteria": counts.criteria,
        "verdicts": {_derive_word(verdict): count for verdict, count in counts.verdicts.items()},
        "flaky": counts.flaky,
        "on_word": counts.on_word,
        "ticked": counts.ticked,
        "unticked": counts.unticked,
        "files": counts.files,
        "errors": counts.errors,
        "warnings": counts.warnings,
    }


def _derive_word(word: str) -> str:
    """Turn words such as `not run` into `not_run`."""
    return word.replace(" ", "_")


def _derive_spec(spec: SpecReport, *, written: bool) -> Json:
    """Write one spec."""
    return {
        "path": spec.spec.path,
        "feature_id": spec.spec.find_value("feature_id"),
        "name": spec.spec.find_value("name"),
        "status": {"before": spec.status_before, "after": spec.status_after, "why": [cause.text for cause in spec.why]},
        "written": written,
        "answer": spec.answer,
        "reasons": list(spec.reasons),
        "criteria": [_derive_criterion(judgement) for judgement in spec.judgements],
        "done": [_derive_done(found) for found in spec.done],
        "blocking": [{"feature_id": one.feature_id, "path": one.path, "status": one.status} for one in spec.blocking],
    }


def _derive_criterion(judgement: CriterionVerdict) -> Json:
    """Write one criterion with its verdict."""
    criterion = judgement.criterion
    return {
        "id": judgement.id,
        "tier": str(criterion.tier),
        "text": criterion.text,
        "line": criterion.line,
        "column": criterion.column,
        "verdict": _derive_word(judgement.verdict),
        "reason": judgement.reason,
        "flaky": judgement.flaky,
        "on_word": judgement.on_word,
        "box": {"before": criterion.box.mark, "after": _derive_mark(judgement)},
        "scenario": _derive_scenario(judgement.record) if judgement.record else None,
        "step": _derive_step(judgement.step) if judgement.step else None,
    }


def _derive_done(found: DoneItemVerdict) -> Json:
    """Write one done item with its verdict."""
    before = found.item.box.mark
    return {
        "text": found.item.text,
        "line": found.item.line,
        "column": found.item.column,
        "evidence": [str(kind) for kind in found.kinds],
        "verdict": _derive_word(found.verdict),
        "reason": found.reason,
        "box": {"before": before, "after": found.mark if found.ticked or found.unticked else before},
    }


def _derive_mark(judgement: CriterionVerdict) -> str:
    """Return the character that stands in the box afterwards: only ticking and unticking change it."""
    return judgement.mark if judgement.ticked or judgement.unticked else judgement.criterion.box.mark


def _derive_scenario(record: ScenarioResult) -> Json:
    """Write the scenario that decided a verdict."""
    return {
        "path": record.feature,
        "line": record.line,
        "name": record.name,
        "status": record.status,
        "finished": record.finished,
        "failures": list(record.failures),
        "steps": [_derive_step(step) for step in record.steps],
        "output": record.output,
    }


def _derive_step(step: StepResult) -> Json:
    """Write one step."""
    return {
        "keyword": step.keyword,
        "text": step.text,
        "line": step.line,
        "status": step.status,
        "seconds": step.seconds,
        "location": step.location,
        "error": step.error,
    }


def _derive_change(change: FileChange) -> Json:
    """Write which file was written or removed, or is to be."""
    kind = "removed" if change.after is None else "created" if change.before is None else "changed"
    return {"path": change.path, "kind": kind}


def _derive_problem(problem: Diagnostic) -> Json:
    """Write one problem."""
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "severity": str(problem.severity),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "diff": problem.diff,
    }


def _derive_run(run: TestRun) -> Json:
    """Write what is known of the run itself."""
    return {
        "id": run.id,
        "complete": run.complete,
        "scenarios": len(run.records),
        "unfinished": [_derive_place(record) for record in run.records if not record.finished],
        "failures": [{"path": path, "error": error} for path, error in run.failures],
    }


def _derive_place(record: ScenarioResult) -> Json:
    """Write where a scenario stands."""
    return {"path": record.feature, "line": record.line, "name": record.name}
