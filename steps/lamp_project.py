"""A small project in a folder: functions that write it, run spec2bdd in it, and read what is there afterwards.

What a criterion of the project says is what its step does: "It passes" passes, "It fails" fails.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behave.runner import Context

SPEC = "specs/1.1-lamp.md"
STEPS = "steps/lamp_steps.py"
FEATURE = "features/1_1_lamp.feature"

_LONGEST_ANSWER = 1000
_CONFIG = "[tool.spec2bdd]\n"
_SPEC_TEXT = """\
---
feature_id: 1.1
name: Lamp
owner: ana
status: Draft
created: 2026-05-04T09:00:00-04:00
updated: 2026-05-04T09:00:00-04:00
---

# Feature Specification: Lamp

## Overview

### Purpose
A lamp lights a room.

## Quality Assurance

### Definition of Done
- [ ] The lamp is on sale

## Acceptance Criteria

### Must Have

### Should Have

### Could Have

### Won't Have
"""
_STEPS_TEXT = '''\
"""Steps for specs/1.1-lamp.md: the steps of the lamp."""

import os
import time
from pathlib import Path

from behave import given, then, when


def light():
    return "light"


@given("a lamp")
@when("it is switched on")
@then("it passes")
@then("it passes too")
@then("it lights the room")
def it_passes(context):
    assert light() == "light"


@then("it fails")
def it_fails(context):
    assert light() == "darkness", "the lamp is dark"


@then("it breaks")
def it_breaks(context):
    raise ValueError("the bulb is broken")


@then("it is left out")
def it_is_left_out(context):
    context.scenario.skip("not today")


@then("it exits")
def it_exits(context):
    raise SystemExit(0)


@then("it ends the whole run")
def it_ends_the_whole_run(context):
    os.kill(os.getppid(), 9)
    os._exit(0)


@then("it ends Python")
def it_ends_python(context):
    os._exit(0)


@then("it prints")
def it_prints(context):
    print("{ a lamp }", flush=True)
    os.write(1, b"{ a lamp }")


@then("it waits")
def it_waits(context):
    Path("waiting").write_text(str(os.getpid()))
    time.sleep(60)


@then("its author edits the spec")
def its_author_edits_the_spec(context):
    for path in Path("specs").glob("*.md"):
        path.write_text(path.read_text() + "One more thought.\\n")
'''


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its exit code and both its outputs."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        """Show the answer where a comparison fails, as far as it is of any use there."""
        return f"exit code {self.code}\n{self.err}{self.out}"[:_LONGEST_ANSWER]

    @property
    def report(self) -> dict[str, Any]:
        """Return the JSON report that the command wrote to stdout."""
        report: dict[str, Any] = json.loads(self.out)
        return report

    def find_criterion(self, text: str) -> dict[str, Any]:
        """Return what the JSON report says of one criterion."""
        found = [item for spec in self.report["specs"] for item in spec["criteria"] if item["text"] == text]
        assert len(found) == 1, f"{len(found)} criteria are reported as {text!r}"
        return dict(found[0])


def write_file(folder: Path, path: str, text: str) -> Path:
    """Write a file of the project, as it is given."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())
    return target


def write_project(folder: Path) -> None:
    """Write configuration, steps and a spec without criteria, unless they exist."""
    for path, text in (("pyproject.toml", _CONFIG), (STEPS, _STEPS_TEXT), (SPEC, _SPEC_TEXT)):
        if not (folder / path).exists():
            write_file(folder, path, text)


def write_spec(folder: Path, path: str, *lines: str, feature_id: str, name: str) -> None:
    """Write one more spec, with these lines under Must Have."""
    write_project(folder)
    text = _SPEC_TEXT.replace("feature_id: 1.1", f"feature_id: {feature_id}").replace("Lamp", name)
    write_file(folder, path, text.replace("### Must Have\n", "\n".join(["### Must Have", *lines, ""])))


def add_item(folder: Path, heading: str, *lines: str) -> None:
    """Add lines at the end of the list under a heading of the spec."""
    write_project(folder)
    added = "".join(f"{line}\n" for line in lines)
    edit_file(folder, SPEC, rf"(^### {heading}\n(?:.+\n)*)", rf"\g<1>{_protect(added)}")


def edit_field(folder: Path, key: str, value: str) -> None:
    """Give a front-matter field of the spec another value."""
    write_project(folder)
    edit_file(folder, SPEC, rf"^{key}: .*$", f"{key}: {_protect(value)}")


def edit_file(folder: Path, path: str, pattern: str, replacement: str) -> None:
    """Replace the one place that a pattern matches."""
    text = (folder / path).read_bytes().decode()
    edited, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    assert count == 1, f"{pattern!r} matches {count} times in {path}"
    write_file(folder, path, edited)


def _protect(text: str) -> str:
    """Return a text in which no backslash means anything to `re.sub`."""
    return text.replace("\\", r"\\")


def run_spec2bdd(folder: Path, *arguments: str, **variables: str) -> Answer:
    """Run the installed command in the project; whatever a user does, it must not answer with a traceback."""
    command = [sys.executable, "-m", "spec2bdd", *arguments]
    done = subprocess.run(command, cwd=folder, env=derive_environment(**variables), capture_output=True, check=False)
    answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
    # Not asserted: that would be a check of each criterion.
    if "Traceback" in answer.err:
        raise RuntimeError(answer.err)
    return answer


def run_command(context: Context, *arguments: str, **variables: str) -> None:
    """Run spec2bdd, and keep what it answered, what the command before it did, and what was in the project."""
    context.states.append(read_state(context.folder))
    context.earlier, context.answer = context.answer, run_spec2bdd(context.folder, *arguments, **variables)


def derive_environment(**variables: str) -> dict[str, str]:
    """Return the environment for a command: nothing in it that changes how spec2bdd answers, but `variables`."""
    ours = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONOPTIMIZE")
    return {**{key: value for key, value in os.environ.items() if key not in ours}, "PYTHONUTF8": "1", **variables}


def read_text(folder: Path, path: str) -> str:
    """Return the text of a file of the project."""
    return (folder / path).read_text(encoding="utf-8")


def read_box(folder: Path, text: str) -> str:
    """Return the character in the box of the item that holds these words."""
    found = re.findall(rf"^.*\[(.)\] .*{re.escape(text)}$", read_text(folder, SPEC), re.MULTILINE)
    assert len(found) == 1, f"{len(found)} items of the spec read {text!r}"
    return str(found[0])


def read_scenarios(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return the tags and the steps of every scenario in the feature files, by its name."""
    return parse_scenarios("".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.feature"))))


def read_scenario(folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Return the tags and the steps of the scenario with this name."""
    scenarios = read_scenarios(folder)
    assert name in scenarios, f"no scenario is called {name!r}, but {sorted(scenarios)} are"
    return scenarios[name]


def parse_scenarios(text: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return the tags and the steps of every scenario in the text of a feature file, by its name."""
    found = re.findall(r"^ *(@.*)\n +Scenario: (.*)\n((?: {4}.*\n)*)", text, re.MULTILINE)
    return {name: (tags.split(), [step.strip() for step in steps.splitlines()]) for tags, name, steps in found}


def read_state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the content of every file of the project, caches left out, and when it was written."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    caches = {".git", ".spec2bdd", "__pycache__"}
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in paths
        if not caches & set(path.relative_to(folder).parts)
    }
