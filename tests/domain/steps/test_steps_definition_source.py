"""The code of one step definition, cut out of its module."""

from __future__ import annotations

import pytest

from spec2bdd.domain.steps.definition_source import cut_definition

MODULE = '''\
from behave import given, then


@given("a")
@given(
    "b"
)
def first(
    context,
):
    """Doc."""
    text = """
  not code
"""
    assert text

# about the second
@then("c")
async def second(context):
    assert context


VALUE = 1
'''
MODULES = {"steps/a.py": MODULE.splitlines()}
LINES = MODULE.splitlines()


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("steps/a.py:4", LINES[3:15]),
        ("steps/a.py:8", LINES[7:15]),
        ("steps/a.py:18", LINES[17:20]),
        # There is no function there, or no such place.
        ("steps/a.py:23", []),
        ("steps/a.py:1", LINES[0:0]),
        ("steps/a.py:99", []),
        ("steps/a.py:0", []),
        ("steps/b.py:4", []),
        ("steps/a.py", []),
        ("", []),
    ],
)
def test_a_definition_ends_where_the_next_statement_begins(location: str, code: list[str]) -> None:
    assert cut_definition(MODULES, location).splitlines() == code


def test_a_long_definition_is_cut() -> None:
    lines = ["def long(context):", *["    pass"] * 100]
    assert cut_definition({"a.py": lines}, "a.py:1").splitlines() == [*lines[:60], "    ..."]
    assert cut_definition({"a.py": lines[:60]}, "a.py:1").splitlines() == lines[:60]
