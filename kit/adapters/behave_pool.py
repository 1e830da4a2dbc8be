"""behave-pool with two processes: its exit code and its JSON report."""

from __future__ import annotations

from collections.abc import Sequence

from kit.case import Outcome, Project
from kit.judge import join_outcomes
from kit.reports import read_json_report

NAME = "behave-pool"
PROGRAM = "behave-pool"


def verify(project: Project) -> Outcome | None:
    """Run all features."""
    return run(project, ["features"])


def run(project: Project, paths: Sequence[str]) -> Outcome | None:
    """Run features."""
    result = project.call("behave-pool", "-j", "2", *(paths or ["features"]))
    return Outcome(result.returncode, read_json_report(project.root / "behave-pool-report.json"))


def mark(_project: Project, runs: Sequence[Outcome], paths: Sequence[str]) -> Outcome | None:
    """Join the reports of the runs: no command compares them with the files of today."""
    return None if paths else join_outcomes(runs)
