"""Scenarios judged by reports of other tools: a failure counts, a pass only on request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict_values import FEATURE, ID, OTHER_FEATURE, make_context, make_item, make_record, make_run, make_steps

from spec2bdd.domain.verdicts.criteria import judge_criterion_results, judge_spec
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext, build_context
from spec2bdd.domain.verdicts.scenarios.external import ExternalResults, judge_external
from spec2bdd.domain.verdicts.scenarios.matching import match_report
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.model import ExternalReport, ExternalScenario, FeatureOutline, RuleId, Verdict

PASSED, FAILED, PENDING = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING
SKIPPED, STALE, NOT_RUN = Verdict.SKIPPED, Verdict.STALE, Verdict.NOT_RUN
# A scenario of today, none of it run.
TODAY = make_record("untested", status="untested", finished=False)
SECOND = replace(TODAY, line=9, name="It still works")
LISTED = FeatureOutline(FEATURE, "Lamps", (TODAY, SECOND), {ID: 2})
SAID = ExternalScenario(FEATURE, 5, "It works", "passed", (ID,), make_steps("passed"))
WHOSE = "the report of Cucumber `c.json`"


def report_of(*scenarios: ExternalScenario, **changes: Any) -> ExternalReport:
    """Make a report with places, tags and steps."""
    return replace(ExternalReport("c.json", "the report of Cucumber", placed=True, scenarios=scenarios), **changes)


def hear(
    *reports: ExternalReport, trusted: bool = False, features: tuple[FeatureOutline, ...] = (LISTED,)
) -> ExternalResults:
    """Match such reports to today's features."""
    return ExternalResults(features, tuple((one, match_report(one, features)) for one in reports), trusted)


def say(*statuses: str, **changes: Any) -> ExternalScenario:
    """Make an entry with steps of these statuses."""
    return replace(SAID, steps=make_steps(*statuses), **changes)


def fail(error: str) -> ExternalScenario:
    """Make an entry whose step failed with these words."""
    return replace(SAID, status="failed", steps=(replace(make_steps("failed")[0], error=error),))


HEARD: dict[str, tuple[ExternalScenario, Verdict, str]] = {
    "it passed": (
        SAID,
        NOT_RUN,
        f"passed in {WHOSE} only; use `--trust-external` to accept it",
    ),
    "a step failed": (fail("it broke\nfor good"), FAILED, f"it broke ({WHOSE})"),
    "a step failed without a word": (fail(""), FAILED, f"the report has the status `failed` ({WHOSE})"),
    "a step is undefined": (
        say("undefined", status="error"),
        PENDING,
        f"a step is undefined or not implemented ({WHOSE})",
    ),
    "a step is pending under wip": (say("pending_warn"), PENDING, f"a step is undefined or not implemented ({WHOSE})"),
    "a hook failed": (say("passed", failures=("after_scenario: oh",)), FAILED, f"after_scenario: oh ({WHOSE})"),
    "the scenario failed": (say("passed", status="failed"), FAILED, f"the report has the status `failed` ({WHOSE})"),
    "the scenario is pending": (
        say("passed", status="pending"),
        PENDING,
        f"a step is undefined or not implemented ({WHOSE})",
    ),
    "the scenario was left out": (
        say("passed", status="skipped"),
        SKIPPED,
        f"skipped in {WHOSE}",
    ),
    "a step was left out": (say("skipped"), SKIPPED, f"skipped in {WHOSE}"),
    "the tag is missing": (replace(SAID, tags=()), NOT_RUN, f"{WHOSE} has the scenario without the tag `@{ID}`"),
    "it has a doubt": (replace(SAID, doubt="not known"), NOT_RUN, f"not known ({WHOSE})"),
    "its word is unknown": (replace(SAID, status="fine"), NOT_RUN, f"the report has the status `fine` ({WHOSE})"),
    "it has another step": (
        replace(SAID, steps=(replace(SAID.steps[0], text="another"),)),
        NOT_RUN,
        f"its steps differ from those of the current scenario ({WHOSE})",
    ),
    "a step has no result": (say("unknown"), NOT_RUN, f"the report has a step with the status `unknown` ({WHOSE})"),
}


