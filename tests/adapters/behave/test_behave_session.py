"""What a run asks its executor for, and keeps of its answer, tried with an executor that runs nothing."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.runner_util import FileLocation
from behave.step_registry import StepRegistry

from spec2bdd.adapters.behave.executors.executor import ExecutionResult
from spec2bdd.adapters.behave.executors.session import DURATIONS, _RunSession
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkUnit
from spec2bdd.adapters.behave.executors.worker import Worker
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.system.digests import compute_digest
from spec2bdd.model import RunOptions

STEPS = """
def it_checks(context):
    assert context.page.title == "A"

def it_checks_nothing(context):
    pass
"""
FEATURE = """Feature: {name}
  @asked
  Scenario: one
    Then it checks
  Scenario: two
    Then it checks
  Scenario: three
    Then it checks
    And it checks nothing
  Scenario: four
    Then it is defined nowhere
  Scenario: five
"""


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Restore the signal handlers, which a run replaces."""
    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGCHLD] if hasattr(signal, "SIGCHLD") else [])]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class NotingExecutor:
    """An executor that notes its units, and answers what a test says."""

    def __init__(self, runner: Any, files: Sequence[Any], result: ExecutionResult) -> None:
        self._worker, self._count = Worker(runner, SimpleNamespace(), files=files), len(files)
        self.workers: int = runner.plan.jobs
        self.result = result
        self.units: list[WorkUnit] = []

    def collect(self) -> list[CollectedFeature]:
        """Parse all files."""
        return [self._worker.collect_file(file) for file in range(self._count)]

    def run_units(self, units: Sequence[WorkUnit]) -> ExecutionResult:
        """Note the units."""
        self.units += units
        return self.result

    def interrupt(self, signal_number: int) -> list[WorkUnit]:
        """Nothing runs."""
        assert signal_number
        return []

    def kill(self) -> None:
        """Nothing runs."""


class Session:
    """A session over two features of the same five scenarios, and what it has recorded."""

    def __init__(self, folder: Path, **plan: Any) -> None:
        self.folder = folder
        self.config = SimpleNamespace(lang=None, junit=False, userdata_defines=None)
        self.lines: Any = None
        self.hooks = b""
        self.plan = RunOptions(**plan)
        self.left_out: list[str] = []
        self.missed: list[str] = []

    def run(self, **result: Any) -> list[tuple[int, tuple[int, ...]]]:
        """Run with an executor that has this result; return the files and scenarios of its units."""
        names: dict[str, Any] = {}
        exec(compile(STEPS, "steps/a_steps.py", "exec"), names)
        definitions = LenientStepRegistry.adopt(StepRegistry())
        definitions.sources.add_file("steps/a_steps.py", STEPS.encode())
        definitions.sources.add_file("environment.py", self.hooks)
        for name in ("it_checks", "it_checks_nothing"):
            definitions.add_step_definition("then", name.replace("_", " "), names[name])
        files = [self.folder / f"{name}.feature" for name in "ab"]
        for path in files:
            path.write_text(FEATURE.format(name=path.stem), encoding="utf-8")
        log = SimpleNamespace(path=str(self.folder / "records.ndjson"), create=lambda: None)
        log.read_statuses = lambda: ({}, {})
        runner = SimpleNamespace(
            root=self.folder,
            plan=self.plan,
            config=self.config,
            lines=self.lines,
            broken=[],
            definitions=definitions,
            files=SimpleNamespace(digests={}),
            describe_run=dict,
            make_recorder=lambda *, alone: SimpleNamespace(
                file=log,
                alone=alone,
                adopt_feature=lambda *_, **__: None,
                write_run=lambda *_, **__: None,
                write_end=lambda **_: None,
                write_missed=self._note_missed,
            ),
        )
        locations = [FileLocation(str(path)) for path in files]
        executors: list[NotingExecutor] = []

        def start(runner: Any, files: Sequence[Any], _on_crash: Any) -> NotingExecutor:
            executors.append(NotingExecutor(runner, files, ExecutionResult(**result)))
            return executors[0]

        runner.files.digests = {path.name: compute_digest(path.read_bytes()) for path in files}
        _RunSession(runner, locations, start).run()
        return [(unit.file, unit.scenarios) for unit in executors[0].units]

    def read_durations(self) -> Any:
        """Read what the next run knows of this one."""
        return json.loads((self.folder / DURATIONS).read_text(encoding="utf-8"))

    def _note_missed(self, scenarios: Sequence[Any], *, is_left_out: bool) -> None:
        for scenario in scenarios:
            assert (scenario.status.name == "skipped") == is_left_out
            (self.left_out if is_left_out else self.missed).append(scenario.name)


