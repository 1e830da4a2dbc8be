"""A judged spec in, what keeps its status from going on out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.domain.verdicts.criteria import find_gating_criteria, is_fulfilled
from spec2bdd.domain.verdicts.status.status import is_unproved
from spec2bdd.model import CriterionVerdict, DoneItemVerdict, SpecReport, Tier


def find_blockers(report: SpecReport, gate: Sequence[Tier]) -> tuple[str, ...]:
    """Return what a spec waits for before it goes on: gating criteria, then done items, then other specs."""
    upstream = (f"it waits for {one.feature_id or one.path}, which is {one.status}" for one in report.blocking)
    return (*_find_open_criteria(report.judgements, gate), *_find_open_items(report.done), *upstream)


def _find_open_criteria(judgements: Sequence[CriterionVerdict], gate: Sequence[Tier]) -> Iterator[str]:
    """Yield a line for each gating criterion that is not fulfilled, or one where there is none at all."""
    gating = find_gating_criteria(judgements, gate)
    if not gating:
        yield f"no criterion gates: there is none of the tier {' or '.join(gate)}"
    for found in gating:
        if not is_fulfilled(found):
            what = "not ticked" if found.criterion.manual else str(found.verdict)
            yield f"line {found.criterion.line}: a {found.criterion.tier} criterion is {what}"


def _find_open_items(items: Sequence[DoneItemVerdict]) -> Iterator[str]:
    """Yield a line for each done item that is not ticked, or ticked without proof; one where there is no list."""
    if not items:
        yield "there is no Definition of Done"
    for one in items:
        if one.mark not in ("x", "X"):
            yield f"line {one.item.line}: not done: {one.item.text}{f' ({one.reason})' if one.kinds else ''}"
        elif is_unproved(one):
            yield f"line {one.item.line}: ticked, but not proved: {one.item.text} ({one.reason})"
