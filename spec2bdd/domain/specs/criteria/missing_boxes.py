"""The lists and criteria of a spec in, warnings about what is missing out: boxes, or all criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, SectionHeading, find_tier, is_criteria_section
from spec2bdd.domain.specs.headings.sections import CheckList, Section
from spec2bdd.domain.specs.markdown.task_list import find_bare_items
from spec2bdd.model import Criterion, Diagnostic, Tier
from spec2bdd.text.source_file import SourceFile

_HINT_BOXES = "write `- [ ] ` in front of each one that acceptance depends on"
_HINT_CRITERIA = "add a heading `### Must Have` with a list below it, such as `- [ ] What must work`"


def find_gaps(
    page: SourceFile, sections: Sequence[Section], runs: Sequence[CheckList], *, criteria: Sequence[Criterion]
) -> Iterator[Diagnostic]:
    """Yield a warning for each list of criteria without boxes, and one for a spec without criteria."""
    paths = (*(section.path for section in sections), *(run.path for run in runs))
    owned = [(path, path.owner) for path in paths if path.owner and is_criteria_section(path)]
    if not criteria:
        place = min((owner.offset for _, owner in owned), default=0)
        yield page.derive_warning(place, "no-criteria", message="this spec has no criteria", hint=_HINT_CRITERIA)
    divided = _find_divided(owned)
    for run in runs:
        owner = None if run.inner else run.path.owner
        if owner and owner not in divided and find_tier(run.path, 0) not in (None, Tier.WONT):
            yield from _find_boxless(page, run, owner)


def _find_divided(owned: Iterable[tuple[HeadingPath, SectionHeading]]) -> frozenset[SectionHeading]:
    """Return the criteria headings that have tiers below them: a plain list next to those is prose."""
    return frozenset(
        caption
        for path, owner in owned
        if owner.known is not HeadingKind.CRITERIA
        for caption in path.captions
        if caption.known is HeadingKind.CRITERIA
    )


def _find_boxless(page: SourceFile, run: CheckList, owner: SectionHeading) -> Iterator[Diagnostic]:
    """Warn of a list in which items have no box."""
    bare = find_bare_items(run.listing)
    if bare:
        message = f"{len(bare)} of {len(run.listing.items)} items in this list under `{owner.text}` have no box"
        yield page.derive_warning(bare[0].offset, "criteria-without-boxes", message=message, hint=_HINT_BOXES)
