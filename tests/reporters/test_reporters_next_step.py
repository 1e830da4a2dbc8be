"""What to do next."""

# Assertions have the expected value on the left.

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from spec2bdd.model import (
    CriterionVerdict,
    Diagnostic,
    FailureKind,
    FailureReason,
    FileChange,
    Report,
    RuleId,
    RunFailure,
    ScenarioResult,
    Severity,
    StepResult,
    TestRun,
    Tier,
    Verdict,
)
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.next_step.of_explanation import find_next_of_verdict

MakeReport = Callable[[str], Report]

ADVICE = {
    "mixed": "make the step in features/2_4_book_returns.feature:29 pass, then `spec2bdd verify`",
    "generated": "write the steps in `steps/book_returns_steps.py`, then `spec2bdd verify`",
    "planned": "run `spec2bdd generate`",
    "refused": "fix the error in specs/2.4-returns.md:6",
    "died": "find out why the run did not finish, then `spec2bdd verify` again",
    "crowded": "find out why specs/x-many-rules.md:2 failed, then `spec2bdd verify`",
    "passed": "",
    "empty": "",
}


@pytest.mark.parametrize("name", ADVICE)
def test_the_most_useful_thing_is_said(name: str, make_report: MakeReport) -> None:
    assert find_next(make_report(name)) == ADVICE[name]


def keep(report: Report, *verdicts: Verdict) -> Report:
    """Leave only the criteria of some verdicts in a report, no done items and no change."""

    def chosen(judgements: tuple[CriterionVerdict, ...]) -> tuple[CriterionVerdict, ...]:
        return tuple(one for one in judgements if one.verdict in verdicts and not one.unticked)

    specs = tuple(replace(spec, verdicts=chosen(spec.verdicts), done=()) for spec in report.specs)
    return replace(report, specs=specs, changes=(), unlinked=())


RANKS = [
    ((Verdict.PASSED, Verdict.STALE), "run `spec2bdd mark`"),
    (
        (Verdict.STALE, Verdict.PENDING),
        "check that the steps prove the new wording, then `spec2bdd accept ac_1_25`",
    ),
    # The must that was not run fails the check.
    ((Verdict.PENDING, Verdict.NOT_RUN), "run `spec2bdd verify`"),
    ((Verdict.PENDING,), "write the steps in `steps/returns_steps.py`, then `spec2bdd verify`"),
    ((Verdict.NOT_RUN,), "run `spec2bdd verify`"),
    ((Verdict.WAIVED, Verdict.MANUAL, Verdict.UNVERIFIED), ""),
]


def test_a_new_wording_waits_for_its_acceptance(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.STALE)
    judged = next(spec for spec in report.specs if spec.verdicts)
    stale = judged.verdicts[0]
    accept = f"`spec2bdd accept {stale.id}`"
    reworded = (replace(judged, verdicts=(replace(stale, rule=RuleId.REWORDED),)),)
    assert find_next(replace(report, specs=reworded)) == f"check that the steps prove the new wording, then {accept}"
    # A reason may quote a command; it decides nothing.
    quoted = (replace(judged, verdicts=(replace(stale, reason=f"reworded; {accept}", rule=None),)),)
    assert find_next(replace(report, specs=quoted)) == "run `spec2bdd verify` again: the results are stale"
    unwritten = (replace(judged, verdicts=(replace(stale, rule=RuleId.REWORDED_NOT_GENERATED),)),)
    assert find_next(replace(report, specs=unwritten)) == "run `spec2bdd generate` for the new wording"


def test_a_criterion_whose_nested_ones_are_all_waived_is_not_run_again(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.NOT_RUN)
    judged = next(spec for spec in report.specs if spec.verdicts)
    parent = replace(judged.verdicts[0], rule=RuleId.CHILDREN_WAIVED)
    alone = (replace(judged, verdicts=(parent,)),)
    assert (
        find_next(replace(report, specs=alone))
        == f'`spec2bdd waive {parent.id} --reason "..."` if nothing of it is required'
    )
    others = (replace(judged, verdicts=(parent, replace(parent, rule=RuleId.NOT_RUN))),)
    assert find_next(replace(report, specs=others)) == "run `spec2bdd verify`"


