"""A judged spec in, what keeps its status from going on out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spec2bdd.judging.verdicts import find_gating, is_fulfilled
from spec2bdd.model import DoneItem, DoneJudgement, Judgement, Spec, Tier


def find_holds(
    spec: Spec, judgements: Sequence[Judgement], gate: Sequence[Tier], done: Sequence[DoneJudgement] = ()
) -> tuple[str, ...]:
    """Return what a spec waits for before it goes on: gating criteria first, then done items, each with the reason."""
    reasons = {found.item: found.reason for found in done if found.kinds}
    return (*_find_open_criteria(judgements, gate), *_find_open_items(spec.done_items, reasons))


def _find_open_criteria(judgements: Sequence[Judgement], gate: Sequence[Tier]) -> Iterator[str]:
    """Yield a line for each gating criterion that is not fulfilled, or one where there is none at all."""
    gating = find_gating(judgements, gate)
    if not gating:
        yield f"no criterion gates: there is none of the tier {' or '.join(gate)}"
    for found in gating:
        if not is_fulfilled(found):
            what = "not ticked" if found.criterion.manual else str(found.verdict)
            yield f"line {found.criterion.line}: a {found.criterion.tier} criterion is {what}"


def _find_open_items(items: Sequence[DoneItem], reasons: Mapping[DoneItem, str]) -> Iterator[str]:
    """Yield a line for each done item that is not ticked, or one where there is no list of them."""
    if not items:
        yield "there is no Definition of Done, so Complete is out of reach"
    for item in items:
        if not item.box.ticked:
            why = f" ({reasons[item]})" if item in reasons else ""
            yield f"line {item.line}: not done: {item.text}{why}"
