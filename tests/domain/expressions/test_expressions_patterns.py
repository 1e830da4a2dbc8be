"""What becomes a parameter in the text of a step, and what remains literal."""

from __future__ import annotations

import json
from pathlib import Path

import parse
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE

from spec2bdd.domain.expressions.patterns import build_patterns, build_step_query, parse_parameters, strip_parameters

CASES = json.loads((Path(__file__).parent / "data" / "patterns.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "expected"), CASES["is a parameter"].items())
def test_quoted_text_and_plain_numbers_are_parameters(text: str, expected: str) -> None:
    assert build_patterns(text)[0] == expected


@pytest.mark.parametrize("text", CASES["stays literal"])
def test_a_number_that_would_not_print_back_unchanged_remains_literal(text: str) -> None:
    (pattern,) = build_patterns(text)
    assert pattern.replace("{{", "{").replace("}}", "}") == text
    assert parse_parameters(pattern) == ()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(HOSTILE.values())) | st.text(st.sampled_from('ab {}"5d:. ')))
def test_every_pattern_matches_its_text_and_formats_it_again(text: str) -> None:
    for pattern in build_patterns(text):
        if "\n" in text or not text.strip():
            continue
        result = parse.parse(pattern, text, case_sensitive=True)
        assert result is not None
        parameters = parse_parameters(pattern)
        assert list(result.named) == [parameter.name for parameter in parameters]
        assert pattern.format(**result.named) == text
        assert all({"int": int, "str": str}[item.type] is type(result.named[item.name]) for item in parameters)


def test_a_hundred_parameters_have_a_hundred_names() -> None:
    names = [parameter.name for parameter in parse_parameters(build_patterns('"a" ' * 150)[0])]
    assert len(set(names)) == 150


def test_a_step_with_more_values_is_matched_as_it_is_written() -> None:
    text = " ".join(['"a"', "3"] * 100_000)
    assert build_patterns(text) == (text,)


def test_the_literal_pattern_comes_last() -> None:
    assert build_step_query("then", 'it says "no"').patterns == ('it says "{text}"', 'it says "no"')
    assert build_step_query("then", "it works").patterns == ("it works",)


def test_a_number_is_not_named_by_a_word_that_counts_nothing() -> None:
    words = ["and", "or", "to", "of", "in", "at", "by", "for", "from", "times", "the", "per", "is", "are", "on", "with"]
    assert [build_patterns(f"it takes 5 {word} all")[0] for word in words] == [
        f"it takes {{number:d}} {word} all" for word in words
    ]


def test_the_words_of_a_pattern_are_those_between_its_parameters() -> None:
    assert strip_parameters("owes {cents:d} cents and {{x}}").split() == ["owes", "cents", "and", "x"]
