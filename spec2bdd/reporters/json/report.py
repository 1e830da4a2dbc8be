"""The document of a `Report`; `docs/json-report.md` describes its keys."""

from __future__ import annotations

from collections import Counter

from spec2bdd.model import BoxKind, CriterionVerdict, DoneItemVerdict, Report, StepResult, TestRun, Verdict
from spec2bdd.reporters.json.document import Json, comparison_to_json, diagnostic_to_json, render_document, verdict_key
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.summary import list_written_paths, summarize

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 3
# The others are verdicts of criteria only.
SCENARIO_VERDICTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING, Verdict.SKIPPED, Verdict.NOT_RUN)


def render_json(report: Report) -> str:
    """Render a report as one document."""
    counts = summarize(report)
    document = {
        "version": VERSION,
        "command": report.command,
        "exit_code": report.exit_code,
        "outcome": str(report.outcome),
        "wrote": report.wrote,
        "summary": {
            "specs": counts.specs,
            "criteria": counts.criteria,
            "gate": {
                "tiers": [str(tier) for tier in report.specs[0].gate] if report.specs else [],
                "criteria": counts.gating,
                "fulfilled": counts.fulfilled,
            },
            "verdicts": {verdict_key(verdict): count for verdict, count in counts.verdicts.items()},
            "flaky": counts.flaky,
            "external_only": counts.external_only,
            "ticked": counts.ticked,
            "unticked": counts.unticked,
            "files": counts.files,
            "errors": counts.errors,
            "warnings": counts.warnings,
        },
        "next": find_next(report),
        "specs": _specs_to_json(report),
        "changes": [
            {
                "path": change.path,
                "kind": "removed" if change.after is None else "created" if change.before is None else "changed",
            }
            for change in report.changes
        ],
        # As they were found: the text sorts them, programs can.
        "diagnostics": [
            {**diagnostic_to_json(diagnostic), "diff": diagnostic.diff} for diagnostic in report.diagnostics
        ],
        "run": _run_to_json(report.run) if report.run else None,
        "older": [_run_to_json(run) for run in report.older],
        "notes": [*report.notes, *report.details],
        "unlinked": _unlinked_to_json(report),
    }
    return render_document(document)


def _unlinked_to_json(report: Report) -> Json:
    """Count the scenarios without a criterion by verdict, and list those that did not pass."""
    counts = Counter(scenario.verdict for scenario in report.unlinked)
    return {
        **{verdict_key(verdict): counts[verdict] for verdict in SCENARIO_VERDICTS},
        "scenarios": [
            {
                "path": scenario.record.feature,
                "line": scenario.record.line,
                "name": scenario.record.name,
                "verdict": verdict_key(scenario.verdict),
                "reason": scenario.reason,
                "failing": scenario.is_failing,
                "output": scenario.record.output,
            }
            for scenario in report.unlinked
            if scenario.verdict is not Verdict.PASSED
        ],
    }


def _specs_to_json(report: Report) -> list[Json]:
    """Build the specs of a report."""
    # A spec may be unchanged in a command that wrote others.
    written = list_written_paths(report)
    return [
        {
            "path": spec.spec.path,
            "feature_id": spec.spec.find_value("feature_id"),
            "name": spec.spec.find_value("name"),
            "status": {
                "before": spec.status_before,
                "after": spec.status_after,
                "why": [cause.text for cause in spec.why],
            },
            "written": spec.spec.path in written,
            "passed": spec.passed,
            "reasons": [str(reason) for reason in spec.reasons],
            "criteria": [_criterion_to_json(judgement) for judgement in spec.verdicts],
            # All of them, also those without evidence: their box and text are known.
            "done": [
                {
                    "text": item.item.text,
                    "line": item.item.line,
                    "column": item.item.column,
                    "evidence": [str(kind) for kind in item.kinds],
                    "verdict": verdict_key(item.verdict),
                    "reason": item.reason,
                    "box": _box_to_json(item, item.item.box.mark),
                }
                for item in spec.done
            ],
            "blocking": [
                {"feature_id": blocking.feature_id, "path": blocking.path, "status": blocking.status}
                for blocking in spec.blocking
            ],
        }
        for spec in report.specs
    ]


def _criterion_to_json(judgement: CriterionVerdict) -> Json:
    """Build one criterion with its verdict, and the scenario and step that decided it."""
    criterion, record = judgement.criterion, judgement.record
    return {
        "id": judgement.id,
        "tier": str(criterion.tier),
        "text": criterion.text,
        "line": criterion.line,
        "column": criterion.column,
        "verdict": verdict_key(judgement.verdict),
        "reason": judgement.reason,
        "flaky": judgement.flaky,
        "external_only": judgement.external_only,
        "base": comparison_to_json(judgement.comparison),
        "box": None if criterion.box.kind is BoxKind.NONE else _box_to_json(judgement, criterion.box.mark),
        "scenario": record
        and {
            "path": record.feature,
            "line": record.line,
            "name": record.name,
            "status": record.status,
            "finished": record.finished,
            "failures": list(record.failures),
            "steps": [_step_to_json(step) for step in record.steps],
            "output": record.output,
        },
        "step": _step_to_json(judgement.step) if judgement.step else None,
    }


def _box_to_json(judgement: CriterionVerdict | DoneItemVerdict, before: str) -> Json:
    """Build the characters in a box before and after: only ticking and unticking change one."""
    return {"before": before, "after": judgement.mark if judgement.ticked or judgement.unticked else before}


def _step_to_json(step: StepResult) -> Json:
    """Build one step."""
    return {
        "keyword": step.keyword,
        "text": step.text,
        "line": step.line,
        "status": step.status,
        "seconds": step.seconds,
        "location": step.location,
        "error": step.error,
    }


def _run_to_json(run: TestRun) -> Json:
    """Build what is known of the run itself; its results are with the criteria."""
    return {
        "id": run.id,
        "complete": run.complete,
        "scenarios": len(run.results),
        "unfinished": [
            {"path": record.feature, "line": record.line, "name": record.name}
            for record in run.results
            if not record.finished
        ],
        "failures": [
            {
                "path": failure.feature,
                "error": failure.message,
                "location": failure.location,
                "traceback": failure.traceback,
            }
            for failure in run.failures
        ],
    }
