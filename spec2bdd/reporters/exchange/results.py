"""The verdicts of an answer as test results, which all formats of test runners are made of."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from spec2bdd.model import (
    CriterionVerdict,
    DoneItemVerdict,
    FailureReason,
    Report,
    ScenarioResult,
    Severity,
    SpecReport,
    TestRun,
    UnlinkedScenario,
    Verdict,
)
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.summary import list_counted
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines


class CaseStatus(StrEnum):
    """What a test runner says of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Case:
    """A criterion, a done item, a scenario without a criterion, or a file that could not be read, as a test.

    All texts are visible ones; `details` has several lines, all others have one. `records` are the results of its
    scenarios. What is no criterion has no `judgement`, and what is no done item no `done`.
    """

    name: str
    path: str
    line: int
    status: CaseStatus
    message: str = ""
    details: str = ""
    judgement: CriterionVerdict | None = None
    done: DoneItemVerdict | None = None
    records: tuple[ScenarioResult, ...] = ()

    @property
    def id(self) -> str:
        """The id of the criterion."""
        return self.judgement.id if self.judgement else ""

    @property
    def facts(self) -> dict[str, str]:
        """What is known of it, by the names of properties."""
        facts = {"id": self.id, "file": self.path, "line": str(self.line) if self.line else ""}
        if self.judgement:
            facts |= {"tier": str(self.judgement.criterion.tier), "verdict": str(self.judgement.verdict)}
        if self.done:
            facts |= {"verdict": str(self.done.verdict), "evidence": ", ".join(self.done.kinds)}
        return {name: value for name, value in facts.items() if value}

    @property
    def seconds(self) -> float:
        """How long its steps took."""
        return sum(step.seconds for record in self.records for step in record.steps)


@dataclass(frozen=True, slots=True)
class Suite:
    """The criteria or the done items of one spec, or what belongs to no spec; `path` is that of the spec."""

    name: str
    path: str
    cases: tuple[Case, ...]
    spec: SpecReport | None = None

    def count(self, status: CaseStatus) -> int:
        """Count the tests with a status."""
        return sum(case.status is status for case in self.cases)


def build_suites(report: Report, *, pending_fails: bool) -> list[Suite]:
    """Build the suites: two for each spec, one for scenarios without a criterion, and one for errors; none is empty."""
    suites: list[Suite] = []
    for spec in report.specs:
        reasons = {reason.line: reason for reason in spec.reasons}
        cases = [
            _build_criterion(spec, verdict, report.runs, reasons.get(verdict.criterion.line), fails=pending_fails)
            for verdict in list_counted(spec)
        ]
        items = [_build_done_item(spec, item, reasons.get(item.item.line)) for item in spec.done]
        # Apart from the criteria, whose numbers would say something else otherwise.
        groups = {name_spec(spec): cases, f"{name_spec(spec)}: definition of done": items}
        path = render_visible(spec.spec.path)
        suites += [Suite(name, path, tuple(group), spec) for name, group in groups.items() if group]
    if report.unlinked:
        # With `unlinked = "report"`, they fail nothing.
        failing = [scenario.is_failing and report.exit_code > 0 for scenario in report.unlinked]
        cases = [
            _build_unlinked(scenario, pending_fails=pending_fails or fails)
            for scenario, fails in zip(report.unlinked, failing, strict=True)
        ]
        suites.append(Suite("scenarios without a criterion", "", tuple(cases)))
    errors = [diagnostic for diagnostic in report.diagnostics if diagnostic.severity is Severity.ERROR]
    if errors:
        cases = [
            Case(
                render_visible(f"{error.path}:{error.line}: {error.code}" if error.path else error.code),
                render_visible(error.path),
                error.line,
                CaseStatus.ERROR,
                render_visible(error.message),
                "\n".join(split_visible_lines(f"{error.message}\nhint: {error.hint}")),
            )
            for error in errors
        ]
        suites.append(Suite("errors", "", tuple(cases)))
    return suites


