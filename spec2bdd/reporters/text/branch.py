"""What a branch changes, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import Verdict
from spec2bdd.model.history import BranchReport, Transition, TransitionKind
from spec2bdd.reporters.branch_counts import describe_now, describe_status_change, find_next_of_branch, write_head
from spec2bdd.reporters.registry import RenderOptions
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, build_next, render_lines
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES, TIER_NAMES

_STYLES = {
    TransitionKind.LOST: ("✗ ", "bold red"),
    TransitionKind.STALE: (f"{GLYPHS[Verdict.STALE]} ", STYLES[Verdict.STALE]),
    TransitionKind.UNPROVED: ("○ ", "yellow"),
    TransitionKind.REMOVED: ("- ", "magenta"),
    TransitionKind.EXEMPTED: ("~ ", "dim"),
    TransitionKind.LOWERED: ("↓ ", "magenta"),
    TransitionKind.RESTEPPED: ("± ", "magenta"),
    TransitionKind.RECODED: ("≈ ", "magenta"),
    TransitionKind.WEAKER: ("< ", "yellow"),
    TransitionKind.PROVED: ("✓ ", "green"),
}
_ORDER = list(TransitionKind)
_HEADS = {"Passed": "bold green", "Failed": "bold red", "Error": "bold red"}


def render_branch(report: BranchReport, options: RenderOptions) -> str:
    """Show the criteria that changed, those that fail the check last, and the summary."""
    lines: list[StyledLine] = []
    # The sort is stable: those of one kind stay in the order of the files.
    for transition in sorted(report.transitions, key=lambda item: -_ORDER.index(item.kind)):
        lines += [*_build_transition(transition), BLANK]
    for status in report.statuses:
        change = f"  {describe_status_change(status)}"
        lines.append(StyledLine(((status.path, "cyan"), (change, "")), hang=2))
    for setting in report.settings:
        change = f"  {setting.key}: {setting.before} → {setting.after}, which asks for less"
        path = setting.path or report.configuration or "configuration"
        lines.append(StyledLine(((path, "cyan"), (change, "yellow")), hang=2))
    if report.statuses or report.settings:
        lines.append(BLANK)
    for note in report.notes:
        lines += [StyledLine((("note: ", "cyan"), (note, "")), hang=2), BLANK]
    word, reason = write_head(report)
    where = f", compared with {report.base} ({report.commit[:7]})"
    lines.append(StyledLine(((f"{word}: ", _HEADS[word]), (reason, ""), (where, "dim")), hang=2, whole=True))
    if step := find_next_of_branch(report):
        lines.append(build_next(step, width=options.width))
    return render_lines(lines, width=options.width, color=options.color)


def _build_transition(transition: Transition) -> Iterator[StyledLine]:
    """Show one criterion, with its place and its verdict."""
    yield StyledLine((_STYLES[transition.kind], (transition.text, "bold")), hang=2)
    facts = f"  {TIER_NAMES[transition.tier]}  {transition.kind}: {describe_now(transition)}"
    yield StyledLine(((f"{transition.path}:{transition.line}", "cyan"), (facts, "")), indent=2, hang=2)
