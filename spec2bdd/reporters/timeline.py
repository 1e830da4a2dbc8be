"""What became of the criteria between two recorded runs."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model.explanation import Documentation, SpecDocument
from spec2bdd.model.history import Change, Timeline
from spec2bdd.model.values import dataclass

_PASSED, _FAILED, _NONE = "p", "f", "-"


@dataclass(frozen=True, slots=True)
class ChangedCriterion:
    """A criterion that changed, the spec that it is in, and in which way."""

    document: SpecDocument
    id: str
    text: str
    change: Change


def find_change(timeline: Timeline, criterion: str, column: int) -> Change | None:
    """Find what became of a criterion since the run of a column; nothing where it is as it was."""
    results = timeline.results.get(criterion, "")
    earlier = (timeline.before.get(criterion, "") + results[: column + 1]).replace(_NONE, "")[-1:]
    later = results[column + 1 :].replace(_NONE, "")[-1:]
    if not later:
        return None
    if not earlier:
        return Change.NEW
    if (earlier == _PASSED) == (later == _PASSED):
        return None
    if later != _PASSED:
        return Change.REGRESSED
    return Change.FIXED if earlier == _FAILED else Change.NEWLY_PASSED


def list_changes(documentation: Documentation) -> Iterator[ChangedCriterion]:
    """List the criteria that the last recorded run changed."""
    column = len(documentation.timeline.runs) - 2
    if column < 0:
        return
    for document in documentation.specs:
        for entry in document.explanation.entries:
            if change := find_change(documentation.timeline, entry.item.id, column):
                yield ChangedCriterion(document, entry.item.id, entry.item.criterion.text, change)
