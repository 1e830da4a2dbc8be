"""The schema of `capabilities`."""

from __future__ import annotations

from spec2bdd.model import Severity
from spec2bdd.reporters.json.capabilities import VERSION
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    COUNT,
    STRING,
    Schema,
    build_choice,
    build_document,
    build_list,
    build_object,
)


def build_capabilities_schema() -> Schema:
    """Build the schema of the document of `capabilities`."""
    texts = build_list(STRING)
    option = {"names": texts, "value": STRING, "help": STRING, "repeatable": BOOLEAN}
    command = {
        "name": STRING,
        "summary": STRING,
        "usage": STRING,
        "options": build_list(build_object(option)),
        "formats": texts,
    }
    code = {
        "name": STRING,
        "severity": build_choice(Severity),
        "meaning": STRING,
        "fix": STRING,
        "fixable": BOOLEAN,
    }
    return build_document(
        {"const": "capabilities"},
        version=VERSION,
        properties={
            "versions": build_object(dict.fromkeys(("spec2bdd", "python", "behave"), STRING)),
            "commands": build_list(build_object(command)),
            "exit_codes": build_list(build_object({"code": COUNT, "meaning": STRING})),
            "dialects": build_list(build_object({"name": STRING, "patterns": texts})),
            "codes": build_list(build_object(code)),
            "schemas": build_list(build_object({"name": STRING, "title": STRING, "commands": texts})),
        },
    )
