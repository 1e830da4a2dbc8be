"""The answer of `status` about one spec for people: its criteria, their last verdicts and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from spec2bdd.model import BoxKind, Criterion, CriterionExplanation, Explanation, Tier, Verdict
from spec2bdd.reporters.next_step.of_explanation import find_next_of_all
from spec2bdd.reporters.overview_counts import TierCount, name_holds
from spec2bdd.reporters.summary import describe_status
from spec2bdd.reporters.terminal.layout import BLANK, StyledLine, build_next, render_lines
from spec2bdd.reporters.terminal.theme import GLYPHS, STATUS_STYLES, STYLES, TIER_NAMES
from spec2bdd.reporters.text.history import describe_history, describe_run
from spec2bdd.reporters.text.overview import build_bar


def render_spec_status(explanation: Explanation, *, width: int, color: bool) -> str:
    """Show the status of one spec."""
    return render_lines(_build_lines(explanation, width), width=width, color=color)


def describe_verdict(entry: CriterionExplanation) -> tuple[str, Verdict | None]:
    """Describe the last verdict of a criterion and what has changed since, and say which verdict is shown."""
    verdict = entry.judgement
    if verdict is None:
        return "not required", None
    if verdict.last and verdict.changed:
        return f"{verdict.last}, but `{verdict.changed}` {verdict.state.phrase} since then", verdict.last
    first = verdict.reason.strip().split("\n")[0]
    return ": ".join(filter(None, (str(verdict.verdict), first))), verdict.verdict


def render_box(criterion: Criterion) -> str:
    """Render the box of a criterion before its text; empty where its file has no boxes."""
    return "" if criterion.box.kind is BoxKind.NONE else f"[{criterion.box.mark}] "


def _build_lines(explanation: Explanation, width: int) -> Iterator[StyledLine]:
    """Show the spec, its criteria by tier, what blocks its next status, and the next step."""
    report = explanation.spec
    spec, status = report.spec, describe_status(report.status_before, report.spec.dialect)
    key = spec.find_value("feature_id")
    name = spec.find_value("name") or spec.title or spec.path
    right = ((status, STATUS_STYLES.get(status.lower(), "")),)
    yield StyledLine(((f"{key}  " if key else "", "bold cyan"), (name, "bold")), right=right)
    owner = spec.find_value("owner")
    yield StyledLine(((spec.path, "dim"), (f"  owner: {owner}" if owner else "", "dim")), whole=True)
    for tier in Tier:
        entries = [entry for entry in explanation.entries if entry.item.criterion.tier is tier]
        if entries:
            yield BLANK
            yield StyledLine(((f"{TIER_NAMES[tier]}  ", "bold"), *build_bar(_count(entries))))
        cells = max((len(str(entry.number)) for entry in entries), default=0)
        for entry in entries:
            yield from _build_criterion(entry, cells)
    yield BLANK
    ticked, items = sum(item.item.box.ticked for item in report.done), len(report.done)
    if items:
        yield StyledLine((("definition of done: ", "bold"), (f"{ticked} of {items} ticked", "")))
    # Of the next status alone; `explain` lists all that blocks any status.
    for blocked in [blocked for blocked in explanation.blocked if blocked.holds][:1]:
        hold, *others = blocked.holds
        more = f"; {len(others)} more: `spec2bdd explain {quote(key or spec.path)}`" if others else ""
        title = f"{name_holds(blocked.status, reached=blocked.reached)}: "
        yield StyledLine(((title, "bold"), (f"{hold}{more}", "")), hang=len(title))
    yield StyledLine((("run: ", "bold"), (describe_run(explanation.run), "")), hang=5)
    yield build_next(find_next_of_all(explanation) or "nothing to do", width=width)


def _build_criterion(entry: CriterionExplanation, cells: int) -> Iterator[StyledLine]:
    """Show one criterion: number, box, glyph and text; its last verdict; its history where that says more."""
    criterion = entry.item.criterion
    text, shown = describe_verdict(entry)
    glyph = (f"{GLYPHS[shown]} ", STYLES[shown]) if shown else ("· ", "dim")
    box = render_box(criterion)
    head = (f"#{entry.number:<{cells}} {box}", "dim")
    indent = cells + len(box) + 6
    yield StyledLine((head, glyph, (criterion.text, "")), indent=2, right=((f":{criterion.line}", "dim"),))
    yield StyledLine(((text, "dim"),), indent=indent)
    unknown = shown in (Verdict.SKIPPED, Verdict.NOT_RUN)
    if entry.past and (unknown or (entry.past.last_failed and shown is not Verdict.FAILED)):
        yield StyledLine(((next(describe_history(entry.past)), "dim"),), indent=indent)


def _count(entries: list[CriterionExplanation]) -> TierCount:
    """Count the criteria of one tier for its bar."""
    verdicts = [entry.judgement for entry in entries if entry.judgement]
    asked = [verdict for verdict in verdicts if verdict.verdict is not Verdict.WAIVED]
    return TierCount(
        len(asked),
        sum(verdict.fulfilled for verdict in asked),
        sum(verdict.last is Verdict.PASSED for verdict in asked),
        sum(Verdict.FAILED in (verdict.verdict, verdict.last) for verdict in asked),
    )
