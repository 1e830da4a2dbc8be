"""A block for each spec: its title, a row of verdicts per tier, and the boxes and criteria that need attention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from spec2bdd.model import CriterionVerdict, DoneItemVerdict, Report, SpecReport, Tier, Verdict
from spec2bdd.reporters.summary import count_verdicts, list_counted, list_written_paths
from spec2bdd.reporters.terminal.escape import split_visible_lines
from spec2bdd.reporters.terminal.layout import BLANK, Part, StyledLine, measure_text, render_cell
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.done_items import build_done_lines, build_status_lines

_TIER_CELLS = 8
# A row of more glyphs than this is no longer taken in at a glance.
_MAX_GLYPHS = 60
_MAX_ID_CELLS = 12
# Listed also without `--verbose`: their reasons ask the reader to do something.
_ALWAYS_LISTED = (Verdict.STALE,)

Judgements = Sequence[CriterionVerdict | DoneItemVerdict]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where titles and counts start in all blocks, how many glyphs are in a row, and what is between two of them."""

    title: int
    counts: int
    glyphs: int
    gap: str

    @classmethod
    def fit(cls, specs: Sequence[SpecReport], width: int) -> Self:
        """Find columns for all blocks: the longest row of glyphs, as far as it leaves room for the counts."""
        ids = max((measure_text(spec.spec.find_value("feature_id")) for spec in specs), default=0)
        title = min(ids, _MAX_ID_CELLS) + 2 if ids else 2
        rows: list[Judgements] = [row for spec in specs for _, row in _list_rows(spec)]
        longest = max((len(row) for row in rows), default=0)
        counts = max((sum(measure_text(text) for text, _ in build_counts(row)) for row in rows), default=0)
        # At least ten glyphs, also in a narrow terminal: the counts move below them.
        room = min(max(width - title - _TIER_CELLS - counts - 1, 10), _MAX_GLYPHS)
        # With a gap, glyphs are easier to count; long rows do without.
        gap = " " if 2 * longest <= min(room, _MAX_GLYPHS // 2) else ""
        glyphs = max(min(longest, room), 1)
        return cls(title, _TIER_CELLS + glyphs * (1 + len(gap)) + 1, glyphs, gap)


def build_spec_blocks(report: Report, *, width: int, verbose: bool) -> Iterator[tuple[StyledLine, ...]]:
    """Build the block of every spec, with common columns."""
    columns = _Columns.fit(report.specs, width)
    written_paths = list_written_paths(report)
    for spec in report.specs:
        written = spec.spec.path in written_paths
        board = (
            *_build_title(spec, columns, written=written),
            *build_status_lines(spec, indent=columns.title),
            *_build_rows(spec, columns),
        )
        details = (
            *_build_lists(spec, columns, written=written, verbose=verbose),
            *build_done_lines(spec, indent=columns.title, written=written, verbose=verbose),
        )
        yield (*board, BLANK, *details) if details else board


def _build_title(spec: SpecReport, columns: _Columns, *, written: bool) -> Iterator[StyledLine]:
    """Name the spec, its status, what that becomes, and its file."""
    feature_id = spec.spec.find_value("feature_id")
    name = spec.spec.find_value("name") or spec.spec.title or spec.spec.path
    # Ids are aligned in all blocks, so that the names start in one column.
    parts: tuple[Part, ...] = ((name, "bold"),)
    if feature_id:
        parts = ((render_cell(feature_id, columns.title - 2) + "  ", "bold cyan"), *parts)
    before, after = spec.status_before or "no status", spec.status_after
    right: tuple[Part, ...] = ((before, STATUS_STYLES.get(before.lower(), "")),)
    if after and after != spec.status_before:
        link = " → " if written else " → would be "
        right += ((link, ""), (after, STATUS_STYLES.get(after.lower(), "")))
    yield StyledLine(parts, right=right, hang=columns.title)
    yield StyledLine(((spec.spec.path, "dim"),), indent=columns.title, whole=True)


def _list_rows(spec: SpecReport) -> list[tuple[str, Judgements]]:
    """List the rows of a spec with their names: a tier each, and the done items that have evidence."""
    rows: list[tuple[str, Judgements]] = [
        (TIER_NAMES[tier], [judgement for judgement in spec.verdicts if judgement.criterion.tier is tier])
        for tier in Tier
    ]
    return [*rows, ("done", [item for item in spec.done if item.kinds])]


def _build_rows(spec: SpecReport, columns: _Columns) -> Iterator[StyledLine]:
    """Show a row of glyphs with its counts for every tier of the spec, and for its done items."""
    if not spec.spec.criteria and not spec.verdicts:
        yield StyledLine((("no criteria", "yellow"),), indent=columns.title)
    for title, row in _list_rows(spec):
        # Won't-haves have no verdicts worth a glyph.
        if title == TIER_NAMES[Tier.WONT]:
            wont = sum(criterion.tier is Tier.WONT for criterion in spec.spec.criteria)
            if wont:
                name = render_cell(title, columns.counts)
                yield StyledLine(((f"{name} {wont} never ticked", "dim"),), indent=columns.title)
            continue
        # As many glyphs as fit next to the name and the counts, the others in rows below.
        for start in range(0, len(row), columns.glyphs):
            shown = row[start : start + columns.glyphs]
            name = "" if start else title
            glyphs = [(GLYPHS[judgement.verdict] + columns.gap, STYLES[judgement.verdict]) for judgement in shown]
            space = columns.counts - _TIER_CELLS - len(shown) * (1 + len(columns.gap))
            counts = () if start else build_counts(row)
            parts = ((render_cell(name, _TIER_CELLS), ""), *glyphs, (" " * space, ""), *counts)
            yield StyledLine(parts, indent=columns.title, hang=columns.counts + 1, whole=True)


def build_counts(judgements: Judgements) -> tuple[Part, ...]:
    """Count the criteria of each verdict, such as `2 passed, 1 pending`."""
    parts: list[Part] = []
    for verdict, count in count_verdicts(judgements).items():
        if count:
            parts += [(",", "")] if parts else []
            words = f"unverified: {count}" if verdict is Verdict.UNVERIFIED else f"{count} {verdict}"
            parts.append((f" {words}", STYLES[verdict]))
    return tuple(parts)


def _build_lists(spec: SpecReport, columns: _Columns, *, written: bool, verbose: bool) -> Iterator[StyledLine]:
    """List the boxes that change, flaky criteria, and the criteria of verdicts that need attention."""
    would = "" if written else "would be "
    counted = list_counted(spec)
    lists: list[tuple[str, str, list[CriterionVerdict]]] = [
        (f"{would}ticked", "green", [judgement for judgement in spec.verdicts if judgement.ticked]),
        (f"{would}unticked", "bold red", [judgement for judgement in spec.verdicts if judgement.unticked]),
    ]
    # Failures have blocks of their own, which say that they are flaky.
    flaky = [judgement for judgement in counted if judgement.flaky and judgement.verdict is Verdict.PASSED]
    lists.append(("flaky", "bold yellow", [judgement for judgement in flaky if not judgement.ticked]))
    for verdict in Verdict if verbose else _ALWAYS_LISTED:
        if verdict not in (Verdict.PASSED, Verdict.FAILED):
            same = [judgement for judgement in counted if judgement.verdict is verdict]
            rest = [judgement for judgement in same if not judgement.ticked and not judgement.unticked]
            lists.append((str(verdict), STYLES[verdict], rest))
    for title, style, judgements in lists:
        if judgements:
            yield StyledLine(((title, style),), indent=columns.title)
        for judgement in judgements:
            yield from _build_entry(spec.spec.path, judgement, columns)


def _build_entry(path: str, judgement: CriterionVerdict, columns: _Columns) -> Iterator[StyledLine]:
    """Show one criterion with its location, and below it the first line of its reason."""
    criterion = judgement.criterion
    glyph = (GLYPHS[judgement.verdict] + " ", STYLES[judgement.verdict])
    location = (f"{path}:{criterion.line}", "dim")
    yield StyledLine((glyph, (criterion.text, "")), indent=columns.title + 2, right=(location,), hang=2)
    # The whole reason is shown with the failure, or by `explain`.
    first, *others = split_visible_lines(judgement.reason) or ("",)
    why = str(judgement.verdict) if judgement.unticked else ""
    reason = ": ".join(word for word in (why, first) if word)
    if reason:
        yield StyledLine(((reason + (" …" if others else ""), "dim"),), indent=columns.title + 4)
