"""The report of `lint` in, SARIF 2.1.0 out: the format in which code scanners exchange their results."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from spec2bdd import __version__
from spec2bdd.diagnostics.codes import CODES, Code
from spec2bdd.model import Diagnostic, Report, Severity
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.source_lines import Sources, find_line, split_sources

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Json = dict[str, Any]
"""One JSON object, about to be written."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the diagnostics of a `Report`."""
    return render_sarif(answer.value)


def render_sarif(report: Report) -> str:
    """Write the report as one SARIF log with one run."""
    ordered = sorted(report.problems, key=lambda problem: (problem.path, problem.line, problem.column))
    codes = [CODES[code] for code in dict.fromkeys(problem.code for problem in ordered) if code in CODES]
    run = {
        "tool": {"driver": _derive_driver(codes)},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.exit_code != 2, "exitCode": report.exit_code}],
        "results": _derive_results(ordered, [code.name for code in codes], split_sources(report)),
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    # As ASCII, it can hold neither a lone surrogate nor a character that a terminal would obey.
    return json.dumps(document, indent=2) + "\n"


def _derive_driver(codes: Sequence[Code]) -> Json:
    """Describe the tool and the codes that it used."""
    return {"name": "spec2bdd", "version": __version__, "rules": [_derive_rule(code) for code in codes]}


def _derive_rule(code: Code) -> Json:
    """Describe one code."""
    return {
        "id": code.name,
        "shortDescription": {"text": code.meaning},
        "help": {"text": f"Example:\n\n{code.example}\n\nWhat to do: {code.fix}"},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _derive_results(problems: Sequence[Diagnostic], rules: Sequence[str], sources: Sources) -> list[Json]:
    """Write every problem, each with a fingerprint by which it is known again when lines have moved."""
    seen: Counter[str] = Counter()
    results = []
    for problem in problems:
        content = f"{problem.path}\0{problem.code}\0{find_line(problem, sources).strip()}"
        seen[content] += 1
        fingerprint = hashlib.sha256(f"{content}\0{seen[content]}".encode("utf-8", "replace")).hexdigest()[:32]
        results.append(_derive_result(problem, rules, fingerprint=fingerprint))
    return results


def _derive_result(problem: Diagnostic, rules: Sequence[str], *, fingerprint: str) -> Json:
    """Write one problem."""
    hint = f"\nHint: {problem.hint}" if problem.hint else ""
    result: Json = {
        "ruleId": problem.code,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message + hint},
        "partialFingerprints": {"spec2bdd/v1": fingerprint},
    }
    if problem.code in rules:
        result["ruleIndex"] = rules.index(problem.code)
    if problem.path:
        result["locations"] = [{"physicalLocation": _derive_place(problem)}]
    return result


def _derive_place(problem: Diagnostic) -> Json:
    """Write a place, as far as it is known; a path becomes a relative URI."""
    uri = quote(problem.path.encode("utf-8", "replace"))
    place: Json = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    if problem.line:
        column = {"startColumn": problem.column} if problem.column else {}
        place["region"] = {"startLine": problem.line, **column}
    return place
