"""One scenario of today and what reports of other tools say of it in, what that proves out.

Such a report may show that a scenario fails. That it passes counts only on request: it does not say what it ran from,
whether its steps can fail, or whether the run came to its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spec2bdd.domain.verdicts.scenarios.matching import Matches, find_place
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.scenario import FAILED, PENDING
from spec2bdd.model import ExternalReport, ExternalScenario, FeatureOutline, ScenarioResult, StepResult, Verdict

_RESULTS = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
_WIP = "wip"


@dataclass(frozen=True, slots=True)
class ExternalResults:
    """Reports with what they say of each place, and today's features; `trusted` takes their word for what passed."""

    features: tuple[FeatureOutline, ...] = ()
    reports: tuple[tuple[ExternalReport, Matches], ...] = ()
    trusted: bool = False

    def find_records(self, criterion: str) -> list[ScenarioResult]:
        """Return today's scenarios that carry the tag of a criterion."""
        return [one for feature in self.features for one in feature.scenarios if criterion in one.tags]

    def count_missing(self, criterion: str, files: Sequence[str]) -> int:
        """Count what stands for a criterion and can have no result: files that are not read, outlines without rows."""
        expected = sum(feature.expected.get(criterion, 0) for feature in self.features)
        unread = set(files) - {feature.path for feature in self.features}
        return len(unread) + expected - len(self.find_records(criterion))


NO_EXTERNAL_RESULTS = ExternalResults()


def judge_external(record: ScenarioResult, criterion: str, hearing: ExternalResults) -> Ruling | None:
    """Return what all reports say of one scenario, or nothing; the worst counts, but for those that left it out."""
    findings = [
        find_worst(
            [_judge_said(said, record, report, criterion=criterion, trusted=hearing.trusted) for said in entries]
        )
        for report, matches in hearing.reports
        if (entries := matches.get(find_place(record), ()))
    ]
    results = [found for found in findings if found.verdict in _RESULTS]
    reached = [found for found in findings if found.verdict is not Verdict.SKIPPED]
    known = results or reached or findings
    return find_worst(known) if known else None


def _judge_said(
    said: ExternalScenario, record: ScenarioResult, report: ExternalReport, *, criterion: str, trusted: bool
) -> Ruling:
    """Return what one entry of a report proves of a scenario."""
    where = f"{report.whose}, `{report.path}`"
    told = replace(record, status=said.status, finished=True, steps=_place(said, record), failures=said.failures)
    if report.placed and criterion not in said.tags:
        return Ruling(Verdict.NOT_RUN, f"{where}, has the scenario without the tag `@{criterion}`", record)
    if report.old:
        return Ruling(Verdict.STALE, report.old, record)
    bad = _find_bad(said, told)
    if bad:
        return replace(bad, reason=f"{bad.reason} ({where})")
    if not record.steps:
        return Ruling(Verdict.PENDING, "the scenario has no steps", record)
    if "skipped" in (said.status, *(step.status for step in said.steps)):
        return Ruling(Verdict.SKIPPED, f"left out of the run that {where}, tells of", record)
    doubt = _find_doubt(said, record, placed=report.placed)
    if doubt:
        return Ruling(Verdict.NOT_RUN, f"{doubt} ({where})", record)
    if not trusted:
        reason = f"passed by {where}, which does not say what it ran from (`--trust-foreign` takes its word)"
        return Ruling(Verdict.NOT_RUN, reason, record, on_word=True)
    return Ruling(Verdict.PASSED, f"on the word of {where}", told, on_word=True)


def _place(said: ExternalScenario, record: ScenarioResult) -> tuple[StepResult, ...]:
    """Return the steps of an entry, in their places where they are those of today."""
    if _list_texts(said.steps) != _list_texts(record.steps):
        return said.steps
    pairs = zip(record.steps, said.steps, strict=True)
    return tuple(replace(step, status=told.status, error=told.error) for step, told in pairs)


def _list_texts(steps: Sequence[StepResult]) -> list[str]:
    """Return the texts of steps in one typography."""
    return [" ".join(step.text.split()) for step in steps]


def _find_bad(said: ExternalScenario, told: ScenarioResult) -> Ruling | None:
    """Return what takes a tick away: a step that failed or is not written, or a hook or a scenario that failed.

    A step comes first: Behave calls a scenario with a pending step an error.
    """
    for statuses, verdict in ((FAILED, Verdict.FAILED), (PENDING, Verdict.PENDING)):
        step = next((step for step in told.steps if step.status in statuses), None)
        if step:
            return Ruling(verdict, _find_failure(step, said), told, step)
    if said.failures or said.status in FAILED:
        return Ruling(Verdict.FAILED, _find_failure(None, said), told)
    return Ruling(Verdict.PENDING, _find_failure(None, said), told) if said.status in PENDING else None


def _find_failure(step: StepResult | None, said: ExternalScenario) -> str:
    """Return what went wrong, in one line."""
    status = step.status if step else said.status
    if status in PENDING:
        return "a step is not written or not defined"
    told = step.error if step else next(iter(said.failures), "")
    return told.strip().partition("\n")[0] or f"it says `{status}`"


def _find_doubt(said: ExternalScenario, record: ScenarioResult, *, placed: bool) -> str:
    """Return why an entry that tells of nothing bad is still no pass, or nothing."""
    if said.doubt:
        return said.doubt
    if said.status != "passed":
        return f"it says `{said.status}`"
    if not placed:
        return "under `@wip` a pending step passes, and it knows no steps" if _WIP in record.tags else ""
    if _list_texts(said.steps) != _list_texts(record.steps):
        return "it has other steps than the scenario has today"
    unproved = next((step for step in said.steps if step.status != "passed"), None)
    return f"it says `{unproved.status}` of a step" if unproved else ""
