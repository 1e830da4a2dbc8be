"""The answer for a terminal: golden files, and what must hold of every one of them."""

# Assertions have the expected value on the left.

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from spec2bdd.model import (
    Criterion,
    CriterionVerdict,
    FailureKind,
    FailureReason,
    Report,
    RuleId,
    RunFailure,
    ScenarioResult,
    SpecReport,
    StepResult,
    TestRun,
    Verdict,
)
from spec2bdd.reporters.markdown.report import render_report_markdown
from spec2bdd.reporters.terminal.escape import UNSAFE
from spec2bdd.reporters.terminal.layout import measure_text
from spec2bdd.reporters.terminal.theme import GLYPHS
from spec2bdd.reporters.text.failures import build_scenario
from spec2bdd.reporters.text.report import render_text

MakeReport = Callable[[str], Report]
_PAINT = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_looks_as_it_was_approved(
    case: str, report: Report, width: int, read_golden: Callable[[str, str], str]
) -> None:
    found = render_text(report, width=width, color=False)
    assert read_golden(f"{case}.{width}.txt", found) == found


@pytest.mark.parametrize("width", [80, 120])
def test_it_looks_as_it_was_approved_in_color(
    case: str, report: Report, width: int, read_golden: Callable[[str, str], str]
) -> None:
    found = render_text(report, width=width, color=True)
    assert read_golden(f"{case}.{width}.color.txt", found) == found


@pytest.mark.parametrize("option", ["verbose", "quiet"])
def test_it_looks_as_it_was_approved_with_an_option(
    option: str, make_report: MakeReport, read_golden: Callable[[str, str], str]
) -> None:
    found = render_text(make_report("mixed"), width=80, color=False, **{option: True})
    assert read_golden(f"mixed.80.{option}.txt", found) == found


def test_color_adds_nothing_but_color(report: Report) -> None:
    painted = render_text(report, width=80, color=True)
    plain = render_text(report, width=80, color=False)
    assert "".join(line.rstrip() + "\n" for line in _PAINT.sub("", painted).splitlines()) == plain


def test_no_text_of_a_spec_reaches_the_terminal_as_a_command(report: Report) -> None:
    painted = _PAINT.sub("", render_text(report, width=80, color=True, verbose=True))
    assert [char for char in UNSAFE.findall(painted) if char != "\n"] == []


def test_markup_of_rich_is_shown_as_it_was_written(make_report: MakeReport) -> None:
    assert "[bold]loud[/bold]" in render_text(make_report("hostile"), width=200, color=True)
    assert ":smile:" in render_text(make_report("hostile"), width=200, color=True)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(case: str, report: Report, width: int) -> None:
    if case == "hostile":
        # A path is never cut, so that it can be copied: hostile ones may be longer than a line.
        hostile = report.specs[0]
        named = replace(hostile, spec=replace(hostile.spec, path="a.md", fields=()), verdicts=hostile.verdicts)
        report = Report("verify", specs=(named,), notes=report.notes)
    lines = render_text(report, width=width, color=False, verbose=True).splitlines()
    assert [line for line in lines if measure_text(line) > width] == []


@pytest.mark.parametrize("width", [1, 10, 24])
def test_a_terminal_of_hardly_any_width_stops_nothing(report: Report, width: int) -> None:
    assert render_text(report, width=width, color=True).endswith("\n")


def test_every_verdict_has_a_shape_of_its_own() -> None:
    assert len(Verdict) == len(set(GLYPHS.values()))
    assert {measure_text(glyph) for glyph in GLYPHS.values()} == {1}


def test_a_tick_that_was_not_written_is_not_called_ticked(make_report: MakeReport) -> None:
    mixed = make_report("mixed")
    text = render_text(replace(mixed, changes=()), width=80, color=False)
    assert "3 boxes would be ticked, 3 unticked" in text
    assert "boxes ticked" not in text


def test_a_status_that_was_not_written_is_not_called_changed(make_report: MakeReport) -> None:
    text = render_text(make_report("checked"), width=80, color=False)
    assert "Draft (→ In Progress)" in text


