"""Judged specs in, one block of lines for each out: its title, a row per tier, what was ticked and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spec2bdd.model import CriterionVerdict, DoneItemVerdict, Report, SpecReport, Tier, Verdict
from spec2bdd.reporters.summary import count_verdicts, derive_judged, derive_written
from spec2bdd.reporters.terminal.escape import derive_visible_lines
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, measure_text, render_cell
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.done_items import derive_done_lines, derive_status_lines

_TIER_CELLS = 8
_MOST_GLYPHS = 60
_MOST_ID_CELLS = 12
# Their reasons ask the reader to do something, so they are told without being asked for.
_TOLD = (Verdict.STALE,)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where titles and counts begin in all blocks, how many glyphs stand in a row, and what stands between two."""

    title: int
    counts: int
    glyphs: int
    gap: str


def derive_spec_blocks(report: Report, *, width: int, verbose: bool) -> Iterator[tuple[StyledLine, ...]]:
    """Make the block of every spec, with common columns."""
    columns = _derive_columns(report.specs, width)
    written = derive_written(report)
    for spec in report.specs:
        done = spec.spec.path in written
        board = (
            *_derive_title(spec, columns, written=done),
            *derive_status_lines(spec, indent=columns.title),
            *_derive_tiers(spec, columns),
            *_derive_row("done", _find_done(spec), columns),
        )
        verdicts = tuple(Verdict) if verbose else _TOLD
        told = (
            *_derive_boxes(spec, columns, written=done),
            *_derive_flaky(spec, columns),
            *_derive_others(spec, columns, verdicts=verdicts),
            *derive_done_lines(spec, indent=columns.title, written=done, verbose=verbose),
        )
        yield (*board, BLANK, *told) if told else board


