"""The boxes of the plan follow what is proved of each spec, with `plan-boxes`: from `verify` to a change, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import SPEC, STEPS, STEPS_PATH, write_basket, write_files

from spec2bdd.cli.main import main

PLAN = """\
# Plan

## 3.10 Basket\r
- [ ] add items
- [~] set aside

## 3.11 Till
- [ ] pay
"""
GREEN = STEPS.replace('assert "pear" in basket', 'assert "apple" in basket')
TICKED = PLAN.replace("[ ] add", "[x] add")


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="spec2bdd")


@pytest.fixture
def basket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project with a plan whose musts pass, and go there."""
    write_basket(tmp_path, spec=SPEC, steps=GREEN)
    write_files(tmp_path, {"docs/plan.md": PLAN, "spec2bdd.toml": 'plan = "docs/plan.md"\nplan-boxes = true\n'})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_plan(root: Path) -> str:
    """Return the text of the plan, with its line ends."""
    return (root / "docs/plan.md").read_bytes().decode()


def test_boxes_are_ticked_when_the_gate_is_proved_and_unticked_when_it_is_lost(basket: Path) -> None:
    result = invoke("verify")
    assert read_plan(basket) == TICKED
    assert "boxes in `docs/plan.md`: 1 ticked" in result.stdout
    write_files(basket, {STEPS_PATH: (basket / STEPS_PATH).read_text().replace('["apple"]', '["pear"]', 1)})
    result = invoke("verify")
    assert read_plan(basket) == PLAN
    assert "boxes in `docs/plan.md`: 1 unticked" in result.stdout


def test_a_marked_plan_makes_no_result_stale_and_is_not_written_again(basket: Path) -> None:
    invoke("verify")
    before = (basket / "docs/plan.md").stat().st_mtime_ns
    assert json.loads(invoke("mark", "--format", "json").stdout)["changes"] == []
    assert (basket / "docs/plan.md").stat().st_mtime_ns == before
    assert invoke("verify", "--check").exit_code == 0


def test_a_check_counts_the_plan_and_writes_nothing(basket: Path) -> None:
    invoke("generate")
    invoke("run")
    result = invoke("mark", "--check", "--format", "json")
    assert result.exit_code == 1
    assert {"path": "docs/plan.md", "kind": "changed"} in json.loads(result.stdout)["changes"]
    assert read_plan(basket) == PLAN
    assert "+- [x] add items" in invoke("mark", "--diff").stdout


def test_without_the_setting_the_plan_stays(basket: Path) -> None:
    write_files(basket, {"spec2bdd.toml": 'plan = "docs/plan.md"\n'})
    invoke("verify")
    assert read_plan(basket) == PLAN


def test_a_section_that_the_plan_does_not_have_is_a_warning(basket: Path) -> None:
    write_files(basket, {"docs/plan.md": PLAN.replace("3.10", "3.1")})
    assert "warning: `docs/plan.md` has no section `3.10` [unknown-section]" in invoke("verify").stderr
    assert "- [ ] add items" in read_plan(basket)


def test_a_plan_that_is_a_spec_as_well_is_marked_only_as_a_spec(basket: Path) -> None:
    write_files(basket, {"spec2bdd.toml": 'plan = "specs/3.10-basket.md"\nplan-boxes = true\n'})
    spec = SPEC.replace("## Acceptance Criteria", "## 3.10 Tasks\n- [ ] a task\n\n## Acceptance Criteria")
    write_basket(basket, spec=spec, steps=GREEN)
    invoke("verify")
    text = (basket / "specs/3.10-basket.md").read_text()
    assert ("- [ ] a task" in text, "- [x] An item can be added" in text) == (True, True)


def test_what_a_killed_process_left_next_to_the_plan_is_removed(basket: Path) -> None:
    left = basket / "docs/.spec2bdd-99999999-0123abcd-x.tmp"
    left.write_text("half")
    invoke("generate")
    assert not left.exists()


@pytest.mark.parametrize("mode", ["verify --patch marks.patch", "verify --diff"])
def test_a_patch_has_the_marks_of_the_plan(basket: Path, mode: str) -> None:
    invoke("generate")
    result = invoke(*mode.split())
    patch = basket / "marks.patch"
    text = patch.read_text() if patch.exists() else result.stdout
    assert "+- [x] add items" in text
    assert read_plan(basket) == PLAN


SAME_NUMBER = PLAN.replace("## 3.11 Till", "## 3.10 Till")


def test_of_two_sections_with_the_same_name_none_is_marked_and_both_are_named(basket: Path) -> None:
    write_files(basket, {"docs/plan.md": SAME_NUMBER})
    result = invoke("verify")
    assert read_plan(basket) == SAME_NUMBER
    stays = "the boxes of section `3.10` stay as they are: `docs/plan.md:3` and `docs/plan.md:7` have this name"
    assert stays in " ".join(result.stdout.split())


def test_boxes_of_a_section_that_may_be_another_one_are_not_those_of_the_section_around_it(basket: Path) -> None:
    plan = "# 3 All\n\n## 3.10 Basket\n- [ ] add\n\n## 3.10 Till\n- [ ] pay\n\n## Rest\n- [ ] rest\n"
    spec = SPEC.replace("implementation_plan_section: 3.10", "implementation_plan_section: 3, 3.10")
    write_files(basket, {"docs/plan.md": plan, "specs/3.10-basket.md": spec})
    invoke("verify")
    assert read_plan(basket) == plan.replace("[ ] rest", "[x] rest")


def test_of_two_sections_with_the_same_number_the_one_with_the_title_is_marked(basket: Path) -> None:
    spec = SPEC.replace("implementation_plan_section: 3.10", "implementation_plan_section: 3.10 (Till)")
    write_files(basket, {"docs/plan.md": SAME_NUMBER, "specs/3.10-basket.md": spec})
    invoke("verify")
    assert read_plan(basket) == SAME_NUMBER.replace("[ ] pay", "[x] pay")


@pytest.mark.parametrize("inner", ["> " * 3000 + "- [ ] deep\n", "- " * 3000 + "[ ] deep\n"], ids=["quotes", "lists"])
def test_a_plan_that_is_nested_too_deeply_is_a_warning_and_stays(basket: Path, inner: str) -> None:
    write_files(basket, {"docs/plan.md": PLAN + inner})
    result = invoke("verify", "--format", "json")
    assert read_plan(basket) == PLAN + inner
    assert "missing-document" in [found["code"] for found in json.loads(result.stdout)["diagnostics"]]
