"""The sections and criteria of a spec in, warnings about what is missing out: boxes, or all criteria."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.model import Criterion, Problem, Tier
from spec2bdd.reading.blocks import Listing
from spec2bdd.reading.criteria import find_tier
from spec2bdd.reading.names import Known
from spec2bdd.reading.page import Page
from spec2bdd.reading.sections import Caption, Section
from spec2bdd.reading.tasks import find_bare_items

_HINT_BOXES = "write `- [ ] ` in front of each one that acceptance depends on"
_HINT_CRITERIA = "add a heading `### Must Have` with a list below it, such as `- [ ] What must work`"


def find_gaps(page: Page, sections: Sequence[Section], criteria: Sequence[Criterion]) -> Iterator[Problem]:
    """Yield a warning for each list of criteria without boxes, and one for a spec without criteria."""
    if not criteria:
        place = next((section.owner.offset for section in sections if section.owner and find_tier(section.owner)), 0)
        yield page.derive_warning(place, "no-criteria", message="this spec has no criteria", hint=_HINT_CRITERIA)
    divided = _find_divided(sections)
    for section in sections:
        if section.owner and section.owner not in divided and find_tier(section.owner) not in (None, Tier.WONT):
            yield from _find_boxless(page, section.listings, owner=section.owner)


def _find_divided(sections: Sequence[Section]) -> frozenset[Caption]:
    """Return the criteria headings that have tiers below them: a plain list next to those is prose."""
    return frozenset(
        caption
        for section in sections
        if section.owner and section.owner.known is not Known.CRITERIA and find_tier(section.owner)
        for caption in section.path
        if caption.known is Known.CRITERIA
    )


def _find_boxless(page: Page, listings: Sequence[Listing], *, owner: Caption) -> Iterator[Problem]:
    """Warn of the lists in which items have no box."""
    for listing in listings:
        bare = find_bare_items(listing)
        if bare:
            message = f"{len(bare)} of {len(listing.items)} items in this list under `{owner.text}` have no box"
            yield page.derive_warning(bare[0].offset, "criteria-without-boxes", message=message, hint=_HINT_BOXES)
