"""pytest-bdd, for cases with a folder `pytest-bdd`: its exit code and its JUnit report.

Test functions are called `test_` and the id of the criterion, as `scenarios()` names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.case import Outcome, Project
from kit.judge import join_outcomes
from kit.reports import read_junit_report

NAME = "pytest-bdd"
PROGRAM = "pytest"


def verify(project: Project) -> Outcome | None:
    """Run all tests."""
    return run(project, [])


def run(project: Project, paths: Sequence[str]) -> Outcome | None:
    """Run the tests of feature files: those in `test_innocent.py` for `features/innocent.feature`."""
    if not (project.case.folder / NAME).is_dir():
        return None
    tests = [path.removeprefix("features/").removesuffix(".feature") for path in paths]
    result = project.call(
        "python", "-m", "pytest", "-q", "--junitxml=junit.xml", *(f"test_{name}.py" for name in tests)
    )
    return Outcome(result.returncode, read_junit_report(project.root / "junit.xml"))


def mark(_project: Project, runs: Sequence[Outcome], paths: Sequence[str]) -> Outcome | None:
    """Join the reports of the runs: no command compares them with the files of today."""
    return None if paths else join_outcomes(runs)
