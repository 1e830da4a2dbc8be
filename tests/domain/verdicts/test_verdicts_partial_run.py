"""How many scenarios a run of a part has run, and what judges the others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import make_record, make_run

from spec2bdd.domain.verdicts.partial_run import describe_partial_run
from spec2bdd.model import DEFAULT_RUN, ScenarioResult, TestRun

FIRST, SECOND, THIRD = (replace(make_record("passed"), line=line, name=f"It works {line}") for line in (5, 8, 11))
PART = replace(DEFAULT_RUN, only=frozenset({"ac_1"}))


def leave_out(record: ScenarioResult) -> ScenarioResult:
    """Return a scenario as a run records it that leaves it out."""
    return replace(record, status="skipped", steps=())


MIXED = make_run(FIRST, leave_out(SECOND), leave_out(THIRD))
CASES: dict[str, tuple[TestRun, tuple[TestRun, ...], str]] = {
    "nothing ran before": (MIXED, (), "1 scenario was run; all others are left out"),
    "the earlier run left them out as well": (MIXED, (MIXED,), "1 scenario was run; all others are left out"),
    "an earlier run has one of them": (
        MIXED,
        (make_run(leave_out(FIRST), SECOND, leave_out(THIRD)),),
        "1 scenario was run; 1 other is judged by earlier runs, 1 is left out",
    ),
    "an earlier run has one of three": (
        make_run(FIRST, *map(leave_out, (SECOND, THIRD, replace(FIRST, name="new")))),
        (make_run(FIRST, SECOND),),
        "1 scenario was run; 1 other is judged by earlier runs, 2 are left out",
    ),
    "an earlier run has two of three": (
        make_run(FIRST, *map(leave_out, (SECOND, THIRD, replace(FIRST, name="new")))),
        (make_run(FIRST, SECOND, THIRD),),
        "1 scenario was run; 2 others are judged by earlier runs, 1 is left out",
    ),
    "earlier runs together have all": (
        MIXED,
        (make_run(SECOND), make_run(replace(THIRD, line=99))),
        "1 scenario was run; all others are judged by earlier runs",
    ),
    "code skipped one in the earlier run": (
        make_run(FIRST, leave_out(SECOND)),
        (make_run(replace(leave_out(SECOND), skip_reason="")),),
        "1 scenario was run; all others are judged by earlier runs",
    ),
    "it left nothing out": (make_run(FIRST, SECOND), (make_run(FIRST, SECOND),), "all 2 scenarios were run"),
    "there is only one": (make_run(FIRST), (make_run(FIRST),), "1 scenario was run"),
    "it ended early": (make_run(FIRST, SECOND, complete=False), (), "2 scenarios were run"),
    "it is a shard": (replace(MIXED, shard=(1, 3)), (), "shard 1/3: 1 scenario was run; all others are left out"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_ran_and_what_judges_the_others_is_said(name: str) -> None:
    run, older, expected = CASES[name]
    assert describe_partial_run(PART, run, older) == expected


def test_a_whole_run_needs_no_word() -> None:
    assert describe_partial_run(DEFAULT_RUN, make_run(FIRST, SECOND), ()) == ""
    arguments = replace(DEFAULT_RUN, arguments=("--tags", "@must"))
    assert describe_partial_run(arguments, make_run(FIRST, SECOND), ()) == ""
