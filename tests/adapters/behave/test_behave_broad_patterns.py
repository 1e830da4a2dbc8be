"""Which patterns match steps that they were not written for: those without words, and those without an end."""

from __future__ import annotations

import pytest
from behave.matchers import CFParseMatcher, Matcher, ParseMatcher, RegexMatcher, SimplifiedRegexMatcher

from spec2bdd.adapters.behave.glue.broad_patterns import describe_breadth, may_be_broad

MATCHERS = {"parse": ParseMatcher, "cfparse": CFParseMatcher, "re": SimplifiedRegexMatcher, "re0": RegexMatcher}
NO_WORDS = "has no words of its own, so it matches every step"
NO_END = "has no `$`, so it matches every step that starts like it"
CASES = [
    ("parse", "{anything}", NO_WORDS),
    ("cfparse", "{anything}", NO_WORDS),
    ("parse", "The {first} {second}", NO_WORDS),
    ("parse", "{thing} can be added", ""),
    ("parse", "an item can be added", ""),
    ("parse", "an {number:d}", ""),
    ("parse", "the {what} is {number:d} {unit}", ""),
    ("re", "(.*)", NO_WORDS),
    ("re", "(?P<text>.+)", NO_WORDS),
    ("re", "an item", ""),
    ("re", "the limit is ([0-9]+) items", ""),
    ("re0", "^(.+?)$", NO_WORDS),
    ("re0", "an item", NO_END),
    ("re0", "^(an|the) ", NO_END),
    ("re0", "^an item can be added$", ""),
    ("re0", "an item .*", ""),
    ("re0", "a book", ""),
]


def step() -> None:
    """Serve as a step function."""


@pytest.mark.parametrize(("matcher", "pattern", "expected"), CASES)
def test_a_pattern_is_broad_if_it_has(matcher: str, pattern: str, expected: str) -> None:
    compiled = MATCHERS[matcher](step, pattern, "then")
    compiled.compile()
    assert describe_breadth(compiled, "an item can be added") == expected


def test_nothing_is_known_of_a_matcher_of_the_project() -> None:
    matcher = Matcher(step, "{anything}", "then")
    assert (may_be_broad(matcher), describe_breadth(matcher, "an item can be added")) == (False, "")


@pytest.mark.parametrize(("matcher", "pattern", "expected"), CASES)
def test_no_broad_pattern_is_ruled_out(matcher: str, pattern: str, expected: str) -> None:
    # Any of `re0` may lack its end.
    assert may_be_broad(MATCHERS[matcher](step, pattern, "then")) == (expected != "" or matcher == "re0")
