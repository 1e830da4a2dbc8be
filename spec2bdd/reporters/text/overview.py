"""The answer of `status` for people: a row for each spec, then the sums, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from spec2bdd.model import Verdict
from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.reporters.next_step.of_overview import find_next_of_project, find_next_of_spec
from spec2bdd.reporters.overview_counts import (
    TIERS,
    TierCount,
    count_all_labels,
    count_all_verdicts,
    count_changed,
    count_open,
    count_statuses,
    count_tier,
    describe_changed,
    describe_unlinked,
    draw_bar,
    name_holds,
)
from spec2bdd.reporters.summary import count_noun, describe_status
from spec2bdd.reporters.terminal.layout import BLANK, Parts, StyledLine, render_lines
from spec2bdd.reporters.terminal.table import TableRow, lay_out_rows
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.history import describe_run

# More rows than this do not fit a screen together with the steps under them.
_MOST_ROWS = 20
_MOST_CHANGED = 3
_BAR_CELLS = 6


def render_overview(overview: ProjectOverview, *, width: int, color: bool, verbose: bool = False) -> str:
    """Show an overview; without `verbose`, only the specs that need attention most are listed of many."""
    ranked = sorted(overview.specs, key=lambda spec: spec.urgent.urgency if spec.urgent else sys.maxsize)
    kept = {spec.path for spec in (ranked if verbose else ranked[:_MOST_ROWS])}
    # In the order of the project.
    shown = [spec for spec in overview.specs if spec.path in kept]
    # The next step of the only spec is that of the project.
    rows = [_build_row(spec, overview, shows_next=len(overview.specs) > 1) for spec in shown]
    lines = [*lay_out_rows(rows, width=width)]
    if more := len(overview.specs) - len(shown):
        lines.append(StyledLine(((f"{count_noun(more, 'more spec')}: `-v` lists all", "dim"),)))
    lines += [BLANK] if lines else []
    lines += _build_sums(overview)
    lines.append(StyledLine((("next: ", "bold"), (find_next_of_project(overview) or "nothing to do", "")), hang=6))
    return render_lines(lines, width=width, color=color)


def build_bar(count: TierCount) -> Parts:
    """Build a bar with its numbers; empty where there are no criteria."""
    if not count.criteria:
        return ()
    proved, before, rest = draw_bar(count, _BAR_CELLS)
    number = f" {count.fulfilled}/{count.criteria}"
    style = STYLES[Verdict.FAILED] if count.failing else ""
    pieces = ((proved, "green"), (before, "yellow"), (rest, "dim"), (number, style))
    return tuple(piece for piece in pieces if piece[0])


def _build_row(spec: SpecOverview, overview: ProjectOverview, *, shows_next: bool) -> TableRow:
    """Build the row of one spec: its bars, what is open, its status, and under it what to do next."""
    cells: dict[str, Parts] = {TIER_NAMES[tier]: build_bar(count_tier([spec], tier)) for tier in TIERS}
    # The line with the sums below has the glyphs with their names.
    opened = [(f"{GLYPHS[verdict]}{count} ", STYLES[verdict]) for verdict, count in count_open(spec).items() if count]
    cells["open"] = (*opened[:-1], *((text.rstrip(), style) for text, style in opened[-1:]))
    ticked, items = spec.done
    cells["DoD"] = ((f"{ticked}/{items}", "green" if ticked == items else ""),) if items else ()
    status = describe_status(spec.status, spec.dialect)
    cells["status"] = ((status, STATUS_STYLES.get(status.lower(), "")),)
    if spec.status_after and spec.status_after != spec.status:
        after = spec.status_after
        cells["status"] += ((" (→ ", ""), (after, STATUS_STYLES.get(after.lower(), "")), (")", ""))
    step = find_next_of_spec(spec, overview)
    waits = f"{name_holds(spec.blocked, reached=spec.reached)}: {spec.blocker}" if spec.blocker else ""
    note = (f"next: {step}" if step else waits, "dim")
    return TableRow(spec.feature_id, spec.name or spec.path, cells, (note,) if note[0] and shows_next else ())


def _build_sums(overview: ProjectOverview) -> Iterator[StyledLine]:
    """Sum the specs and criteria up, and say what they were judged by."""
    statuses = ", ".join(f"{count} {status}" for status, count in count_statuses(overview).items())
    left_out = f" ({overview.left_out} left out)" if overview.left_out else ""
    listed = f": {statuses}" if statuses else ""
    listed += f"; {overview.unusable} more with errors" if overview.unusable else ""
    yield StyledLine(((count_noun(len(overview.specs), "spec") + left_out, "bold"), (listed, "")), hang=2)
    parts: Parts = ()
    for verdict, label, count in count_all_labels(overview):
        parts += ((", " if parts else ": ", ""), (f"{GLYPHS[verdict]} {count} {label}", STYLES[verdict]))
    criteria = sum(count_all_verdicts(overview).values())
    yield StyledLine(((count_noun(criteria, "criterion", "criteria"), "bold"), *parts), hang=2)
    changed = list(count_changed(overview).items())
    for path, count in changed[:_MOST_CHANGED]:
        text = f"stale: `{path}` {describe_changed(overview, path, count)}"
        yield StyledLine(((text, STYLES[Verdict.STALE]),), hang=2)
    if changed[_MOST_CHANGED:]:
        yield StyledLine(((f"and {count_noun(len(changed) - _MOST_CHANGED, 'more changed file')}", "dim"),))
    if text := describe_unlinked(overview):
        yield StyledLine(((text, STYLES[Verdict.FAILED] if overview.unlinked else ""),), hang=2)
    yield StyledLine((("run: ", "bold"), (describe_run(overview.run), "")), hang=5)
    if overview.warnings:
        text = f"{count_noun(overview.warnings, 'warning')}: listed by `spec2bdd generate --check`"
        yield StyledLine(((text, "yellow"),))
    yield from (StyledLine(((note, ""),), hang=2) for note in overview.notes)