def test_pending_criteria_are_only_counted(make_report: MakeReport) -> None:
    assert "pending: a step is not implemented yet" not in render_text(make_report("mixed"), width=80, color=False)


def test_pending_criteria_are_listed_on_request_with_their_reason(make_report: MakeReport) -> None:
    text = render_text(make_report("mixed"), width=80, color=False, verbose=True)
    assert "○ pending: a step is not implemented yet\n      A receipt is printed" in text


def test_what_could_not_be_done_is_never_called_up_to_date(make_report: MakeReport) -> None:
    assert "up to date" not in render_text(make_report("refused"), width=80, color=False)


def render_summary(report: Report) -> str:
    """Render the first piece of the summary of a report."""
    pieces = (line.partition(" · ") for line in render_text(report, width=200, color=False).splitlines())
    return next(first for first, separator, _ in pieces if separator)


@pytest.mark.parametrize("command", ["run", "verify"])
def test_what_a_limited_run_left_out_is_not_called_unproved(command: str, make_report: MakeReport) -> None:
    report = make_report("passed")
    must = report.specs[0].verdicts[0]
    skipped, stale = (replace(must, verdict=verdict) for verdict in (Verdict.SKIPPED, Verdict.STALE))
    other_files, by_code = replace(stale, rule=RuleId.OTHER_FILES), replace(skipped, rule=RuleId.SKIPPED_BY_CODE)
    for verdicts, partial, expected in (
        ((skipped, skipped), True, "Nothing failed: 0 of 2 musts selected"),
        ((skipped,), True, "Nothing failed: 0 of 1 must selected"),
        ((skipped, skipped), False, "Nothing failed: 0 of 2 musts proved"),
        ((skipped, by_code), True, "Nothing failed: 0 of 2 musts proved"),
        ((skipped, other_files), True, "Nothing failed: 0 of 2 musts proved"),
        ((must, other_files), True, "Passed: 1 of 2 musts proved, 1 stale (outdated) and not selected"),
        ((must, other_files), False, "Passed: 1 of 2 musts proved, 1 stale (outdated)"),
        # The file that was generated for it would differ: a run does not change that.
        ((must, replace(stale, rule=RuleId.STALE)), True, "Passed: 1 of 2 musts proved, 1 stale (outdated)"),
        ((must, skipped), True, "Passed: 1 of 2 musts proved, 1 skipped"),
    ):
        specs = (replace(report.specs[0], verdicts=verdicts, done=()),)
        shown = replace(report, command=command, specs=specs, run=None, exit_code=0, partial=partial)
        assert render_summary(shown) == expected
        assert expected.partition(": ")[2].partition(",")[0] in render_report_markdown(shown)


def test_a_success_that_proves_no_must_is_not_called_passed(make_report: MakeReport) -> None:
    report = make_report("passed")
    must = report.specs[0].verdicts[0]
    for verdicts, expected in (
        ((Verdict.PENDING, Verdict.PENDING), "Nothing failed: 0 of 2 musts proved, 2 not required until Review"),
        ((Verdict.SKIPPED, Verdict.SKIPPED), "Nothing failed: 0 of 2 musts proved"),
        ((Verdict.PASSED, Verdict.PENDING), "Passed: 1 of 2 musts proved, 1 not required until Review"),
        ((Verdict.PASSED, Verdict.PASSED), "Passed: 2 of 2 musts proved"),
        # What was ticked before, or is not in the baseline, is required by no status.
        ((Verdict.UNVERIFIED, Verdict.UNVERIFIED), "Nothing failed: 0 of 2 musts proved, 2 unverified"),
        (
            (Verdict.PASSED, Verdict.UNVERIFIED, Verdict.FAILED, Verdict.PENDING),
            "Passed: 1 of 4 musts proved, 1 failed, 1 unverified, 1 not required until Review",
        ),
        ((Verdict.PASSED,), "Passed: 1 of 1 must proved"),
    ):
        judged = tuple(replace(must, verdict=verdict) for verdict in verdicts)
        specs = (replace(report.specs[0], verdicts=judged, done=()),)
        shown = replace(report, command="run", specs=specs, run=None, exit_code=0)
        assert render_summary(shown) == expected
        # A baseline asks for no status.
        other = expected.replace("not required until Review", "not in `spec2bdd.lock`")
        assert render_summary(replace(shown, gate_baseline=True)) == other


