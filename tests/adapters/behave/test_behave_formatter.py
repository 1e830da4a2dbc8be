"""The formatter writes what Behave tells it as events, each with its scenario, its number and its time."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.configuration import Configuration
from behave.formatter.base import StreamOpener
from behave.matchers import Match
from behave.model_type import Status
from behave.parser import parse_feature
from behave.step_registry import StepRegistry

from spec2bdd.adapters.behave.glue.exceptions import record_errors
from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry
from spec2bdd.adapters.behave.plugin import formatter as formatter_module
from spec2bdd.adapters.behave.plugin.context import RecordingContext
from spec2bdd.adapters.behave.plugin.formatter import RecordFormatter

FEATURE = """
Feature: Cart
  Scenario: one
    Given a cart
    Then it is empty
  @later
  Scenario: two
    Given a cart
  Scenario: three
    Given a cart
"""
FILES: Any = SimpleNamespace(
    find_changed=lambda: ["steps/b.py", "steps/a.py"], find_untracked=lambda: {"notes.py": "1"}
)


class Log:
    """A formatter with its feature, the lines that it writes, and whether each of them may wait for the next one."""

    def __init__(self, path: Path, *arguments: str) -> None:
        self.path = path
        self.formatter = RecordFormatter(StreamOpener(str(path)), Configuration([*arguments], load_config=False))
        self.formatter.file.create()
        self.feature = parse_feature(FEATURE, filename="cart.feature")
        self.scenarios = list(self.feature.walk_scenarios())
        self.formatter.adopt_feature(self.feature, "cart.feature", first=0)

    def read(self, *fields: str) -> list[tuple[object, ...]]:
        """Read some fields of the events."""
        events = map(json.loads, self.path.read_text(encoding="utf-8").splitlines())
        return [tuple(event.get(field) for field in ("event", *fields)) for event in events]

    def run_step(self, scenario: int, step: int, status: Status = Status.passed) -> None:
        """Run a step that has this status."""
        found = self.scenarios[scenario].steps[step]
        match = Match(check_nothing, [])
        match.spec2bdd_raised = None
        self.formatter.match(match)
        found.status = status
        self.formatter.result(found)

    def run_scenario(self, scenario: int, status: Status = Status.passed) -> None:
        """Run a scenario whose steps have this status."""
        self.formatter.scenario(self.scenarios[scenario])
        for number, _ in enumerate(self.scenarios[scenario].steps):
            self.run_step(scenario, number, status)
        self.formatter.end_scenario()


def check_nothing(context: object) -> None:
    """Check nothing, as a step."""


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Begin a log of all scenarios."""
    return Log(tmp_path / "log.ndjson")


def test_each_try_of_a_scenario_is_numbered(log: Log) -> None:
    for number in (0, 1, 0, 0):
        log.run_scenario(number)
    tries = [event[1:] for event in log.read("scenario", "try") if event[0] == "scenario_start"]
    assert tries == [(0, 1), (1, 1), (0, 2), (0, 3)]


def test_the_last_line_counts_the_lines_and_the_statuses(log: Log) -> None:
    log.run_scenario(0)
    log.run_scenario(1, Status.failed)
    log.formatter.scenario(log.scenarios[2])
    before = len(log.read())
    log.formatter.write_end(failed=True, aborted=False, files=FILES, changed=["cart.feature"])
    fields = ("failed", "aborted", "scenarios", "changed", "untracked", "events")
    assert log.read(*fields)[-1] == (
        "end",
        True,
        False,
        {"failed": 1, "passed": 1, "untested": 1},
        ["cart.feature", "steps/a.py", "steps/b.py"],
        {"notes.py": "1"},
        before + 1,
    )


def test_events_on_a_stream_are_counted_as_well() -> None:
    stream = io.StringIO()
    formatter = RecordFormatter(StreamOpener(stream=stream), Configuration([], load_config=False))
    (scenario, *_) = parse_feature(FEATURE, filename="cart.feature").walk_scenarios()
    formatter.scenario(scenario)
    formatter.end_scenario()
    formatter.write_interrupted([0])
    formatter.write_interrupted([])
    formatter.write_end(failed=False, aborted=False, files=FILES)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["scenario_start", "scenario_end", "interrupted", "end"]
    assert events[-1]["events"] == len(events)


@pytest.mark.parametrize(
    ("age", "status", "expected"),
    [
        (0.0, Status.passed, "defer_line"),
        (1.0, Status.passed, "write_line"),
        (0.0, Status.failed, "write_event"),
    ],
)
def test_the_result_of_a_step_waits_for_the_next_event_only_where_it_comes_soon(
    log: Log, monkeypatch: pytest.MonkeyPatch, age: float, status: Status, expected: str
) -> None:
    monkeypatch.setattr(formatter_module, "read_clock", lambda: 5_000.0 + age * bool(log.formatter._steps_done))
    log.formatter.scenario(log.scenarios[0])
    called: list[str] = []
    names = ("defer_line", "write_line", "write_event")
    log.formatter.file = SimpleNamespace(**{name: note_call(called, name) for name in names})  # type: ignore[assignment]
    log.run_step(0, 0, status)
    assert called == [expected]


