"""Projects of any size that `mark` can mark at once: specs, their features, and records as Behave would leave them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from small_project import write_files

from spec2bdd.adapters.results.event_log import VERSION
from spec2bdd.adapters.results.wire import fingerprint_to_json
from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.config import read_config
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.model import Scenario
from spec2bdd.project.loader import Project, load_project

SPEC = """\
---
feature_id: {id}
name: Lamp {number}
owner: ana
status: Draft
created: 2026-05-04T09:00:00-04:00
updated: 2026-05-04T09:00:00-04:00
---

# Feature Specification: Lamp {number}

## Overview

### Purpose
A lamp lights a room, and this one lights room {number}.

## Quality Assurance

### Definition of Done
- [ ] All tests passing (unit, integration, acceptance)

## Acceptance Criteria

### Must Have
{must}

### Should Have
{should}

### Could Have
{could}
"""
STEPS = """\
from behave import then


@then("lamp {lamp:d} shows colour {colour:d}")
def lamp_shows_colour(context, lamp, colour):
    assert lamp + colour > 0
"""
RECORDS = ".spec2bdd/records.ndjson"

# A scenario in, the status and the error of its step out.
Outcome = Callable[[Scenario], tuple[str, str]]


def write_marking_project(root: Path, *, specs: int, criteria: int = 12, per_folder: int = 1000) -> Project:
    """Write a project of so many specs, with their feature files, and return it as it is read."""
    contents = {f"specs/{n // per_folder}/{n}.md": _derive_spec(n, criteria) for n in range(specs)}
    write_files(root, {"pyproject.toml": "[tool.spec2bdd]\n", "steps/lamp_steps.py": STEPS, **contents})
    drafts = load_project(read_config(root)).plans
    write_files(root, {draft.feature.path: render_feature(draft.feature) for draft in drafts if draft.feature})
    return load_project(read_config(root))


def _derive_spec(number: int, criteria: int) -> str:
    """Return the text of one spec."""
    items = [f"- [ ] Lamp {number} shows colour {colour}" for colour in range(criteria)]
    cuts = [items[: criteria // 2], items[criteria // 2 : criteria * 3 // 4], items[criteria * 3 // 4 :]]
    must, should, could = ("\n".join(part) for part in cuts)
    return SPEC.format(id=f"{number // 100}.{number % 100}", number=number, must=must, should=should, could=could)


def choose_at_random(seed: int) -> Outcome:
    """Return an outcome for each scenario that only the seed and its id decide."""

    def choose(scenario: Scenario) -> tuple[str, str]:
        """Choose one."""
        status = random.Random(f"{seed} {scenario.id}").choice(("passed", "failed", "pending", "skipped"))
        return status, "the lamp is dark" if status == "failed" else ""

    return choose


def render_records(project: Project, outcome: Outcome) -> str:
    """Return the records of a whole run over the generated scenarios of a project."""
    events = list(_derive_events(project, outcome))
    expected = {scenario.id: 1 for draft in project.plans if draft.feature for scenario in draft.feature.scenarios}
    header = {"event": "run", "version": VERSION, "id": "a run", "spec2bdd": "0", "behave": "1.3.3", "python": "3.11"}
    header |= {"optimize": 0, "started": "2026-11-23T09:00:00+00:00", "git": None}
    header |= {"expected": expected, "expected_scenarios": len(expected)}
    header |= {"digests": dict(project.digests), "features": [path for path in project.digests if "feature" in path]}
    tree = read_tree(ask_tree(project.config.root), features=project.config.features)
    header |= {"fingerprint": fingerprint_to_json(tree.fingerprint)}
    end = {"event": "end", "failed": False, "aborted": False, "changed": [], "events": len(events) + 2}
    lines = [header, *events, end]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _derive_events(project: Project, outcome: Outcome) -> Iterator[dict[str, object]]:
    """Yield the events of all scenarios, each with one step."""
    features = [draft.feature for draft in project.plans if draft.feature]
    pairs = [(feature, scenario) for feature in features for scenario in feature.scenarios]
    for number, (feature, scenario) in enumerate(pairs):
        status, error = outcome(scenario)
        step = scenario.steps[0]
        tags = [*feature.tags, scenario.id, scenario.tier.value]
        place = {"scenario": number, "feature": feature.path, "line": number + 1}
        yield {"event": "scenario_start", **place, "name": scenario.name, "tags": tags}
        facts = {"keyword": step.keyword, "kind": step.kind, "text": step.text, "line": 1, "vacuous": False}
        facts |= {"status": status, "seconds": 0.001, "location": "steps/lamp_steps.py:5", "error": error}
        yield {"event": "step", "scenario": number, **facts}
        ended = {"passed": "passed", "skipped": "skipped"}.get(status, "failed")
        yield {"event": "scenario_end", "scenario": number, "status": ended, "rest": []}


def write_records(root: Path, project: Project, outcome: Outcome) -> Path:
    """Write the records of a run where `mark` looks for them, and return their path."""
    write_files(root, {RECORDS: render_records(project, outcome)})
    return root / RECORDS
