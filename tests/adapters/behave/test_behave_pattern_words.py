"""What is found out about a pattern without compiling it agrees with Behave's own matcher."""

from __future__ import annotations

from typing import Any

import pytest
from behave.matchers import CFParseMatcher, MatchWithError, ParseMatcher, SimplifiedRegexMatcher
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.glue.pattern_words import (
    PatternAffixes,
    find_affixes,
    find_words,
    is_plain,
    matches_plainly,
)

PARTS = ["a", "b", " ", "  ", "1", "12", '"', ".", "{x}", "{y}", "{n:d}", "{m:d}", "{{", "}}", "{x:d}", "é", "\n", "٣"]


def step(context: object) -> None:
    """Be a step function, which every matcher needs."""


patterns = st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join)
texts = st.lists(st.sampled_from([part for part in PARTS if "{" not in part]), max_size=8).map("".join)


@given(patterns, texts)
def test_a_result_is_that_of_the_regular_expression(pattern: str, text: str) -> None:
    try:
        matcher = ParseMatcher(step, pattern)
    except ValueError:
        return
    result = matches_plainly(matcher, text)
    if result is not None:
        match = matcher.compile().match(text)
        assert (match is not None and not isinstance(match, MatchWithError)) is result


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("it is red", "it is red", True),
        ("it is red", "it is Red", False),
        ("it is {color}", "it is red", True),
        ("it is {color}", "it is ", False),
        ("it has {n:d} legs", "it has 12 legs", True),
        ("it has {n:d} legs", "it has 12 arms", False),
        ('"{a}" and "{b}"', '"x" and "y"', True),
        ('"{a}" and "{b}"', '"x" or "y"', False),
        # A field is at least one character, and a literal is taken where it occurs first after that.
        ("{a}x{b}", "axb", True),
        ("{a}x{b}", "xxx", True),
        ("{a}x{b}", "axxb", True),
        ("{a}x{b}", "xb", False),
        ("{a}x{b}", "ax", False),
        ("{a}x{b}y{c}", "1x2y3", True),
        ("{a}x{b}y{c}", "1xy3", False),
    ],
)
def test_plain_patterns_need_no_regular_expression(pattern: str, text: str, expected: bool) -> None:
    assert matches_plainly(ParseMatcher(step, pattern), text) is expected


@pytest.mark.parametrize(
    ("matcher", "text"),
    [
        (ParseMatcher(step, "it has {n:d} legs"), "it has no legs"),
        (ParseMatcher(step, "it has {{n}} legs"), "it has {n} legs"),
        (ParseMatcher(step, "{a} is {a}"), "x is x"),
        (ParseMatcher(step, "on {day:%d %b}"), "on 1 Jan"),
        (CFParseMatcher(step, "it is {color}"), "it is red"),
        (SimplifiedRegexMatcher(step, "it is (?P<color>.*)"), "it is red"),
    ],
)
def test_all_others_are_left_to_the_regular_expression(matcher: Any, text: str) -> None:
    assert matches_plainly(matcher, text) is None


@pytest.mark.parametrize("pattern", ["it is {color}", "{a_1} and {b:d}", "a {x} b {y} c"])
def test_a_plain_pattern_compiles(pattern: str) -> None:
    assert is_plain(ParseMatcher(step, pattern).compile())


@pytest.mark.parametrize("pattern", ["it is red", "{a} {a}", "{a.b} {a_b}", "{0}", "{n:f}", "{{a}}", "a { b"])
def test_what_needs_a_second_look_is_not_plain(pattern: str) -> None:
    assert not is_plain(ParseMatcher(step, pattern))


@pytest.mark.parametrize(
    ("pattern", "affixes"),
    [
        ("the total of {n:d} orders is shown", PatternAffixes(("the", "total", "of"), ("orders", "is", "shown"))),
        ('a user says "{text}" twice', PatternAffixes(("a", "user", "says"), ("twice",))),
        ("{who} logs in", PatternAffixes((), ("logs", "in"))),
        ("on  {day:%d %b %Y} at noon", PatternAffixes(("on", ""), ("at", "noon"))),
        ("{who} sings", None),
        ("a { b c d", None),
    ],
)
def test_the_affixes_of_a_pattern_are_the_whole_words_outside_its_fields(
    pattern: str, affixes: PatternAffixes | None
) -> None:
    assert find_affixes(ParseMatcher(step, pattern)) == affixes


@pytest.mark.parametrize(
    ("matcher", "words"),
    [
        (ParseMatcher(step, "the {n:d} red books"), ["the", "\0", "red", "books"]),
        (ParseMatcher(step, 'a "{text}" {{b}}'), ["a", '"\0"', "\0b\0"]),
        (ParseMatcher(step, "a { b"), []),
        (ParseMatcher(step, "a } b"), []),
        (SimplifiedRegexMatcher(step, r"the (?P<n>\d+) red \w+"), ["the", "\0", "red", "\0"]),
        (SimplifiedRegexMatcher(step, "the (red|blue) book"), []),
    ],
)
def test_the_words_of_a_pattern_are_those_of_every_text_that_it_matches(matcher: Any, words: list[str]) -> None:
    assert find_words(matcher) == words
