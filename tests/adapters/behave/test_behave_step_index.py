"""Looking up matchers and texts by their words finds all that trying each of them would find."""

from __future__ import annotations

from typing import Any

import pytest
from behave.matchers import CFParseMatcher, ParseMatcher, SimplifiedRegexMatcher
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.behave.glue.step_index import MatcherIndex, TextIndex, find_literal_words

FIELDS = ["{a}", "{b:d}", "'{c}'", "{d:w}", "{{e}}", "{f:%d %b}"]
WORDS = ["a", "b", "1", "'x'", "{e}", "", "{a}", "{{e}}"]


def step(context: object) -> None:
    """Be a step function, which every matcher needs."""


def build_matchers(patterns: list[str]) -> list[Any]:
    """Return a matcher for each pattern that is one."""
    matchers = []
    for pattern in patterns:
        try:
            matchers.append(ParseMatcher(step, pattern).compile())
        except (ValueError, NotImplementedError):
            continue
    return matchers


texts = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), max_size=8)
matchers = st.lists(st.lists(st.sampled_from([*WORDS, *FIELDS]), min_size=1, max_size=4).map(" ".join), max_size=8).map(
    build_matchers
)


@pytest.mark.parametrize(
    ("matcher", "words"),
    [
        (ParseMatcher(step, "a user logs in"), ["a", "user", "logs", "in"]),
        (ParseMatcher(step, "a {name} logs in"), ["a", "logs", "in"]),
        (ParseMatcher(step, "a '{name}' in {{braces}} x{{"), ["a", "in"]),
        (ParseMatcher(step, "on {day:%d %b %Y} at noon"), ["on", "at", "noon"]),
        (ParseMatcher(step, "{all}"), []),
        (CFParseMatcher(step, "a {name} logs in"), ["a", "logs", "in"]),
        (SimplifiedRegexMatcher(step, "a user"), ["a", "user"]),
        (SimplifiedRegexMatcher(step, r"the (?P<name>[^\"]+) is\. at [$] 5 end"), ["the", "at", "5", "end"]),
        (SimplifiedRegexMatcher(step, "a user|a guest"), []),
        (SimplifiedRegexMatcher(step, "a (user )?logs in"), []),
        (SimplifiedRegexMatcher(step, "(?i)a user"), []),
        (SimplifiedRegexMatcher(step, "a user ?logs in"), []),
        (SimplifiedRegexMatcher(step, "a users? logs i.n"), ["a", "logs"]),
    ],
)
def test_the_literal_words_of_a_pattern_are_those_outside_its_fields(matcher: Any, words: list[str]) -> None:
    assert find_literal_words(matcher) == words


@given(matchers, texts)
def test_every_matcher_that_matches_a_text_is_found(candidates: list[Any], texts: list[str]) -> None:
    index = MatcherIndex(candidates)
    for text in texts:
        expected = {id(matcher) for matcher in candidates if matcher.matches(text) or matcher.match(text)}
        assert expected <= {id(matcher) for matcher in index.find_matchers(text)}


@given(matchers, texts)
def test_every_text_that_a_matcher_matches_is_found(candidates: list[Any], texts: list[str]) -> None:
    index = TextIndex(texts)
    for matcher in candidates:
        expected = {text for text in texts if matcher.matches(text) or matcher.match(text)}
        assert expected <= set(index.find_texts(matcher))


def test_what_shares_no_word_is_not_looked_at() -> None:
    many = [ParseMatcher(step, f"the total of order {number} is {{sum:d}}") for number in range(100)]
    index = MatcherIndex(many)
    assert list(index.find_matchers("the total of order 7 is 999")) == [many[7]]
    assert list(index.patterns.find_texts(ParseMatcher(step, "the {what} of order 7 is {sum:d}"))) == [many[7].pattern]
