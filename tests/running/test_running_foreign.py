"""Which reports of other tools are recognised, by what stands in them; the one of Behave is made by a real one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running.running_project import Project

from spec2bdd.running.foreign import find_foreign_format

CUCUMBER = '[{"uri": "features/a.feature", "elements": [{"type": "scenario", "name": "one", "steps": []}]}]'

NAMED = {
    "Cucumber": (CUCUMBER, "a report of Cucumber"),
    "JUnit": ('<?xml version="1.0"?>\n<testsuite name="a"/>', "a report in the form of JUnit"),
    "JUnit, several suites": ("<testsuites><testsuite/></testsuites>", "a report in the form of JUnit"),
}
UNKNOWN = ["", "[]", "[1]", "[{}]", "{}", '[{"elements"', "<html></html>", "[" * 100_000, '{"event": "run"}\n']


@pytest.mark.parametrize(("text", "name"), NAMED.values(), ids=NAMED.keys())
def test_a_report_of_another_tool_is_named(text: str, name: str) -> None:
    assert name == find_foreign_format(text)


@pytest.mark.parametrize("text", UNKNOWN, ids=range(len(UNKNOWN)))
def test_what_is_no_report_has_no_name(text: str) -> None:
    assert "" == find_foreign_format(text)


def test_reports_of_behave_itself_are_named(project: Project) -> None:
    project.write(features__one_feature="Feature: One\n  Scenario: one\n    Then it works\n")
    command = [sys.executable, "-m", "behave", "-f", "json", "-o", "report.json", "--junit", "features"]
    subprocess.run(command, cwd=project.root, capture_output=True, check=True)
    assert "a report of Behave in JSON" == find_foreign_format((project.root / "report.json").read_text())
    (report,) = (project.root / "reports").glob("*.xml")
    assert "a report in the form of JUnit" == find_foreign_format(Path(report).read_text())
