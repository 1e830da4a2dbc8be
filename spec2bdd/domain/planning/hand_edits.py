"""A generated feature file that somebody edited in, the errors about it out, each with what was to stand there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import Diagnostic

_Change = tuple[str, int, int, int, int]


def with_hand_edit_diffs(draft: SpecPlan, text: str) -> tuple[Diagnostic, ...]:
    """Return the problems of a draft, those about edits by hand with a diff; `text` is what stands in its file."""
    edited = [problem for problem in draft.problems if problem.code == "edited-by-hand"]
    if not edited or draft.feature is None:
        return draft.problems
    old, new = text.replace("\r\n", "\n").split("\n"), render_feature(draft.feature).split("\n")
    starts = sorted({problem.line - 1 for problem in edited})
    shown: dict[int, list[str]] = {start: [] for start in starts}
    for change in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        place = bisect_right(starts, change[1]) - 1
        if change[0] != "equal" and (change[2] > starts[0] or place >= 0):
            shown[starts[max(place, 0)]] += _render_change(change, old, new)
    return tuple(
        replace(problem, diff="\n".join(shown[problem.line - 1])) if problem in edited else problem
        for problem in draft.problems
    )


def _render_change(change: _Change, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the lines of one hunk: what stands there, and what would be generated."""
    _, start, stop, from_line, to_line = change
    # Without its neighbour a line that is only missing would stand for itself.
    yield f"@@ line {start + 1} @@"
    yield from (f" {line}".rstrip() for line in old[max(start - 1, 0) : start])
    yield from (f"-{line}" for line in old[start:stop])
    yield from (f"+{line}" for line in new[from_line:to_line])
