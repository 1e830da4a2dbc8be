"""What is known of a run while it goes on."""

# Assertions have the expected value on the left.

from __future__ import annotations

import pytest

from spec2bdd.reporters.terminal.progress_state import RunProgress

START: dict[str, object] = {
    "event": "scenario_start",
    "scenario": 1,
    "feature": "a.feature",
    "line": 3,
    "name": "It opens",
}
END: dict[str, object] = {"event": "scenario_end", "scenario": 1, "status": "error", "rest": []}


def step(status: str, error: str = "") -> dict[str, object]:
    """Return the event of a step."""
    return {"event": "step", "scenario": 1, "keyword": "Then", "text": "it is", "status": status, "error": error}


def read(*events: dict[str, object]) -> tuple[RunProgress, list[str]]:
    """Return what is known after these events, and the lines of the scenarios that finished."""
    progress = RunProgress()
    finished = [progress.read_event(event) for event in events]
    return progress, [scenario.line for scenario in finished if scenario]


HOOK: dict[str, object] = {"event": "hook", "name": "after_scenario", "error": "boom", "scenarios": [1]}
STALE: dict[str, object] = {**START, "stale": True}
LATE: dict[str, object] = {**END, "rest": [{**step("undefined"), "index": 0}]}


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ([{**END, "status": "passed"}], "passed: It opens"),
        ([{**END, "status": "skipped"}], "skipped: It opens"),
        ([{**END, "status": "untested"}], "not run: It opens"),
        ([{**END, "status": "passed", "vacuous": True}], "pending: It opens"),
        ([step("pending_warn"), {**END, "status": "passed"}], "pending: It opens: Then it is"),
        ([step("untested"), {**END, "status": "passed"}], "not run: It opens"),
        ([step("passed", "no"), {**END, "status": "passed"}], "failed: It opens: no"),
        ([step("unknown", "a file cannot be loaded"), END], "not run: It opens: a file cannot be loaded"),
        ([step("ambiguous", "two definitions"), step("pending"), END], "not run: It opens: two definitions"),
        ([step("unknown", "a file cannot be loaded"), HOOK, END], "failed: It opens: after_scenario: boom"),
        ([step("pending"), step("untested"), END], "pending: It opens: Then it is"),
        ([step("failed", "\n1 is not 2\nat all"), END], "failed: It opens: 1 is not 2"),
        ([step("error", "\x1b[2J"), END], "failed: It opens: \\x1b[2J"),
        ([step("pending"), END], "pending: It opens: Then it is"),
        ([step("undefined"), step("failed", "no"), END], "failed: It opens: no"),
        ([step("failed", "no"), HOOK, END], "failed: It opens: no"),
        ([step("passed"), HOOK, END], "failed: It opens: after_scenario: boom"),
        ([LATE], "pending: It opens: Then it is"),
        ([END], "failed: It opens"),
        ([STALE, step("failed", "no"), END], "stale: It opens: no"),
        ([STALE, {**END, "status": "passed"}], "stale: It opens"),
    ],
)
def test_a_finished_scenario_is_shown_in_one_line(events: list[dict[str, object]], line: str) -> None:
    assert read(START, *events)[1] == [f"a.feature:3: {line}"]


def test_a_scenario_that_is_tried_again_counts_by_its_last_try() -> None:
    progress, lines = read(START, step("failed", "no"), END, START, step("passed"), {**END, "status": "passed"})
    assert (progress.counts, progress.done, len(lines)) == ("1 passed", 1, 2)


def test_a_scenario_without_steps_of_its_own_is_pending() -> None:
    progress, _ = read({**START, "steps": 0}, {**END, "status": "passed"})
    assert progress.counts == "1 pending"


def test_a_message_that_repeats_the_name_is_left_out() -> None:
    assert read(START, step("failed", "It opens"), END)[1] == ["a.feature:3: failed: It opens"]


def test_the_summary_counts_the_verdicts_in_their_order() -> None:
    events = [
        {**event, "scenario": number}
        for number, status in enumerate(("failed", "passed", "untested", "passed"))
        for event in (START, {**END, "status": status})
    ]
    progress, _ = read({"event": "run", "chosen_scenarios": 5}, *events)
    assert progress.summary == "4 of 5 scenarios: 2 passed, 1 failed, 1 not run"


def test_the_only_scenario_is_counted_in_the_singular() -> None:
    progress, _ = read({"event": "run", "chosen_scenarios": 1}, START, END)
    assert progress.summary.startswith("1 of 1 scenario: ")


def test_scenarios_that_never_began_are_not_counted() -> None:
    progress, lines = read({"event": "scenario_missed", "scenario": 4, "status": "skipped"})
    assert (progress.counts, progress.done, lines) == ("", 0, [])


def test_what_is_run_with_the_product_of_the_base_is_counted_by_criteria() -> None:
    comparison: dict[str, object] = {"event": "comparison", "base": "main", "criteria": 2}
    progress, _ = read({"event": "run", "chosen_scenarios": 1}, START, END, comparison)
    assert progress.summary == "2 criteria with the product of main"
    assert (progress.total, progress.done) == (2, 0)
    progress.read_event({"event": "challenges", "scenarios": 3})
    assert progress.summary == "challenged 0 of 3 scenarios: 0 faults"
