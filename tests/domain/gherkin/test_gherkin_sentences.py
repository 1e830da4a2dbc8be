"""No rule of phrasing adds a word, and none is slow on long texts."""

from __future__ import annotations

import re

import pytest
from grouped import in_one_test
from hypothesis import example, given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE, make_criterion

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps, phrase_criterion
from spec2bdd.text.normalize import to_single_line

KEYWORDS = ("given", "when", "then", "and", "but", "while", "where", "if")
WORDS = st.sampled_from(
    [
        *(*KEYWORDS, *map(str.upper, KEYWORDS), *map(str.capitalize, KEYWORDS)),
        *("the", "THE", "system", "shall", "SHALL", "it", "a book", "is lent", "Ana", "possible", "returned"),
        *('"', '"x"', ",", ", ", ";", "->", "→", ".", ":", "("),
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
LONG = {
    "when": "when a " * 20_000,
    "given": "given a when b " * 10_000,
    "capitals": "WHEN x AND " * 15_000 + "THEN y",
    "demands": "when a, the b c d e " * 10_000,
    "quotes": 'given "when "' * 10_000,
    "no space": "when " + "a" * 200_000,
    "one more and": "given a when " + "b then and " * 10_000,
}


def find_words(text: str) -> list[str]:
    """Find the words of a text, without their case."""
    return re.findall(r"[^\W_]+", text.casefold())


@settings(max_examples=600, deadline=None)
@given(SENTENCES, st.sampled_from(["en", "de"]))
@example("WHEN a THE SYSTEM SHALL b AND c", "en")
@example("Given given when when then then", "en")
def test_the_steps_have_the_words_of_the_criterion_in_order_and_no_others(text: str, language: str) -> None:
    steps = list_criterion_steps(make_criterion(text), language)
    wanted = find_words(" ".join(step.text for step in steps))
    name = find_words(phrase_criterion(make_criterion(text), language).name)
    for word in find_words(to_single_line(text)):
        if wanted and wanted[0] == word:
            del wanted[0]
        else:
            assert word in KEYWORDS or word in name
    assert wanted == []
    assert all(step.text for step in steps)
    assert step_kind(steps[0].keyword, language) == steps[0].kind


def step_kind(keyword: str, language: str) -> str:
    """Find the kind of a keyword of a language."""
    return next(kind for kind, words in LANGUAGES[language].steps.items() if keyword in words)


@in_one_test("text", HOSTILE.values(), ids=HOSTILE)
def test_no_character_of_a_hostile_text_is_lost(text: str) -> None:
    whole = to_single_line(text).removesuffix(".").casefold()
    line = whole.removesuffix(":") or whole
    phrased = phrase_criterion(make_criterion(text))
    steps = " ".join(step.text for step in phrased.scripts[0].steps).casefold()
    # A label is the name of the scenario, whose keyword is dropped.
    names = ("", phrased.name.casefold(), "scenario", "scenario outline", "example")
    before = [f"{name}: " if name else "" for name in names]
    assert steps in (line.removeprefix("then "), f"{line}.", *(line.removeprefix(start) for start in before))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_very_long_text_is_phrased_with_all_its_words(text: str) -> None:
    # A rule whose time grows with the square of the length takes minutes here.
    words = find_words(" ".join(f"{step.keyword} {step.text}" for step in list_criterion_steps(make_criterion(text))))
    assert find_words(text) == words[-len(find_words(text)) :]
