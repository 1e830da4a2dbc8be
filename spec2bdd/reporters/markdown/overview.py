"""The answer of `status` as Markdown: a table of specs, or of the criteria of one spec."""

from __future__ import annotations

from spec2bdd.model import Explanation
from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.reporters.markdown.document import code, escape, escape_message, render_table
from spec2bdd.reporters.next_step.of_explanation import find_next_of, find_next_of_all
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
from spec2bdd.reporters.summary import count_noun
from spec2bdd.reporters.text.spec_status import describe_verdict

_BAR_CELLS = 5
_MOST_CHANGED = 3


def render_overview_markdown(overview: ProjectOverview) -> str:
    """Render an overview; all specs are listed."""
    opened = map(str, count_open(SpecOverview("")))
    # Most dialects have no definition of done.
    done = ["done"] if any(spec.done[1] for spec in overview.specs) else []
    titles = ["spec", "status", *map(str, TIERS), *done, *opened, "next"]
    table = render_table(titles, (_build_row(spec, overview, done=bool(done)) for spec in overview.specs))
    statuses = ", ".join(f"{count} {status}" for status, count in count_statuses(overview).items())
    unusable = f"; {overview.unusable} more with errors" if overview.unusable else ""
    sums = [f"{count_noun(len(overview.specs), 'spec')}{': ' if statuses else ''}{escape(statuses)}{unusable}"]
    verdicts = ", ".join(f"{count} {label}" for _, label, count in count_all_labels(overview))
    criteria = sum(count_all_verdicts(overview).values())
    sums.append(f"{count_noun(criteria, 'criterion', 'criteria')}{': ' if verdicts else ''}{verdicts}")
    for path, count in list(count_changed(overview).items())[:_MOST_CHANGED]:
        sums.append(f"stale: {code(path)} {describe_changed(overview, path, count)}")
    if unlinked := describe_unlinked(overview):
        sums.append(unlinked)
    blocks = ["# Status\n", "".join(f"- {line}\n" for line in sums), table]
    blocks.append(f"**Next:** {escape_message(find_next_of_project(overview) or 'nothing to do')}\n")
    return "\n".join(filter(None, blocks))


def render_spec_markdown(explanation: Explanation) -> str:
    """Render the status of one spec."""
    report = explanation.spec
    spec = report.spec
    name = f"{spec.find_value('feature_id')} {spec.find_value('name') or spec.title or spec.path}".strip()
    rows = [
        [
            f"#{entry.number}",
            str(entry.item.criterion.tier),
            escape(entry.item.criterion.text),
            escape_message(describe_verdict(entry)[0]),
            escape_message(find_next_of(explanation, entry)),
        ]
        for entry in explanation.entries
    ]
    items = [
        [
            f"{'✓' if item.mark in ('x', 'X') else '○'} {escape(item.item.text)}",
            escape_message(f"{item.label}: {item.reason}" if item.reason else item.label),
        ]
        for item in report.done
    ]
    blocks = [
        f"# {escape(name)}\n",
        f"{code(spec.path)}: {escape(report.status_before or 'no status')}\n",
        render_table(["number", "tier", "criterion", "verdict", "next"], rows),
        render_table(["definition of done", "verdict"], items),
        f"**Next:** {escape_message(find_next_of_all(explanation) or 'nothing to do')}\n",
    ]
    return "\n".join(filter(None, blocks))


def _build_row(spec: SpecOverview, overview: ProjectOverview, *, done: bool) -> list[str]:
    """Build the row of one spec."""
    ticked, items = spec.done
    cells = [f"{ticked}/{items}" if items else ""] if done else []
    name = f"{spec.feature_id} {spec.name or spec.path}".strip()
    status = spec.status or "no status"
    if spec.status_after and spec.status_after != spec.status:
        status += f" (→ {spec.status_after})"
    waits = f"{name_holds(spec.blocked, reached=spec.reached)}: {spec.blocker}" if spec.blocker else ""
    step = find_next_of_spec(spec, overview) or waits
    return [
        escape(name),
        escape(status),
        *(_draw(count_tier([spec], tier)) for tier in TIERS),
        *cells,
        *(str(count or "") for count in count_open(spec).values()),
        escape_message(step),
    ]


def _draw(count: TierCount) -> str:
    """Draw the bar of a tier with its numbers."""
    return f"{''.join(draw_bar(count, _BAR_CELLS))} {count.fulfilled}/{count.criteria}" if count.criteria else ""
