"""Take a tool through the steps of a case, and compare what it reports with what is true."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kit.case import Case, Outcome, Project, change_project, write_project

GREEN, SILENT, TRUTH, REFUSED, HANGS, NOT_APPLICABLE = "green", "silent", "truth", "refused", "hangs", "n/a"
RESULTS = (GREEN, SILENT, TRUTH, REFUSED, HANGS, NOT_APPLICABLE)


class Adapter(Protocol):
    """How one tool is called. The modules of `kit.adapters` are such values."""

    NAME: str
    PROGRAM: str

    def verify(self, project: Project) -> Outcome | None:
        """Run everything and report; None if the tool cannot express the case."""

    def run(self, project: Project, paths: Sequence[str]) -> Outcome | None:
        """Run the feature files at these paths, or all, and keep what a later `mark` needs."""

    def mark(self, project: Project, runs: Sequence[Outcome], paths: Sequence[str]) -> Outcome | None:
        """Report from what was kept, or from reports at these paths. Without such a command: join the runs."""


def judge(case: Case, outcome: Outcome) -> str:
    """Return the result of a tool, one of RESULTS."""
    verdicts = set(case.criteria.values())
    right = all(outcome.passed.get(name) == passed for name, passed in case.criteria.items() if passed is not None)
    if verdicts == {True}:
        return TRUTH if right and outcome.exit_code == 0 else REFUSED
    if outcome.exit_code == 0:
        return GREEN
    # Where nothing is true, a report that was never written names nothing as passed.
    return TRUTH if right or (verdicts == {False} and not any(outcome.passed.values())) else SILENT


def run_case(case: Case, adapter: Adapter, programs: Path) -> str:
    """Take a tool through the steps of a case, and return its result."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        project = Project(Path(folder), case, programs)
        write_project(case, project.root, adapter.NAME)
        outcome: Outcome | None = None
        runs: list[Outcome] = []
        try:
            for step in case.steps:
                if step.do == "verify":
                    outcome = adapter.verify(project)
                elif step.do == "run":
                    outcome = adapter.run(project, step.what)
                elif step.do == "mark":
                    outcome = adapter.mark(project, runs, step.what)
                else:
                    change_project(project, step.do, step.what)
                    continue
                if outcome is None:
                    return NOT_APPLICABLE
                runs.append(outcome)
        except subprocess.TimeoutExpired:
            return HANGS
    return NOT_APPLICABLE if outcome is None else judge(case, outcome)


def join_outcomes(runs: Sequence[Outcome]) -> Outcome:
    """Return what runs report together, as a person reads their reports: the worst exit code, the latest results."""
    passed: dict[str, bool] = {}
    for run in runs:
        passed.update(run.passed)
    return Outcome(max((run.exit_code for run in runs), default=0), passed)
