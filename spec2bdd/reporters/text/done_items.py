"""Lines on what the status of a spec waits for, and on its done items that have evidence."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import CauseKind, SpecReport, Verdict
from spec2bdd.reporters.terminal.escape import split_visible_lines
from spec2bdd.reporters.terminal.layout import StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES


def build_status_lines(spec: SpecReport, *, indent: int) -> Iterator[StyledLine]:
    """Describe what demoted or holds the status, and else what the spec waits for."""
    for cause in spec.why:
        word = "held" if cause.kind is CauseKind.HELD else "back"
        yield StyledLine(((f"{word}: ", "yellow"), (cause.text, "")), indent=indent, hang=2)
    # A cause that names the specs it waits for says it already.
    if spec.blocking and not any(cause.kind is CauseKind.HELD for cause in spec.why):
        names = ", ".join(
            f"{blocking.feature_id or blocking.path} ({blocking.status or 'no status'})" for blocking in spec.blocking
        )
        yield StyledLine(((f"waits for {names}", "dim"),), indent=indent, hang=2)


def build_done_lines(spec: SpecReport, *, indent: int, written: bool, verbose: bool) -> Iterator[StyledLine]:
    """List the done items whose boxes change, or that are not proved; `verbose` lists all that have evidence."""
    # Items without evidence belong to people: nothing is known of them.
    items = [
        item
        for item in spec.done
        if item.kinds and (verbose or item.ticked or item.unticked or item.verdict is not Verdict.PASSED)
    ]
    if items:
        yield StyledLine((("definition of done", "bold"),), indent=indent)
    for item in items:
        location = (f"{spec.spec.path}:{item.item.line}", "dim")
        glyph = (GLYPHS[item.verdict] + " ", STYLES[item.verdict])
        yield StyledLine((glyph, (item.item.text, "")), indent=indent + 2, right=(location,), hang=2)
        # A verdict says less than what becomes of the box.
        changes = item.ticked or item.unticked
        word = "ticked" if item.ticked else "unticked" if item.unticked else str(item.verdict)
        would = "would be " if changes and not written else ""
        # One line for each item: `explain` shows the whole reason.
        reason = (split_visible_lines(item.reason) or ("",))[0]
        text = ": ".join(part for part in (would + word, reason) if part)
        yield StyledLine(((text, "dim"),), indent=indent + 4)
