"""Step definitions that match criteria that they were not written for are reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, verify, write_files

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added
- [ ] The limit is 5 items
"""
HEAD = "from behave import given, step, then, use_step_matcher\n\n\n"
BODY = "\ndef judged(context, **values):\n    assert context.config\n\n\n"
LITERAL = '@then("an item can be added")\ndef added(context):\n    assert context.config\n\n\n'
NO_WORDS = "has no words of its own, so it matches every step"
NO_END = "has no `$`, so it matches every step that starts like it"
# More patterns are in `test_behave_broad_patterns.py`.
BROAD = {
    '@then("the {first} {second}")': NO_WORDS,
    'use_step_matcher("re0")\n@then("an item")': NO_END,
}
NARROW = ['@then("the {what} is {number:d} {unit}")', '@given("{anything}")']


def list_diagnostics(root: Path, definition: str) -> list[list[tuple[str, str, str]]]:
    """List code, severity and the end of the message of what `generate`, and then `verify`, report of a definition."""
    body = BODY.replace("**values", "*values, **named")
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": HEAD + definition + body})
    reports = [generate(root), verify(root)]
    return [
        [
            (found.code, found.severity.value, " ".join(found.message.split(" has ", 1)[-1:]))
            for found in report.diagnostics
        ]
        for report in reports
    ]


@pytest.mark.parametrize("definition", BROAD)
def test_a_definition_that_matches_any_criterion_is_reported_once_by_each_command(
    tmp_path: Path, definition: str
) -> None:
    expected = [("broad-step", "warning", BROAD[definition].removeprefix("has "))]
    assert list_diagnostics(tmp_path, definition) == [expected, expected]


@pytest.mark.parametrize("definition", NARROW)
def test_a_definition_with_words_of_its_own_is_not_reported(tmp_path: Path, definition: str) -> None:
    assert list_diagnostics(tmp_path, definition) == [[], []]
