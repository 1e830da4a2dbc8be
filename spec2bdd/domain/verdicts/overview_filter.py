"""Filter the overview of a project: by what the front matter says, and by tiers and tags of criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from spec2bdd.model.explanation import OverviewFilter, ProjectOverview, SpecOverview

# More values are no hint.
_MOST_LISTED = 8


def filter_overview(overview: ProjectOverview, wanted: OverviewFilter) -> ProjectOverview:
    """Keep the specs and the criteria that a filter asks for; what a spec waits for stays as it is.

    A note says which values no spec has, and which there are.
    """
    if wanted == OverviewFilter():
        return overview
    tags = {tag for spec in overview.specs for group in spec.groups for tag in group.tags}
    specs = tuple(_filter_specs(overview.specs, wanted))
    unknown = (
        *_describe_unknown("owner", wanted.owners, {spec.owner for spec in overview.specs}),
        *_describe_unknown("status", wanted.statuses, {spec.status for spec in overview.specs}),
        *_describe_unknown("dialect", wanted.dialects, {spec.dialect for spec in overview.specs}),
        *_describe_unknown("tag", wanted.tags, tags),
    )
    notes, left_out = (*overview.notes, *unknown), len(overview.specs) - len(specs)
    return replace(overview, specs=specs, left_out=left_out, notes=notes)


def _filter_specs(specs: Iterable[SpecOverview], wanted: OverviewFilter) -> Iterator[SpecOverview]:
    """Yield the specs that a filter asks for, with the groups that it asks for."""
    limits = [(wanted.owners, "owner"), (wanted.statuses, "status"), (wanted.dialects, "dialect")]
    folded = [(set(map(_fold, values)), name) for values, name in limits if values]
    tags = set(map(_fold, wanted.tags))
    for spec in specs:
        if any(_fold(getattr(spec, name)) not in values for values, name in folded):
            continue
        groups = tuple(
            group
            for group in spec.groups
            if (not wanted.tiers or group.tier in wanted.tiers) and (not tags or tags & set(map(_fold, group.tags)))
        )
        if groups or not (wanted.tiers or tags):
            yield replace(spec, groups=groups)


def _describe_unknown(name: str, values: Iterable[str], known: Set[str]) -> Iterator[str]:
    """Describe each value that no spec has, with those that there are."""
    folded = set(map(_fold, known))
    listed = sorted(filter(None, known))
    shown = ", ".join(f"`{value}`" for value in listed[:_MOST_LISTED]) + (", ..." if listed[_MOST_LISTED:] else "")
    plural = "statuses" if name == "status" else f"{name}s"
    for value in values:
        if _fold(value) not in folded:
            used = f"the only {name} in use is {shown}" if len(listed) == 1 else f"the {plural} in use are {shown}"
            owner = "criterion" if name == "tag" else "spec"
            none = f"none has {'an' if name == 'owner' else 'a'} {name}"
            yield f"no {owner} has the {name} `{value}`; {used if listed else none}"


def _fold(value: str) -> str:
    """Fold a value to the form in which it is compared: without case and the sign of a tag."""
    return value.removeprefix("@").casefold()
