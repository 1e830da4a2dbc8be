"""A test that has many cases checks all of them, and names those that fail."""

from __future__ import annotations

import pytest
from grouped import in_one_test

SEEN: list[tuple[int, str]] = []


@in_one_test("number", [1, 2])
@in_one_test(("text", "word"), [("a", "b"), ("c", "d")], ids=["first", "second"])
def check(number: int, text: str, word: str, tmp_path: object) -> None:
    SEEN.append((number, text))
    assert number == 1 or word == "d", tmp_path


def test_all_cases_are_checked_and_those_that_fail_are_named() -> None:
    SEEN.clear()
    with pytest.raises(ExceptionGroup) as raised:
        check(tmp_path="here")
    assert SEEN == [(1, "a"), (1, "c"), (2, "a"), (2, "c")]
    (outer,) = raised.value.exceptions
    assert "1 of 2 cases fail: 2" in str(raised.value)
    assert isinstance(outer, ExceptionGroup)
    assert outer.__notes__ == ["in the case '2'"]
    assert "1 of 2 cases fail: first" in str(outer)
    (error,) = outer.exceptions
    assert isinstance(error, AssertionError)
    assert "here" in str(error)


@in_one_test("number", [1])
def test_a_fixture_is_passed_to_every_case(number: int, tmp_path: object) -> None:
    assert (number, bool(tmp_path)) == (1, True)


def test_no_case_at_all_is_a_skip() -> None:
    with pytest.raises(pytest.skip.Exception):
        in_one_test("number", [])(lambda number: number)()
