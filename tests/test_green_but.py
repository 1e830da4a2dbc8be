"""Plain Behave is green, but the criterion is not passed, because ...: one case at least for every other verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_project import generate, mark, run, write_files

from spec2bdd.model import CriterionVerdict, Verdict

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added
"""
STEPS = """\
from behave import given, then


@then("an item can be added")
def an_item_can_be_added(context):
    assert ["apple"] == [context.scenario.name and "apple"]
"""
CRITERION, BODY = "- [ ] An item can be added", '    assert ["apple"] == [context.scenario.name and "apple"]\n'
NO_APPLE = '    assert not context, "no apple"\n'
WORKING = '\n\n@then("it works")\ndef it_works(context):\n    assert context.config\n'
HIDING = """\
from behave.model import Status


def after_step(context, step):
    step.status, step.exception = Status.passed, None
"""
SWAPPING = """\
def before_feature(context, feature):
    for mine, other in zip(feature.scenarios[::2], feature.scenarios[1::2]):
        mine.tags, other.tags = other.tags, mine.tags
        mine.mark_skipped()
"""
OTHER = """\
Feature: mine
  @ac_1_1_add
  Scenario: mine
    Then an item can be added

  Scenario: another
    Then it works
"""
BACKGROUND = """\
Feature: mine
  Background:
    Then an item can be added

  @ac_1_1_add
  Scenario: mine
"""
OWN = """\
Feature: mine
  @ac_1_1_add
  Scenario Outline: mine
    Then an item can be added
"""
SWEDISH = """\
# language: sv
Egenskap: mine
  @ac_1_1_add
  Abstrakt Scenario: mine
    Så an item can be added
"""


@dataclass(frozen=True)
class Case:
    """What is written instead of what, before `generate` and between run and `mark`.

    `behave` is what plain Behave says of the scenario, if there is one, and `code` how it ends.
    """

    verdict: Verdict
    reason: str
    spec: tuple[str, str] = ("", "")
    steps: tuple[str, str] = ("", "")
    later: tuple[str, str, str] = ("", "", "")
    files: tuple[tuple[str, str], ...] = ()
    behave: str = "passed"
    code: int = 0