@pytest.mark.parametrize(("said", "verdict", "reason"), HEARD.values(), ids=HEARD)
def test_an_entry_is_described_in_these_words(said: ExternalScenario, verdict: Verdict, reason: str) -> None:
    found = judge_external(TODAY, ID, hear(report_of(said)))
    assert found
    assert (found.verdict, found.reason) == (verdict, reason)
    assert found.record
    assert (found.record.feature, found.record.line) == (FEATURE, 5)


def test_only_a_pass_is_accepted_from_a_report_and_is_marked_so() -> None:
    trusted = judge_external(TODAY, ID, hear(report_of(SAID), trusted=True))
    assert trusted
    assert (trusted.verdict, trusted.reason, trusted.external_only) == (PASSED, f"accepted from {WHOSE}", True)
    assert trusted.record
    assert (
        trusted.record.status,
        trusted.record.finished,
        [step.status for step in trusted.record.steps],
    ) == ("passed", True, ["passed"])
    for said, verdict, _ in list(HEARD.values())[1:]:
        found = judge_external(TODAY, ID, hear(report_of(said), trusted=True))
        assert found
        assert (found.verdict, found.external_only) == (verdict, False)


def test_a_failure_names_the_scenario_and_the_step_of_today() -> None:
    found = judge_external(TODAY, ID, hear(report_of(fail("oh"))))
    assert found
    assert found.step
    assert found.record
    assert (
        found.record.feature,
        found.record.line,
        found.step.status,
        found.step.error,
    ) == (FEATURE, 5, "failed", "oh")


def test_a_report_that_is_too_old_says_nothing_but_that() -> None:
    found = judge_external(TODAY, ID, hear(report_of(fail("oh"), old="it is older")))
    assert Ruling(STALE, "it is older", TODAY) == found


def test_a_scenario_without_steps_is_pending_in_any_report() -> None:
    bare, listed = replace(TODAY, steps=()), replace(LISTED, scenarios=(replace(TODAY, steps=()),))
    found = judge_external(bare, ID, hear(report_of(replace(SAID, steps=())), trusted=True, features=(listed,)))
    assert Ruling(PENDING, "the scenario has no steps", bare, rule=RuleId.NO_STEPS) == found


def test_of_several_reports_the_worst_counts_but_for_those_that_left_it_out() -> None:
    left_out = report_of(say("skipped", status="skipped"))
    doubtful = report_of(replace(SAID, tags=()))

    def verdict(*reports: ExternalReport, trusted: bool = True) -> Verdict | None:
        found = judge_external(TODAY, ID, hear(*reports, trusted=trusted))
        return found.verdict if found else None

    assert verdict(report_of(SAID), report_of(fail("oh"))) is FAILED
    assert verdict(left_out, report_of(SAID)) is PASSED
    assert verdict(doubtful, report_of(SAID)) is PASSED
    assert verdict(left_out, doubtful) is NOT_RUN
    assert verdict(left_out) is SKIPPED
    assert verdict(report_of(SAID, fail("oh"))) is FAILED
    assert verdict(report_of()) is None
    assert verdict() is None


NAMES = ExternalReport("j.xml", "the report of JUnit", placed=False)


def match(report: ExternalReport, *features: FeatureOutline) -> dict[tuple[str, int, str], list[tuple[str, str]]]:
    """List the status and the doubt of the entries for each place."""
    found = match_report(report, features or (LISTED,))
    return {place: [(one.status, one.doubt) for one in said] for place, said in found.items()}


FIRST = (FEATURE, 5, "It works")
DOUBT = "several scenarios have this name, and the report has no other reference"


@pytest.mark.parametrize(
    "path",
    [
        FEATURE,
        f"./{FEATURE}",
        "features\\a.feature",
        f"file:{FEATURE}",
        f"file:///home/x/{FEATURE}",
        "classpath:a.feature",
        "a.feature",
    ],
)
def test_a_file_is_known_from_whichever_folder_it_is_named(path: str) -> None:
    assert match(report_of(replace(SAID, feature=path))) == {FIRST: [("passed", "")]}