def _derive_columns(specs: Sequence[SpecReport], width: int) -> _Columns:
    """Find columns that all blocks can share: the longest row of glyphs, as far as the counts fit beside it."""
    ids = max((measure_text(spec.spec.find_value("feature_id")) for spec in specs), default=0)
    title = min(ids, _MOST_ID_CELLS) + 2 if ids else 2
    rows: list[Sequence[CriterionVerdict | DoneItemVerdict]] = [
        _find_tier(spec, tier) for spec in specs for tier in Tier
    ]
    rows += [_find_done(spec) for spec in specs]
    longest = max((len(row) for row in rows), default=0)
    counts = max((_measure_counts(row) for row in rows), default=0)
    room = min(max(width - title - _TIER_CELLS - counts - 1, 10), _MOST_GLYPHS)
    gap = " " if 2 * longest <= min(room, _MOST_GLYPHS // 2) else ""
    glyphs = max(min(longest, room), 1)
    return _Columns(title, _TIER_CELLS + glyphs * (1 + len(gap)) + 1, glyphs, gap)


def _measure_counts(judgements: Sequence[CriterionVerdict | DoneItemVerdict]) -> int:
    """Return how many cells the counts of a row take."""
    return sum(measure_text(text) for text, _ in derive_count_parts(judgements))


def _derive_title(spec: SpecReport, columns: _Columns, *, written: bool) -> Iterator[StyledLine]:
    """Name the spec, its status and its file."""
    feature_id = spec.spec.find_value("feature_id")
    cells = columns.title - 2 if feature_id else 0
    name = spec.spec.find_value("name") or spec.spec.title or spec.spec.path
    left = ((render_cell(feature_id, cells) + "  ", "bold cyan"), (name, "bold"))
    yield StyledLine(left if feature_id else left[1:], right=_derive_status(spec, written=written), hang=columns.title)
    yield StyledLine(((spec.spec.path, "dim"),), indent=columns.title, whole=True)


def _derive_status(spec: SpecReport, *, written: bool) -> tuple[Part, ...]:
    """Say the status, and what it becomes."""
    before, after = spec.status_before, spec.status_after
    if not after or before == after:
        return _derive_status_part(before or "no status")
    link = " → " if written else " → would be "
    return (*_derive_status_part(before or "no status"), (link, ""), *_derive_status_part(after))


def _derive_status_part(status: str) -> tuple[Part, ...]:
    """Style one status."""
    return ((status, STATUS_STYLES.get(status.lower(), "")),)


def _find_tier(spec: SpecReport, tier: Tier) -> list[CriterionVerdict]:
    """Return the judgements of one tier, in file order."""
    return [judgement for judgement in spec.judgements if judgement.criterion.tier is tier]


def _find_done(spec: SpecReport) -> list[DoneItemVerdict]:
    """Return the judgements of the done items that something is evidence for, in file order."""
    return [judgement for judgement in spec.done if judgement.kinds]


def _derive_tiers(spec: SpecReport, columns: _Columns) -> Iterator[StyledLine]:
    """Show a row of glyphs and the counts of every tier that the spec has."""
    if not spec.spec.criteria and not spec.judgements:
        yield StyledLine((("no criteria", "yellow"),), indent=columns.title)
    for tier in (Tier.MUST, Tier.SHOULD, Tier.COULD):
        yield from _derive_row(TIER_NAMES[tier], _find_tier(spec, tier), columns)
    wont = sum(criterion.tier is Tier.WONT for criterion in spec.spec.criteria)
    if wont:
        name = render_cell(TIER_NAMES[Tier.WONT], columns.counts)
        yield StyledLine(((f"{name} {wont} never ticked", "dim"),), indent=columns.title)


def _derive_row(
    title: str, judgements: Sequence[CriterionVerdict | DoneItemVerdict], columns: _Columns
) -> Iterator[StyledLine]:
    """Show one tier, or the done items: as many glyphs as fit beside its name and counts, the others below."""
    for start in range(0, len(judgements), columns.glyphs):
        row = judgements[start : start + columns.glyphs]
        name = "" if start else title
        glyphs = [(GLYPHS[judgement.verdict] + columns.gap, STYLES[judgement.verdict]) for judgement in row]
        space = columns.counts - _TIER_CELLS - len(row) * (1 + len(columns.gap))
        counts = () if start else derive_count_parts(judgements)
        parts = ((render_cell(name, _TIER_CELLS), ""), *glyphs, (" " * space, ""), *counts)
        yield StyledLine(parts, indent=columns.title, hang=columns.counts + 1, whole=True)


def derive_count_parts(judgements: Sequence[CriterionVerdict | DoneItemVerdict]) -> tuple[Part, ...]:
    """Say how many criteria have which verdict, such as `2 passed, 1 pending`."""
    parts: list[Part] = []
    for verdict, count in count_verdicts(judgements).items():
        if count:
            parts += [(",", "")] if parts else []
            words = f"on trust: {count}" if verdict is Verdict.ON_TRUST else f"{count} {verdict}"
            parts.append((f" {words}", STYLES[verdict]))
    return tuple(parts)


def _derive_boxes(spec: SpecReport, columns: _Columns, *, written: bool) -> Iterator[StyledLine]:
    """List the boxes that were ticked and unticked, or would be."""
    would = "" if written else "would be "
    ticked = [judgement for judgement in spec.judgements if judgement.ticked]
    unticked = [judgement for judgement in spec.judgements if judgement.unticked]
    for word, judgements, style in (("ticked", ticked, "green"), ("unticked", unticked, "bold red")):
        if judgements:
            yield StyledLine(((would + word, style),), indent=columns.title)
        for judgement in judgements:
            yield from _derive_entry(spec, judgement, columns)


def _derive_flaky(spec: SpecReport, columns: _Columns) -> Iterator[StyledLine]:
    """List the criteria that pass although their results contradict each other; the others are told as failures."""
    found = [one for one in derive_judged(spec) if one.flaky and one.verdict is Verdict.PASSED and not one.ticked]
    if found:
        yield StyledLine((("flaky", "bold yellow"),), indent=columns.title)
    for judgement in found:
        yield from _derive_entry(spec, judgement, columns)


def _derive_others(spec: SpecReport, columns: _Columns, *, verdicts: tuple[Verdict, ...]) -> Iterator[StyledLine]:
    """List the criteria of those verdicts with their reasons; changed boxes and failures are told elsewhere."""
    for verdict in verdicts:
        if verdict in (Verdict.PASSED, Verdict.FAILED):
            continue
        found = [judgement for judgement in derive_judged(spec) if judgement.verdict is verdict]
        rest = [judgement for judgement in found if not judgement.ticked and not judgement.unticked]
        if rest:
            yield StyledLine(((str(verdict), STYLES[verdict]),), indent=columns.title)
        for judgement in rest:
            yield from _derive_entry(spec, judgement, columns)


def _derive_entry(spec: SpecReport, judgement: CriterionVerdict, columns: _Columns) -> Iterator[StyledLine]:
    """Show one criterion with its place, and below it why its verdict is what it is."""
    criterion = judgement.criterion
    glyph = (GLYPHS[judgement.verdict] + " ", STYLES[judgement.verdict])
    place = (f"{spec.spec.path}:{criterion.line}", "dim")
    yield StyledLine((glyph, (criterion.text, "")), indent=columns.title + 2, right=(place,), hang=2)
    first, *others = derive_visible_lines(judgement.reason) or ("",)
    why = str(judgement.verdict) if judgement.unticked else ""
    reason = ": ".join(word for word in (why, first) if word)
    if reason:
        yield StyledLine(((reason + (" …" if others else ""), "dim"),), indent=columns.title + 4)
