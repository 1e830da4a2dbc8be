"""The schema of a report."""

from __future__ import annotations

from spec2bdd.model import EvidenceKind, Outcome, Verdict
from spec2bdd.reporters.json.report import SCENARIO_VERDICTS, VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    BOX,
    CHANGES,
    COMPARISON,
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    LINE,
    PLACE,
    SECONDS,
    STRING,
    TIER,
    VERDICT,
    Schema,
    build_choice,
    build_document,
    build_list,
    build_object,
    build_optional,
)


def build_report_schema() -> Schema:
    """Build the schema of the document of a `Report`."""
    summary = {
        "specs": COUNT,
        "criteria": COUNT,
        "gate": build_object({"tiers": build_list(TIER), "criteria": COUNT, "fulfilled": COUNT}),
        "verdicts": build_object(dict.fromkeys(build_choice(Verdict)["enum"], COUNT)),
        **dict.fromkeys(("flaky", "external_only", "ticked", "unticked", "files", "errors", "warnings"), COUNT),
    }
    run = build_object(
        {
            "id": STRING,
            "complete": BOOLEAN,
            "scenarios": COUNT,
            "unfinished": build_list(build_object(PLACE)),
            "failures": build_list(build_object(dict.fromkeys(("path", "error", "location", "traceback"), STRING))),
        }
    )
    return build_document(
        STRING,
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "outcome": build_choice(Outcome),
            "wrote": BOOLEAN,
            "summary": build_object(summary),
            "next": STRING,
            "specs": build_list(_build_spec()),
            "changes": CHANGES,
            "diagnostics": build_list(build_object({**DIAGNOSTIC, "diff": STRING})),
            "run": build_optional(run),
            "older": build_list(run),
            "notes": build_list(STRING),
            "unlinked": _build_unlinked(),
        },
    )


def _build_spec() -> Schema:
    """Build the schema of one spec with its criteria and done items."""
    step = build_object(
        {
            "keyword": STRING,
            "text": STRING,
            "line": LINE,
            "status": STRING,
            "seconds": SECONDS,
            "location": STRING,
            "error": STRING,
        }
    )
    scenario = {
        **PLACE,
        "status": STRING,
        "finished": BOOLEAN,
        "failures": build_list(STRING),
        "steps": build_list(step),
        "output": STRING,
    }
    judged = {"text": STRING, "line": LINE, "column": LINE, "verdict": VERDICT, "reason": STRING}
    criterion = {
        "id": STRING,
        "tier": TIER,
        **judged,
        "flaky": BOOLEAN,
        "external_only": BOOLEAN,
        "base": COMPARISON,
        "box": build_optional(BOX),
        "scenario": build_optional(build_object(scenario)),
        "step": build_optional(step),
    }
    return build_object(
        {
            "path": STRING,
            "feature_id": STRING,
            "name": STRING,
            "status": build_object({"before": STRING, "after": STRING, "why": build_list(STRING)}),
            "written": BOOLEAN,
            "passed": BOOLEAN,
            "reasons": build_list(STRING),
            "criteria": build_list(build_object(criterion)),
            "done": build_list(
                build_object({**judged, "evidence": build_list(build_choice(EvidenceKind)), "box": BOX})
            ),
            "blocking": build_list(build_object({"feature_id": STRING, "path": STRING, "status": STRING})),
        }
    )


def _build_unlinked() -> Schema:
    """Build the schema of the scenarios without a criterion."""
    verdict = build_choice(SCENARIO_VERDICTS)
    scenario = {**PLACE, "verdict": verdict, "reason": STRING, "failing": BOOLEAN, "output": STRING}
    return build_object({**dict.fromkeys(verdict["enum"], COUNT), "scenarios": build_list(build_object(scenario))})
