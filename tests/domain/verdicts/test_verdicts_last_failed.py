"""Which criteria did not pass last, of those that the runs know: what `--failed` runs again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_values import ID, OTHER_FEATURE, make_record, make_run

from spec2bdd.domain.verdicts.scenarios.last_failed import find_last_failed
from spec2bdd.model import TestRun

GOOD, BAD = make_record("passed"), make_record("failed")
OTHER_GOOD, OTHER_BAD = (make_record(status, feature=OTHER_FEATURE) for status in ("passed", "failed"))


def number(*runs: TestRun) -> list[TestRun]:
    """Make runs with an id and a time of their own, in order."""
    return [replace(run, id=f"r{n}", started=f"2026-11-0{n}T00:00:00.000000+00:00") for n, run in enumerate(runs, 1)]


PROVED = {
    "it passed": [make_run(GOOD)],
    "it failed, and passed later": [make_run(BAD), make_run(GOOD)],
    "both of its scenarios passed": [make_run(GOOD, OTHER_GOOD)],
    "one passed again after both had run": [make_run(GOOD, OTHER_BAD), make_run(GOOD, OTHER_GOOD)],
    "it passed in another line": [make_run(BAD), make_run(replace(GOOD, line=99))],
    "what failed is not there any more": [make_run(GOOD, OTHER_BAD), make_run(GOOD)],
    "it passed in another criterion's tag as well": [make_run(replace(GOOD, tags=(ID, "ac_2")))],
}
UNPROVED = {
    "it failed": [make_run(BAD)],
    "it failed later": [make_run(GOOD), make_run(BAD)],
    "one of its scenarios failed": [make_run(GOOD, OTHER_BAD)],
    "a scenario is missing": [replace(make_run(GOOD), expected={ID: 2})],
    "it was expected only": [replace(make_run(), expected={ID: 1})],
    "it is pending": [make_run(make_record("pending"))],
    "it passed and failed at one commit": [make_run(GOOD, commit="c"), make_run(BAD, commit="c")],
    "it failed and passed at one commit, and flaky is no pass": [
        make_run(BAD, commit="c"),
        make_run(GOOD, commit="c"),
    ],
    "it failed later in another line": [make_run(GOOD), make_run(replace(BAD, line=99))],
    "it was left out": [make_run(make_record("skipped", status="skipped"))],
}


@pytest.mark.parametrize("name", PROVED)
def test_what_passed_last_is_proved(name: str) -> None:
    assert frozenset() == find_last_failed(number(*PROVED[name]), [ID])


@pytest.mark.parametrize("name", UNPROVED)
def test_what_did_not_pass_last_is_unproved(name: str) -> None:
    assert find_last_failed(number(*UNPROVED[name]), [ID]) == {ID}


@pytest.mark.parametrize("run", [make_run(BAD), make_run()])
def test_what_no_run_knows_is_not_listed(run: TestRun) -> None:
    assert frozenset() == find_last_failed([run], ["ac_9_9_other"])


def test_without_a_run_nothing_is_said() -> None:
    assert frozenset() == find_last_failed([], [ID])


def test_the_tag_alone_is_enough_to_speak_of_a_criterion() -> None:
    assert find_last_failed([replace(make_run(BAD), expected={})], [ID]) == {ID}