def test_where_nothing_was_run_nothing_is_called_passed(make_report: MakeReport) -> None:
    report = replace(make_report("passed"), notes=("no scenario matches",), nothing_run=True)
    for quiet in (False, True):
        lines = render_text(report, width=80, color=False, quiet=quiet).splitlines()
        assert lines[0] == "no scenario matches"
        assert lines.count("no scenario matches") == 1
        assert not any("Passed" in line for line in lines)
    assert any(line.startswith("Nothing was run: ") for line in lines)


def test_what_has_nothing_to_write_is_called_up_to_date(make_report: MakeReport) -> None:
    assert render_text(make_report("empty"), width=80, color=False) == "nothing to write: all up to date\n"


def test_a_run_that_did_not_end_is_said_also_when_quiet(make_report: MakeReport) -> None:
    assert "✗ the run did not finish" in render_text(make_report("died"), width=80, color=False, quiet=True)


def test_a_run_that_finished_is_not_mentioned(make_report: MakeReport) -> None:
    assert "run" not in render_text(make_report("passed"), width=80, color=False)


def test_errors_outside_scenarios_are_shown_for_a_run_that_ended(make_report: MakeReport) -> None:
    run = TestRun("7d1f", complete=True, failures=(RunFailure("", "after_all: OSError: no till"),))
    text = render_text(replace(make_report("passed"), run=run), width=80, color=False)
    assert "after_all: OSError: no till" in text
    assert "the run did not finish" not in text