def test_results_of_an_external_report_alone_can_be_accepted(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.NOT_RUN)
    specs = tuple(
        replace(spec, verdicts=tuple(replace(verdict, external_only=True) for verdict in spec.verdicts))
        for spec in report.specs
    )
    expected = "run `spec2bdd verify`, or accept the report with `spec2bdd mark --trust-external`"
    assert find_next(replace(report, specs=specs)) == expected


def test_the_file_because_of_which_nothing_was_run_is_named(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.NOT_RUN)
    reason = "a step may be defined in `steps/till_steps.py`, which cannot be loaded"
    specs = tuple(
        replace(spec, verdicts=tuple(replace(one, rule=RuleId.BAD_FILE, reason=reason) for one in spec.verdicts))
        for spec in report.specs
    )
    assert find_next(replace(report, specs=specs)) == "fix `steps/till_steps.py`, then `spec2bdd verify`"


def test_a_file_that_cannot_be_written_has_no_error_in_it() -> None:
    error = Diagnostic("specs/a.md", 0, 0, Severity.ERROR, "write-failed", "cannot write: the file is read-only")
    report = Report("verify", diagnostics=(error,), exit_code=2)
    assert find_next(report) == "make sure that `specs/a.md` can be written, then run `spec2bdd verify` again"
    report = replace(report, diagnostics=(error, replace(error, path="specs/b.md")))
    assert find_next(report) == "make sure that these 2 files can be written, then run `spec2bdd verify` again"


def test_a_command_that_a_save_got_ahead_of_is_run_again() -> None:
    error = Diagnostic("specs/a.md", 0, 0, Severity.ERROR, "file-changed", "file changed on disk; not overwritten")
    assert find_next(Report("verify", diagnostics=(error,), exit_code=2)) == "run `spec2bdd verify` again"


@pytest.mark.parametrize("code", ["run-changed", "feature-changed"])
@pytest.mark.parametrize(
    ("command", "expected"), [("verify", "verify"), ("run", "run"), ("mark", "run"), ("status", "verify")]
)
def test_a_run_during_which_files_changed_has_to_be_run_again(code: str, command: str, expected: str) -> None:
    error = Diagnostic("app.py", 0, 0, Severity.ERROR, code, "the file changed during the run")
    report = Report(command, diagnostics=(error,), exit_code=2)
    assert find_next(report) == f"run `spec2bdd {expected}` again"


@pytest.mark.parametrize("code", ["run-crashed", "run-unfinished"])
def test_a_run_that_died_has_to_be_run_again_rather_than_its_records_fixed(code: str, make_report: MakeReport) -> None:
    error = Diagnostic(".spec2bdd/records.ndjson", 0, 0, Severity.ERROR, code, "the run did not finish")
    report = replace(make_report("died"), command="mark", diagnostics=(error,))
    assert find_next(report) == "find out why the run did not finish, then `spec2bdd run` again"


@pytest.mark.parametrize(("verdicts", "expected"), RANKS)
def test_what_is_worse_comes_first(verdicts: tuple[Verdict, ...], expected: str, make_report: MakeReport) -> None:
    assert find_next(keep(make_report("mixed"), *verdicts)) == expected


def test_a_skip_in_the_code_is_removed_before_another_run_helps(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.SKIPPED)
    record = ScenarioResult("features/a.feature", 8, "It rains", (), skip_reason="not today")
    specs = tuple(
        replace(spec, verdicts=tuple(replace(v, record=record, rule=RuleId.SKIPPED_BY_CODE) for v in spec.verdicts))
        for spec in report.specs
    )
    expected = "remove the skip of features/a.feature:8 from its step or hook, then `spec2bdd verify`"
    assert find_next(replace(report, specs=specs)) == expected


