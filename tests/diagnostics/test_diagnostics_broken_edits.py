"""A generated file that Behave cannot read because of an edit by hand has one error, at the edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import FEATURE_PATH, generate, mark, read_all, run, verify, write_basket, write_files

import spec2bdd
from spec2bdd.config import read_config
from spec2bdd.diagnostics.broken_edits import join_broken_edits
from spec2bdd.model import Diagnostic, Severity

PATH = "features/a.feature"
UNDO = f"undo the edit as the diff shows, or with `git restore {PATH}`"


def build(code: str, line: int, *, message: str = "", hint: str = "", path: str = PATH) -> Diagnostic:
    """Build an error; its code is its message unless there is another."""
    return Diagnostic(path, line, 1, Severity.ERROR, code, message or code, hint)


EDITED, SYNTAX = build("edited-by-hand", 5), build("feature-syntax", 7)
JOINED = build("edited-by-hand", 5, message="edited-by-hand; feature-syntax", hint=UNDO)
OTHER = build("step-import", 1, path="steps/a.py")

CASES: dict[str, tuple[list[Diagnostic], list[Diagnostic]]] = {
    "one edit": ([EDITED, OTHER, SYNTAX], [JOINED, OTHER]),
    "the parser first": ([SYNTAX, EDITED], [JOINED]),
    "twice": ([JOINED, SYNTAX], [JOINED]),
    "an edit below the error": ([EDITED, build("feature-syntax", 2)], [JOINED]),
    "the edit next above": (
        [build("edited-by-hand", 9), build("edited-by-hand", 1), EDITED, SYNTAX],
        [build("edited-by-hand", 9), build("edited-by-hand", 1), JOINED],
    ),
    "bad bytes": (
        [EDITED, build("feature-encoding", 7)],
        [build("edited-by-hand", 5, message="edited-by-hand; feature-encoding", hint=UNDO)],
    ),
    # --- not joined
    "no edit": ([SYNTAX, OTHER], [SYNTAX, OTHER]),
    "an edit of another file": (
        [build("edited-by-hand", 5, path="b.feature"), SYNTAX],
        [build("edited-by-hand", 5, path="b.feature"), SYNTAX],
    ),
    "an edit that can be read": ([EDITED, OTHER], [EDITED, OTHER]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_error_of_the_parser_is_joined_to_the_edit_that_caused_it(name: str) -> None:
    before, after = CASES[name]
    assert list(join_broken_edits(before)) == after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Scenario: An item can be added", b"Scenari: An item can be added"),
        (b"Feature: Shop basket", b"Featur: Shop basket"),
        (b"Then an item can be added", b"Thn an item can be added"),
        (b"Scenario: An item can be added", b"Scenario: An \xff can be added"),
    ],
)
def test_each_command_reports_one_error_of_a_broken_generated_file_at_its_line(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    content = read_all(tmp_path)[FEATURE_PATH].replace(old, new)
    write_files(tmp_path, {FEATURE_PATH: content})
    line = content[: content.index(new)].count(b"\n") + 1
    run_report, config = run(tmp_path), read_config(tmp_path)
    overview, explanation = spec2bdd.status(config), spec2bdd.explain(config, "3.10")
    reports = [run_report, verify(tmp_path), mark(tmp_path)]
    reported = [*(report.diagnostics for report in reports), overview.diagnostics, explanation.diagnostics]
    errors = [
        [
            (item.path, item.line, item.code, "; " in item.message, item.hint.endswith(f"`git restore {FEATURE_PATH}`"))
            for item in diagnostics
            if item.severity is Severity.ERROR
        ]
        for diagnostics in reported
    ]
    assert errors == [[(FEATURE_PATH, line, "edited-by-hand", True, True)]] * len(reported)
