"""Gherkin's keywords: both parsers know all of them, and read back what is written with them."""

from __future__ import annotations

import json
from pathlib import Path

import gherkin
import pytest
from behave.i18n import languages as behave_languages
from domain.gherkin.test_gherkin_hostile import check_feature
from planned_project import World, make_criterion, make_spec

from spec2bdd.domain.gherkin.grammar.keywords import KINDS, LANGUAGES, compile_keywords, find_keyword, find_language
from spec2bdd.model import Examples, NestedBlock, NestedBlockKind, Spec

OFFICIAL = json.loads((Path(gherkin.__file__).parent / "gherkin-languages.json").read_text(encoding="utf-8"))
every_language = pytest.mark.parametrize("code", LANGUAGES)


def make_spec_in(code: str) -> Spec:
    """Build a spec that uses every keyword of a language."""
    words = LANGUAGES[code]
    steps = [f"{word} x {kind}" for kind in KINDS for word in words.steps[kind]]
    outline = (
        NestedBlock(NestedBlockKind.BULLET, f"{words.steps['given'][0]} a <x>", line=1),
        NestedBlock(NestedBlockKind.BULLET, f"{words.examples[0]}:", line=2),
        NestedBlock(NestedBlockKind.TABLE, rows=(("x",), ("1",), ("2",)), depth=1, line=3),
    )
    rule = tuple(
        NestedBlock(NestedBlockKind.BULLET, text, depth=depth)
        for word in words.scenario
        for text, depth in (
            (f"{word}: {word} a", 0),
            (f"{words.steps['then'][0]} b", 1),
            (f"{word} 2", 0),
            ("Then c", 1),
        )
    )
    return make_spec(
        make_criterion("One", bullets=tuple(steps)),
        make_criterion("Two", nested=outline),
        make_criterion("Three", nested=rule, group="Group"),
        make_criterion("Four", manual=True),
        make_criterion("Five", mark="x"),
        language=code,
        purpose=f"{words.steps['when'][0]} it is so",
    )


@every_language
def test_both_parsers_know_every_keyword(code: str) -> None:
    language, behave, official = LANGUAGES[code], behave_languages[code], OFFICIAL[code]
    for ours, theirs, name in (
        ((language.feature,), "feature", "feature"),
        ((language.rule,) if language.rule else (), "rule", "rule"),
        (language.scenario, "scenario", "scenario"),
        (language.outline, "scenario_outline", "scenarioOutline"),
        (language.examples, "examples", "examples"),
        *((language.steps[kind], kind, kind) for kind in KINDS),
    ):
        known = {word.strip() for word in behave[theirs]} & {word.strip() for word in official[name]}
        assert set() == set(ours) - known


@every_language
def test_a_language_without_a_word_for_rules_has_none_that_both_share(code: str) -> None:
    shared = set(behave_languages[code]["rule"]) & set(OFFICIAL[code]["rule"])
    assert bool(shared) == bool(LANGUAGES[code].rule)


@every_language
def test_a_language_is_spaced_if_its_keywords_are(code: str) -> None:
    assert all(word.endswith((" ", "'")) for word in OFFICIAL[code]["given"]) == LANGUAGES[code].spaced


@every_language
def test_both_parsers_read_a_feature_in_every_language(code: str) -> None:
    check_feature(make_spec_in(code))


@every_language
def test_every_keyword_of_the_language_makes_a_step(code: str) -> None:
    scenario, *_ = World().generate(make_spec_in(code)).features_drafted[0].scenarios
    words = [word for kind in KINDS for word in LANGUAGES[code].steps[kind]]
    assert words == [step.keyword for step in scenario.steps]


@every_language
def test_outlines_and_rules_are_found_in_every_language(code: str) -> None:
    scenarios = World().generate(make_spec_in(code)).features_drafted[0].scenarios
    assert (Examples((("x",), ("1",), ("2",))),) == scenarios[1].examples or scenarios[2].examples
    assert {scenario.rule for scenario in scenarios} - {""} == {"Three"}


@every_language
def test_one_sentence_is_split_in_every_language(code: str) -> None:
    words = LANGUAGES[code].steps
    text = f"{words['given'][0]} a, {words['when'][0].lower()} b, {words['then'][0].lower()} c"
    scenario = World().generate(make_spec(text, language=code)).features_drafted[0].scenarios[0]
    assert [step.text for step in scenario.steps] == ["a", "b", "c"]


def test_an_english_feature_names_no_language() -> None:
    assert "language" not in World().generate(make_spec("x", language="en")).feature


def test_an_unknown_language_is_reported_and_english_is_used() -> None:
    world = World().generate(make_spec("x", language="tlh"))
    assert world.codes == ["unknown-language"]
    assert "Feature: " in world.feature


@pytest.mark.parametrize(
    ("code", "expected"),
    [("de", "de"), (" DE ", "de"), ("de-AT", "de"), ("zh", "zh-CN"), ("zh_cn", "zh-CN"), ("tlh", ""), ("", "")],
)
def test_a_language_is_found_by_its_code(code: str, expected: str) -> None:
    assert find_language(code) == expected


@pytest.mark.parametrize(
    ("line", "code", "expected"),
    [
        ("Gegeben sei ein Konto", "de", ("Gegeben sei", "given", "ein Konto")),
        ("wenn: es leer ist", "de", ("Wenn", "when", "es leer ist")),
        ("When it is empty", "de", ("Wenn", "when", "it is empty")),
        ("étant donné que a", "fr", ("Étant donné que", "given", "a")),
        ("假如用户已登录", "zh-CN", ("假如", "given", "用户已登录")),
        ("当 用户点击", "zh-CN", ("当", "when", "用户点击")),
        ("もし、クリックする", "ja", ("もし", "when", "、クリックする")),
    ],
)
def test_a_keyword_is_cut_off(line: str, code: str, expected: tuple[str, str, str]) -> None:
    match = compile_keywords(code).fullmatch(line)
    assert match
    assert (*find_keyword(match[1], code), match[2]) == expected


@pytest.mark.parametrize(("line", "code"), [("Wenn a", "en"), ("Wennschon a", "de"), ("Given", "en"), ("Undank", "de")])
def test_other_words_are_none(line: str, code: str) -> None:
    assert compile_keywords(code).fullmatch(line) is None


@every_language
def test_no_keyword_of_either_parser_is_taken_for_one_in_a_description(code: str) -> None:
    names = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
    words = {f"{word}:" for name in names for word in OFFICIAL[code][name]}
    words |= {f"{word}:" for name in (*names, "scenario_outline") for word in behave_languages[code].get(name, [])}
    words |= {word for table in (OFFICIAL, behave_languages) for kind in KINDS for word in table[code][kind]}
    for word in words:
        check_feature(make_spec("x", purpose=f"{word} it is so", language=code))
        check_feature(make_spec("x", purpose=f"{word}it is so", language=code))


def test_no_keyword_of_any_language_at_the_start_of_a_criterion_is_one() -> None:
    languages = [*behave_languages.values(), *OFFICIAL.values()]
    assert len(languages) > 150
    words = {word for language in languages for group in language.values() if isinstance(group, list) for word in group}
    texts = [f"{word.strip()}{end}" for word in sorted(words) for end in (" it works", ": it works", ":")]
    assert len(texts) > 3000
    check_feature(make_spec(*texts))