def test_a_step_that_cannot_fail_is_named_by_its_line(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.PENDING)
    first, *others = report.specs
    vacuous = tuple(replace(verdict, rule=RuleId.VACUOUS) for verdict in first.verdicts)
    expected = "make the step in steps/returns_steps.py:70 able to fail, then `spec2bdd verify`"
    assert find_next(replace(report, specs=(replace(first, verdicts=vacuous), *others))) == expected


def test_a_scenario_that_was_stopped_is_made_quicker_or_gets_more_time(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.FAILED)
    first = next(spec for spec in report.specs if spec.verdicts)
    failed = replace(first.verdicts[0], reason="timed out after 1 s")
    step = StepResult("Then", "then", "it lights up", 30, "error")
    for verdict, place in (
        (replace(failed, step=step), "the step in"),
        (replace(failed, step=None), "the scenario in"),
    ):
        stopped = replace(report, specs=(replace(first, verdicts=(verdict,)),))
        assert re.match(f"make {place} features/[^ ]*:[0-9]+ faster, or raise `timeout`", find_next(stopped))


def test_a_failed_hook_is_named_by_its_scenario(make_report: MakeReport) -> None:
    _, fines, _ = make_report("mixed").specs
    report = keep(replace(make_report("mixed"), specs=(fines,)), Verdict.FAILED)
    assert find_next(report) == "find out why features/2_5_fines.feature:26 failed, then `spec2bdd verify`"


def test_a_scenario_without_a_criterion_is_named_after_all_criteria(make_report: MakeReport) -> None:
    report = replace(keep(make_report("mixed"), Verdict.PENDING), unlinked=make_report("mixed").unlinked)
    assert find_next(report) == "write the step for features/smoke.feature:6, then `spec2bdd verify`"
    assert find_next(replace(report, unlinked_fails=False)).startswith("write the steps in ")


def test_a_step_file_whose_decorator_followed_a_longer_wording_has_no_step_to_write() -> None:
    before, after = b"@then('a lamp is off')\n", b"@then('a brand new lamp is off')\n"
    report = Report("generate", (FileChange("steps/lamp_steps.py", before, after),))
    assert find_next(report) == "run `spec2bdd verify`"


SHARD_RUNS = [
    ([(1, 3), (3, 3)], "run the missing shard with `spec2bdd verify --shard 2/3`"),
    ([(3, 3), (2, 3), (1, 3)], ""),
    ([(2, 2), (1, 3)], "run the 2 missing shards, beginning with `spec2bdd verify --shard 2/3`"),
    ([(1, 2), None], ""),
]


@pytest.mark.parametrize(("shards", "expected"), SHARD_RUNS)
def test_a_missing_shard_is_named(shards: list[tuple[int, int] | None], expected: str, make_report: MakeReport) -> None:
    *older, run = (TestRun(f"{number}", complete=True, shard=shard) for number, shard in enumerate(shards))
    report = replace(keep(make_report("mixed"), Verdict.SKIPPED), run=run, older=tuple(older))
    assert find_next(report) == expected


def test_a_missing_shard_is_run_with_the_names_and_options_that_were_typed(make_report: MakeReport) -> None:
    run = TestRun("1", complete=True, shard=(1, 2))
    report = replace(keep(make_report("mixed"), Verdict.SKIPPED), run=run)
    for option in ("--shard 1/2", "--shard=1/2"):
        step = find_next(replace(report, typed=f"spec2bdd run login {option} -j 4"))
        assert step == f"run the missing shard with `spec2bdd run login {option[:-3]}2/2 -j 4`"
    # The failures of the first shard would be missing in the others, and their own are not known yet.
    for option in ("--failed --shard 1/2", "--shard 1/2 --failed"):
        step = find_next(replace(report, typed=f"spec2bdd run {option}"))
        assert step == "run the missing shard with `spec2bdd run --shard 2/2`"
    step = find_next(replace(report, typed="spec2bdd run --failed-first --shard 1/2"))
    assert step == "run the missing shard with `spec2bdd run --failed-first --shard 2/2`"
    assert find_next(replace(report, typed="spec2bdd mark records")) == (
        "run the missing shard with `spec2bdd verify --shard 2/2`"
    )