@pytest.mark.parametrize("path", ["", "b.feature", "xa.feature", "other/a.feature", "a"])
def test_another_file_is_none_of_ours(path: str) -> None:
    assert match(report_of(replace(SAID, feature=path))) == {}


def test_a_file_that_could_be_two_is_none() -> None:
    twins = (LISTED, replace(LISTED, path="features/x/a.feature"))
    assert match(report_of(replace(SAID, feature="a.feature")), *twins) == {}
    assert match(report_of(SAID), *twins) == {FIRST: [("passed", "")]}


@pytest.mark.parametrize(("line", "name"), [(6, "It works"), (5, "It fails")])
def test_a_place_has_the_line_and_the_name_of_today(line: int, name: str) -> None:
    assert match(report_of(replace(SAID, line=line, name=name))) == {}


@pytest.mark.parametrize("name", ["It works", "It  works", "It works -- @1.2 red"])
def test_a_row_is_known_without_its_number(name: str) -> None:
    listed = replace(LISTED, scenarios=(replace(TODAY, name="It works -- @1.1 "),))
    assert match(report_of(replace(SAID, name=name)), listed) == {(FEATURE, 5, "It works -- @1.1 "): [("passed", "")]}


def test_several_entries_of_one_place_are_several_tries() -> None:
    assert match(report_of(SAID, fail("oh"))) == {FIRST: [("passed", ""), ("failed", "")]}


@pytest.mark.parametrize("feature", ["Lamps", "lamps", "a.Lamps", "features.a.Lamps"])
@pytest.mark.parametrize("name", ["It works", "it_works", "IT WORKS"])
def test_names_are_known_as_far_as_every_tool_keeps_them(feature: str, name: str) -> None:
    report = replace(NAMES, scenarios=(ExternalScenario(feature, 0, name, "passed"),))
    assert match(report) == {FIRST: [("passed", "")]}


def test_a_name_that_is_there_twice_says_nothing_sure() -> None:
    said = ExternalScenario("Lamps", 0, "It works", "failed", failures=("oh",))
    other = ("features/b.feature", 5, "It works")
    twins = (LISTED, replace(LISTED, path=OTHER_FEATURE, scenarios=(replace(TODAY, feature=OTHER_FEATURE),)))
    assert match(replace(NAMES, scenarios=(said,)), *twins) == {
        FIRST: [("unknown", DOUBT)],
        other: [("unknown", DOUBT)],
    }
    assert match(replace(NAMES, scenarios=(said, replace(said, status="passed")))) == {FIRST: [("unknown", DOUBT)]}
    assert match_report(replace(NAMES, scenarios=(said, said)), (LISTED,))[FIRST][0].failures == ()
    assert match(replace(NAMES, scenarios=(replace(said, name="It is new"),))) == {}


def test_under_wip_a_pass_that_knows_no_steps_is_none() -> None:
    wip = replace(TODAY, tags=(ID, "wip"))
    said = ExternalScenario("Lamps", 0, "It works", "passed")
    for record, reason in (
        (wip, "with `@wip` a pending step passes, and the report has no steps"),
        (TODAY, "accepted from"),
    ):
        listed = replace(LISTED, scenarios=(record,))
        found = judge_external(record, ID, hear(replace(NAMES, scenarios=(said,)), trusted=True, features=(listed,)))
        assert found
        assert found.reason.startswith(reason)


# --- runs and reports together -------------------------------------------------------------------------------------

BOTH = (SAID, replace(SAID, line=9, name="It still works"))
GOOD = make_record("passed")


def together(hearing: ExternalResults, **changes: Any) -> Ruling:
    """Judge a criterion with two scenarios by a run of the first one, and by reports."""
    run = make_run(GOOD, expected={ID: 2}, **changes)
    return judge_criterion_results(make_item(), replace(build_context([run], run.digests), external=hearing))


