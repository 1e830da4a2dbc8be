"""The schemas of `lint` and of `lint --explain-reading`."""

from __future__ import annotations

from spec2bdd.model import Tier
from spec2bdd.reporters.json.lint import VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    CHANGES,
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    LINE,
    STRING,
    Schema,
    build_document,
    build_list,
    build_object,
)


def build_lint_schema() -> Schema:
    """Build the schema of the document of `lint`."""
    counts = dict.fromkeys(("specs", "errors", "warnings", "suggestions", "files"), COUNT)
    return build_document(
        {"const": "lint"},
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "wrote": BOOLEAN,
            "summary": build_object(counts),
            "diagnostics": build_list(build_object({**DIAGNOSTIC, "fixable": BOOLEAN})),
            "changes": CHANGES,
            "notes": build_list(STRING),
        },
    )


def build_reading_schema() -> Schema:
    """Build the schema of the document of `lint --explain-reading`."""
    box = {
        "line": LINE,
        "column": LINE,
        "mark": STRING,
        "text": STRING,
        "section": STRING,
        "criterion": BOOLEAN,
        "tier": {"enum": ["", *map(str, Tier)]},
        "id": STRING,
        "reason": STRING,
        "manual": BOOLEAN,
        "waived": STRING,
        "decided_by": STRING,
        "decided_line": LINE,
    }
    return build_object(
        {
            "version": {"const": VERSION},
            "path": STRING,
            "dialect": STRING,
            "detected_by": STRING,
            "checkboxes": build_list(build_object(box)),
        }
    )
