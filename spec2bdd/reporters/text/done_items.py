"""A judged spec in, lines out on what its status waits for and on its done items that evidence speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import CauseKind, DoneItemVerdict, SpecReport, Verdict
from spec2bdd.reporters.terminal.escape import derive_visible_lines
from spec2bdd.reporters.terminal.layout import StyledLine
from spec2bdd.reporters.terminal.theme import GLYPHS, STYLES


def derive_status_lines(spec: SpecReport, *, indent: int) -> Iterator[StyledLine]:
    """Say what took the status back or holds it, and else what the spec waits for."""
    for cause in spec.why:
        word = "held" if cause.kind is CauseKind.HELD else "back"
        yield StyledLine(((f"{word}: ", "yellow"), (cause.text, "")), indent=indent, hang=2)
    if spec.blocking and not any(cause.kind is CauseKind.HELD for cause in spec.why):
        names = ", ".join(f"{one.feature_id or one.path} ({one.status or 'no status'})" for one in spec.blocking)
        yield StyledLine(((f"waits for {names}", "dim"),), indent=indent, hang=2)


def derive_done_lines(spec: SpecReport, *, indent: int, written: bool, verbose: bool) -> Iterator[StyledLine]:
    """List the done items whose boxes change, or have no proof; `verbose` lists all that have evidence."""
    told = [one for one in spec.done if one.kinds and (verbose or _is_news(one))]
    if told:
        yield StyledLine((("definition of done", "bold"),), indent=indent)
    for one in told:
        yield from _derive_entry(spec, one, indent=indent + 2, written=written)


def _is_news(found: DoneItemVerdict) -> bool:
    """Tell whether somebody should hear of an item without asking."""
    return found.ticked or found.unticked or found.verdict is not Verdict.PASSED


def _derive_entry(spec: SpecReport, found: DoneItemVerdict, *, indent: int, written: bool) -> Iterator[StyledLine]:
    """Show one item with its place, and below it what becomes of its box, and why."""
    place = (f"{spec.spec.path}:{found.item.line}", "dim")
    glyph = (GLYPHS[found.verdict] + " ", STYLES[found.verdict])
    yield StyledLine((glyph, (found.item.text, "")), indent=indent, right=(place,), hang=2)
    word = "ticked" if found.ticked else "unticked" if found.unticked else str(found.verdict)
    would = "" if written or not (found.ticked or found.unticked) else "would be "
    reason = (derive_visible_lines(found.reason) or ("",))[0]
    yield StyledLine(((": ".join(part for part in (would + word, reason) if part), "dim"),), indent=indent + 2)
