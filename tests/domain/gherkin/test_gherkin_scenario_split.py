"""Gherkin text in a spec, split into its scenarios."""

from __future__ import annotations

import pytest

from spec2bdd.domain.gherkin.phrasing.scenario_split import GherkinScenario, split_scenarios

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


@pytest.mark.parametrize(
    ("language", "heading", "step"),
    [
        ("de", "Hintergrund", "Angenommen"),
        ("fr", "Contexte", "Soit"),
        ("es", "Antecedentes", "Dado"),
        ("en", "Background", "Given"),
    ],
)
def test_a_background_is_known_in_its_language(language: str, heading: str, step: str) -> None:
    scenario = {"de": "Szenario", "fr": "Scénario", "es": "Escenario", "en": "Scenario"}[language]
    (found,) = split(f"{heading}:\n{step} x\n{scenario}: y\n", language)
    assert found.text == f"{scenario}: y\n{step} x"
