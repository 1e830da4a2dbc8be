"""What `generate` plans and reports of a project, with Behave's registry in this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from memory_behave import MemoryBehave
from small_project import write_files

from spec2bdd.commands.generation import plan_generation, write_generated
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import read_config
from spec2bdd.model import FileChange, Report, UnusedStep
from spec2bdd.project.loader import load_project, update_project

SPEC = """\
---
feature_id: {id}
name: {name}
status: Draft
---

# {name}

## Acceptance Criteria

### Must Have
- [ ] The {name} is on
"""
LAMP, BULB = ("specs/lamp.md", "specs/bulb.md")
LAMP_FEATURE, BULB_FEATURE = ("features/1_1_lamp.feature", "features/1_2_bulb.feature")
LAMP_STEPS, BULB_STEPS = ("steps/lamp_steps.py", "steps/bulb_steps.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project of two specs."""
    contents = {LAMP: SPEC.format(id="1.1", name="lamp"), BULB: SPEC.format(id="1.2", name="bulb")}
    return write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n", **contents})


def generate(root: Path, *unused: UnusedStep, mode: WriteMode = WriteMode.WRITE, prune: bool = False) -> Report:
    """Generate with the registry in this process."""
    config = read_config(root)
    return write_generated(config, mode=mode, prune=prune, registry=MemoryBehave(config, *unused))[0]


def plan(root: Path) -> dict[str, FileChange]:
    """Return what is planned, by path."""
    config = read_config(root)
    planned = plan_generation(load_project(config), MemoryBehave(config))
    return {change.path: change for change in planned.changes}


def add(root: Path, path: str, text: str) -> None:
    """Add a line to the end of a file."""
    (root / path).write_text((root / path).read_text() + text)


def test_a_feature_file_and_the_step_file_with_its_new_stubs_are_written_both_or_neither(root: Path) -> None:
    generate(root)
    add(root, LAMP, "- [ ] The lamp is blue\n")
    # The only new step of this one is defined.
    add(root, BULB, "- [ ] The lamp is on\n")
    needs = {path: set(change.needs) for path, change in plan(root).items()}
    # A feature file needs its spec as well, to be what it was generated from.
    assert needs == {LAMP_STEPS: {LAMP_FEATURE}, LAMP_FEATURE: {LAMP, LAMP_STEPS}, BULB_FEATURE: {BULB}}


def test_of_a_new_spec_the_step_file_needs_the_feature_file_and_no_other(root: Path) -> None:
    needs = {path: set(change.needs) for path, change in plan(root).items()}
    assert needs[LAMP_STEPS] == {LAMP_FEATURE}
    assert needs[BULB_STEPS] == {BULB_FEATURE}


def test_a_project_without_criteria_is_told_where_to_write_them(tmp_path: Path) -> None:
    text = SPEC.format(id="1.1", name="lamp").replace("- [ ] The lamp is on\n", "")
    write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n", LAMP: text})
    assert generate(tmp_path).follow_up == f"write the criteria in `{LAMP}`, then `spec2bdd generate`"
    add(tmp_path, LAMP, "- [ ] The lamp is on\n")
    assert generate(tmp_path).follow_up == ""


def test_a_status_that_the_project_does_not_know_is_reported(root: Path) -> None:
    (root / LAMP).write_text((root / LAMP).read_text().replace("status: Draft", "status: Finnished"))
    found = [(item.code, item.path) for item in generate(root).diagnostics if "status" in item.message]
    assert found == [("unknown-status", LAMP)]


def test_unused_definitions_are_notes_where_they_are_pruned_and_else_details(root: Path) -> None:
    generate(root)
    write_files(root, {"steps/own_steps.py": 'from behave import then\n\n\n@then("x")\ndef x(context):\n    pass\n'})
    unused = UnusedStep("then", "x", "steps/own_steps.py", 4)
    plain, pruned = generate(root, unused), generate(root, unused, prune=True)
    assert (len(plain.notes), len(plain.details)) == (0, 1)
    assert (len(pruned.notes), len(pruned.details)) == (1, 0)


def test_a_project_is_updated_by_changes_as_it_is_read_after_them(root: Path) -> None:
    generate(root)
    before = load_project(read_config(root))
    own = b"Feature: own\n\n  # \xff\n  @ac_own\n  Scenario: own\n"
    lamp = before.contents[LAMP].replace(b"is on", b"is blue")
    after = update_project(before, [FileChange(LAMP, b"", lamp), FileChange("features/own.feature", None, own)])
    write_files(root, {LAMP: lamp, "features/own.feature": own})
    read = load_project(read_config(root))
    assert after == replace(read, digests=before.digests, diagnostics=before.diagnostics)
