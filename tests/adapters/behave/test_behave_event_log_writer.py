"""The record file of a run, which is of that run alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from behave_project import Project

from spec2bdd.adapters.behave.plugin.event_log import EventLog
from spec2bdd.model import RunOptions

TAKING = """
import os

def before_all(context):
    # This is what another run does at its beginning.
    os.unlink(".spec2bdd/records.ndjson")
    with open(".spec2bdd/records.ndjson", "w") as stream:
        stream.write("the records of another run")
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_whose_place_another_one_took_writes_nothing_into_its_records(project: Project, jobs: int) -> None:
    project.write(features__a_feature="Feature: A\n  Scenario: one\n    Then it works\n", environment_py=TAKING)
    project.behave(plan=RunOptions(jobs=jobs))
    assert project.record_path.read_text(encoding="utf-8") == "the records of another run"


def test_two_runs_at_one_path_have_a_file_each(tmp_path: Path) -> None:
    path = tmp_path / "records"
    first, second = EventLog(str(path)), EventLog(str(path))
    first.create()
    second.create()
    first.write_event("scenario_end", scenario=1, status="passed")
    second.write_event("step")
    assert json.loads(path.read_text(encoding="utf-8")) == {"event": "step"}
    assert first.read_statuses() == (1, {1: "passed"})
    assert second.read_statuses() == (1, {})


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_is_begun_is_kept(tmp_path: Path, times: int) -> None:
    file = EventLog(str(tmp_path / "deep" / "records"))
    for _ in range(times):
        file.create()
        file.write_event("step")
    assert file.read_statuses()[0] == times


def test_a_link_and_what_is_no_plain_file_are_written_to_as_they_are(tmp_path: Path) -> None:
    target, link, device = tmp_path / "target", tmp_path / "link", tmp_path / "null"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    device.symlink_to(os.devnull)
    for path in (link, device):
        file = EventLog(str(path))
        file.create()
        file.write_event("step")
    assert link.is_symlink()
    assert device.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8")) == {"event": "step"}