def test_boxes_of_one_shard_are_not_marked_before_the_others_were_run(make_report: MakeReport) -> None:
    run = TestRun("1", complete=True, shard=(1, 2))
    report = replace(keep(make_report("mixed"), Verdict.PASSED, Verdict.SKIPPED), run=run, command="run")
    assert any(box.ticked for spec in report.specs for box in spec.boxes)
    assert find_next(report) == "run the missing shard with `spec2bdd run --shard 2/2`"
    both = replace(report, older=(TestRun("2", complete=True, shard=(2, 2)),))
    assert find_next(both) == "run `spec2bdd mark`"


KEPT_SHARDS = {
    "a first shard": ([], "run the missing shard with `spec2bdd run --shard 1/2`"),
    "all shards": ([TestRun("1", complete=True, shard=(1, 2))], "judge all shards together with `spec2bdd mark`"),
    "all shards, the first one twice": (
        [TestRun(run, complete=True, shard=(1, 2)) for run in "12"],
        "judge all shards together with `spec2bdd mark`",
    ),
    "results of all that it left out": (
        [TestRun("1", complete=True)],
        "judge all results together with `spec2bdd mark`",
    ),
    "one that did not finish": (
        [TestRun("1", complete=False, shard=(1, 2))],
        "run the missing shard with `spec2bdd run --shard 1/2`",
    ),
    "one of another division": (
        [TestRun("1", complete=True, shard=(1, 3))],
        "run the missing shard with `spec2bdd run --shard 1/2`",
    ),
}


@pytest.mark.parametrize(("kept", "expected"), KEPT_SHARDS.values(), ids=KEPT_SHARDS)
def test_after_the_last_shard_all_are_judged_together(
    kept: list[TestRun], expected: str, make_report: MakeReport
) -> None:
    run = TestRun("3", complete=True, shard=(2, 2))
    for verdicts in ([Verdict.PASSED, Verdict.SKIPPED], [Verdict.SKIPPED]):
        report = replace(keep(make_report("mixed"), *verdicts), run=run, kept=tuple(kept), command="run")
        assert find_next(report) == expected


def test_what_failed_in_the_last_shard_comes_before_the_other_shards(make_report: MakeReport) -> None:
    run, other = (TestRun(f"{number}", complete=True, shard=(number, 2)) for number in (1, 2))
    report = replace(keep(make_report("mixed"), Verdict.FAILED, Verdict.SKIPPED), run=run, kept=(other,))
    assert "shard" not in find_next(replace(report, command="run"))


def test_a_shard_that_did_not_finish_is_missing(make_report: MakeReport) -> None:
    older = (TestRun("1", complete=False, shard=(1, 2)),)
    run = TestRun("2", complete=True, shard=(2, 2))
    report = replace(keep(make_report("mixed"), Verdict.SKIPPED), run=run, older=older)
    assert find_next(replace(report, command="mark")) == "run the missing shard with `spec2bdd run --shard 1/2`"


def test_marking_waits_for_all_shards_also_where_every_criterion_has_a_result(make_report: MakeReport) -> None:
    run = TestRun("1", complete=True, shard=(1, 2))
    report = replace(keep(make_report("mixed"), Verdict.PASSED), command="run", run=run)
    assert find_next(report) == "run the missing shard with `spec2bdd run --shard 2/2`"
    other = replace(run, id="2", shard=(2, 2))
    assert find_next(replace(report, kept=(other,))) == "judge all shards together with `spec2bdd mark`"
    assert find_next(replace(report, older=(other,))) == "run `spec2bdd mark`"
    whole = replace(run, id="2", shard=None)
    assert find_next(replace(report, older=(whole,))) == "run `spec2bdd mark`"


def test_a_flaky_criterion_does_not_ask_for_a_step_that_passes(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.FAILED)
    specs = tuple(
        replace(spec, verdicts=tuple(replace(verdict, flaky=True) for verdict in spec.verdicts))
        for spec in report.specs
    )
    expected = "find out why the results of features/2_5_fines.feature:26 differ, then `spec2bdd verify`"
    assert find_next(replace(report, specs=specs)) == expected


