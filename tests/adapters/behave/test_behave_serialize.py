"""Descriptions of exceptions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.model_type import Status
from behave.parser import parse_feature
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.glue.serialize import (
    describe_error,
    describe_row,
    describe_skip,
    find_raising_line,
    read_seconds,
    read_tags,
    show_location,
)
from spec2bdd.text.clean import clean_text


class MuteError(Exception):
    """An exception whose message cannot be printed."""

    def __str__(self) -> str:
        """Raise instead."""
        raise ValueError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (AssertionError("3 is not 4"), "3 is not 4"),
        (AssertionError("two\nlines"), "two\nlines"),
        (AssertionError(), "AssertionError"),
        (AssertionError({"a": 1}), "{'a': 1}"),
        (ValueError("bad"), "ValueError: bad"),
        (ValueError(), "ValueError"),
        (KeyError("k"), "KeyError: 'k'"),
        (SystemExit(0), "SystemExit: 0"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (MuteError(), "MuteError: (its message cannot be printed)"),
        (ValueError("\ud800"), "ValueError: \\ud800"),
    ],
)
def test_an_exception_is_described_by_its_message_and_its_type_unless_it_is_an_assertion(
    error: BaseException, text: str
) -> None:
    assert describe_error(error) == text


def test_a_bare_assertion_is_described_by_its_place_and_its_source() -> None:
    with pytest.raises(AssertionError) as caught:
        exec(compile("1\nassert not True", "gone.py", "exec"))
    assert describe_error(caught.value) == "gone.py:2"


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_text_without_surrogates_is_left_alone(text: str) -> None:
    assert clean_text(text) == text


@given(st.text(st.characters()))
def test_any_text_can_be_written_as_utf_8(text: str) -> None:
    clean_text(text).encode("utf-8")


def test_a_long_text_is_cut() -> None:
    assert clean_text("x" * 20_001) == "x" * 20_000 + " ..."
    assert clean_text("x" * 20_000) == "x" * 20_000


def make_scenario(**facts: Any) -> Any:
    """Make a scenario of Behave's, as far as its description needs one."""
    return SimpleNamespace(**{"skip_reason": None, "should_skip": False, "status": Status.untested, **facts})


@pytest.mark.parametrize(
    ("facts", "is_selected", "expected"),
    [
        ({"should_skip": True, "skip_reason": "no net"}, False, {"skip_reason": "no net"}),
        ({"status": Status.skipped, "skip_reason": "\ud800"}, True, {"skip_reason": "\\ud800"}),
        ({"should_skip": True, "skip_reason": 7}, True, {"skip_reason": ""}),
        ({"status": Status.skipped}, True, {"skip_reason": ""}),
        ({"status": Status.skipped}, False, {}),
        ({"status": Status.passed, "skip_reason": "no net"}, True, {}),
    ],
)
def test_why_a_scenario_was_skipped_is_described(
    facts: dict[str, Any], is_selected: bool, expected: dict[str, str]
) -> None:
    assert describe_skip(make_scenario(**facts), is_selected=is_selected) == expected


OUTLINE = """\
@a @ac_feature
Feature: A
  @b @ac_outline {}
  Scenario Outline: B
    Then <x>

    @c @ac_table
    Examples:
      | x | proof   |
      | 1 | ac_cell |

    Examples:
      | x | proof |
      | 2 | none  |
"""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (
            "",
            [
                ["a", "ac_feature", "ac_outline", "ac_table", "b", "c"],
                ["a", "ac_feature", "ac_outline", "ac_table", "b"],
            ],
        ),
        (
            "@<proof>",
            [
                ["a", "ac_cell", "ac_feature", "ac_outline", "ac_table", "b", "c"],
                ["a", "ac_cell", "ac_feature", "ac_outline", "ac_table", "b", "none"],
            ],
        ),
    ],
    ids=["of a table", "of a cell"],
)
def test_the_tag_of_a_criterion_is_on_every_row(tag: str, expected: list[list[str]]) -> None:
    feature = parse_feature(OUTLINE.format(tag))
    assert [read_tags(scenario) for scenario in feature.walk_scenarios()] == expected


def test_a_row_is_described_by_its_headings() -> None:
    feature = parse_feature(OUTLINE.format(""))
    rows = [{"x": "1", "proof": "ac_cell"}, {"x": "2", "proof": "none"}]
    assert [describe_row(scenario) for scenario in feature.walk_scenarios()] == rows
    assert describe_row(make_scenario()) == {}


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("steps/lamp_steps.py:9", "steps/lamp_steps.py:9"),
        ("./steps/lamp_steps.py:9", "steps/lamp_steps.py:9"),
        ("steps//lamp_steps.py:9", "steps/lamp_steps.py:9"),
        ("steps/./lamp_steps.py:9", "steps/lamp_steps.py:9"),
        ("../steps/lamp_steps.py:9", "../steps/lamp_steps.py:9"),
        ("/opt/steps/lamp_steps.py:9", "/opt/steps/lamp_steps.py:9"),
    ],
)
def test_a_location_is_shown_in_its_shortest_form(location: str, expected: str) -> None:
    assert show_location(location) == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(0.25, 0.25), (0, 0), (1.23456789, 1.234568), (3, 3), (-1.5, 0), (float("inf"), 0), (float("nan"), 0)],
)
def test_a_step_took_the_seconds_that_behave_has_measured_if_they_can_be(duration: float, expected: float) -> None:
    assert read_seconds(SimpleNamespace(duration=duration)) == expected


ROOT = Path("/project")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["/project/steps/a.py"], "steps/a.py:2"),
        (["steps/a.py"], "steps/a.py:2"),
        (["/project/steps/a.py", "/project/shop.py"], "shop.py:2"),
        (["/project/steps/a.py", "/usr/lib/json.py"], "steps/a.py:2"),
        (["/project/steps/a.py", "/project/.venv/lib/site-packages/shop.py"], "steps/a.py:2"),
        (["/project/steps/a.py", "<string>"], "steps/a.py:2"),
        (["<string>"], ""),
        (["/usr/lib/json.py"], ""),
    ],
)
def test_the_line_that_raised_an_error_is_the_innermost_one_of_the_project(files: list[str], expected: str) -> None:
    called = 0

    def call_next() -> None:
        if not files[called:]:
            raise ValueError
        exec(compile("1\ncall_next()", files[called], "exec"), {"call_next": enter_next})

    def enter_next() -> None:
        nonlocal called
        called += 1
        call_next()

    with pytest.raises(ValueError) as caught:
        call_next()
    assert find_raising_line(caught.value, ROOT) == expected
