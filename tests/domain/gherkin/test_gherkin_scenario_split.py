"""Gherkin text in a spec, split into its scenarios."""

from __future__ import annotations

import pytest
from gherkin.dialect import Dialect

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.scenario_split import GherkinScenario, read_heading, split_scenarios

TEXT = '''\
@lamps # @not_a_tag
Feature: Lamps
  Background:
    Given a lamp
  @slow @bright # @not_a_tag
  Scenario: shines
    Then it shines
      """
      @no_tag
      Scenario: no heading
      ```
      """
    But it is quiet
  Scenario Outline: rows
    Then it <does>
    @rows
    Examples:
      | does   |
      | shines |
  Scenario: dark
'''
BACKGROUND = "    Given a lamp\n"
SHINES = TEXT[TEXT.index("    Then it shines") : TEXT.index("  Scenario Outline")].rstrip("\n")
ROWS = TEXT[TEXT.index("    Then it <does>") : TEXT.index("  Scenario: dark")].replace("    @rows\n", "").rstrip("\n")


def split(text: str, language: str = "en", *, needs_heading: bool = False) -> list[GherkinScenario]:
    """Split a text, with its lines numbered from 1."""
    return list(split_scenarios(list(enumerate(text.splitlines(), 1)), language, needs_heading=needs_heading))


def test_each_scenario_has_its_tags_and_the_steps_of_the_background() -> None:
    assert split(TEXT) == [
        GherkinScenario("shines", 6, f"Scenario: shines\n{BACKGROUND}{SHINES}", ("lamps", "slow", "bright"), "Lamps"),
        GherkinScenario("rows", 14, f"Scenario: rows\n{BACKGROUND}{ROWS}", ("lamps",), "Lamps"),
        GherkinScenario("dark", 20, f"Scenario: dark\n{BACKGROUND}".rstrip("\n"), ("lamps",), "Lamps"),
    ]


def test_steps_without_a_heading_are_a_scenario_without_a_name() -> None:
    assert split("Given a lamp\nThen it shines") == [
        GherkinScenario("", 1, "Scenario: \nGiven a lamp\nThen it shines"),
    ]
    assert split("Given a lamp", needs_heading=True) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_background_is_known_in_its_language(language: str) -> None:
    words, scenario = LANGUAGES[language].steps["given"], LANGUAGES[language].scenario[0]
    dialect = Dialect.for_name(language)
    assert dialect
    for heading in dialect.background_keywords:
        (found,) = split(f"{heading}:\n{words[0]} x\n{scenario}: y\n", language)
        assert found.text == f"{scenario}: y\n{words[0]} x"


def test_a_background_ends_with_its_feature() -> None:
    found = split("Feature: A\nBackground:\nGiven a\nScenario: b\nThen c\nFeature: D\nScenario: e\nThen f\n")
    assert [scenario.text for scenario in found] == ["Scenario: b\nGiven a\nThen c", "Scenario: e\nThen f"]


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("Scenario: on", "en", ("scenario", "on")),
        ("Scenario Outline: on", "en", ("scenario", "on")),
        ("Examples: on", "en", ("examples", "on")),
        ("Background:", "en", ("background", "")),
        ("Feature: Lamp", "en", ("feature", "Lamp")),
        ("Rule: bright", "en", ("rule", "bright")),
        ("Regel: hell", "de", ("rule", "hell")),
        ("Rule: bright", "de", ("rule", "bright")),
        ("Regel: hell", "en", ("", "")),
        ("Given: a lamp", "en", ("", "")),
    ],
)
def test_a_heading_has_a_kind_and_a_name(line: str, language: str, expected: tuple[str, str]) -> None:
    assert read_heading(line, language) == expected
