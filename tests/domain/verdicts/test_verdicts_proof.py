"""What a scenario proves whose steps all passed: something only if they could have failed."""

from __future__ import annotations

import pytest
from verdict_values import judge, make_item, make_record, make_run

from spec2bdd.model import ScenarioResult, StepResult, Verdict

# The kinds of the steps, in capitals where the definition cannot fail.
PROVES = [
    "then",
    "given then",
    "GIVEN then",
    "GIVEN WHEN then",
    "given when then then",
    "GIVEN then GIVEN",
    "given",
    "when",
    "GIVEN when",
    "given WHEN",
    "GIVEN GIVEN when WHEN",
]
PROVES_NOTHING = [
    ("THEN", 0),
    ("given THEN", 1),
    ("GIVEN THEN", 1),
    ("given when THEN", 2),
    ("given when then THEN", 3),
    ("given THEN then", 1),
    ("THEN given", 0),
    ("GIVEN", 0),
    ("WHEN", 0),
    ("GIVEN WHEN", 0),
]


def make_steps(words: str) -> ScenarioResult:
    """Make a scenario that passed, with a step for each word."""
    steps = tuple(
        StepResult("And", word.lower(), f"step {n}", n, "passed", location=f"steps/a.py:{n}", vacuous=word.isupper())
        for n, word in enumerate(words.split())
    )
    return make_record(steps=steps)


@pytest.mark.parametrize("words", PROVES)
def test_steps_that_can_fail_prove_something(words: str) -> None:
    assert judge(make_item(), make_run(make_steps(words))).verdict == Verdict.PASSED


@pytest.mark.parametrize(("words", "number"), PROVES_NOTHING)
@pytest.mark.parametrize("mark", [" ", "x"])
def test_steps_that_cannot_fail_prove_nothing_and_are_named(words: str, number: int, mark: str) -> None:
    found = judge(make_item(mark), make_run(make_steps(words)))
    reason = f"vacuous step: steps/a.py:{number} cannot fail"
    assert (Verdict.PENDING, " ", reason) == (found.verdict, found.mark, found.reason)
    assert found.record is not None
    assert found.record.steps[number] is found.step


@pytest.mark.parametrize(("words", "number"), PROVES_NOTHING)
def test_a_trusted_box_keeps_its_tick_until_something_can_fail(words: str, number: int) -> None:
    found = judge(make_item("x", unverified=True), make_run(make_steps(words)))
    assert (found.verdict, found.mark) == (Verdict.UNVERIFIED, "x")


@pytest.mark.parametrize("words", [words for words, _ in PROVES_NOTHING])
@pytest.mark.parametrize(
    ("status", "verdict"), [("failed", Verdict.FAILED), ("undefined", Verdict.PENDING), ("skipped", Verdict.SKIPPED)]
)
def test_what_did_not_pass_is_judged_by_that(words: str, status: str, verdict: Verdict) -> None:
    record = make_steps(words)
    bad = StepResult("Then", "then", "bad", 99, status, error="it is bad")
    found = judge(make_item(), make_run(make_record(steps=(*record.steps, bad))))
    assert (found.verdict, found.step) == (verdict, bad)


def test_a_step_without_a_place_proves_nothing_either() -> None:
    step = StepResult("Then", "then", "bad", 9, "passed", vacuous=True)
    found = judge(make_item(), make_run(make_record(steps=(step,))))
    assert found.reason == "vacuous step: its definition cannot fail"


def test_one_scenario_that_proves_nothing_is_enough() -> None:
    found = judge(make_item(), make_run(make_steps("then"), make_steps("THEN")))
    assert found.verdict == Verdict.PENDING


@pytest.mark.parametrize(
    ("vacuity", "reason"),
    [
        (
            "line 21: the assertion always passes: `True` is always true",
            "steps/a.py:21 cannot fail: `True` is always true",
        ),
        ("it checks nothing", "steps/a.py:19 cannot fail: it checks nothing"),
        # A line above the definition is one of another file.
        ("line 3: it is compared with itself", "steps/a.py:19 cannot fail: line 3: it is compared with itself"),
    ],
)
def test_a_vacuous_step_is_named_by_the_line_of_its_check(vacuity: str, reason: str) -> None:
    step = StepResult("Then", "then", "bad", 9, "passed", location="steps/a.py:19", vacuous=True, vacuity=vacuity)
    found = judge(make_item(), make_run(make_record(steps=(step,))))
    assert found.reason == f"vacuous step: {reason}"