def test_a_report_counts_for_the_scenarios_that_no_run_has_reached() -> None:
    assert together(hear(report_of(*BOTH), trusted=True)).verdict is PASSED
    untrusted = together(hear(report_of(*BOTH)))
    assert (untrusted.verdict, untrusted.external_only) == (NOT_RUN, True)
    silent = together(hear(report_of(SAID), trusted=True))
    assert Ruling(NOT_RUN, f"no result for `{FEATURE}:9` in any report", SECOND) == silent


def test_what_was_left_out_of_a_run_may_be_in_a_report() -> None:
    run = make_run(replace(GOOD, status="skipped"), replace(GOOD, line=9, name="It still works"), expected={ID: 2})
    facts = build_context([run], run.digests)
    assert (
        judge_criterion_results(make_item(), replace(facts, external=hear(report_of(*BOTH), trusted=True))).verdict
        is PASSED
    )
    assert (
        judge_criterion_results(make_item(), replace(facts, external=hear(report_of(BOTH[1]), trusted=True))).verdict
        is SKIPPED
    )


def test_a_failure_in_a_report_counts_against_any_run() -> None:
    run = make_run(GOOD, replace(GOOD, line=9, name="It still works"))
    facts = build_context([run], run.digests)
    assert judge_criterion_results(make_item(), facts).verdict is PASSED
    assert judge_criterion_results(make_item(), replace(facts, external=hear(report_of(*BOTH)))).verdict is PASSED
    assert judge_criterion_results(make_item(), replace(facts, external=hear(report_of(fail("oh"))))).verdict is FAILED


def test_what_can_have_no_result_keeps_the_others_from_proving_it() -> None:
    unread = make_item(files=(FEATURE, OTHER_FEATURE))
    said = "a feature file cannot be read or has an outline without rows"
    ruling = Ruling(NOT_RUN, said, rule=RuleId.BAD_FILE)
    reports = hear(report_of(*BOTH), trusted=True)
    assert judge_criterion_results(unread, JudgingContext(external=reports)) == ruling
    rowless = hear(report_of(*BOTH), trusted=True, features=(replace(LISTED, expected={ID: 3}),))
    assert judge_criterion_results(make_item(), JudgingContext(external=rowless)) == ruling
    assert judge_criterion_results(make_item(), JudgingContext(external=reports)).verdict is PASSED


def test_without_any_result_nothing_is_known() -> None:
    assert Ruling(NOT_RUN, "no result in any report") == judge_criterion_results(
        make_item(), JudgingContext(external=hear(report_of()))
    )
    silent = together(hear(report_of()))
    assert (silent.verdict, silent.reason) == (NOT_RUN, "a scenario was not reached")


def test_what_a_run_says_of_a_scenario_goes_before_what_a_report_says() -> None:
    run = make_run(make_record("pending"), expected={ID: 2})
    facts = replace(build_context([run], run.digests), external=hear(report_of(*BOTH), trusted=True))
    found = judge_criterion_results(make_item(), facts)
    assert (found.verdict, found.reason) == (PENDING, "step not implemented")
    stale = replace(build_context([run], {**run.digests, "steps/a_steps.py": "new"}), external=facts.external)
    assert judge_criterion_results(make_item(), stale).verdict is PASSED


def test_of_two_equal_rulings_the_external_one_decides() -> None:
    plain, word, flaky = Ruling(PASSED), Ruling(PASSED, external_only=True), Ruling(PASSED, flaky=True)
    assert find_worst([plain, word]) is word
    assert find_worst([plain, flaky, word]) is flaky
    assert find_worst([flaky, Ruling(FAILED), word]).verdict is FAILED


def test_an_external_pass_is_marked_so_to_the_end() -> None:
    facts = JudgingContext(external=hear(report_of(*BOTH), trusted=True))
    (judgement,) = judge_spec([make_item()], facts)
    assert (judgement.verdict, judgement.external_only, judgement.mark) == (PASSED, True, "x")
    (untrusted,) = judge_spec([make_item()], JudgingContext(external=hear(report_of(*BOTH))))
    assert (untrusted.verdict, untrusted.external_only, untrusted.mark) == (NOT_RUN, True, " ")
    (judgement,) = judge_spec([make_item()], make_context(make_run(GOOD)))
    assert (judgement.verdict, judgement.external_only) == (PASSED, False)
