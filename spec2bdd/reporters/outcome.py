"""Say how a command ended, and which criteria are not proved although it passed; the same words in all formats."""

from __future__ import annotations

from collections import Counter

from spec2bdd.model import Outcome, Report, RuleId, Verdict
from spec2bdd.reporters.summary import Summary


def describe_outcome(report: Report, counts: Summary) -> str:
    """Describe how a command ended; `passed` only if it showed that something is proved."""
    if report.outcome is Outcome.PASSED and report.specs and not is_proved(report, counts):
        return "nothing was run" if report.nothing_run else "nothing failed"
    if is_only_outdated(report, counts) and not report.specs:
        return "out of date"
    return str(report.outcome)


def is_only_outdated(report: Report, counts: Summary) -> bool:
    """Whether a check failed for no other reason than that files would be written."""
    fails = not all(spec.passed for spec in report.specs) or bool(report.failing)
    would_write = bool(report.changes or report.folders) and not report.wrote
    return report.outcome is Outcome.FAILED and would_write and not (fails or counts.errors)


def is_proved(report: Report, counts: Summary) -> bool:
    """Whether the command showed that a criterion of the gate is proved, or of any tier where none gates."""
    proved = counts.fulfilled if counts.gating else counts.verdicts[Verdict.PASSED]
    return proved > 0 and not report.nothing_run


def list_open(report: Report, counts: Summary) -> list[str]:
    """Count the criteria of the gate that are not proved although the command passed, by why that does not fail it."""
    if report.outcome is not Outcome.PASSED:
        return []
    gating = [verdict for spec in report.specs for verdict in spec.gating if not verdict.fulfilled]
    left_out = (Verdict.SKIPPED, Verdict.NOT_RUN, Verdict.STALE)
    numbers = Counter(verdict.verdict for verdict in gating)
    missing = sum(numbers[verdict] for verdict in left_out)
    # Neither depends on the status: a baseline leaves out what fails, and ticks from before are trusted.
    apart = [f"{numbers[verdict]} {verdict}" for verdict in (Verdict.FAILED, Verdict.UNVERIFIED) if numbers[verdict]]
    early = len(gating) - missing - numbers[Verdict.FAILED] - numbers[Verdict.UNVERIFIED]
    if early and report.gate_baseline:
        apart.append(f"{early} not in `spec2bdd.lock`")
    elif early:
        # Where no spec has a status, none will ever be in Review.
        has_status = any(spec.status_before for spec in report.specs)
        apart.append(f"{early} not required until Review" if has_status else f"{early} open")
    # A run of a part; that it passed says nothing about these.
    if apart or not is_proved(report, counts):
        return apart
    # In the words in which all criteria are counted next to it; what is stale would fail a whole run.
    labels = Counter(
        f"{verdict.label} and not selected" if report.partial and verdict.rule is RuleId.OTHER_FILES else verdict.label
        for verdict in gating
        if verdict.verdict in left_out
    )
    return [f"{number} {label}" for label, number in labels.items()]