CASES = {
    "a hook behind it failed": Case(
        Verdict.FAILED,
        "after_feature: environment.py:2",
        files=(("environment.py", "def after_feature(context, feature):\n    assert not feature\n"),),
        code=1,
    ),
    "nothing in its step can fail": Case(
        Verdict.PENDING,
        "vacuous step: steps/basket_steps.py:4 cannot fail",
        steps=(BODY, "    pass\n"),
    ),
    "its wording is another one by now": Case(
        Verdict.STALE,
        "wording changed (was `An item can be added`)",
        later=("specs/1.md", "An item can be added", "An item can be added twice"),
    ),
    "what its step imports has changed since the run": Case(
        Verdict.STALE,
        "`steps/shop/basket.py` has changed since these results were recorded",
        steps=("from behave import given, then\n", "from behave import given, then\nfrom shop.basket import ITEMS\n"),
        files=(("steps/shop/basket.py", 'ITEMS = ["apple"]\n'),),
        later=("steps/shop/basket.py", "apple", "pear"),
    ),
    "its step has changed since the run": Case(
        Verdict.STALE,
        "`steps/basket_steps.py` has changed since these results were recorded",
        later=("steps/basket_steps.py", '["apple"] ==', '["pear"] =='),
    ),
    "a hook skips it": Case(
        Verdict.SKIPPED,
        'by a step or hook: "not today"',
        files=(("environment.py", "def before_scenario(context, scenario):\n    scenario.skip('not today')\n"),),
        behave="skipped",
    ),
    "a hook hides what its step raised": Case(
        Verdict.FAILED,
        "Behave reports `passed`, but no apple",
        steps=(BODY, NO_APPLE),
        files=(("environment.py", HIDING),),
    ),
    "nobody has called its step": Case(
        Verdict.FAILED,
        "Behave reports `passed`, but its definition was never called",
        files=(("environment.py", "import behave.matchers\nbehave.matchers.Match.run = lambda *_: None\n"),),
    ),
    "a hook gives its tag to another scenario": Case(
        Verdict.SKIPPED,
        "by a step or hook",
        spec=(CRITERION, f"{CRITERION} <!-- id: add -->"),
        steps=(BODY, NO_APPLE + WORKING),
        files=(("features/own.feature", OTHER), ("environment.py", SWAPPING)),
        behave="skippedpassed",
    ),
    "its outline has no rows": Case(
        Verdict.PENDING,
        "no examples in features/own.feature:3",
        spec=(CRITERION, f"{CRITERION} <!-- id: add -->"),
        files=(("features/own.feature", OWN),),
        behave="",
    ),
    "its outline has no rows, in a language that specs are not written in": Case(
        Verdict.NOT_RUN,
        "a scenario was not reached: `mine` (features/own.feature:4)",
        spec=(CRITERION, f"{CRITERION} <!-- id: add -->"),
        files=(("features/own.feature", SWEDISH),),
        behave="",
    ),
    "only its background has steps": Case(
        Verdict.PENDING,
        "the scenario has no steps besides its background",
        spec=(CRITERION, f"{CRITERION} <!-- id: add -->"),
        files=(("features/own.feature", BACKGROUND),),
    ),
    "only its background can fail": Case(
        Verdict.PENDING,
        "vacuous step: steps/basket_steps.py:9 cannot fail",
        spec=(CRITERION, f"{CRITERION} <!-- id: add -->"),
        steps=(BODY, f'{BODY}\n\n@given("it is sunny")\ndef it_is_sunny(context):\n    pass\n'),
        files=(("features/own.feature", f"{BACKGROUND}    Given it is sunny\n"),),
    ),
    "a person has to look": Case(
        Verdict.MANUAL, "not ticked yet", spec=(CRITERION, f"{CRITERION} (manual)"), behave=""
    ),
    "it is waived": Case(
        Verdict.WAIVED, "nobody buys", spec=(CRITERION, "- [~] An item can be added (waived: nobody buys)"), behave=""
    ),
    "its tick was there before anybody ran it": Case(
        Verdict.UNVERIFIED,
        "ticked before spec2bdd generated its scenario; vacuous step",
        spec=("- [ ]", "- [x]"),
        steps=(BODY, "    pass\n"),
    ),
}


def play(root: Path, case: Case) -> tuple[tuple[int, str], CriterionVerdict]:
    """Run the project of a case, and return what plain Behave says of it, and how `mark` judges its criterion."""
    contents = {"specs/1.md": SPEC.replace(*case.spec), "steps/basket_steps.py": STEPS.replace(*case.steps)}
    write_files(root, {**contents, **dict(case.files)})
    generate(root)
    run(root)
    said = ask_behave(root)
    path, old, new = case.later
    if path:
        (root / path).write_text((root / path).read_text().replace(old, new))
    (spec,) = mark(root).specs
    return said, spec.verdicts[0]


def ask_behave(root: Path) -> tuple[int, str]:
    """Return the exit code of plain Behave, and what it says of the only scenario, if it says anything."""
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", "behave.json", "features"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    features = json.loads((root / "behave.json").read_text() or "[]")
    said = [element["status"] for feature in features for element in feature.get("elements", ()) if "status" in element]
    return done.returncode, "".join(said)


@pytest.mark.parametrize("name", CASES)
def test_plain_green_but_not_passed_because(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    before = SPEC.replace(*case.spec).count("[x]")
    said, judgement = play(tmp_path, case)
    assert said == (case.code, case.behave)
    assert case.verdict is judgement.verdict
    assert case.reason in judgement.reason
    assert (tmp_path / "specs/1.md").read_text().count("[x]") == before


def test_without_any_of_that_it_is_passed(tmp_path: Path) -> None:
    said, judgement = play(tmp_path, Case(Verdict.PASSED, ""))
    assert said == (0, "passed")
    assert judgement.verdict is Verdict.PASSED
    assert "- [x] An item can be added" in (tmp_path / "specs/1.md").read_text()


def test_there_is_a_case_for_every_verdict_but_passed() -> None:
    assert set(Verdict) - {Verdict.PASSED} == {case.verdict for case in CASES.values()}
