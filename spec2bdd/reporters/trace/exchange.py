"""What was traced as items with links, for formats that other tools for requirements read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Literal

from spec2bdd.model import Tier, Verdict
from spec2bdd.model.trace import Trace
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import digest_text
from spec2bdd.text.slugs import slugify, slugify_unique

ItemKind = Literal["prd", "plan", "spec", "criterion", "scenario", "step"]
"""The kinds of items, from the top of the chain to its end."""

_LONGEST = 60
# Two of a million texts hardly have the same.
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ExchangeItem:
    """One item: its id of lower-case letters, digits and underscores, which begins with a letter and is unique.

    `covers` are the ids of the items above it, `needs` the kind that has to cover it, if any has. `state` is a verdict,
    the status of a spec, or empty. `is_dropped` is set for what is not to be done: waived, or a won't-have.
    """

    id: str
    kind: ItemKind
    title: str
    state: str = ""
    tags: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    needs: ItemKind | None = None
    path: str = ""
    line: int = 0
    is_dropped: bool = False


def list_items(trace: Trace) -> Iterator[ExchangeItem]:
    """List everything in a trace as items, from the sections to the step definitions."""
    ids = build_ids(trace)

    def find(*nodes: str) -> tuple[str, ...]:
        """Find the ids of items."""
        return tuple(ids[node] for node in nodes)

    lacking = {gap.node for gap in trace.gaps}
    for section in trace.sections:
        title = f"{section.number} {section.title}".strip() or section.id
        needs: ItemKind | None = "spec" if section.specs or section.id in lacking else None
        kind: ItemKind = "prd" if section.kind == "prd" else "plan"
        yield ExchangeItem(ids[section.id], kind, title, needs=needs, path=section.path, line=section.line)
    own = {spec.path for spec in trace.specs}
    for spec in trace.specs:
        yield ExchangeItem(
            ids[spec.path],
            "spec",
            f"{spec.feature_id} {spec.name}".strip() or spec.path,
            spec.status,
            covers=find(*spec.sections),
            depends_on=find(*(path for path in spec.depends_on if path in own)),
            needs="criterion",
            path=spec.path,
            line=1,
        )
    parents = {criterion.parent for criterion in trace.criteria}
    for criterion in trace.criteria:
        below: ItemKind | None = "scenario" if criterion.lacks_scenario or criterion.scenarios else None
        yield ExchangeItem(
            ids[criterion.id],
            "criterion",
            criterion.text,
            str(criterion.verdict or "not required"),
            (str(criterion.tier), *criterion.tags),
            # A nested one covers the one that it is nested in, which needs no scenario of its own.
            covers=find(criterion.parent or criterion.spec),
            needs="criterion" if criterion.id in parents else below,
            path=criterion.spec,
            line=criterion.line,
            is_dropped=criterion.tier is Tier.WONT or criterion.verdict is Verdict.WAIVED,
        )
    for scenario in trace.scenarios:
        result = scenario.result
        yield ExchangeItem(
            ids[scenario.id],
            "scenario",
            scenario.name or scenario.id,
            "" if result is None else str(Verdict.STALE if result.outdated else result.verdict),
            scenario.tags,
            covers=find(*scenario.criteria),
            needs="step",
            path=scenario.path,
            line=scenario.line,
        )
    for definition in trace.definitions:
        title = f"{definition.kind} {definition.pattern}"
        covers = find(*definition.scenarios)
        yield ExchangeItem(ids[definition.id], "step", title, covers=covers, path=definition.path, line=definition.line)


def build_ids(trace: Trace) -> Mapping[str, str]:
    """Map the id of everything in a trace to one for other tools, which does not depend on the lines of files.

    So the id of a scenario stays when others are added above it; it is counted only where two would be the same.
    """
    specs = (*trace.specs, *trace.upstream)
    wanted = [
        *((node.id, f"{node.kind}_{slugify(node.number or node.title or 'none')}") for node in trace.sections),
        *((node.path, f"spec_{slugify_unique(node.feature_id or node.path, limit=_LONGEST)}") for node in specs),
        # They have this form already.
        *((node.id, slugify(node.id, limit=len(node.id))) for node in trace.criteria),
        *((node.id, f"scenario_{_digest(node.path, node.name)}") for node in trace.scenarios),
        *((node.id, f"step_{_digest(node.path, node.kind, node.pattern)}") for node in trace.definitions),
    ]
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for node, name in wanted:
        names = (name if number == 1 else f"{name}_{number}" for number in count(1))
        ids[node] = next(name for name in names if name not in taken)
        taken.add(ids[node])
    return ids


def _digest(*texts: str) -> str:
    """Compute the digest of some texts."""
    return digest_text("\n".join(texts), length=_DIGITS)
