"""The runner and the formatter under plain `behave`, as configured in the documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from behave_project import Project, list_statuses

from spec2bdd.adapters.results.event_log import parse_run

PAGE = (Path(__file__).parents[3] / "docs" / "running.md").read_text(encoding="utf-8")
CONFIGURATION = "\n".join(re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL))
FEATURE = "Feature: F\n  Scenario: a\n    Then it works\n  Scenario: b\n    Then it fails\n"


def call_behave(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call plain Behave in a project with the lines of configuration that the page shows."""
    project.write_file("behave.ini", CONFIGURATION).write(features__one_feature=FEATURE)
    command = [sys.executable, "-m", "behave", *arguments, "features"]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("jobs", [(), ("-j", "2")])
def test_plain_behave_leaves_records_under_the_short_names_of_the_page(project: Project, jobs: tuple[str, ...]) -> None:
    result = call_behave(project, "-r", "records", "-f", "records", "-o", "out/records.ndjson", *jobs)
    assert result.returncode == 1, result.stderr
    run = parse_run((project.root / "out/records.ndjson").read_text(), path="records.ndjson")
    assert (run.complete, list_statuses(run)) == (True, {"a": "passed", "b": "failed"})


def test_scenarios_that_behave_has_not_begun_are_recorded_as_well(project: Project) -> None:
    project.write(features__two_feature="Feature: G\n  Scenario: c\n    Then it works\n")
    result = call_behave(project, "-r", "records", "-f", "records", "-o", "records.ndjson", "--stop")
    run = parse_run((project.root / "records.ndjson").read_text(), path="records.ndjson")
    assert (result.returncode, list_statuses(run)) == (1, {"a": "passed", "b": "failed", "c": "untested"})


def test_other_formatters_work_next_to_ours(project: Project) -> None:
    result = call_behave(
        project, "-r", "records", "-f", "plain", "-f", "records", "-o", "plain.txt", "-o", "records.ndjson"
    )
    assert result.returncode == 1, result.stderr
    assert "it really fails" in (project.root / "plain.txt").read_text()
    assert list_statuses(parse_run((project.root / "records.ndjson").read_text(), path="records.ndjson")) == {
        "a": "passed",
        "b": "failed",
    }


def test_a_single_process_has_the_terminal_for_a_debugger(project: Project) -> None:
    step = "import os\n@then('it is the one that was called')\ndef f(context):\n    assert os.getppid() == {}\n"
    project.write_file("steps/more_steps.py", step.format("int(open('parent').read())"))
    code = "import os, subprocess, sys\nopen('parent', 'w').write(str(os.getpid()))\n"
    code += "sys.exit(subprocess.call(sys.argv[1:]))"
    project.write_file("behave.ini", CONFIGURATION)
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then it is the one that was called\n")
    behave = [sys.executable, "-m", "behave", "-r", "records", "-f", "records", "-o", "records", "features"]
    command = [sys.executable, "-c", code, *behave]
    result = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout


def test_the_runner_without_its_formatter_says_what_is_missing(project: Project) -> None:
    result = call_behave(project, "-r", "records", "-f", "plain")
    assert result.returncode == 1
    assert "needs `-f spec2bdd.running.formatter:RecordFormatter" in result.stdout + result.stderr
