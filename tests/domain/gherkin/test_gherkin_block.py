"""Blocks of Gherkin: what is parsed, and what is an error."""

from __future__ import annotations

import unicodedata

import pytest
from behave.parser import parse_feature
from hypothesis import given, settings
from hypothesis import strategies as st

from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_fenced
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript, ScriptError
from spec2bdd.model import Examples

WHOLE = '''
# A comment
Scenario: Ana
  Given: a
    | name | note  |
    | Ana  | a\\|b |
  * b
  When c
    """json
      {"x": 1}

    # no comment
    """
  Then d
  But e

Scenario Outline: Ben
  Given <x>
  Examples: few
    | x |
    | 1 |
  Scenarios:
    | x |
    | 2 |
'''


def scripts(text: str, language: str = "en") -> tuple[ScenarioScript, ...]:
    """Parse a block that has no errors."""
    parsed = parse_fenced(text, language)
    assert not isinstance(parsed, ScriptError)
    return parsed


def test_every_supported_construct_is_parsed() -> None:
    ana, ben = scripts(WHOLE)
    assert (ana.name, ben.name) == ("Ana", "Ben")
    assert [(step.keyword, step.kind) for step in ana.steps] == [
        ("Given", "given"),
        ("*", "given"),
        ("When", "when"),
        ("Then", "then"),
        ("But", "then"),
    ]
    assert ana.steps[0].table == (("name", "note"), ("Ana", "a|b"))
    assert ana.steps[2].doc == '  {"x": 1}\n\n# no comment'
    assert ben.examples == (Examples((("x",), ("1",)), "few"), Examples((("x",), ("2",))))


def test_a_scenario_with_examples_is_an_outline_whatever_it_is_called() -> None:
    (script,) = scripts("Example: x\nGiven <x>\nExamples:\n|x|\n|1|")
    assert len(script.examples) == 1


def test_keywords_of_the_language_and_of_english_are_parsed() -> None:
    (script,) = scripts("Szenario: x\nAngenommen a\nWhen b\nUnd c\nDann d", "de")
    assert [step.keyword for step in script.steps] == ["Angenommen", "Wenn", "Und", "Dann"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Feature: x\nScenario: y", 1, "cannot parse `Feature: x`"),
        ("Background:\n  Given a", 1, "cannot parse `Background:`"),
        ("@tag\nScenario: x\nGiven a", 1, "cannot parse `@tag`"),
        ("Scenario: x\n  words\n  Given a", 2, "cannot parse `words`"),
        ("Scenarioo: x\nGiven a", 1, "cannot parse `Scenarioo: x`"),
        ("", 0, "no steps"),
        ("# only this", 0, "no steps"),
        ("And a\nThen b", 1, "`And` has no step before it"),
        ("Scenario: x\nScenario: y\nGiven a", 2, "a scenario without a step"),
        ("Given a\nScenario: y", 2, "a scenario without a step"),
        ("Given <x>\nExamples:", 2, "`Examples:` without a table"),
        ("Given <x>\nExamples:\nThen b", 3, "`Examples:` without a table"),
        ("Given <x>\nExamples:\n|x|", 3, "examples without rows"),
        ("|x|\nGiven a", 1, "a table is not allowed here"),
        ("Given a\n|x|\n\n|y|", 4, "a table is not allowed here"),
        ("Given a\n|x|\n|y|z|", 2, "the rows of a table have different numbers of cells"),
        ("Given a\n|x", 2, "a table without cells"),
        ("Given a\n|x\\\\ |", 2, "Behave and Gherkin parse the backslash in the cell `x\\\\` differently"),
        ("Given a\n|x\\\\|", 2, "a table without cells"),
        ('Given a\n"""\nx', 2, 'cannot parse `"""`'),
        ('Given a\n"""\n\\"\\"\\"\n"""', 2, 'Behave and Gherkin parse `\\"\\"\\"` in a doc string differently'),
        ("Given", 1, "cannot parse `Given`"),
        ("Givens a", 1, "cannot parse `Givens a`"),
    ],
)
def test_anything_else_is_an_error_with_its_line(text: str, line: int, message: str) -> None:
    error = parse_fenced(text, "en")
    assert isinstance(error, ScriptError)
    assert (error.line, error.message) == (line, message)


LINES = st.sampled_from([*WHOLE.split("\n"), "Rule: x", "And x", "words", "  | a |", '"""', "```", "@t", "Given a"])


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=12).map("\n".join) | st.text(max_size=60))
def test_behave_parses_whatever_is_parsed_here(text: str) -> None:
    parsed = parse_fenced(text, "en")
    # Behave reads neither colons after keywords nor other fences, and refuses doc strings that are not indented. A
    # control character after a keyword counts as a space here, and is written as one, but not for Behave.
    controls = any(unicodedata.category(char) == "Cc" and char != "\n" for char in text)
    if isinstance(parsed, ScriptError) or controls or "Given:" in text or "```" in text or '"""' in text:
        return
    first = next(line for line in map(str.strip, text.split("\n")) if line and not line.startswith("#"))
    named = first.startswith(("Scenario", "Example:"))
    outline = "Scenario Outline" if any(script.examples for script in parsed) else "Scenario"
    feature = parse_feature(f"Feature: x\n{'' if named else f'{outline}:'}\n{text}")
    assert [[step.text for step in script.steps] for script in parsed] == [
        [step.name for step in scenario.steps] for scenario in feature.scenarios
    ]