def test_a_tick_outside_of_the_gate_that_fails_the_check_is_in_the_summary(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    reason = FailureReason(FailureKind.REGRESSED, spec.verdicts[0].criterion.line, "ticked criterion is now pending")
    failed: SpecReport = replace(spec, passed=False, reasons=(reason,))
    text = render_text(Report("run", specs=(failed,), exit_code=1), width=80, color=False)
    assert "Failed: 3 of 3 musts proved · 1 ticked and not proved" in text


def test_a_spec_that_fails_without_a_reason_has_a_row(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    failed: SpecReport = replace(spec, passed=False)
    text = render_text(Report("run", specs=(failed,), exit_code=1), width=80, color=False)
    assert "10.12  Search  ✓ 3/3  Complete\n\nFailed: 3 of 3 musts proved" in text


@pytest.mark.parametrize(("code", "word"), [(0, "Passed"), (1, "Failed"), (2, "Error")])
def test_the_summary_begins_with_how_the_command_ended(code: int, word: str, make_report: MakeReport) -> None:
    text = render_text(replace(make_report("passed"), exit_code=code), width=80, color=False)
    assert text.splitlines()[2].startswith(f"{word}: 3 of 3 musts proved · 3 criteria: 3 passed")


def test_a_green_project_of_20_specs_fits_a_terminal_of_24_lines(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    ticked = replace(spec, verdicts=tuple(replace(verdict, criterion=_empty_box(verdict)) for verdict in spec.verdicts))
    for specs in ((spec,) * 20, (ticked,) * 3 + (spec,) * 17, (ticked,) * 20):
        text = render_text(replace(make_report("passed"), specs=specs), width=80, color=False)
        assert text.count("\n") <= 23


def test_a_note_that_nothing_is_to_do_is_not_repeated() -> None:
    report = Report("accept", notes=("nothing to accept: no criterion was reworded",))
    assert render_text(report, width=80, color=False) == "nothing to accept: no criterion was reworded\n"


def test_specs_without_news_are_only_counted(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    ticked = replace(spec, verdicts=tuple(replace(verdict, criterion=_empty_box(verdict)) for verdict in spec.verdicts))
    report = replace(make_report("passed"), specs=(spec, ticked, spec))
    lines = render_text(report, width=80, color=False).splitlines()
    assert lines[1:3] == ["10.12  Search  ✓ 3/3  +3     Complete", "2 more specs: no box or status changes"]
    assert render_text(report, width=80, color=False, verbose=True).count("Search") == 3


def test_of_a_run_specs_without_news_are_counted_as_of_a_verify(make_report: MakeReport) -> None:
    text = render_text(replace(make_report("passed"), command="run"), width=80, color=False)
    assert text.startswith("1 spec: no box or status changes\n")


@pytest.mark.parametrize("quiet", [False, True])
def test_all_unproved_criteria_are_counted_and_each_is_listed_once(quiet: bool, make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    first, second, third = spec.verdicts
    pending = replace(first, verdict=Verdict.PENDING, reason="step not implemented")
    vacuous = replace(second, verdict=Verdict.PENDING, reason="vacuous step: it cannot fail", rule=RuleId.VACUOUS)
    claim = "all musts are required, but 1 must criterion is pending"
    reasons = tuple(
        FailureReason(FailureKind.UNPROVED, verdict.criterion.line, claim) for verdict in (pending, vacuous)
    )
    failed = replace(spec, verdicts=(pending, vacuous, third), passed=False, reasons=reasons)
    text = render_text(Report("run", specs=(failed,), exit_code=1), width=80, color=False, quiet=quiet)
    assert text.startswith("○ all musts are required, but 2 must criteria are pending\n")
    assert [text.count(verdict.criterion.text) for verdict in (pending, vacuous)] == [1, 1]


@pytest.mark.parametrize("label", ["stale (outdated)", "stale (reworded)", "not run (run failed)", "stale"])
def test_what_several_criteria_lack_for_the_status_is_said_with_their_count(
    label: str, make_report: MakeReport
) -> None:
    (spec,) = make_report("passed").specs
    stale = tuple(replace(verdict, verdict=Verdict.STALE, reason="`a.py` has changed") for verdict in spec.verdicts)
    claim = f"status is `Review`, but 1 must criterion is {label}"
    reasons = tuple(FailureReason(FailureKind.UNPROVED, verdict.criterion.line, claim) for verdict in stale)
    failed = replace(spec, verdicts=stale, passed=False, reasons=reasons)
    text = render_text(Report("mark", specs=(failed,), exit_code=1), width=80, color=False, quiet=True)
    assert text.startswith(f"≠ status is `Review`, but 3 must criteria are {label}\n")


@pytest.mark.parametrize("quiet", [True, False])
def test_what_fails_the_check_is_said_also_where_its_criteria_are_listed_below(
    quiet: bool, make_report: MakeReport
) -> None:
    (spec,) = make_report("passed").specs
    stale = tuple(replace(verdict, verdict=Verdict.STALE, reason="`a.py` has changed") for verdict in spec.verdicts)
    claim = "status is `Review`, but 1 must criterion is stale (outdated)"
    reasons = tuple(FailureReason(FailureKind.UNPROVED, verdict.criterion.line, claim) for verdict in stale)
    failed = replace(spec, verdicts=stale, passed=False, reasons=reasons)
    text = render_text(Report("mark", specs=(failed,), exit_code=1), width=80, color=False, quiet=quiet)
    assert text.startswith("≠ status is `Review`, but 3 must criteria are stale (outdated)\n")
    assert [text.count(verdict.criterion.text) for verdict in stale] == [1, 1, 1]
    assert text.count("has changed") == (0 if quiet else 1)


def test_a_stale_criterion_is_called_reworded_or_outdated(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    outdated = replace(
        spec.verdicts[0], verdict=Verdict.STALE, reason="`lamp.py` has changed since these results were recorded"
    )
    reworded = replace(outdated, reason="wording changed (was `x`)", rule=RuleId.REWORDED)
    nested = replace(outdated, reason="nested criterion: stale", rule=RuleId.CHILDREN)
    stale = replace(spec, verdicts=(outdated, reworded, outdated, nested))
    text = render_text(Report("mark", specs=(stale,), run=TestRun("7d1f", complete=True)), width=200, color=False)
    assert "≠ 2 stale (outdated): `lamp.py` has changed since these results were recorded\n" in text
    assert "≠ stale (reworded): wording changed (was `x`)\n" in text
    assert "4 criteria: 1 stale, 2 stale (outdated), 1 stale (reworded)\n" in text


def test_one_reason_of_many_criteria_is_shown_once_with_their_count(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    stale = replace(
        spec.verdicts[0],
        verdict=Verdict.STALE,
        reason="`a.py` has changed since these results were recorded",
    )
    report = Report("mark", specs=(replace(spec, verdicts=(stale,) * 27),), run=TestRun("7d1f", complete=True))
    text = render_text(report, width=80, color=False)
    assert text.startswith(
        "≠ 27 stale (outdated): `a.py` has changed since these results were recorded\n    Titles are found"
    )
    assert "\n    ... and 24 more\n" in text
    verbose = render_text(report, width=80, color=False, verbose=True)
    assert verbose.count("has changed since these results were recorded") == 1


def test_what_an_error_keeps_from_running_is_counted_once(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    reason = "a step may be defined in `steps/a_steps.py`, which cannot be loaded"
    blocked = replace(spec.verdicts[0], verdict=Verdict.NOT_RUN, rule=RuleId.BAD_FILE, reason=reason)
    run = TestRun("7d1f", complete=True)
    report = Report("verify", specs=(replace(spec, verdicts=(blocked,) * 9),), run=run, exit_code=2)
    text = render_text(report, width=120, color=False)
    assert text.count(reason) == 1
    assert text.startswith(f"? not run (9): {reason}\n")


def test_an_error_that_left_no_results_is_all_that_is_said(make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    report = Report("mark", specs=(replace(spec, verdicts=()),), exit_code=2)
    assert render_text(report, width=80, color=False) == "Error: nothing was written\n"


def test_quiet_leaves_the_failures_and_the_summary(make_report: MakeReport) -> None:
    text = render_text(make_report("mixed"), width=80, color=False, quiet=True)
    blocks = text.split("\n\n")
    assert [block.split("\n")[0].partition(" ─")[0] for block in blocks] == [
        "2 failures",
        "✗ Fines grow by the day",
        "1 scenario without a criterion: undefined",
        "○ unticked, pending: a step has no definition",
        "Failed: 6 of 12 musts proved · 17 criteria: 6 passed, 2 failed, 2 pending,",
    ]


def test_all_files_that_a_check_counts_are_named(make_report: MakeReport) -> None:
    text = render_text(make_report("checked"), width=80, color=False)
    files = ["~ steps/returns_steps.py", "+ features/2_4_book_returns.feature"]
    files += ["~ specs/2.4-book-returns.md", "~ specs/2.5-fines.md"]
    assert "\n".join([*files, "", "Failed: "]) in text
    assert "4 files would be written" in text


def test_details_are_shown_on_request(make_report: MakeReport) -> None:
    note = "unused step definition"
    assert note not in render_text(make_report("generated"), width=80, color=False)
    assert note in render_text(make_report("generated"), width=80, color=False, verbose=True)


def _empty_box(verdict: CriterionVerdict) -> Criterion:
    """Return the criterion of a verdict with an empty box."""
    return replace(verdict.criterion, box=replace(verdict.criterion.box, mark=" "))


def test_any_text_can_be_anywhere(hostile: str, make_report: MakeReport) -> None:
    (spec,) = make_report("passed").specs
    judgement = replace(spec.verdicts[0], criterion=replace(spec.verdicts[0].criterion, text=hostile), reason=hostile)
    failed = replace(judgement, verdict=Verdict.FAILED, mark=" ")
    report = Report("verify", specs=(replace(spec, verdicts=(judgement, failed)),), notes=(hostile,))
    lines = render_text(report, width=80, color=False, verbose=True).split("\n")
    assert [line for line in lines if UNSAFE.search(line) or measure_text(line) > 80] == []


def test_rich_is_loaded_only_where_something_is_shown() -> None:
    code = (
        "import sys, spec2bdd.reporters.text.report, spec2bdd.reporters.json.report, spec2bdd.reporters.diff\n"
        "import spec2bdd.reporters.text.diagnostics, spec2bdd.reporters.terminal.progress\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'rich'])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


def test_every_golden_file_belongs_to_a_case(golden_names: set[str]) -> None:
    looks = [f"{width}.txt" for width in (60, 80, 120)] + [f"{width}.color.txt" for width in (80, 120)] + ["json", "md"]
    options = {"mixed.80.verbose.txt", "mixed.80.quiet.txt"}
    cases = {name.partition(".")[0] for name in golden_names}
    assert golden_names == options | {f"{case}.{look}" for case in cases for look in looks}


def test_an_error_is_shown_once(make_report: MakeReport) -> None:
    for quiet in (False, True):
        text = render_text(make_report("mixed"), width=80, color=False, quiet=quiet)
        assert text.count("expected the book to be kept for 'Ana'") == 1
        assert text.count("clean-up of `till`") + text.count("a clean-up failed") == 1 + (not quiet)


def test_an_error_without_a_traceback_is_shown_below_its_step(make_report: MakeReport) -> None:
    first, *others = make_report("mixed").specs
    verdicts = tuple(
        replace(verdict, record=replace(verdict.record, output="")) if verdict.record else verdict
        for verdict in first.verdicts
    )
    report = replace(make_report("mixed"), specs=(replace(first, verdicts=verdicts), *others))
    text = render_text(report, width=80, color=False)
    assert "  29 ✗ Then it is kept for Ana  (steps/returns_steps.py:52)\n       │ expected the book" in text


def test_an_assertion_without_a_message_is_shown_in_its_traceback_alone() -> None:
    step = StepResult("Then", "then", "it glows", 9, "failed", error="steps/lamp.py:11: assert 1 == 2")
    output = (
        'Traceback (most recent call last):\n  File "steps/lamp.py", line 11, in it\n    assert 1 == 2\nAssertionError'
    )
    record = ScenarioResult("features/a.feature", 8, "Lamp", (), steps=(step,), status="failed", output=output)
    lines = build_scenario(record, step, title="It glows")
    text = "\n".join("".join(part for part, _ in line.parts) for line in lines)
    assert text.count("assert 1 == 2") == 1


def test_a_reason_that_the_error_does_not_repeat_is_shown_in_full(make_report: MakeReport) -> None:
    text = render_text(_give_reason(make_report("mixed"), "one of 2 scenarios\nfailed"), width=80, color=False)
    assert "\n  one of 2 scenarios\n  failed\n" in text


def test_a_step_has_its_text_even_where_it_repeats_the_criterion(make_report: MakeReport) -> None:
    first, *others = make_report("mixed").specs
    text = "It is kept for Ana"
    verdicts = tuple(
        replace(verdict, criterion=replace(verdict.criterion, text=text)) for verdict in first.verdicts[3:4]
    )
    report = replace(make_report("mixed"), specs=(replace(first, verdicts=verdicts), *others))
    shown = render_text(report, width=80, color=False)
    assert "\n  29 ✗ Then it is kept for Ana  (steps/returns_steps.py:52)\n" in shown


def _give_reason(report: Report, reason: str) -> Report:
    """Give the first failure of a report another reason."""
    first, *others = report.specs
    judgements = tuple(replace(one, reason=reason) if one.verdict is Verdict.FAILED else one for one in first.verdicts)
    return replace(report, specs=(replace(first, verdicts=judgements), *others))


def test_a_command_of_the_next_step_is_never_broken(make_report: MakeReport) -> None:
    report = make_report("mixed")
    for width in range(40, 100, 3):
        text = render_text(report, width=width, color=False)
        assert "`spec2bdd verify`" in text[text.rindex("next: ") :]
