"""What processes tell each other as JSON is the same when it is read again."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from spec2bdd.adapters.results.wire import (
    build_file_diagnostic,
    diagnostic_from_json,
    diagnostic_to_json,
    run_options_from_json,
    run_options_to_json,
)
from spec2bdd.model import DEFAULT_RUN, RunOptions, Severity

OPTIONS = RunOptions(
    jobs=3,
    timeout=1.5,
    retries=2,
    shard=(1, 4),
    only=frozenset({"ac_1"}),
    features=frozenset({"a.feature"}),
    also=frozenset({"b.feature"}),
    kept={"r1": ("one", "two")},
    scenarios=frozenset({("a.feature", "one")}),
    arguments=("-D", "a=b"),
    urgent=frozenset({"c.feature"}),
    durations={"a.feature": {"one": 0.5}},
    executor="dask",
    cluster_workers=7,
    scheduler="tcp://host:8786",
)


@pytest.mark.parametrize("options", [OPTIONS, DEFAULT_RUN], ids=["all", "none"])
def test_run_options_are_the_same_after_json(options: RunOptions) -> None:
    assert run_options_from_json(json.loads(json.dumps(run_options_to_json(options)))) == options


def test_all_run_options_are_tried() -> None:
    same = {
        field.name for field in fields(RunOptions) if getattr(OPTIONS, field.name) == getattr(DEFAULT_RUN, field.name)
    }
    # One is a variable of the process (`protocol.DEBUGGER`), the other is for a note.
    assert same == {"debugger", "without_durations"}


def test_a_diagnostic_is_the_same_after_json() -> None:
    diagnostic = build_file_diagnostic("a.py", 3, code="broken-steps", message="it\x1b is broken", column=7)
    facts = diagnostic_to_json(diagnostic)
    assert sorted(facts) == ["code", "column", "hint", "line", "message", "path", "severity"]
    assert diagnostic_from_json(json.loads(json.dumps(facts))) == diagnostic


@pytest.mark.parametrize(
    ("code", "line", "expected"),
    [("bad-step-pattern", 3, (Severity.WARNING, 3, 1)), ("broken-steps", 0, (Severity.ERROR, 0, 0))],
)
def test_a_diagnostic_of_a_file_has_its_severity_and_place(
    code: str, line: int, expected: tuple[Severity, int, int]
) -> None:
    diagnostic = build_file_diagnostic("a.py", line, code=code, message="it is broken")
    assert (diagnostic.severity, diagnostic.line, diagnostic.column) == expected
