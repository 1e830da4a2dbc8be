"""The schema of `status`."""

from __future__ import annotations

from spec2bdd.model import Verdict
from spec2bdd.reporters.json.overview import VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    STRING,
    Schema,
    build_choice,
    build_document,
    build_list,
    build_object,
    build_optional,
)
from spec2bdd.reporters.overview_counts import TIERS


def build_status_schema() -> Schema:
    """Build the schema of the document of `status`."""
    tier = build_object(dict.fromkeys(("criteria", "fulfilled", "passed_before", "failing"), COUNT))
    tiers = build_object({str(name): tier for name in TIERS})
    # A table of counts has a key only for what there is.
    counts: Schema = {"type": "object", "additionalProperties": COUNT}
    verdicts: Schema = {**counts, "propertyNames": build_choice(Verdict)}
    summary = {
        "specs": COUNT,
        "left_out": COUNT,
        "unusable": COUNT,
        "statuses": counts,
        "criteria": COUNT,
        "tiers": tiers,
        "verdicts": verdicts,
        "changed": counts,
        "unlinked_failing": COUNT,
        "warnings": COUNT,
    }
    spec = {
        **dict.fromkeys(("path", "feature_id", "name", "owner", "dialect"), STRING),
        "status": build_object({"before": STRING, "after": STRING}),
        "tags": build_list(STRING),
        "tiers": tiers,
        "verdicts": verdicts,
        "stale_before": verdicts,
        "changed": counts,
        "done": build_object({"ticked": COUNT, "items": COUNT}),
        "waiting": STRING,
        "next": STRING,
    }
    run = {"id": STRING, "complete": BOOLEAN, "started": STRING, "commit": STRING}
    return build_document(
        {"const": "status"},
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "summary": build_object(summary),
            "run": build_optional(build_object(run)),
            "next": STRING,
            "specs": build_list(build_object(spec)),
            "diagnostics": build_list(build_object(DIAGNOSTIC)),
            "notes": build_list(STRING),
        },
    )
