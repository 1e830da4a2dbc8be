"""How and when the results of the page were measured, in words for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import nlargest

from spec2bdd.model import TestRun
from spec2bdd.model.explanation import Documentation
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.terminal.escape import render_visible

_MOST_SLOW = 6
# A scenario that takes less than a tenth of a second is not slow.
_SLOW = 0.1
_PERIODS = {"a day ago": timedelta(days=1), "a week ago": timedelta(days=7)}


def list_facts(documentation: Documentation) -> list[tuple[str, str]]:
    """List how and when the results were measured."""
    runs = documentation.runs
    facts = [("report made", describe_time(documentation.made))]
    if not runs:
        return [*facts, ("run", "none yet")]
    for number, run in enumerate(runs, 1):
        words = f"{describe_run(run)}, run {run.id[:8]}{'' if run.complete else ', which did not finish'}"
        facts.append((f"run {number}" if runs[1:] else "run", words))
    scenarios = sum(record.status != "skipped" for run in runs for record in run.results)
    seconds = sum(step.seconds for run in runs for record in run.results for step in record.steps)
    facts.append(("scenarios", f"{scenarios} run in {seconds:.1f} s"))
    recorded = len(documentation.timeline.runs)
    facts.append(("history", f"{count_noun(recorded, 'run')} on this machine" if recorded else "none on this machine"))
    if documentation.warnings:
        facts.append(("warnings", f"{documentation.warnings}; listed by `spec2bdd generate --check`"))
    return facts


def list_periods(documentation: Documentation) -> list[tuple[str, int]]:
    """List what the last run may be compared with, in words, and the column of the run that was the last one then.

    A period is left out if no run is as old, or if none was since.
    """
    times = [_parse_time(run.started) for run in documentation.timeline.runs]
    made = _parse_time(documentation.made)
    periods = [("the previous run", len(times) - 2)] if len(times) > 1 else []
    for words, age in _PERIODS.items():
        older = [column for column, time in enumerate(times) if time and made and time <= made - age]
        if older and older[-1] < len(times) - 1:
            periods.append((words, older[-1]))
    return periods


def _parse_time(text: str) -> datetime | None:
    """Parse a time; one without a zone is in UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def describe_run(run: TestRun) -> str:
    """Describe when a run was, and the commit that it ran; there is none if a file differed from it."""
    return (
        f"{describe_time(run.started)}, {f'commit {run.commit[:9]}' if run.commit else 'files that are in no commit'}"
    )


def find_runs(documentation: Documentation) -> dict[tuple[str, int, str], str]:
    """Find the last run of each scenario, by its feature, line and name, in words for people."""
    return {
        (record.feature, record.line, record.name): describe_run(run)
        for run in documentation.runs
        for record in run.results
        if record.status != "skipped"
    }


def list_slowest(documentation: Documentation) -> list[tuple[float, str, str]]:
    """List the criteria whose scenario took longest: seconds, id and text."""
    timed = (
        (sum(step.seconds for step in verdict.record.steps), verdict.id, render_visible(verdict.criterion.text))
        for document in documentation.specs
        for verdict in document.explanation.spec.verdicts
        if verdict.record
    )
    return [entry for entry in nlargest(_MOST_SLOW, timed) if entry[0] >= _SLOW]


def describe_time(text: str) -> str:
    """Describe a time for people, in the zone that it is written in; a text that is no time stays as it is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return render_visible(text)
    zone = "UTC" if str(time.tzinfo) in ("UTC", "UTC+00:00") else time.strftime("%z")
    # Names of months depend on the locale, unless they are ours.
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][time.month - 1]
    return f"{time.day} {month} {time.year}, {time:%H:%M} {zone}".strip()
