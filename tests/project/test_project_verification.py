"""What `run` and `verify` make of the records of a run, which a Behave in this process writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from memory_behave import MemoryBehave, fail_all, pass_all, skip_all
from small_project import list_verdicts, write_files
from tree_repository import commit_all, make_repository

from spec2bdd.commands.mark import mark
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.verification import generate_run_and_mark, run_and_judge
from spec2bdd.config import read_config
from spec2bdd.model import Diagnostic, JudgeOptions, Report, RunOptions, Selection, Severity
from spec2bdd.model.run_options import EVERYTHING
from spec2bdd.project.loader import load_project
from spec2bdd.project.runs import load_last_runs
from spec2bdd.project.selection import select_run

SPEC = """\
---
feature_id: 1.1
name: Lamp
status: Draft
---

# Lamp

## Acceptance Criteria

### Must Have
- [ ] The lamp is on
- [ ] The lamp is blue
"""
STEPS = 'from behave import then\n\n\n@then("The lamp is {what}")\ndef the_lamp_is(context, what):\n    assert what\n'
LAMP = "specs/lamp.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project whose steps are all defined."""
    return write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n", LAMP: SPEC, "steps/lamp_steps.py": STEPS})


def verify(
    root: Path,
    selection: Selection = EVERYTHING,
    *,
    run_options: RunOptions = RunOptions(),  # noqa: B008  It is frozen.
    events: list[Mapping[str, object]] | None = None,
    **behave: Any,
) -> Report:
    """Verify a project, and collect the events of the run."""
    config = read_config(root)
    return generate_run_and_mark(
        config,
        selection=selection,
        run_options=run_options,
        judge_options=JudgeOptions(),
        mode=WriteMode.WRITE,
        marks=True,
        now=datetime(2026, 1, 1, tzinfo=UTC),
        on_event=(events if events is not None else []).append,
        preloaded=MemoryBehave(config, **behave),
    )


def read_boxes(root: Path) -> list[str]:
    """Return what is in the boxes of the spec."""
    return [line[3] for line in (root / LAMP).read_text().splitlines() if line.startswith("- [")]


def test_what_was_named_is_judged_alone(root: Path) -> None:
    report = verify(root, Selection(names=("1.1#2",)))
    assert (report.partial, report.nothing_run, report.exit_code) == (True, False, 0)
    assert read_boxes(root) == [" ", "x"]


def test_where_all_passed_before_only_what_failed_is_run_and_all_is_judged(root: Path) -> None:
    verify(root)
    report = verify(root, Selection(failed=True))
    assert (report.partial, report.nothing_run, report.exit_code) == (False, True, 0)
    assert list_verdicts(report) == {"The lamp is on": "passed", "The lamp is blue": "passed"}


@pytest.mark.parametrize(("code", "boxes"), [("cluster", [" ", " "]), ("collector", ["x", "x"])])
def test_only_a_run_without_its_cluster_marks_nothing(root: Path, code: str, boxes: list[str]) -> None:
    warning = Diagnostic("", 0, 0, Severity.WARNING, code, "so it is")
    verify(root, also=[{"event": "diagnostic", **asdict(warning)}])
    assert read_boxes(root) == boxes


def test_arguments_for_behave_that_leave_nothing_to_run_are_an_error(root: Path) -> None:
    report = verify(root, run_options=RunOptions(arguments=("--tags=@no", "--name=a b")), outcome=skip_all)
    assert [(item.code, item.message) for item in report.diagnostics if item.severity is Severity.ERROR] == [
        ("not-found", "no scenario matches `--tags=@no '--name=a b'`: nothing was run")
    ]
    assert (report.nothing_run, report.exit_code, read_boxes(root)) == (True, 2, [" ", " "])


def test_a_run_that_removes_its_own_records_is_an_error_that_says_so(root: Path) -> None:
    report = verify(root, removes=True)
    assert [(item.code, ".spec2bdd" in item.message) for item in report.diagnostics] == [("run-crashed", True)]
    assert read_boxes(root) == [" ", " "]


