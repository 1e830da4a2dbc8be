"""Steps that are ambiguous for Behave, and those that only look like it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from spec2bdd.domain.expressions.ambiguity import find_ambiguous_steps
from spec2bdd.domain.expressions.matchers import PARSE, REGEX
from spec2bdd.domain.expressions.patterns import build_step_query
from spec2bdd.model import StepAnswer


def answer(*texts: str, kind: str = "then") -> list[StepAnswer]:
    """Build an answer for each text, which is to be defined by its literal pattern."""
    queries = [build_step_query(kind, text) for text in texts]
    return [StepAnswer(query, query.patterns[-1]) for query in queries]


@pytest.mark.parametrize(
    "texts", [("{a}", "{{a}}"), ("Show {a} Now", "show {{A}} now"), ("is {a} {b}", "is {{a}} {{b}}"), ("a }", "a }}")]
)
def test_a_step_that_is_the_pattern_of_another_gets_no_stub(texts: tuple[str, str]) -> None:
    assert len(find_ambiguous_steps(answer(*texts))) == 1
    assert find_ambiguous_steps(answer(*texts)).keys() == find_ambiguous_steps(answer(*reversed(texts))).keys()


@pytest.mark.parametrize(
    "texts",
    [("{a}", "{b}"), ("{a}", "a"), ("{a} b", "{{a}} c"), ("{a}",), ("{a}", "{{{a}}}"), ("a", "b"), ('"{a}"', "a")],
)
def test_all_other_steps_get_a_stub(texts: tuple[str, ...]) -> None:
    assert find_ambiguous_steps(answer(*texts)) == {}


# Each text is the regular expression that a stub for the other one has.
WRITTEN = [
    ("there are 5 books", "there are (?P<books>[0-9]+) books"),
    ("there is a.b", r"there is a\.b"),
    ("it costs $5", "it costs [$]5"),
]


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_a_step_that_is_the_regular_expression_of_another_gets_no_stub(text: str, written: str) -> None:
    first, second = (
        StepAnswer(query, query.patterns[0]) for query in (build_step_query("then", text) for text in (text, written))
    )
    for answers in ([first, second], [second, first]):
        assert find_ambiguous_steps(answers, REGEX) == {("then", written): text}
        assert find_ambiguous_steps(answers, PARSE) == {}


def test_a_named_group_that_no_other_step_has_is_a_text_as_any_other() -> None:
    answers = answer(
        "there are (?P<books>[0-9]+) books", "there are (?P<pages>[0-9]+) books", "there are books", "(?P<a>"
    )
    assert find_ambiguous_steps(answers, REGEX) == {}


def test_steps_of_two_kinds_are_not_ambiguous() -> None:
    assert find_ambiguous_steps([*answer("{a}"), *answer("{{a}}", kind="when")]) == {}


def test_an_existing_definition_wins_over_a_new_one() -> None:
    (first,), (second,) = answer("{a}"), answer("{{a}}")
    assert find_ambiguous_steps([StepAnswer(first.query), second]) == {("then", "{{a}}"): "{a}"}
    assert find_ambiguous_steps([first, StepAnswer(second.query)]) == {("then", "{a}"): "{{a}}"}
    assert find_ambiguous_steps([StepAnswer(first.query), StepAnswer(second.query)]) == {}


def test_each_of_thousands_of_steps_with_braces_is_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0

    def count(*args: Any) -> Iterator[Any]:
        nonlocal looked_at
        for item in islice(*args):
            looked_at += 1
            yield item

    monkeypatch.setattr("spec2bdd.domain.expressions.ambiguity.islice", count)
    answers = answer(
        *(f"the path /users/{n}/{{id}} is served" for n in range(4000)), *(f"the {n}" for n in range(4000))
    )
    assert find_ambiguous_steps(answers) == {}
    # Comparing all pairs would look at 16 million patterns.
    assert 0 < looked_at <= 2 * len(answers)
