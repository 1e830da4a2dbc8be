"""spec2bdd: its exit code and the boxes in the spec. A folder `spec2bdd` of a case has its configuration."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.case import Outcome, Project

NAME = "spec2bdd"
PROGRAM = "spec2bdd"
# Also judge specs that claim nothing yet, and untick what was ticked before the first run.
GATE = ("--gate", "all", "--strict")
BOX = re.compile(r"^\s*- \[(.)\] .*\{#(\w+)\}", re.MULTILINE)


def verify(project: Project) -> Outcome | None:
    """Run all features, and mark."""
    return read_boxes(project, project.call("spec2bdd", "verify", *GATE, timeout=180).returncode)


def run(project: Project, paths: Sequence[str]) -> Outcome | None:
    """Run features, and keep the records."""
    return read_boxes(project, project.call("spec2bdd", "run", "--gate", "all", *paths).returncode)


def mark(project: Project, _runs: Sequence[Outcome], paths: Sequence[str]) -> Outcome | None:
    """Mark from the records, or from reports."""
    return read_boxes(project, project.call("spec2bdd", "mark", *GATE, *paths).returncode)


def read_boxes(project: Project, exit_code: int) -> Outcome:
    """Return which boxes are ticked. Several boxes of one criterion must all be."""
    ticked: dict[str, bool] = {}
    for path in sorted((project.root / "specs").rglob("*.md")):
        for box, name in BOX.findall(path.read_text(encoding="utf-8")):
            ticked[name] = box == "x" and ticked.get(name, True)
    return Outcome(exit_code, ticked)
