"""No rule of phrasing adds a word, and none is slow on long texts."""

from __future__ import annotations

import re

import pytest
from grouped import in_one_test
from hypothesis import example, given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE, make_criterion

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.labels import split_label
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps, phrase_criterion, split_sentence
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


SPLIT = {
    "a German condition": (
        "de",
        "Wenn ein Buch zurückkommt, dann wird Ana benachrichtigt",
        [("when", "Wenn ein Buch zurückkommt"), ("then", "Dann wird Ana benachrichtigt")],
    ),
    "a German state": (
        "de",
        "Angenommen ein Buch ist verliehen, dann fehlt es im Regal",
        [("given", "Angenommen ein Buch ist verliehen"), ("then", "Dann fehlt es im Regal")],
    ),
    "a keyword of two letters in capitals": (
        "pt",
        "SE um livro volta, ENTÃO o sistema DEVE avisar",
        [("when", "Quando um livro volta"), ("then", "Então o sistema deve avisar")],
    ),
    "words that Chinese sentences have instead of keywords": (
        "zh-CN",
        "假使书已借出，當书归还，那麼通知读者",
        [("given", "假如 书已借出"), ("when", "当 书归还"), ("then", "那么 通知读者")],
    ),
    "a Chinese condition": ("zh-CN", "當书归还，則通知读者", [("when", "当 书归还"), ("then", "那么 通知读者")]),
    "English keywords around Japanese": (
        "ja",
        "WHEN 本が返却される、THE システム 通知する",
        [("when", "もし 本が返却される"), ("then", "ならば システム 通知する")],
    ),
    "the event and the last outcome, if another outcome precedes them": (
        "en",
        "GIVEN a desk THEN it opens WHEN a book returns THEN it is kept",
        [("given", "Given a desk THEN it opens"), ("when", "When a book returns"), ("then", "Then it is kept")],
    ),
    "two words that a then closes": (
        "en",
        "Once books return then it is shown",
        [("when", "When books return"), ("then", "Then it is shown")],
    ),
    "a demand of two words": (
        "en",
        "If a book returns then shelve it",
        [("when", "When a book returns"), ("then", "Then shelve it")],
    ),
}
WHOLE = {
    "a German condition without a comma": ("de", "Wenn ein Buch zurückkommt dann wird Ana benachrichtigt"),
    "a German condition without a word for then": ("de", "Wenn ein Buch zurückkommt, wird Ana benachrichtigt"),
    "a demand of one word": ("en", "If a book returns then stop"),
}


@pytest.mark.parametrize(("language", "text", "expected"), SPLIT.values(), ids=SPLIT)
def test_a_sentence_is_split_at(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(step.kind, f"{step.keyword} {step.text}") for step in split_sentence(text, language)] == expected


@pytest.mark.parametrize(("language", "text"), WHOLE.values(), ids=WHOLE)
def test_a_sentence_stays_whole_with(language: str, text: str) -> None:
    assert split_sentence(text, language) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("登录：用户 输入 密码", ("登录", "用户 输入 密码")),
        ("Login: users sign in", ("Login", "users sign in")),
        ("Opening at 12:30 is shown", ("", "Opening at 12:30 is shown")),
        ("Login", ("", "Login")),
    ],
)
def test_a_label_ends_with_a_colon_before_a_space_or_a_wide_one(text: str, expected: tuple[str, str]) -> None:
    assert split_label(text) == expected
