"""Arrange the recorded results of criteria by runs, so that they can be drawn and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from spec2bdd.model import Observation, Verdict
from spec2bdd.model.history import Timeline, TimelineRun

MOST_RUNS = 30
"""So many of the newest runs are kept apart; as many as the history keeps of each criterion."""

MOST_DAYS = 10
"""For so many days before the last run, the older runs of a day count as one: the last of them."""

_LETTERS = {Verdict.PASSED: "p", Verdict.FAILED: "f", Verdict.PENDING: "o"}
_VERDICTS = {letter: verdict for verdict, letter in _LETTERS.items()}
_NONE = "-"


def build_timeline(observations: Sequence[Observation], criteria: Collection[str]) -> Timeline:
    """Build the timeline of the criteria that there are today; what was observed of others is left out."""
    known = frozenset(criteria)
    seen = [observation for observation in observations if observation.criterion in known]
    runs = {(each.started, each.run): each.commit for each in seen}
    ordered = sorted(runs)
    first = _find_first_day(ordered[-1][0]) if ordered else ""
    days = {run[0][:10]: run for run in ordered[:-MOST_RUNS] if run[0][:10] >= first}
    newest = [*days.values(), *ordered[-MOST_RUNS:]]
    columns = {run: number for number, (_, run) in enumerate(newest)}
    # All runs of such a day are in its column.
    numbers = {day: number for number, day in enumerate(days)}
    columns |= {run: numbers[started[:10]] for started, run in ordered[:-MOST_RUNS] if started[:10] in numbers}
    results: dict[str, list[str]] = {}
    before: dict[str, str] = {}
    # The oldest of each criterion come first.
    for observation in seen:
        letter, column = _LETTERS[observation.verdict], columns.get(observation.run)
        if column is None:
            before[observation.criterion] = letter
        else:
            results.setdefault(observation.criterion, [_NONE] * len(newest))[column] = letter
    rows = {criterion: "".join(letters) for criterion, letters in results.items()}
    # What each criterion had last, run by run.
    latest, counts = dict(before), []
    for column in range(len(newest)):
        latest |= {criterion: row[column] for criterion, row in rows.items() if row[column] != _NONE}
        counted = Counter(latest.values())
        counts.append({verdict: counted[letter] for letter, verdict in _VERDICTS.items()})
    return Timeline(
        tuple(
            TimelineRun(run, started, runs[started, run], count)
            for (started, run), count in zip(newest, counts, strict=True)
        ),
        rows,
        before,
    )


def _find_first_day(started: str) -> str:
    """Find the first of the days before a time; after all others if it is none."""
    try:
        return str(date.fromisoformat(started[:10]) - timedelta(days=MOST_DAYS))
    except (OverflowError, ValueError):
        return "~"
