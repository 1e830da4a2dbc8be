"""The words of a heading or an item in, the priority that they name out, and the tier that it means in its file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spec2bdd.domain.specs.headings.classifier import derive_parts
from spec2bdd.domain.specs.vocabulary.words import find_words
from spec2bdd.model import Tier
from spec2bdd.text.normalize import normalize_heading


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority: the number of `P1`, or the tier that words such as "High Priority" mean.

    `alone` tells that a heading says nothing else, as in "### P0 - Critical"; otherwise it only adds the priority, as
    in "### US-1: Log in (P1)".
    """

    level: int | None = None
    tier: Tier | None = None
    alone: bool = False


_LEVEL = re.compile(r"(?:(?:priority )?p([0-4])|priority ([0-4]))(?: (?:requirements|features|criteria|items))?")
_ADDED = re.compile(r"[(\[](?:Priority\s*:?\s*)?P([0-4])(?:\s*[-\u2013\u2014:,]\s*[^()\[\]]*)?[)\]]\W*$")
_TIERS = (Tier.MUST, Tier.SHOULD, Tier.COULD)


def find_priority(heading: str) -> Priority | None:
    """Return the priority that a heading names, or nothing."""
    added = _ADDED.search(heading)
    if (alone := _find_alone(heading)) or added is None:
        return alone
    return Priority(level=int(added[1]))


def derive_tier(priority: Priority, *, first: int) -> Tier:
    """Return the tier of a priority on a scale that starts at P0 or P1."""
    if priority.tier:
        return priority.tier
    return _TIERS[min(max((priority.level or 0) - first, 0), len(_TIERS) - 1)]


def find_first(priorities: Iterable[Priority | None]) -> int:
    """Return the level that the scale of a file starts at, given all its priorities."""
    return 0 if any(priority and priority.level == 0 for priority in priorities) else 1


def _find_alone(heading: str) -> Priority | None:
    """Return the priority of a heading that is nothing else; what stands in brackets only explains it."""
    name, _, remark = heading.partition("(")
    parts = derive_parts(name)
    if not parts:
        return None
    words, beside = _derive_words()
    if (tier := words.get(parts[0])) and len(parts) == 1:
        return Priority(tier=tier, alone=True)
    level = _LEVEL.fullmatch(parts[0])
    # Words behind the brackets make it a title, as in "P0 (urgent) clean-up".
    if level is None or not beside.issuperset(parts[1:]) or normalize_heading(remark.partition(")")[2]):
        return None
    return Priority(level=int(level[1] or level[2]), alone=True)


@cache
def _derive_words() -> tuple[dict[str, Tier], frozenset[str]]:
    """Return the tiers by the words that mean them, and the words that may stand beside a number."""
    words = {normalize_heading(word): tier for tier in _TIERS for word in find_words("priorities", tier)}
    return words, frozenset(normalize_heading(word) for word in find_words("priorities", "beside"))
