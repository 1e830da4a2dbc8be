"""Small projects for tests of the whole loop: a spec in the template's form, its steps, a call for each command."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from spec2bdd.commands.generate import generate as generate_command
from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.run import run as run_command
from spec2bdd.commands.verify import verify as verify_command
from spec2bdd.config import read_config
from spec2bdd.model import JudgeOptions, Report

NOW = datetime(2026, 11, 23, 18, 30, 15, tzinfo=UTC)

SPEC = """\
---
feature_id: 3.10 # the tenth, not 3.1
name: Shop basket
owner: No
branch: feature/basket
status: Draft
created: 2026-05-04T09:00:00-04:00
updated: 2026-05-04T09:00:00-04:00
prd_section: 2.1 (Buying)
implementation_plan_section: 3.10
---

# Feature Specification: Shop basket

## Overview

### Purpose
People collect what they want to buy.

## Quality Assurance

### Definition of Done
- [ ] All functional requirements implemented

## Acceptance Criteria

### Must Have
- [ ] An item can be added
- [ ] Removing an item that is not there is refused with "no such item"

### Should Have
- [ ] The basket survives a restart

### Could Have
- [ ] Baskets can be shared
"""

# Two of the four steps are there: one passes, one fails. Stubs were added to the file before.
STEPS = """\
from behave import then
from behave.api.pending_step import StepNotImplementedError

@then("an item can be added")
def an_item_can_be_added(context):
    basket = [context.scenario.name and "apple"]
    assert basket == ["apple"]


@then('removing an item that is not there is refused with "{text}"')
def removing_is_refused(context, text):
    basket = [context.scenario.name and "apple"]
    assert "pear" in basket, f"no {text}"
"""

SPEC_PATH = "specs/3.10-basket.md"
STEPS_PATH = "steps/shop_basket_steps.py"
FEATURE_PATH = "features/3_10_shop_basket.feature"


def write_files(root: Path, contents: Mapping[str, str | bytes]) -> Path:
    """Write the files under `root`, byte for byte, and return it."""
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def write_basket(root: Path, *, spec: str | bytes = SPEC, steps: str = STEPS) -> Path:
    """Write the basket's spec and its step code."""
    return write_files(root, {SPEC_PATH: spec, STEPS_PATH: steps})


def copy_project(source: Path, target: Path) -> Path:
    """Copy a project into an empty folder."""
    return Path(shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True))


def read_all(root: Path) -> dict[str, bytes]:
    """Return the bytes of every file that a command may write, by path."""
    folders = [root / name for name in ("specs", "features", "steps")]
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.suffix != ".pyc"}


def to_keywords(options: dict[str, Any]) -> dict[str, Any]:
    """Translate the options of the command line into the keywords of a command."""
    keywords, judging = dict(options), {}
    if keywords.pop("check", False):
        keywords["mode"] = WriteMode.CHECK
    if keywords.pop("patch", False):
        keywords.setdefault("mode", WriteMode.PLAN)
    for name in ("strict", "gate_all", "commands", "trust_external"):
        if name in keywords:
            judging[name] = keywords.pop(name)
    if judging:
        keywords["judge_options"] = JudgeOptions(**judging)
    for old, new in (("choice", "selection"), ("plan", "run_options")):
        if old in keywords:
            keywords[new] = keywords.pop(old)
    return keywords


def generate(root: Path, **wishes: Any) -> Report:
    """Run `generate` on a project."""
    return generate_command(read_config(root), **to_keywords(wishes))


def run(root: Path, **wishes: Any) -> Report:
    """Run `run` on a project."""
    return run_command(read_config(root), **to_keywords(wishes))


def mark(root: Path, **wishes: Any) -> Report:
    """Run `mark` on a project."""
    return mark_command(read_config(root), now=NOW, **to_keywords(wishes))


def verify(root: Path, **wishes: Any) -> Report:
    """Run `verify` on a project."""
    return verify_command(read_config(root), now=NOW, **to_keywords(wishes))


def list_verdicts(report: Report) -> dict[str, str]:
    """Return the verdict of every criterion by its text."""
    return {found.criterion.text: found.verdict.value for spec in report.specs for found in spec.verdicts}