def name_spec(spec: SpecReport) -> str:
    """Name a spec by its id and name, or else by its path."""
    document = spec.spec
    name = f"{document.find_value('feature_id')} {document.find_value('name') or document.title}".strip()
    return render_visible(name or document.path)


def find_records(runs: Sequence[TestRun], tag: str) -> tuple[ScenarioResult, ...]:
    """Find the newest result of each scenario with a tag; of one that was left out of a run, the result before."""
    newest: dict[tuple[str, int, str], ScenarioResult] = {}
    for run in runs:
        for record in run.results_by_tag.get(tag, ()):
            place = (record.feature, record.line, record.name)
            if place not in newest or not record.left_out:
                newest[place] = record
    return tuple(newest.values())


def describe_record(record: ScenarioResult) -> str:
    """Describe the steps of a scenario with their results, its errors and its output, in lines."""
    lines = [f"Scenario: {record.name} ({record.feature}:{record.line})"]
    lines += [f"  {step.keyword} {step.text} ... {step.status}" for step in record.steps]
    texts = [*(step.error for step in record.steps), *record.failures]
    # The output has the tracebacks, with the errors.
    lines += ["", *(text for text in texts if text and text not in record.output), record.output]
    return "\n".join(split_visible_lines("\n".join(lines)))


def _build_criterion(
    spec: SpecReport, verdict: CriterionVerdict, runs: Sequence[TestRun], reason: FailureReason | None, *, fails: bool
) -> Case:
    """Build the test of a criterion: it passed if it is proved, and failed if it is disproved or fails the check.

    With `fails`, it also failed if it is pending.
    """
    records = find_records(runs, verdict.id) or ((verdict.record,) if verdict.record else ())
    status = CaseStatus.SKIPPED
    if verdict.verdict is Verdict.FAILED or reason or (fails and verdict.verdict is Verdict.PENDING):
        status = CaseStatus.FAILED
    elif verdict.verdict is Verdict.PASSED:
        status = CaseStatus.PASSED
    words = verdict.label if status is CaseStatus.SKIPPED else reason.text if reason else f"{verdict.verdict}"
    message = f"{words}: {verdict.reason}" if verdict.reason else words
    return Case(
        render_visible(verdict.criterion.text),
        render_visible(spec.spec.path),
        verdict.criterion.line,
        status,
        "" if status is CaseStatus.PASSED else render_visible(message),
        describe_record(verdict.record) if verdict.record and status is CaseStatus.FAILED else "",
        judgement=verdict,
        records=records,
    )


def _build_done_item(spec: SpecReport, item: DoneItemVerdict, reason: FailureReason | None) -> Case:
    """Build the test of a done item: it failed if it fails the check, and passed if its evidence supports it.

    An open item fails nothing, whatever its evidence says: it is to be done. What people tick is as a manual criterion.
    """
    status = CaseStatus.FAILED if reason else CaseStatus.PASSED if item.fulfilled else CaseStatus.SKIPPED
    words = reason.text if reason else item.label
    message = f"{words}: {item.reason}" if item.reason else words
    return Case(
        render_visible(item.item.text),
        render_visible(spec.spec.path),
        item.item.line,
        status,
        "" if status is CaseStatus.PASSED else render_visible(message),
        done=item,
    )


def _build_unlinked(scenario: UnlinkedScenario, *, pending_fails: bool) -> Case:
    """Build the test of a scenario that has no criterion."""
    status = CaseStatus.SKIPPED
    if scenario.verdict is Verdict.FAILED or (pending_fails and scenario.verdict is Verdict.PENDING):
        status = CaseStatus.FAILED
    elif scenario.verdict is Verdict.PASSED:
        status = CaseStatus.PASSED
    record = scenario.record
    message = f"{scenario.verdict}: {scenario.reason}" if scenario.reason else str(scenario.verdict)
    return Case(
        render_visible(record.name),
        render_visible(record.feature),
        record.line,
        status,
        "" if status is CaseStatus.PASSED else render_visible(message),
        describe_record(record) if status is CaseStatus.FAILED else "",
        records=(record,),
    )
