"""The lines that scenarios ran are the same after they were written and read."""

from __future__ import annotations

import json

import pytest

from spec2bdd.adapters.results.run_lines import join_ranges, parse_lines_log, parse_run_lines, render_run_lines
from spec2bdd.model import CodeBlock, CodeFile, ProcessLines, RunLines, ScenarioLines

BASKET = {"shop/basket.py": frozenset({1, 2, 3, 8})}
RUN = RunLines(
    "r1",
    "p1",
    ProcessLines({"shop/__init__.py": frozenset({1})}, frozenset({"rates.json"}), ("starts a process",)),
    {"shop/basket.py": CodeFile("d1", (CodeBlock("add", 1, 3, "b1"), CodeBlock("sum", 5, 9, "b2")))},
    {"rates.json": "d2"},
    (
        ScenarioLines("features/a.feature", 3, "one", ProcessLines(BASKET, frozenset(), (), {"Then": BASKET})),
        ScenarioLines(
            "features/a.feature", 7, "two", ProcessLines({**BASKET, "x.py": frozenset({4})}, frozenset(), ())
        ),
    ),
    ("notes.txt",),
)
LOG: list[dict[str, object]] = [
    {"event": "loaded", "program": "p1", "lines": {"shop/__init__.py": "1"}, "read": ["rates.json"], "doubts": []},
    {
        "event": "ran",
        "scenarios": [["features/a.feature", 3, "one"], ["features/a.feature", 7, "two"]],
        "lines": {"shop/basket.py": "1-3,8"},
        "read": [],
        "doubts": ["starts a process"],
        "steps": {"Then": {"shop/basket.py": "8"}},
    },
    {"event": "end", "files": {"shop/basket.py": "d1"}},
]


def write_log(events: list[dict[str, object]]) -> str:
    """Write the log of a run."""
    return "".join(f"{json.dumps(event)}\n" for event in events)


def test_what_is_written_is_read_again() -> None:
    assert parse_run_lines(render_run_lines(RUN)) == RUN


def test_lines_that_several_scenarios_ran_are_written_once() -> None:
    assert render_run_lines(RUN).count("1-3,8") == 1


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="unsupported version 99"):
        parse_run_lines(json.dumps({**json.loads(render_run_lines(RUN)), "version": 99}))


def test_a_whole_log_is_read() -> None:
    found = parse_lines_log(write_log(LOG), "r1")
    assert found
    run, digests = found
    process = ProcessLines(BASKET, frozenset(), ("starts a process",), {"Then": {"shop/basket.py": frozenset({8})}})
    assert (run.run, run.program, digests) == ("r1", "p1", {"shop/basket.py": "d1"})
    assert run.loaded == ProcessLines({"shop/__init__.py": frozenset({1})}, frozenset({"rates.json"}), ())
    assert run.scenarios == (
        ScenarioLines("features/a.feature", 3, "one", process),
        ScenarioLines("features/a.feature", 7, "two", process),
    )


@pytest.mark.parametrize("events", [[], LOG[:1], LOG[:2], LOG[1:]], ids=["none", "one", "no end", "no start"])
def test_a_log_that_is_not_complete_is_nothing(events: list[dict[str, object]]) -> None:
    assert parse_lines_log(write_log(events), "r1") is None


def test_a_log_of_a_run_without_scenarios_is_complete() -> None:
    found = parse_lines_log(write_log([LOG[0], LOG[2]]), "r1")
    assert found
    assert found[0].scenarios == ()


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([4], "4"), ([3, 1, 2], "1-3"), ([1, 3, 4, 9], "1,3-4,9"), ([1, 2], "1-2")]
)
def test_numbers_are_joined_to_ranges(numbers: list[int], text: str) -> None:
    assert join_ranges(numbers) == text
