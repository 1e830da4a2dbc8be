"""Patterns of every matcher match their text and nothing else; files that mix matchers."""

from __future__ import annotations

import pytest
from behave.cucumber_expression import StepMatcher4CucumberExpressions
from behave.matchers import CFParseMatcher, ParseMatcher, SimplifiedRegexMatcher
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE, World, find_match, loaded, make_spec, run_ruff
from rewording_project import regenerate

from spec2bdd.domain.expressions.matchers import CUCUMBER, MATCHERS, translate_pattern
from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.text.normalize import to_single_line

PATH = "steps/books_steps.py"
CLASSES = dict(
    zip(MATCHERS, (ParseMatcher, CFParseMatcher, SimplifiedRegexMatcher, StepMatcher4CucumberExpressions), strict=True)
)
TEXTS = [text for text in map(to_single_line, HOSTILE.values()) if text]


def step() -> None:
    """Serve as a step function."""


def test_the_matchers_have_the_names_that_behave_knows() -> None:
    assert MATCHERS == ("parse", "cfparse", "re", "cucumber_expressions")


@pytest.mark.parametrize(
    ("text", "regex", "cucumber"),
    [
        ("a book is lent", "a book is lent", "a book is lent"),
        ('it says "no"', 'it says "(?P<text>[^"]+)"', "it says {string}"),
        ("it has 5 books", "it has (?P<books>[0-9]+) books", "it has {int} books"),
        ("a.b costs x$", r"a\.b costs x[$]", "a.b costs x$"),
        ("^a | (b) / [c]* d+ e?", r"\^a \| \(b\) / \[c\]\* d\+ e\?", r"^a | \(b\) \/ [c]* d+ e?"),
        ("a {b} and \\d", r"a \{b\} and \\d", r"a \{b\} and \\d"),
    ],
)
def test_a_pattern_is_written_by_the_rules_of_its_matcher(text: str, regex: str, cucumber: str) -> None:
    pattern = build_patterns(text)[0]
    forms = [translate_pattern(pattern, matcher) for matcher in MATCHERS]
    assert forms == [pattern, pattern, regex, cucumber]


@pytest.mark.parametrize("matcher", MATCHERS)
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEXTS) | st.text(st.sampled_from("ab {}\"\\'.:5$^()[]|?*+/")).map(to_single_line).filter(bool))
def test_every_literal_pattern_matches_its_text_and_not_a_longer_one(matcher: str, text: str) -> None:
    compiled = CLASSES[matcher](step, translate_pattern(build_patterns(text)[-1], matcher), "then")
    compiled.compile()
    assert compiled.match(text)
    assert not compiled.match(f"{text}x")
    assert not compiled.match(f"x{text}")


@pytest.mark.parametrize("matcher", MATCHERS)
def test_the_arguments_have_the_annotated_types(matcher: str) -> None:
    world = World().generate(make_spec('It says "no" for 3 days'), steps=True, matcher=matcher)
    number: object = "3" if matcher == "re" else 3
    with loaded(world.steps) as registry:
        match = find_match(registry, "then", 'it says "no" for 3 days')
        assert [argument.value for argument in match.arguments] == ["no", number]
    assert f"days: {type(number).__name__}" in world.steps[PATH].decode()


@pytest.mark.parametrize("matcher", MATCHERS)
def test_a_new_step_file_is_formatted_like_ruff_formats_it(matcher: str) -> None:
    spec = make_spec(*HOSTILE.values())
    text = World().generate(spec, steps=True, matcher=matcher).steps[PATH].decode()
    assert run_ruff("format", "--line-length", "88", text=text) == text
    assert run_ruff("check", "--isolated", "--select", "E4,E7,E9,F,I", text=text) == "All checks passed!\n"


@pytest.mark.parametrize("mine", ["parse", "cfparse", "re"])
@pytest.mark.parametrize("matcher", MATCHERS)
def test_existing_definitions_keep_their_matcher(mine: str, matcher: str) -> None:
    own = translate_pattern('it says "{text}"', mine)
    chosen = f"from behave import then, use_step_matcher\n\nuse_step_matcher({mine!r})\n\n\n"
    code = f"{chosen}@then({own!r})\ndef f(context, text):\n    assert text\n"
    spec = make_spec('It says "no"', "It is (at $5) done")
    world = World({}, {PATH: code.encode()}).generate(spec, steps=True, matcher=matcher)
    assert world.code.startswith(code.encode())
    assert world.code.count(b"raise StepNotImplementedError") == 1
    with loaded(world.steps) as registry:
        assert [argument.name for argument in find_match(registry, "then", 'it says "no"').arguments] == ["text"]
        assert find_match(registry, "then", "it is (at $5) done")
    assert world.generate(spec, steps=True, matcher=matcher).steps == world.steps


@pytest.mark.parametrize("matcher", MATCHERS)
def test_the_decorator_is_rewritten_for_every_matcher(matcher: str) -> None:
    first = regenerate(World(), make_spec("A book for ($5) is lent"), matcher=matcher)
    mine = first.steps[PATH].replace(b"raise StepNotImplementedError", b"assert context  # mine\n    print")
    world = regenerate(
        World(first.features, {PATH: mine}), make_spec("A book for ($5) is lent at once"), matcher=matcher
    )
    before, after = (translate_pattern(f"a book for ($5) is lent{end}", matcher).encode() for end in ("", " at once"))
    assert mine.replace(before, after, 1) == world.steps[PATH]


@pytest.mark.parametrize("matcher", MATCHERS)
def test_swapped_values_are_matched_by_name_and_never_by_position(matcher: str) -> None:
    before, after = (f"At the old shelf by the door {end}" for end in ("3 books cost 5 euros", "5 euros cost 3 books"))
    first = regenerate(World(), make_spec(before), matcher=matcher)
    mine = first.steps[PATH].replace(b"raise StepNotImplementedError", b"print")
    world = regenerate(World(first.features, {PATH: mine}), make_spec(after), matcher=matcher)
    with loaded(world.steps) as registry:
        match = find_match(registry, "then", after[0].lower() + after[1:])
    assert [int(argument.value) for argument in match.arguments] == [5, 3]
    if matcher == CUCUMBER:
        assert world.steps[PATH].startswith(mine)
    else:
        assert [argument.name for argument in match.arguments] == ["euros", "books"]
        assert world.steps[PATH].count(b"\ndef ") == 1


def test_a_decorator_for_another_matcher_is_not_rewritten() -> None:
    first = regenerate(World(), make_spec("A book is lent"))
    mine = first.steps[PATH].replace(b"raise StepNotImplementedError", b"assert context  # mine\n    print")
    world = regenerate(World(first.features, {PATH: mine}), make_spec("A book is lent at once"), matcher="re")
    assert world.steps[PATH].startswith(mine)
    assert b'use_step_matcher("re")' in world.steps[PATH]
