"""The report of `verify` and its parts as Markdown: how it ended, the specs, what failed, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from spec2bdd.model import CriterionVerdict, FailureKind, Report, SpecReport, Verdict
from spec2bdd.reporters.markdown.document import code, escape, escape_message, render_table
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.outcome import describe_outcome, list_open
from spec2bdd.reporters.overview_counts import TIERS
from spec2bdd.reporters.summary import (
    count_labels,
    count_noun,
    describe_gate,
    list_annotations,
    list_counted,
    summarize,
)

# GitHub shows at most a megabyte of a step summary.
_MOST_ENTRIES = 100


def render_report_markdown(report: Report) -> str:
    """Render a report."""
    counts = summarize(report)
    counted = [verdict for spec in report.specs for verdict in list_counted(spec)]
    verdicts = ", ".join(f"{count} {label}" for _, label, count in count_labels(counted))
    head = f"**{describe_outcome(report, counts).capitalize()}**"
    if report.specs:
        head += f": {', '.join((describe_gate(report, counts), *list_open(report, counts)))}; "
        head += f"{count_noun(counts.criteria, 'criterion', 'criteria')}{': ' if verdicts else ''}{verdicts}"
    if counts.ticked or counts.unticked:
        boxes = count_noun(counts.ticked, "box", "boxes")
        head += f"; {boxes} {'' if report.wrote else 'would be '}ticked, {counts.unticked} unticked"
    titles = ["spec", "status", *map(str, TIERS)]
    # Most dialects have no definition of done.
    titles += ["done"] if any(spec.done for spec in report.specs) else []
    step = find_next(report)
    diagnostics = []
    # With the failing scenarios without a criterion.
    for diagnostic in list_annotations(report):
        # The list of what failed has the criteria.
        if diagnostic.code == "criterion-failed":
            continue
        place = f"{diagnostic.path}:{diagnostic.line}" if diagnostic.line else diagnostic.path
        where = f"{code(place)}: " if place else ""
        diagnostics.append(f"{diagnostic.severity}: {where}{escape_message(diagnostic.message)}")
    blocks = [
        f"## spec2bdd {escape(report.command)}\n",
        f"{head}\n",
        _render_list("What failed", list(_list_failures(report, unproved=False))),
        _render_list("What is not proved", list(_list_failures(report, unproved=True))),
        _render_list("Errors and warnings", diagnostics),
        _render_list("Out of date", [code(change.path) for change in report.changes if not report.wrote]),
        render_table(titles, [_build_row(spec)[: len(titles)] for spec in report.specs]),
        _render_list("Notes", [escape_message(note) for note in report.notes]),
        f"**Next:** {escape_message(step)}\n" if step else "",
    ]
    return "\n".join(filter(None, blocks))


def _list_failures(report: Report, *, unproved: bool) -> Iterator[str]:
    """List the criteria and done items that failed, or else those which a spec lacks for its status (`unproved`)."""
    for spec in report.specs:
        lines = {reason.line: reason for reason in spec.reasons}
        items = {item.item.line: item.item for item in spec.done}
        shown = set()
        for verdict in spec.verdicts:
            reason = lines.get(verdict.criterion.line)
            if verdict.verdict is not Verdict.FAILED and reason is None:
                continue
            shown.add(verdict.criterion.line)
            is_unproved = verdict.verdict is not Verdict.FAILED and reason and reason.kind is FailureKind.UNPROVED
            if bool(is_unproved) is unproved:
                why = verdict.reason.partition("\n")[0] or (reason.text if reason else "")
                place = code(f"{spec.spec.path}:{verdict.criterion.line}")
                words = f"{verdict.label}{': ' if why else ''}{escape_message(why)}"
                yield f"{escape(verdict.criterion.text)} ({place}): {words}"
        for reason in spec.reasons:
            if reason.line not in shown and (reason.kind is FailureKind.UNPROVED) is unproved:
                place = code(f"{spec.spec.path}:{reason.line}")
                subject = f"{escape(items[reason.line].text)} ({place})" if reason.line in items else place
                detail = f": {escape_message(reason.detail)}" if reason.detail else ""
                yield f"{subject}: {escape_message(reason.text)}{detail}"


def _render_list(title: str, entries: list[str]) -> str:
    """Render a list under a title; empty without entries."""
    shown = entries[:_MOST_ENTRIES]
    if more := len(entries) - len(shown):
        shown.append(f"and {more} more")
    return "\n".join([f"### {title}\n", *(f"- {entry}" for entry in shown), ""]) if entries else ""


def _build_row(spec: SpecReport) -> list[str]:
    """Build the row of one spec: its status, how many criteria of each tier are fulfilled, and done items ticked."""
    name = f"{spec.spec.find_value('feature_id')} {spec.spec.find_value('name') or spec.spec.title or spec.spec.path}"
    status = spec.status_before or "no status"
    if spec.status_after and spec.status_after != spec.status_before:
        status += f" → {spec.status_after}"
    tiers: list[list[CriterionVerdict]] = [
        [item for item in spec.verdicts if item.criterion.tier is tier and item.verdict is not Verdict.WAIVED]
        for tier in TIERS
    ]
    counts = [f"{sum(item.fulfilled for item in tier)}/{len(tier)}" if tier else "" for tier in tiers]
    ticked = sum(item.box_ticked for item in spec.done)
    return [escape(name.strip()), escape(status), *counts, f"{ticked}/{len(spec.done)}" if spec.done else ""]
