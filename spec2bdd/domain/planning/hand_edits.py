"""Explain the hand edits of a generated feature file: by a merge conflict, or a diff to what would be generated."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.conflicts import ConflictMarker, find_conflict_marker, suggest_regeneration

# The lines of a block end where the digest of the next one is.
_DIGEST = "# digest "


def with_hand_edit_diffs(plan: SpecPlan, text: str) -> SpecPlan:
    """Attach diffs to the diagnostics about hand edits, and move each to the first line that was edited.

    `text` is the content of the plan's feature file on disk. Those of a file with a merge conflict become one
    diagnostic about it.
    """
    if not plan.hand_edited or plan.feature is None:
        return plan
    if marker := find_conflict_marker(text):
        return _report_conflict(plan, plan.feature.path, marker)
    # Few runs find a hand edit.
    from difflib import SequenceMatcher

    old, new = text.replace("\r\n", "\n").split("\n"), render_feature(plan.feature).split("\n")
    starts = sorted({edit.line - 1 for edit in plan.hand_edits})
    diffs: dict[int, list[str]] = {start: [] for start in starts}
    # The first line of each that was changed or added.
    edited: dict[int, int] = {}
    # `autojunk` would ignore the lines that are frequent in a long file, such as blank ones.
    for tag, start, stop, new_start, new_stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        # A change belongs to the edited block above it; the head of the file up to the first one belongs to that.
        number = bisect_right(starts, start) - 1
        if tag != "equal" and (stop > starts[0] or number >= 0):
            block = starts[max(number, 0)]
            hunk = diffs[block]
            if stop > start >= block and not any(
                line.lstrip().startswith(_DIGEST) for line in old[block + 1 : start + 1]
            ):
                edited.setdefault(block, start)
            hunk.append(f"@@ line {start + 1}: - on disk, + generated @@")
            # The line above is shown too: a line that is only missing says nothing without its neighbour.
            hunk += (f" {line}".rstrip() for line in old[max(start - 1, 0) : start])
            hunk += (f"-{line}" for line in old[start:stop])
            hunk += (f"+{line}" for line in new[new_start:new_stop])
    shown = {
        edit: replace(edit, line=edited.get(edit.line - 1, edit.line - 1) + 1, diff="\n".join(diffs[edit.line - 1]))
        for edit in plan.hand_edits
    }
    diagnostics = tuple(shown.get(diagnostic, diagnostic) for diagnostic in plan.diagnostics)
    return replace(plan, diagnostics=diagnostics, hand_edits=tuple(shown.values()))


def _report_conflict(plan: SpecPlan, path: str, marker: ConflictMarker) -> SpecPlan:
    """Replace the diagnostics about hand edits by one about the merge conflict that they are part of."""
    hint = suggest_regeneration(path)
    conflict = Diagnostic(path, marker.line, 1, Severity.ERROR, "conflict-marker", marker.message, hint)
    others = (diagnostic for diagnostic in plan.diagnostics if diagnostic not in plan.hand_edits)
    return replace(plan, diagnostics=(conflict, *others), hand_edits=(conflict,))
