"""Two definitions that match one step are reported, also where Behave silently takes one of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_project import generate, list_verdicts, verify, write_files

from spec2bdd.model import RunOptions

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added
"""
HEAD = "from behave import given, step, then\n\n\n"
RAISING = '@{}("an item can be added")\ndef exact(context):\n    raise KeyError("later")\n\n\n'
GENERAL = '@{}("{{thing}} can be added")\ndef general(context, thing):\n    assert thing\n\n\n'
WORKING = '@{}("an item can be added")\ndef exact(context):\n    assert context.config\n\n\n'


def play(root: Path, steps: str, jobs: int = 1) -> tuple[str, int, list[tuple[str, int, str]]]:
    """Return the verdict, the exit code, and the diagnostics about definitions with their places."""
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": HEAD + steps})
    generate(root)
    report = verify(root, plan=RunOptions(jobs=jobs))
    (verdict,) = list_verdicts(report).values()
    found = [(each.path, each.line, each.code) for each in report.diagnostics]
    return verdict, report.exit_code, found


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("kinds", [("step", "then"), ("then", "step")])
def test_definitions_of_two_kinds_are_an_error_and_the_step_is_not_run(
    kinds: tuple[str, str], jobs: int, tmp_path: Path
) -> None:
    exact, general = kinds
    steps = RAISING.format(exact) + GENERAL.format(general)
    # The one that Behave does not use: it prefers the kind of the step.
    line = 4 if exact == "step" else 9
    assert play(tmp_path, steps, jobs) == ("not run", 2, [("steps/own_steps.py", line, "ambiguous-step")])


def test_plain_behave_is_green_where_the_more_general_one_has_the_kind_of_the_step(tmp_path: Path) -> None:
    play(tmp_path, RAISING.format("step") + GENERAL.format("then"))
    done = subprocess.run([sys.executable, "-m", "behave", "features"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0


def test_definitions_of_one_kind_are_a_warning(tmp_path: Path) -> None:
    steps = WORKING.format("then") + GENERAL.format("then")
    assert play(tmp_path, steps) == ("passed", 0, [("steps/own_steps.py", 9, "several-definitions")])


OTHERS = {
    "another kind of step": WORKING.format("then") + GENERAL.format("given"),
    "another text": WORKING.format("then") + GENERAL.format("step").replace("can be added", "is seen"),
    "the same function": WORKING.format("then")
    .replace("@then", '@step("an item {can} be added")\n@then')
    .replace("(context)", "(context, can=None)"),
    "a converter that raises": "from behave import register_type\nregister_type(Bad=lambda text: 1 / 0)\n"
    + WORKING.format("then")
    + '@then("an item can be {bad:Bad}")\ndef bad(context, bad):\n    assert bad\n',
}


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_reported_for(name: str, tmp_path: Path) -> None:
    verdict, code, found = play(tmp_path, OTHERS[name])
    assert (verdict, code) == ("passed", 0)
    assert [each for each in found if name != "a converter that raises"] == []
