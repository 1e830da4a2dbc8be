"""Names from any text that every tool and file system accepts."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE

from spec2bdd.text.normalize import to_comparison_key, to_single_line
from spec2bdd.text.slugs import choose_function_name, slugify, slugify_section, slugify_unique

SAMENESS = json.loads((Path(__file__).parent / "data" / "comparison_keys.json").read_text(encoding="utf-8"))


@settings(max_examples=200, deadline=None)
@given(st.text() | st.sampled_from(list(HOSTILE.values())), st.integers(min_value=20, max_value=80))
def test_a_slug_is_plain_short_and_never_empty(text: str, limit: int) -> None:
    for slug in (slugify(text, limit=limit), slugify_unique(text, limit=limit)):
        assert re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)*", slug)
        assert len(slug) <= limit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Book returns", "book_returns"),
        ("  3.2 (Login) ", "3_2_login"),
        ("Café & Bar", "cafe_and_bar"),
        ("Straße", "strasse"),
        ("../../etc/passwd", "etc_passwd"),
        ("AC-01", "ac_01"),
    ],
)
def test_a_slug_reads_like_its_text(text: str, expected: str) -> None:
    assert slugify(text) == expected
    assert slugify_unique(text) == expected


def test_a_long_slug_is_cut_between_words() -> None:
    assert slugify("one two three", limit=9) == "one_two"
    assert slugify("one two three", limit=7) == "one_two"
    assert slugify("abcdefghijk", limit=7) == "abcdefg"


@pytest.mark.parametrize(
    ("one", "other"),
    [("功能A", "特性A"), ("登录", "注册"), ("x" * 80, "x" * 81), ("word " * 30, "word " * 31), ("é日", "é月")],
)
def test_two_ids_that_differ_in_what_a_slug_drops_stay_two(one: str, other: str) -> None:
    assert slugify_unique(one) != slugify_unique(other)


@pytest.mark.parametrize(("one", "other"), [("AC-01", "ac 01"), ("Café", "cafe"), ("(3.2)", "3-2")])
def test_two_ids_that_differ_in_marks_alone_are_one(one: str, other: str) -> None:
    assert slugify_unique(one) == slugify_unique(other)


@pytest.mark.parametrize(
    ("text", "expected"), [("3.1 (Lending)", "3_1"), (" 2.4", "2_4"), ("§ 3", "3"), ("Lending: late", "lending_late")]
)
def test_a_section_is_named_by_its_number_if_it_starts_with_one(text: str, expected: str) -> None:
    assert slugify_section(text) == expected


@pytest.mark.parametrize(
    "text",
    [*keyword.kwlist, *keyword.softkwlist, "print", "list", "Given", "when", "THEN", "step", "context", "behave"],
)
def test_a_function_hides_no_word_of_python_or_behave(text: str) -> None:
    name = choose_function_name(text, set())
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not hasattr(builtins, name)
    assert name not in {"given", "when", "then", "step", "context", "behave"}


def test_a_function_name_that_is_taken_gets_a_number() -> None:
    assert choose_function_name("A book", {"a_book", "a_book_2"}) == "a_book_3"
    assert choose_function_name("3 books", set()) == "step_3_books"


@settings(max_examples=200, deadline=None)
@given(st.text() | st.sampled_from(list(HOSTILE.values())))
def test_a_line_is_one_line_to_everybody_and_the_same_the_second_time(text: str) -> None:
    line = to_single_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip() == to_single_line(line)
    assert to_comparison_key(text) == to_comparison_key(line)
    line.encode()


@pytest.mark.parametrize(("one", "other"), SAMENESS["same"])
def test_typography_makes_no_other_text(one: str, other: str) -> None:
    assert to_comparison_key(one) == to_comparison_key(other)


@pytest.mark.parametrize(("one", "other"), SAMENESS["other"])
def test_another_wording_is_another_text(one: str, other: str) -> None:
    assert to_comparison_key(one) != to_comparison_key(other)
