"""Descriptions of exceptions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.glue.serialize import describe_error
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
