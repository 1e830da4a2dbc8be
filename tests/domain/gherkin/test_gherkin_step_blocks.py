"""Which steps prove a criterion, and outlines without examples, read from the text of a feature file."""

from __future__ import annotations

from spec2bdd.domain.gherkin.rowless import find_rowless
from spec2bdd.domain.gherkin.step_blocks import collect_steps

TEXT = """\
@ac_0
Feature: Books
  Background:
    Given a desk

  # a comment
  @ac_1 @must
  @ac_2
  Scenario: lent
    When it is  lent
    Then these are shown:
      | a |

  @ac_1
  Scenario Outline: two
    Then <a>
    @slow
    Examples:
      | a |
      | 1 |
    Examples: later

      | a |
  Rule: more
    Szenariogrundriss: drei
      \"\"\"
      Examples:
      \"\"\"
    Scenario: four
"""


def test_the_steps_of_each_tag_are_those_of_its_scenarios_with_their_examples() -> None:
    lent = ["When it is lent", "Then these are shown:", "| a |"]
    two = ["Then <a>", "Examples:", "| a |", "| 1 |", "Examples: later", "| a |"]
    assert collect_steps(TEXT) == {"ac_1": [lent, two], "must": [lent], "ac_2": [lent]}


def test_outlines_without_examples_and_tables_without_rows_are_found() -> None:
    assert [TEXT.splitlines()[line - 1].strip() for line in find_rowless(TEXT)] == [
        "Examples: later",
        "Szenariogrundriss: drei",
    ]


def test_the_tags_of_a_table_of_examples_are_not_those_of_the_next_scenario() -> None:
    text = "@a\nScenario Outline: x\n  Then <y>\n  @b\n  Examples:\n    | y |\n\n  Scenario: z\n    Then z\n"
    assert collect_steps(text) == {"a": [["Then <y>", "Examples:", "| y |"]]}


def test_the_tags_of_a_table_without_rows_are_not_those_of_the_next_scenario() -> None:
    text = "@a\nScenario Outline: x\n  Then <y>\n  @b\n  Examples:\nScenario: z\n  Then z\n"
    assert collect_steps(text) == {"a": [["Then <y>", "Examples:"]]}
