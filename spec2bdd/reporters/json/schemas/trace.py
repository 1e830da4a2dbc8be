"""The schema of `trace`."""

from __future__ import annotations

from spec2bdd.model.files import STEP_KEYWORDS
from spec2bdd.model.trace import GapKind, SectionKind
from spec2bdd.reporters.json.schemas.challenge import CHALLENGE
from spec2bdd.reporters.json.schemas.shapes import (
    BOOLEAN,
    COUNT,
    DIAGNOSTIC,
    EXIT_CODE,
    LINE,
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
from spec2bdd.reporters.json.trace import VERSION


def build_trace_schema() -> Schema:
    """Build the schema of the document of `trace`."""
    texts = build_list(STRING)
    section = {
        "id": STRING,
        "document": build_choice(SectionKind),
        **dict.fromkeys(("number", "title", "path"), STRING),
        "line": LINE,
        "unknown": BOOLEAN,
        "specs": texts,
    }
    spec = {
        **dict.fromkeys(("path", "feature_id", "name", "status"), STRING),
        **dict.fromkeys(("sections", "criteria", "depends_on", "cyclic"), texts),
    }
    criterion = {
        **dict.fromkeys(("id", "spec", "text", "parent", "reason"), STRING),
        "number": COUNT,
        "tier": TIER,
        "line": LINE,
        "verdict": build_optional(VERDICT),
        **dict.fromkeys(("tags", "scenarios"), texts),
    }
    result = build_object({"verdict": VERDICT, "reason": STRING, "outdated": STRING})
    step = {**dict.fromkeys(("keyword", "kind", "text", "step_definition"), STRING), "line": LINE}
    scenario = {
        **dict.fromkeys(("id", "path", "name"), STRING),
        "line": LINE,
        **dict.fromkeys(("tags", "criteria"), texts),
        "result": build_optional(result),
        "steps": build_list(build_object(step)),
    }
    definition = {**dict.fromkeys(("id", "path", "kind", "pattern"), STRING), "line": LINE}
    definition |= dict.fromkeys(("callers", "scenarios"), texts)
    gap = {"kind": {"enum": [str(kind) for kind in GapKind]}, **dict.fromkeys(("id", "path", "text"), STRING)}
    run = {"id": STRING, "complete": BOOLEAN, "started": STRING, "commit": STRING}
    use = {"id": STRING, "challenged": BOOLEAN, "notices": BOOLEAN, "challenges": build_list(CHALLENGE)}
    use |= {"steps": build_optional(build_list({"enum": [*STEP_KEYWORDS]}))}
    line = {"path": STRING, "line": LINE, "functions": texts, "loaded": BOOLEAN}
    line |= {"criteria": build_list(build_object(use))}
    part = build_object({"first": LINE, "last": LINE, "function": STRING, "lines": COUNT})
    file = build_object({"path": STRING, "loaded": BOOLEAN, "ranges": build_list(part)})
    untested = {"since": STRING, **dict.fromkeys(("checked", "elsewhere", "lines"), COUNT), "files": build_list(file)}
    counted = ("sections", "specs", "criteria", "scenarios", "step_definitions", "gaps")
    return build_document(
        {"const": "trace"},
        version=VERSION,
        properties={
            "exit_code": EXIT_CODE,
            "names": texts,
            "summary": build_object(dict.fromkeys(counted, COUNT)),
            "run": build_optional(build_object(run)),
            "sections": build_list(build_object(section)),
            "specs": build_list(build_object(spec)),
            "criteria": build_list(build_object(criterion)),
            "scenarios": build_list(build_object(scenario)),
            "step_definitions": build_list(build_object(definition)),
            "gaps": build_list(build_object({**gap, "line": LINE})),
            "lines": build_list(build_object(line)),
            "untested": build_optional(build_object(untested)),
            "diagnostics": build_list(build_object(DIAGNOSTIC)),
        },
    )