ALL = tuple(range(5))
WHOLE = [(0, ALL), (1, ALL)]
SKIPPING = b"def before_scenario(context, scenario):\n    context.feature.skip()\n"


def test_features_are_split_for_several_workers_but_not_where_a_hook_skips_one_or_behave_writes_a_report_of_it(
    tmp_path: Path,
) -> None:
    assert Session(tmp_path).run() == WHOLE
    split = Session(tmp_path, jobs=2).run()
    assert split != WHOLE
    assert [(file, place) for file, places in split for place in places] == [(f, p) for f in (0, 1) for p in ALL]
    skipping = Session(tmp_path, jobs=2)
    skipping.hooks = SKIPPING
    assert skipping.run() == WHOLE
    reporting = Session(tmp_path, jobs=2)
    reporting.config.junit = True
    assert reporting.run() == WHOLE


def test_where_lines_are_recorded_each_scenario_is_a_unit_whatever_a_hook_skips(tmp_path: Path) -> None:
    session = Session(tmp_path, jobs=2)
    session.hooks = SKIPPING
    session.lines = SimpleNamespace(end_loading=lambda *_: None, end=lambda: None)
    assert session.run() == [(file, (place,)) for file in (0, 1) for place in ALL]


def test_the_durations_of_a_file_are_kept_for_the_next_run_once_all_of_it_was_run(tmp_path: Path) -> None:
    Session(tmp_path).run(durations=dict.fromkeys(range(10), 1.0))
    assert Session(tmp_path).read_durations() == {"a.feature": [1.0] * 5, "b.feature": [1.0] * 5}
    # Of the second one, not all scenarios were run.
    Session(tmp_path).run(durations=dict.fromkeys(range(8), 2.0))
    assert Session(tmp_path).read_durations() == {"a.feature": [2.0] * 5, "b.feature": [1.0] * 5}
    # What takes long is in units of its own.
    slow = json.dumps({"a.feature": [1.0] * 5, "b.feature": [90.0, 1.0, 1.0, 1.0, 1.0]})
    (tmp_path / DURATIONS).write_text(slow, encoding="utf-8")
    assert Session(tmp_path, jobs=2).run() == [(0, ALL), (1, (0,)), (1, (1, 2, 3, 4))]


def test_an_earlier_result_is_not_kept_where_a_step_has_no_definition_or_one_that_cannot_fail(tmp_path: Path) -> None:
    plan: dict[str, Any] = {"only": frozenset({"asked"}), "features": frozenset({"a.feature"})}
    assert Session(tmp_path, **plan).run() == [(0, (0,))]
    session = Session(tmp_path, **plan | {"features": None}, kept={"r0": ("a.feature",)})
    assert session.run() == [(0, (0, 2, 3)), (1, (0, 2, 3))]
    assert session.left_out == ["two", "five"] * 2


def test_scenarios_that_no_worker_has_come_to_are_recorded_and_so_are_those_that_the_plan_leaves_out(
    tmp_path: Path,
) -> None:
    session = Session(tmp_path, only=frozenset({"asked"}))
    assert session.run(not_run=[WorkUnit(1, 5, (0,))]) == [(0, (0,)), (1, (0,))]
    assert session.missed == ["one"]
    assert session.left_out == ["two", "three", "four", "five"] * 2
