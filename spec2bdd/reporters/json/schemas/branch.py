"""The schema of `report --since`."""

from __future__ import annotations

from spec2bdd.model.history import TransitionKind
from spec2bdd.reporters.json.branch import VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    COMPARISON,
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    LINE,
    STRENGTH,
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


def build_branch_schema() -> Schema:
    """Build the schema of the document of `report --since`."""
    transition = {
        "kind": build_choice(TransitionKind),
        "id": STRING,
        "path": STRING,
        "line": LINE,
        "tier": TIER,
        "text": STRING,
        "before": STRING,
        "verdict": build_optional(VERDICT),
        "reason": STRING,
        "ticked": BOOLEAN,
        "fails": BOOLEAN,
        "base": COMPARISON,
        "strength": build_optional(build_object(STRENGTH)),
    }
    return build_document(
        {"const": "report"},
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "base": build_object({"name": STRING, "commit": STRING}),
            "proved": COUNT,
            "open": COUNT,
            "transitions": build_list(build_object(transition)),
            "statuses": build_list(build_object({"path": STRING, "before": STRING, "after": STRING, "new": BOOLEAN})),
            "settings": build_list(build_object({"key": STRING, "before": STRING, "after": STRING, "path": STRING})),
            "notes": build_list(STRING),
            "diagnostics": build_list(build_object(DIAGNOSTIC)),
        },
    )