def test_a_scenario_of_an_outdated_criterion_is_reported_as_stale(root: Path) -> None:
    verify(root)
    write_files(root, {LAMP: SPEC.replace("is blue", "is bright blue")})
    events: list[Mapping[str, object]] = []
    config = read_config(root)
    run_and_judge(
        config,
        selection=EVERYTHING,
        run_options=RunOptions(),
        judge_options=JudgeOptions(),
        on_event=events.append,
        preloaded=MemoryBehave(config),
    )
    started = {str(event["name"]): event.get("stale") for event in events if event["event"] == "scenario_start"}
    assert started == {"The lamp is on": None, "The lamp is bright blue": True}


def test_a_whole_run_replaces_the_parts_before_it_with_their_lines(root: Path) -> None:
    verify(root)
    verify(root, Selection(names=("1.1#2",)), outcome=fail_all)
    part = next((root / ".spec2bdd").glob(read_config(root).parts))
    lines = part.with_suffix(".lines.json")
    lines.touch()
    verify(root)
    assert (part.exists(), lines.exists()) == (False, False)


def test_of_a_whole_run_and_a_part_after_it_the_newest_result_counts(root: Path) -> None:
    verify(root)
    verify(root, Selection(names=("1.1#2",)), outcome=fail_all)
    config = read_config(root)
    report = mark(config)
    assert list_verdicts(report) == {"The lamp is on": "passed", "The lamp is blue": "failed"}


def test_an_unverified_tick_is_verified_by_its_first_result(root: Path) -> None:
    write_files(root, {LAMP: SPEC.replace("[ ] The lamp is blue", "[x] The lamp is blue")})
    feature = root / "features" / "1_1_lamp.feature"
    noted = []
    for outcome in (skip_all, skip_all, pass_all):
        verify(root, outcome=outcome)
        noted.append("unverified" in feature.read_text())
    assert noted == [True, True, False]


@pytest.mark.parametrize(
    ("ticked", "claim"),
    [
        (1, "1 criterion is unverified; `spec2bdd verify --strict` unticks it"),
        (2, "2 criteria are unverified; `spec2bdd verify --strict` unticks them"),
    ],
)
def test_a_status_that_claims_more_than_is_verified_is_counted(root: Path, ticked: int, claim: str) -> None:
    items = "".join(f"- [x] The lamp is {what}\n" for what in ("on", "blue")[:ticked])
    write_files(root, {LAMP: SPEC.partition("- [ ]")[0].replace("Draft", "Complete") + items})
    report = verify(root, outcome=lambda scenario: ("undefined", ""))
    assert f"the status of {LAMP} is `Complete`, but {claim}" in report.notes


def test_of_a_whole_run_and_its_parts_only_the_results_with_a_tag_are_loaded(root: Path) -> None:
    verify(root)
    verify(root, Selection(names=("1.1#2",)))
    config = read_config(root)
    loaded = load_last_runs(config)
    assert loaded.run
    (result,) = loaded.run.results
    chosen = load_last_runs(config, tags=frozenset(tag for tag in result.tags if tag.startswith("ac_")))
    assert [[result.name for result in run.results] for run in loaded.runs] == [
        ["The lamp is on", "The lamp is blue"],
        ["The lamp is blue"],
    ]
    assert [[result.name for result in run.results] for run in chosen.runs] == [["The lamp is blue"]] * 2


@pytest.mark.parametrize(("shard", "kept"), [(None, 1), ((1, 2), 0)])
def test_since_a_revision_only_a_run_that_is_no_shard_keeps_the_results_of_the_last_one(
    root: Path, shard: tuple[int, int] | None, kept: int
) -> None:
    write_files(root, {"pyproject.toml": "[tool.spec2bdd]\nrecord-lines = true\n", ".gitignore": ".spec2bdd/\n"})
    make_repository(root, {})
    verify(root)
    commit_all(root)
    project = load_project(read_config(root))
    selected = select_run(project, Selection(since="HEAD"), RunOptions(shard=shard))
    assert selected.notes == ("runs 0 of 2 criteria: nothing that a scenario runs or reads has changed since `HEAD`",)
    assert len(selected.plan.kept) == kept
