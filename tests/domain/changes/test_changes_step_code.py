"""Which steps have other code than before, by the contents of the files."""

from __future__ import annotations

import pytest

from spec2bdd.domain.changes.step_code import UsedStep, find_changed_code

STEPS = '''\
from behave import given, then

from till import open_till


@given("a till")
def a_till(context):
    """Open it."""
    context.till = open_till()


@then("it is open")
def it_is_open(context):
    assert context.till.is_open
'''
HELPERS = """\
def open_till():
    return fill(1)


def fill(count):
    return count
"""
FILES = {"steps/a.py": STEPS.encode(), "steps/till.py": HELPERS.encode()}
GIVEN, THEN = UsedStep("a till", "steps/a.py", 7), UsedStep("it is open", "steps/a.py", 13)


def find(path: str, old: str, new: str) -> dict[UsedStep, str]:
    """Find the steps whose code differs after a text was replaced in a file."""
    text = FILES[path].decode()
    assert old in text
    return find_changed_code(FILES, {**FILES, path: text.replace(old, new).encode()}, [GIVEN, THEN])


def test_a_step_whose_body_differs_is_changed() -> None:
    expected = "its step `it is open` at steps/a.py:13 was changed on this branch"
    assert find("steps/a.py", "assert context.till.is_open", "assert context.till") == {THEN: expected}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("fill(1)", "fill(2)", "`open_till` at steps/till.py:1"),
        ("return count", "return 0", "`fill` at steps/till.py:5"),
    ],
)
def test_a_step_is_changed_if_a_function_differs_that_it_calls_at_any_depth(old: str, new: str, place: str) -> None:
    expected = f"its step `a till` calls {place}, which was changed on this branch"
    assert find("steps/till.py", old, new) == {GIVEN: expected}


@pytest.mark.parametrize(
    ("old", "new"),
    [("Open it.", "Open the till."), ("def a_till", "def given_a_till"), ("    assert", "    # Now.\n    assert")],
)
def test_docstrings_names_and_comments_are_no_difference(old: str, new: str) -> None:
    assert find("steps/a.py", old, new) == {}


def test_of_a_file_that_python_cannot_parse_nothing_is_known() -> None:
    assert find("steps/a.py", "def it_is_open", "def it is open") == {}
