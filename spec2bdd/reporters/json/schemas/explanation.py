"""The schemas of `explain` and `history`."""

from __future__ import annotations

from spec2bdd.model.files import STEP_KEYWORDS
from spec2bdd.reporters.json.explanation import HISTORY_VERSION, VERSION
from spec2bdd.reporters.json.schemas.challenge import SCENARIO
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    BOX,
    COMPARISON,
    COUNT,
    LINE,
    PLACE,
    SECONDS,
    STRENGTH,
    STRING,
    TIER,
    VERDICT,
    Schema,
    build_document,
    build_list,
    build_object,
    build_optional,
)

_LINES: Schema = {"type": "object", "additionalProperties": STRING}
_OBSERVATION = build_object({"run": STRING, "started": STRING, "commit": STRING})
_HISTORY = build_optional(
    build_object(
        {
            "runs": COUNT,
            "first_passed": build_optional(_OBSERVATION),
            "last_failed": build_optional(_OBSERVATION),
            "changes": COUNT,
            "flaky": BOOLEAN,
            "flaky_commit": STRING,
            "median_seconds": build_optional(SECONDS),
            "last_seconds": build_optional(SECONDS),
        }
    )
)
_SPEC = {"path": STRING, "feature_id": STRING, "name": STRING}


def build_explanation_schema() -> Schema:
    """Build the schema of the document of `explain`."""
    # With the name of a spec, `status` explains it.
    command = {"enum": ["explain", "status"]}
    return build_document(command, version=VERSION, properties=build_spec_properties())


def build_spec_properties() -> dict[str, Schema]:
    """Build what a document has on one spec."""
    step = {"text": STRING, "line": LINE, "status": STRING, "location": STRING, "error": STRING}
    strength = {**STRENGTH, "scenarios": build_list(SCENARIO)}
    criterion = {
        "number": COUNT,
        "id": STRING,
        "tier": TIER,
        "text": STRING,
        "line": LINE,
        "column": LINE,
        "box": build_optional(BOX),
        "verdict": build_optional(VERDICT),
        "reason": STRING,
        "last": build_optional(VERDICT),
        "changed": STRING,
        "rule": build_object({"sentence": STRING}),
        "proof": STRING,
        "files": build_list(STRING),
        "reworded_from": STRING,
        "scenario": build_optional(build_object({**PLACE, "status": STRING})),
        "step": build_optional(build_object(step)),
        "history": _HISTORY,
        "strength": build_optional(build_object(strength)),
        "lines": _LINES,
        "lines_of_steps": build_optional(build_object(dict.fromkeys(STEP_KEYWORDS, _LINES))),
        "runs_product": build_optional(BOOLEAN),
        "base": COMPARISON,
        "next": STRING,
    }
    done = {"text": STRING, "line": LINE, "box": BOX, "verdict": VERDICT, "reason": STRING}
    run = {"id": STRING, "complete": BOOLEAN, "started": STRING, "commit": STRING}
    return {
        "spec": build_object({**_SPEC, "status": STRING}),
        "run": build_optional(build_object(run)),
        "criteria": build_list(build_object(criterion)),
        "done": build_list(build_object(done)),
        "holds": build_list(STRING),
        "next": STRING,
    }


def build_history_schema() -> Schema:
    """Build the schema of the document of `history`."""
    criterion = {"number": COUNT, "id": STRING, "text": STRING, "line": LINE, "history": _HISTORY}
    return build_document(
        {"const": "history"},
        version=HISTORY_VERSION,
        properties={"spec": build_object(_SPEC), "criteria": build_list(build_object(criterion))},
    )