def note_call(called: list[str], name: str) -> Callable[..., None]:
    """Make a function that notes that it is called."""
    return lambda *_, **__: called.append(name)


class Runner(SimpleNamespace):
    """What a context asks of a runner; a weak reference to it can be made."""


STORING = """
def stores(context):
    context.fine = context.total == 5

def checks(context):
    assert context.total == 5
"""


@pytest.mark.parametrize(
    ("name", "knows_definitions", "is_watched"),
    [("stores", True, True), ("checks", True, False), ("stores", False, False)],
)
def test_what_is_read_is_watched_after_a_step_that_only_stores_what_it_checks(
    log: Log, name: str, *, knows_definitions: bool, is_watched: bool
) -> None:
    registry, names = LenientStepRegistry.adopt(StepRegistry()), dict[str, Any]()
    exec(compile(STORING, "steps/a_steps.py", "exec"), names)
    registry.sources.add_file("steps/a_steps.py", STORING.encode())
    log.formatter.use_definitions(registry if knows_definitions else None)
    log.formatter.scenario(log.scenarios[0])
    log.formatter.match(Match(names[name], []))
    context: Any = RecordingContext(Runner(config=Configuration([], load_config=False)), record_errors)
    context._push(layer="scenario")
    end = log.formatter.watch_stored(context)
    assert (end is not None, type(context) is not RecordingContext) == (is_watched, is_watched)


def test_scenarios_that_hooks_have_added_have_numbers_of_their_worker(log: Log) -> None:
    added = list(parse_feature(FEATURE, filename="cart.feature").walk_scenarios())
    log.formatter.enter_worker(2, log.formatter.worker_state)
    assert list(map(log.formatter.find_number, log.scenarios)) == [0, 1, 2]
    assert list(map(log.formatter.find_number, added)) == [2_000_003, 2_000_004, 2_000_005]
    assert log.formatter.find_number(added[0]) == 2_000_003


def test_a_scenario_that_a_hook_has_removed_is_named_if_it_was_to_be_run(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.ndjson", "--tags=not @later")
    log.run_scenario(0)
    log.formatter.write_removed(log.scenarios)
    removed = [event[1:] for event in log.read("code", "line", "message") if event[0] == "diagnostic"]
    assert removed == [("scenario-removed", 9, "a hook removed the scenario `three` from the run")]


def test_scenarios_that_never_began_are_written_once(log: Log) -> None:
    log.run_scenario(0)
    log.scenarios[1].skip("no net")
    for _ in range(2):
        log.formatter.write_missed(log.scenarios)
    missed = [event for event in log.read("scenario", "status", "skip_reason") if event[0] == "scenario_missed"]
    assert missed == [("scenario_missed", 1, "skipped", "no net"), ("scenario_missed", 2, "untested", None)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            0,
            [
                ("step", 0, "a cart", "error", "it crashed", 0.234568),
                ("scenario_end", 0, None, "error", None, 1.234568),
            ],
        ),
        (
            1,
            [
                ("step", 0, "it is empty", "error", "it crashed", 0.234568),
                ("scenario_end", 0, None, "error", None, 1.234568),
            ],
        ),
        (-1, [("hook", None, None, None, "it crashed", None), ("scenario_end", 0, None, "error", None, 1.234568)]),
        (2, [("hook", None, None, None, "it crashed", None), ("scenario_end", 0, None, "error", None, 1.234568)]),
    ],
)
def test_a_crash_is_the_error_of_the_step_that_was_running(
    log: Log, step: int, expected: list[tuple[object, ...]]
) -> None:
    seconds = (1.23456789, 0.23456789)
    log.formatter.write_crash(0, "it crashed", scenario=log.scenarios[0], step=step, output="", seconds=seconds)
    assert log.read("scenario", "text", "status", "error", "seconds") == expected
    rest = [[step["text"] for step in event[1]] for event in log.read("rest") if isinstance(event[1], list)]
    assert rest == [["it is empty"] if step == 0 else []]


def test_the_crash_of_a_scenario_that_a_hook_made_is_that_of_no_step(log: Log) -> None:
    log.formatter.write_crash(7, "it crashed", scenario=None, step=0, output="printed", seconds=(1.0, 1.0))
    assert log.read("scenario", "scenarios", "output") == [
        ("hook", None, [7], None),
        ("scenario_end", 7, None, "printed"),
    ]