def fail_for(report: Report, verdict: CriterionVerdict) -> Report:
    """Return a report that fails because of one criterion, and has a stub besides it."""
    first, *_ = report.specs
    stub = next(judged for spec in report.specs for judged in spec.verdicts if judged.verdict is Verdict.PENDING)
    reason = FailureReason(FailureKind.UNPROVED, verdict.criterion.line, "status is `Review`")
    spec = replace(first, verdicts=(stub, verdict), reasons=(reason,), done=())
    return replace(report, specs=(spec,), changes=(), unlinked=(), diagnostics=(), exit_code=1)


def test_what_fails_the_check_comes_before_stubs_that_fail_nothing(make_report: MakeReport) -> None:
    report = make_report("mixed")
    verdicts = [judged for spec in report.specs for judged in spec.verdicts if judged.criterion.tier is not Tier.WONT]
    manual = next(judged for judged in verdicts if judged.verdict is Verdict.MANUAL)
    manual = replace(manual, criterion=replace(manual.criterion, line=99))
    path = report.specs[0].spec.path
    expected = f"check {path}:99 by hand, then `spec2bdd tick {manual.id}`"
    assert find_next(fail_for(report, manual)) == expected
    assert find_next(replace(fail_for(report, manual), exit_code=0)).startswith("write the steps in")
    unseen = replace(manual, verdict=Verdict.PENDING, rule=RuleId.NEVER_RED)
    assert find_next(fail_for(report, unseen)).startswith("break what `")
    at_base = replace(unseen, rule=RuleId.GREEN_AT_BASE)
    assert find_next(fail_for(report, at_base)).startswith(
        f"make `{manual.criterion.text}` check what is new, or give it"
    )
    assert find_next(fail_for(report, replace(unseen, rule=RuleId.NOT_COMPARED))) == "run `spec2bdd verify`"


def test_a_ticked_manual_criterion_that_was_reworded_waits_for_a_person(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.MANUAL)
    manuals = ((spec, judged) for spec in report.specs for judged in spec.verdicts)
    spec, ticked = next(found for found in manuals if found[1].criterion.box.ticked)
    manual = replace(ticked, rule=RuleId.TICK_REWORDED)
    report = replace(report, specs=(replace(spec, verdicts=(manual,)),))
    place, end = f"{spec.spec.path}:{manual.criterion.line}", f"then `spec2bdd accept {manual.id}`"
    assert find_next(report) == f"check by hand that {place} also holds as it reads now, {end}"
    one = find_next_of_verdict(spec, manual, run=None)
    assert one == f"check by hand that it also holds as it reads now, {end}"


def test_a_run_that_would_untick_what_is_pending_suggests_to_repair_it(make_report: MakeReport) -> None:
    failing = fail_for(make_report("mixed"), next(iter(keep(make_report("mixed"), Verdict.PENDING).specs[0].verdicts)))
    (spec,) = failing.specs
    stub = spec.verdicts[0]
    box = replace(stub.criterion.box, mark="x")
    unticked = replace(stub, criterion=replace(stub.criterion, box=box), mark=" ", rule=RuleId.VACUOUS)
    report = replace(failing, command="run", specs=(replace(spec, verdicts=(unticked,)),))
    assert find_next(report).startswith("make the step in steps/")
    assert find_next(replace(report, exit_code=0)) == "run `spec2bdd mark`"


def test_an_undefined_step_of_a_hand_written_scenario_is_named_by_its_place(make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.PENDING)
    first, *others = report.specs
    record = ScenarioResult("features/own.feature", 5, "own", ())
    step = StepResult("Then", "then", "it is purple", 7, "undefined")
    undefined = tuple(replace(one, rule=RuleId.UNDEFINED, record=record, step=step) for one in first.verdicts)
    expected = "define the step of features/own.feature:7, then `spec2bdd verify`"
    assert find_next(replace(report, specs=(replace(first, verdicts=undefined), *others))) == expected


