"""What `lint` answers, in each of its formats, as files in `findings/`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.codes import CODES
from spec2bdd.model import Change, Checkbox, Problem, Report, Severity, Spec, SpecReport, Tier
from spec2bdd.reporting.as_findings import render_findings
from spec2bdd.reporting.as_findings_json import render_findings_json, render_reading_json
from spec2bdd.reporting.as_github import render_github
from spec2bdd.reporting.as_reading import render_reading
from spec2bdd.reporting.as_sarif import render_sarif
from spec2bdd.reporting.visible import UNSAFE

FINDINGS = Path(__file__).parent / "findings"
TEXT = "---\nname: A: b\n---\n\n### Must Have\n- [ ] It is 100% easy\n- [ ] It is 100% easy\n"
SPEC = SpecReport(Spec("specs/a b,c.md", TEXT), ())


def make_problem(code: str, line: int, column: int, message: str, hint: str = "") -> Problem:
    """Build a problem of the spec."""
    return Problem(SPEC.spec.path, line, column, CODES[code].severity, code, message, hint)


PROBLEMS = (
    make_problem("vague-word", 7, 15, "`easy` is vague"),
    make_problem("vague-word", 6, 15, "`easy` is vague: 100%", "say\nwhat"),
    make_problem("front-matter-yaml", 2, 8, "not valid YAML", 'write `name: "A: b"`'),
    make_problem("no-criteria", 0, 0, "no criteria"),
    Problem("", 0, 0, Severity.WARNING, "of-no-table", "it has no place"),
)
REPORT = Report("lint", specs=(SPEC,), problems=PROBLEMS, exit_code=1, notes=("`--fix` mends 1 of them",))
CHANGED = Report("lint", (Change("specs/a b,c.md", b"", b""),), specs=(SPEC,))
CHECKBOXES = (
    Checkbox(6, 3, " ", "It is easy", "Story > Must Have", Tier.MUST, "AC-01"),
    Checkbox(
        7, 3, "x", "A long text of many words, which has to be wrapped somewhere", "Story > Must Have", Tier.COULD
    ),
    Checkbox(9, 3, "P", "Write it", "Story > Tasks", reason="a label, not a state"),
    Checkbox(11, 3, " ", "first", "", reason="above all headings"),
)

FORMATS: dict[str, Callable[[], str]] = {
    "findings.txt": lambda: render_findings(REPORT, width=80, color=False),
    "quiet.txt": lambda: render_findings(REPORT, width=80, color=False, quiet=True),
    "mended.txt": lambda: render_findings(CHANGED, width=80, color=False),
    "findings.json": lambda: render_findings_json(REPORT),
    "findings.github": lambda: render_github(PROBLEMS),
    "findings.sarif": lambda: render_sarif(REPORT),
    "reading.txt": lambda: render_reading("specs/a.md", CHECKBOXES, width=60, color=False),
    "reading.json": lambda: render_reading_json("specs/a.md", CHECKBOXES),
}


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_looks_as_it_did(name: str) -> None:
    found, path = FORMATS[name](), FINDINGS / name
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        FINDINGS.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


# What the schema of SARIF 2.1.0 says of the parts that are written: the keys of each object with the type of each,
# those that must be there marked with `!`. The schema allows no other keys.
SHAPES: dict[str, dict[str, str]] = {
    "log": {"version!": "2.1.0", "$schema": "uri", "runs!": "[run]"},
    "run": {"tool!": "tool", "invocations": "[invocation]", "columnKind": "columns", "results": "[result]"},
    "tool": {"driver!": "driver"},
    "driver": {"name!": "text", "version": "text", "rules": "[rule]"},
    "rule": {
        "id!": "text",
        "shortDescription": "message!",
        "help": "message!",
        "defaultConfiguration": "configuration",
    },
    "configuration": {"level": "level"},
    "invocation": {"executionSuccessful!": "bool", "exitCode": "int"},
    "result": {
        "ruleId": "text",
        "ruleIndex": "index",
        "level": "level",
        "message!": "message!",
        "locations": "[location]",
        "partialFingerprints": "prints",
    },
    "message!": {"text!": "text"},
    "location": {"physicalLocation": "place"},
    "place": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": "relative uri", "uriBaseId": "text"},
    "region": {"startLine": "count", "startColumn": "count"},
}
VALUES: dict[str, Callable[[Any], bool]] = {
    "2.1.0": lambda value: value == "2.1.0",
    "uri": lambda value: re.fullmatch(r"https://[\w./-]+", value) is not None,
    "relative uri": lambda value: re.fullmatch(r"(?:[\w.~/!$&'()*+,;=@-]|%[0-9A-F]{2})+", value, re.ASCII) is not None,
    "text": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int),
    "index": lambda value: isinstance(value, int) and value >= -1,
    "count": lambda value: isinstance(value, int) and value >= 1,
    "level": lambda value: value in ("none", "note", "warning", "error"),
    "columns": lambda value: value in ("utf16CodeUnits", "unicodeCodePoints"),
    "prints": lambda value: all(isinstance(part, str) for pair in value.items() for part in pair),
}


def find_faults(value: Any, shape: str, where: str = "log") -> list[str]:
    """Return where a part of a SARIF log is not of its shape."""
    if shape.startswith("["):
        return [fault for n, one in enumerate(value) for fault in find_faults(one, shape[1:-1], f"{where}[{n}]")]
    if shape in VALUES:
        return [] if VALUES[shape](value) else [f"{where}: {value!r} is no {shape}"]
    keys = {key.rstrip("!"): kind for key, kind in SHAPES[shape].items()}
    missing = {key[:-1] for key in SHAPES[shape] if key.endswith("!")} - value.keys()
    faults = [f"{where} has no {key}" for key in missing] + [f"{where} has {key}" for key in value.keys() - keys]
    return faults + [
        fault for key in value.keys() & keys for fault in find_faults(value[key], keys[key], f"{where}.{key}")
    ]


def test_sarif_has_the_shape_of_its_schema(hostile: str) -> None:
    odd = Problem(hostile, 1, 1, Severity.ADVICE, "vague-word", hostile, hostile)
    log = json.loads(render_sarif(Report("lint", specs=(SPEC,), problems=(*PROBLEMS, odd), exit_code=2)))
    assert [] == find_faults(log, "log")


@pytest.mark.parametrize(
    "broken", [{"version": "2.1.0"}, {"version": "2.0", "runs": []}, {"version": "2.1.0", "runs": [{}]}]
)
def test_the_check_of_the_shape_notices_what_is_wrong(broken: dict[str, object]) -> None:
    assert [] != find_faults(broken, "log")


def test_rules_are_found_by_their_index() -> None:
    run = json.loads(render_sarif(REPORT))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [one["ruleId"] for one in run["results"] if "ruleIndex" in one] == [
        rules[one["ruleIndex"]] for one in run["results"] if "ruleIndex" in one
    ]
    assert len(set(rules)) == len(rules)


def find_prints(text: str, *problems: Problem) -> list[str]:
    """Return the fingerprints of problems in a spec of that text."""
    report = Report("lint", specs=(SpecReport(Spec(SPEC.spec.path, text), ()),), problems=problems)
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    return [one["partialFingerprints"]["spec2bdd/v1"] for one in results]


def test_a_fingerprint_stays_when_lines_move_and_is_of_one_result_only() -> None:
    before = find_prints(TEXT, PROBLEMS[0], PROBLEMS[1])
    moved = [make_problem("vague-word", line, 15, "`easy` is vague") for line in (8, 9)]
    assert before == find_prints(f"\n\n{TEXT}", *moved)
    assert 2 == len(set(before))


def test_no_text_breaks_out_of_an_annotation(hostile: str) -> None:
    command = render_github([Problem(hostile, 1, 2, Severity.ERROR, hostile, hostile, hostile)])
    assert 1 == command.count("\n")
    assert re.fullmatch(r"::error (?:file=[^,:\r\n]+,)?line=1,col=2(?:,title=[^,:\r\n]+)?::[^\r\n]*\n", command)
    command.encode()


def test_no_text_reaches_the_terminal_as_a_command(hostile: str) -> None:
    problem = Problem("a.md", 1, 1, Severity.ADVICE, "vague-word", hostile, hostile)
    report = Report("lint", specs=(SpecReport(Spec("a.md", hostile), ()),), problems=(problem,), notes=(hostile,))
    box = Checkbox(1, 1, " ", hostile, hostile, reason=hostile, given_id=hostile)
    answers = [
        render_findings(report, width=80, color=False),
        render_findings_json(report),
        render_sarif(report),
        render_reading(hostile, [box], width=80, color=False),
        render_reading_json(hostile, (box,)),
    ]
    assert [] == [char for answer in answers for char in UNSAFE.findall(answer) if char != "\n"]
