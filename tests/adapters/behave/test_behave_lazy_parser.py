"""The parser of a plain pattern is made when it is first used, and matches as one that was made at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import parse
import pytest
from behave.matchers import ParseMatcher

from spec2bdd.adapters.behave.glue.pattern_words import make_parsers_lazily


@pytest.fixture(autouse=True)
def lazy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Make parsers lazily, and return the patterns of those that were made."""
    made: list[str] = []

    class Parser(parse.Parser):  # type: ignore[misc]  # It has no types.
        def __init__(self, pattern: str, *arguments: Any, **options: Any) -> None:
            made.append(pattern)
            super().__init__(pattern, *arguments, **options)

    # The class is Behave's, and other tests use it as well.
    monkeypatch.setattr(ParseMatcher, "PARSER_CLASS", ParseMatcher.PARSER_CLASS)
    make_parsers_lazily()
    monkeypatch.setattr(parse, "Parser", Parser)
    return iter([made])


def step(context: object) -> None:
    """Be a step function, which every matcher needs."""


@pytest.mark.parametrize("pattern", ["a book is lent", "{count:d} books are {state}", '"{name}" (nothing else)'])
def test_a_plain_pattern_has_no_parser_until_it_is_used(lazy: Iterator[list[str]], pattern: str) -> None:
    made = next(lazy)
    matcher = ParseMatcher(step, pattern)
    assert made == []
    assert matcher.regex_pattern == parse.Parser(pattern)._expression
    assert made == [pattern, pattern]


@pytest.mark.parametrize("text", ["3 books are lent", "no books are lent", "3 books"])
def test_a_text_is_matched_as_by_a_parser_that_was_made_at_once(text: str) -> None:
    pattern = "{count:d} books are {state}"
    matched, expected = ParseMatcher(step, pattern).match(text), parse.Parser(pattern, case_sensitive=True).parse(text)
    values = matched and {argument.name: argument.value for argument in matched.arguments}
    assert values == (expected and expected.named)


def test_a_pattern_that_is_wrong_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not recognised"):
        ParseMatcher(step, "a {book:thing} is lent")


def test_a_number_is_read_by_the_type_that_the_project_had_then(lazy: Iterator[list[str]]) -> None:
    made = next(lazy)
    own = parse.with_pattern("two")(lambda _: 2)
    matcher = ParseMatcher(step, "{count:d} books", custom_types={"d": own})
    assert made == ["{count:d} books"]
    assert [argument.value for argument in matcher.match("two books").arguments] == [2]
