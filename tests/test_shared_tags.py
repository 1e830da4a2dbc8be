"""A criterion's tag on a feature, a rule, a table of examples or in a cell: whole scenarios and outlines count."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import generate, list_verdicts, verify, write_files

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added {#add}
"""
STEPS = """\
from behave import then


@then("it {does}")
def it_does(context, does):
    assert context.config and does == "works", "it really fails"


# A tag from a cell is not known before the rows are built: there, a scenario is generated as well.
@then("an item can be added")
def an_item_can_be_added(context):
    assert context.config
"""
OUTLINE = """\
Feature: own
  Scenario Outline: own
    Then it <does>

    {}Examples: good
      | does  | proof      |
      | works | ac_1_1_add |

    Examples: bad
      | does  | proof |
      | {} | none  |
"""
CELL = OUTLINE.replace("  Scenario Outline", "  @<proof>\n  Scenario Outline")
RULE = """\
Feature: own
  {}Rule: own
    Scenario: good
      Then it works
    Scenario: bad
      Then it {}
"""
FEATURE = RULE.replace("  {}Rule", "  Rule").replace("Feature", "{}Feature")
TAG = "@ac_1_1_add\n"
CASES = {
    "one table of examples": (OUTLINE, TAG, "all rows of its outline"),
    "a cell": (CELL, "", ""),
    "a rule": (RULE, TAG, "all scenarios under it"),
    "a feature": (FEATURE, TAG, "all scenarios under it"),
}


def play(root: Path, name: str, does: str) -> tuple[str, list[str]]:
    """Return the verdict on the criterion, and the warnings about its tag."""
    text, tag, _ = CASES[name]
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS})
    write_files(root, {"features/own.feature": text.format(tag, does)})
    generated = generate(root)
    (verdict,) = list_verdicts(verify(root)).values()
    return verdict, [found.message for found in generated.diagnostics if found.code == "shared-tag"]


@pytest.mark.parametrize("name", CASES)
def test_a_part_that_passes_ticks_nothing_where_the_tag_is_on(name: str, tmp_path: Path) -> None:
    assert play(tmp_path, name, "fails")[0] == "failed"
    assert "- [ ] An item" in (tmp_path / "specs/1.md").read_text()


@pytest.mark.parametrize("name", CASES)
def test_all_of_it_ticks_the_box_with_a_warning_where_the_tag_is_on(name: str, tmp_path: Path) -> None:
    verdict, warnings = play(tmp_path, name, "works")
    part = CASES[name][2]
    place = "table of examples" if "table" in name else name.removeprefix("a ")
    message = f"the tag `@ac_1_1_add` is on a {place}, so the criterion needs {part} to pass"
    assert (verdict, warnings) == ("passed", [message] if part else [])


@pytest.mark.parametrize("keyword", ["Scenario", "Scenario Outline"])
def test_a_tag_on_a_scenario_or_an_outline_is_no_warning(keyword: str, tmp_path: Path) -> None:
    examples = "\n    Examples:\n      | does  |\n      | works |\n" if "Outline" in keyword else ""
    own = f"Feature: own\n  @ac_1_1_add\n  # why\n  {keyword}: own\n    Then it works\n{examples}"
    write_files(tmp_path, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS, "features/own.feature": own})
    assert generate(tmp_path).diagnostics == ()


def test_a_scenario_that_alone_proves_three_criteria_is_warned_of(tmp_path: Path) -> None:
    more = "".join(f"- [ ] An item can be {name} {{#{name}}}\n" for name in ("sold", "lost"))
    own = "Feature: own\n  @ac_1_1_add @ac_1_1_sold{}\n  Scenario: own\n    Then it works\n"
    write_files(tmp_path, {"specs/1.md": SPEC + more, "steps/own_steps.py": STEPS})
    counts = []
    for tags in ("", " @ac_1_1_lost"):
        write_files(tmp_path, {"features/own.feature": own.format(tags)})
        found = [item for item in generate(tmp_path).diagnostics if item.code == "shared-scenario"]
        counts.append([(item.line, item.message) for item in found])
    message = "one scenario proves 3 criteria: `ac_1_1_add`, `ac_1_1_lost`, `ac_1_1_sold`"
    assert counts == [[], [(3, message)]]
