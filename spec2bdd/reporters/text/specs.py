"""The table of specs: one row for each that has news, with its tiers, the boxes that change, and its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.model import CriterionVerdict, DoneItemVerdict, Report, SpecReport, Tier, Verdict
from spec2bdd.reporters.summary import count_labels, count_noun, describe_status, list_counted, list_written_paths
from spec2bdd.reporters.terminal.layout import Part, Parts, StyledLine
from spec2bdd.reporters.terminal.table import TableRow, lay_out_rows
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES

# More rows than this would not fit a terminal of 24 lines, together with the summary.
_MOST_ROWS = 16
# The first of these that occurs is the glyph of a cell.
_WORST = (
    Verdict.FAILED,
    Verdict.STALE,
    Verdict.NOT_RUN,
    Verdict.PENDING,
    Verdict.UNVERIFIED,
    Verdict.SKIPPED,
    Verdict.MANUAL,
)

Verdicts = Sequence[CriterionVerdict | DoneItemVerdict]


def build_table(report: Report, *, width: int, verbose: bool) -> Iterator[StyledLine]:
    """Build the table; specs without news are only counted, unless `verbose`."""
    written = list_written_paths(report)
    news = list(report.specs) if verbose else [spec for spec in report.specs if _has_news(spec)]
    shown = news if verbose else news[:_MOST_ROWS]
    rows = [_build_row(spec, written=spec.spec.path in written) for spec in shown]
    yield from lay_out_rows(rows, width=width)
    if more := len(news) - len(shown):
        yield StyledLine(((f"{count_noun(more, 'more spec')}: `-v` lists all", "dim"),))
    if quiet := len(report.specs) - len(news):
        noun = "more spec" if news else "spec"
        yield StyledLine(((f"{count_noun(quiet, noun)}: no box or status changes", "dim"),))


def build_counts(verdicts: Verdicts) -> Parts:
    """Count the criteria of each verdict, such as `2 passed, 1 pending, 1 stale (reworded)`."""
    parts: list[Part] = []
    for verdict, words, count in count_labels(verdicts):
        parts += [(",", "")] if parts else []
        parts.append((f" {count} {words}", STYLES[verdict]))
    return tuple(parts)


def _has_news(spec: SpecReport) -> bool:
    """Whether a spec changes, fails, or has a criterion that needs attention."""
    verdicts = list_counted(spec)
    return (
        not spec.passed
        or spec.status_after != spec.status_before
        or any(box.ticked or box.unticked for box in spec.boxes)
        or any(verdict.flaky or verdict.verdict in (Verdict.FAILED, Verdict.STALE) for verdict in verdicts)
        or not (spec.spec.criteria or verdicts)
    )


def _build_row(spec: SpecReport, *, written: bool) -> TableRow:
    """Build the cells of one spec."""
    cells: dict[str, Parts] = {}
    for tier in Tier:
        # Won't-haves are no part of acceptance.
        if tier is not Tier.WONT:
            verdicts = [verdict for verdict in spec.verdicts if verdict.criterion.tier is tier]
            cells[TIER_NAMES[tier]] = _build_cell(verdicts)
    judged = _build_cell(spec.done) if any(item.kinds for item in spec.done) else ()
    # As `status` counts them: also what has no evidence, and a tick that the evidence does not decide.
    done = sum(item.box_ticked for item in spec.done)
    cells["DoD"] = tuple((f"{text[0]} {done}/{len(spec.done)}", style) for text, style in judged)
    if not spec.spec.criteria and not spec.verdicts:
        cells[TIER_NAMES[Tier.MUST]] = (("no criteria", "yellow"),)
    ticked, unticked = sum(box.ticked for box in spec.boxes), sum(box.unticked for box in spec.boxes)
    boxes = ((f"+{ticked}", "green") if ticked else None, (f"-{unticked}", "bold red") if unticked else None)
    changed = [part for part in boxes if part]
    cells["boxes"] = tuple(changed[:1]) + tuple((f" {text}", style) for text, style in changed[1:])
    cells["status"] = _build_status(spec, written=written)
    name = spec.spec.find_value("name") or spec.spec.title or spec.spec.path
    return TableRow(spec.spec.find_value("feature_id"), name, cells)


def _build_cell(verdicts: Verdicts) -> Parts:
    """Build the cell of a tier: the glyph of its worst verdict, and how many of its criteria are fulfilled."""
    counted = [verdict for verdict in verdicts if verdict.verdict is not Verdict.WAIVED]
    if not counted:
        return ((GLYPHS[Verdict.WAIVED], STYLES[Verdict.WAIVED]),) if verdicts else ()
    open_verdicts = {verdict.verdict for verdict in counted if not verdict.fulfilled}
    worst = next((verdict for verdict in _WORST if verdict in open_verdicts), Verdict.PASSED)
    fulfilled = sum(verdict.fulfilled for verdict in counted)
    return ((f"{GLYPHS[worst]} {fulfilled}/{len(counted)}", STYLES[worst]),)


def _build_status(spec: SpecReport, *, written: bool) -> Parts:
    """Build the status of a spec, and what it becomes, in brackets where that was not written."""
    before, after = describe_status(spec.status_before, spec.spec.dialect), spec.status_after
    parts: Parts = ((before, STATUS_STYLES.get(before.lower(), "")),)
    if not after or after == spec.status_before:
        return parts
    parts += ((" → " if written else " (→ ", ""), (after, STATUS_STYLES.get(after.lower(), "")))
    return parts if written else (*parts, (")", ""))