INCOMPLETE = {
    RuleId.NO_STEPS: "write the steps of features/own.feature:5, then `spec2bdd verify`",
    RuleId.NO_EXAMPLES: "add rows to the examples of features/own.feature:5, then `spec2bdd verify`",
}


@pytest.mark.parametrize("rule", INCOMPLETE)
def test_what_a_hand_written_scenario_lacks_is_written_and_not_generated(rule: RuleId, make_report: MakeReport) -> None:
    report = keep(make_report("mixed"), Verdict.PENDING)
    first, *_ = (spec for spec in report.specs if spec.verdicts)
    record = ScenarioResult("features/own.feature", 5, "own", (), finished=True)
    pending = replace(first.verdicts[0], rule=rule, record=record, step=None)
    assert find_next(replace(report, specs=(replace(first, verdicts=(pending,)),))) == INCOMPLETE[rule]
    assert find_next_of_verdict(first, pending, run=None) == INCOMPLETE[rule]


def test_evidence_that_fails_a_done_item_is_named_before_stubs(make_report: MakeReport) -> None:
    done = [(spec, item) for spec in make_report("mixed").specs for item in spec.done if item.unticked]
    (spec, item), *_ = done
    report = keep(make_report("mixed"), Verdict.PENDING)
    specs = tuple(replace(one, done=(item,) if one.spec == spec.spec else ()) for one in report.specs)
    expected = f"supply the evidence for {spec.spec.path}:{item.item.line} ({item.reason}), then `spec2bdd verify`"
    change = FileChange(spec.spec.path, b"", b"unticked")
    reasonless = tuple(replace(one, reasons=()) for one in specs)
    assert find_next(replace(report, specs=reasonless, changes=(change,), wrote=True)) == expected


@pytest.mark.parametrize("command", ["generate", "waive", "unwaive", "manual", "accept", "eject"])
def test_what_has_to_run_again_is_verified_before_it_is_committed(command: str) -> None:
    report = Report(command, (FileChange("features/a.feature", b"", b"Feature: a\n"),))
    assert find_next(report) == "run `spec2bdd verify`"


def test_written_files_are_to_be_committed(make_report: MakeReport) -> None:
    report = replace(keep(make_report("mixed"), Verdict.WAIVED), changes=make_report("mixed").changes[1:2])
    assert find_next(report) == "commit the file"
    assert find_next(replace(report, versioned=False)) == ""


def test_generated_files_are_to_be_verified() -> None:
    change = FileChange("features/a.feature", None, b"")
    assert find_next(Report("generate", changes=(change,), wrote=True)) == "run `spec2bdd verify`"


def test_a_planned_decision_is_run_again_with_its_names() -> None:
    report = Report("waive", changes=(FileChange("specs/a.md", b"a", b"b"),), exit_code=1, wrote=False)
    assert find_next(report) == f"run `spec2bdd {report.command}`"
    assert find_next(replace(report, rerun="spec2bdd tick 3.2#1")) == "run `spec2bdd tick 3.2#1`"


def test_a_patch_that_was_written_needs_no_other_command() -> None:
    assert find_next(Report("mark", changes=(FileChange("specs/a.md", b"a", b"b"),), wrote=False)) == ""


def test_an_error_outside_the_scenarios_comes_before_failures(make_report: MakeReport) -> None:
    run = TestRun("7d1f", complete=True, failures=(RunFailure("", "after_all: OSError"),))
    expected = "find out what failed outside the scenarios, then `spec2bdd verify` again"
    assert find_next(replace(make_report("mixed"), run=run)) == expected


def test_an_error_without_a_location_counts_too() -> None:
    diagnostic = Diagnostic("", 0, 0, Severity.ERROR, "no-specs", "there are no specs")
    assert find_next(Report("generate", diagnostics=(diagnostic,), exit_code=2)) == ""


def test_a_warning_needs_nothing_to_be_done() -> None:
    diagnostic = Diagnostic("a.md", 1, 1, Severity.WARNING, "c", "m")
    assert find_next(Report("generate", diagnostics=(diagnostic,))) == ""
