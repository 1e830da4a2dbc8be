"""The schema of `challenge`."""

from __future__ import annotations

from spec2bdd.model import ChallengeOutcome, Strength
from spec2bdd.reporters.json.challenges import VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    LINE,
    PLACE,
    STRING,
    TIER,
    Schema,
    build_choice,
    build_document,
    build_list,
    build_object,
)

CHALLENGE = build_object(
    {
        "kind": STRING,
        "path": STRING,
        "line": LINE,
        "change": build_list(STRING),
        "outcome": build_choice(ChallengeOutcome),
        "step": STRING,
        "step_line": LINE,
        "error": STRING,
    }
)
"""One fault, and what came of it."""

SCENARIO = build_object(
    {
        **PLACE,
        "reached": build_list(STRING),
        "problem": STRING,
        "lines": {"type": "object", "additionalProperties": build_list(COUNT)},
        "challenges": build_list(CHALLENGE),
    }
)
"""A scenario that was challenged."""


def build_challenge_schema() -> Schema:
    """Build the schema of the document of `challenge`."""
    criterion = {
        "path": STRING,
        "line": LINE,
        "id": STRING,
        "tier": TIER,
        "text": STRING,
        "strength": build_choice(Strength),
        "reason": STRING,
        "tried": COUNT,
        "noticed": COUNT,
        "scenarios": build_list(SCENARIO),
    }
    return build_document(
        {"const": "challenge"},
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "not_passed": COUNT,
            "criteria": build_list(build_object(criterion)),
            "diagnostics": build_list(build_object(DIAGNOSTIC)),
        },
    )
