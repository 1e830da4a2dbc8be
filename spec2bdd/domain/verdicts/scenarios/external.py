"""Judge a scenario by the reports of other tools (JUnit, Cucumber JSON, Behave JSON).

Such a report may show that a scenario fails. That it passes counts only on request: a report does not say what the
tool ran from, whether the steps can fail, or whether the run came to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.verdicts.scenarios.matching import Matches, find_place
from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import FAILED, PENDING
from spec2bdd.model import (
    ExternalReport,
    ExternalScenario,
    FeatureOutline,
    RuleId,
    ScenarioResult,
    StepResult,
    Verdict,
)
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ExternalResults:
    """Today's features, and reports with their matches to them; `trusted` accepts what passed in a report."""

    features: tuple[FeatureOutline, ...] = ()
    reports: tuple[tuple[ExternalReport, Matches], ...] = ()
    trusted: bool = False

    def find_records(self, criterion: str) -> list[ScenarioResult]:
        """Find today's scenarios that have the tag of a criterion."""
        return [record for feature in self.features for record in feature.scenarios if criterion in record.tags]

    def count_missing(self, criterion: str, files: Sequence[str]) -> int:
        """Count what can have no result for a criterion: files that were not read, outlines without rows."""
        # Outlines without rows are expected once, and have no scenario.
        expected = sum(feature.expected.get(criterion, 0) for feature in self.features)
        unread = set(files) - {feature.path for feature in self.features}
        return len(unread) + expected - len(self.find_records(criterion))


NO_EXTERNAL_RESULTS = ExternalResults()


def judge_external(record: ScenarioResult, criterion: str, external: ExternalResults) -> Ruling | None:
    """Judge one scenario by all reports that contain it; the worst counts, but for those that left it out."""
    rulings = [
        find_worst(
            [_judge_entry(entry, record, report, criterion=criterion, trusted=external.trusted) for entry in entries]
        )
        for report, matches in external.reports
        if (entries := matches.get(find_place(record), ()))
    ]
    # A report of a part of the project must not take away what another report shows.
    results = [ruling for ruling in rulings if ruling.verdict in RESULTS]
    reached = [ruling for ruling in rulings if ruling.verdict is not Verdict.SKIPPED]
    counted = results or reached or rulings
    return find_worst(counted) if counted else None


def _judge_entry(
    entry: ExternalScenario, record: ScenarioResult, report: ExternalReport, *, criterion: str, trusted: bool
) -> Ruling:
    """Judge what one entry of a report proves of a scenario."""
    where = f"{report.whose} `{report.path}`"
    # A report with places comes from the feature file, so it has the tags that the file had then; Behave's JSON has no
    # rules, and so not their tags.
    if report.placed and criterion not in (*entry.tags, *record.indirect_tags):
        return Ruling(Verdict.NOT_RUN, f"{where} has the scenario without the tag `@{criterion}`", record)
    # A file changed since the report was written, so it may be about other code.
    if report.old:
        return Ruling(Verdict.STALE, report.old, record)
    # Show the steps at their places of today, if the entry lists the same ones.
    steps = entry.steps
    if _list_texts(entry.steps) == _list_texts(record.steps):
        pairs = zip(record.steps, entry.steps, strict=True)
        steps = tuple(replace(step, status=reported.status, error=reported.error) for step, reported in pairs)
    reported = replace(record, status=entry.status, finished=True, steps=steps, failures=entry.failures)
    # What speaks against the scenario needs no trust in the report; a pass does.
    bad = _judge_failure(entry, reported)
    if bad:
        return replace(bad, reason=f"{bad.reason} ({where})")
    if not record.steps:
        return Ruling(Verdict.PENDING, "the scenario has no steps", record, rule=RuleId.NO_STEPS)
    if "skipped" in (entry.status, *(step.status for step in entry.steps)):
        return Ruling(Verdict.SKIPPED, f"skipped in {where}", record)
    # From here on nothing is wrong with it; the question is whether that proves anything.
    doubt = _find_doubt(entry, record, placed=report.placed)
    if doubt:
        return Ruling(Verdict.NOT_RUN, f"{doubt} ({where})", record)
    # Everything is green, but whether it ran from today's files is not known.
    if not trusted:
        reason = f"passed in {where} only; use `--trust-external` to accept it"
        return Ruling(Verdict.NOT_RUN, reason, record, external_only=True)
    return Ruling(Verdict.PASSED, f"accepted from {where}", reported, external_only=True)


def _list_texts(steps: Sequence[StepResult]) -> list[str]:
    """List the texts of steps with single spaces."""
    return [" ".join(step.text.split()) for step in steps]


def _judge_failure(entry: ExternalScenario, reported: ScenarioResult) -> Ruling | None:
    """Judge what unticks a box: a step that failed or is not implemented, or a hook or a scenario that failed.

    A step comes first: Behave calls a scenario with a pending step an error.
    """
    for statuses, verdict in ((FAILED, Verdict.FAILED), (PENDING, Verdict.PENDING)):
        step = next((step for step in reported.steps if step.status in statuses), None)
        if step:
            return Ruling(verdict, _describe_failure(step.status, step.error), reported, step)
    described = _describe_failure(entry.status, next(iter(entry.failures), ""))
    if entry.failures or entry.status in FAILED:
        return Ruling(Verdict.FAILED, described, reported)
    return Ruling(Verdict.PENDING, described, reported) if entry.status in PENDING else None


def _describe_failure(status: str, error: str) -> str:
    """Describe what went wrong in one line."""
    if status in PENDING:
        return "a step is undefined or not implemented"
    return error.strip().partition("\n")[0] or f"the report has the status `{status}`"


def _find_doubt(entry: ExternalScenario, record: ScenarioResult, *, placed: bool) -> str:
    """Find why an entry that reports nothing bad is still no pass, or nothing."""
    if entry.doubt:
        return entry.doubt
    if entry.status != "passed":
        return f"the report has the status `{entry.status}`"
    if not placed:
        # A report without places, such as JUnit's, has no steps that could be checked.
        return "with `@wip` a pending step passes, and the report has no steps" if "wip" in record.tags else ""
    if _list_texts(entry.steps) != _list_texts(record.steps):
        return "its steps differ from those of the current scenario"
    unproved = next((step for step in entry.steps if step.status != "passed"), None)
    return f"the report has a step with the status `{unproved.status}`" if unproved else ""
