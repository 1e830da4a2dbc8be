"""The schema of `report`."""

from __future__ import annotations

from spec2bdd.model import Status
from spec2bdd.model.history import Change
from spec2bdd.reporters.json.documentation import VERSION
from spec2bdd.reporters.json.schemas.explanation import build_spec_properties
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    COUNT,
    EXIT_CODE,
    STRING,
    Schema,
    build_choice,
    build_document,
    build_list,
    build_object,
    build_optional,
)


def build_documentation_schema() -> Schema:
    """Build the schema of the document of `report`."""
    run = {"run": STRING, "started": STRING, "commit": STRING, "passed": COUNT, "failed": COUNT, "pending": COUNT}
    stage = build_optional({"enum": [str(status) for status in Status]})
    spec = {"key": STRING, "stage": stage, "proved": BOOLEAN, **build_spec_properties()}
    return build_document(
        {"const": "report"},
        version=VERSION,
        properties={
            "name": STRING,
            "made": STRING,
            "exit_code": EXIT_CODE,
            "history": build_list(build_object(run)),
            "changes": build_list(build_object({"id": STRING, "path": STRING, "change": build_choice(Change)})),
            "unusable": COUNT,
            "specs": build_list(build_object(spec)),
            "notes": build_list(STRING),
        },
    )
