"""Parse priorities such as `P1` and "High Priority" in headings and items, and map them to tiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from spec2bdd.domain.specs.headings.classifier import split_heading
from spec2bdd.domain.specs.vocabulary import find_words, render_choice
from spec2bdd.model import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import normalize_heading


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority: the number of `P1`, or the tier that words such as "High Priority" mean.

    `alone` is set if a heading says nothing else, as in "### P0 - Critical"; otherwise the heading only adds the
    priority to a title, as in "### US-1: Log in (P1)".
    """

    level: int | None = None
    tier: Tier | None = None
    alone: bool = False


# A normalized part of a heading that is a level: "p1", "priority p1", "priority 1 features".
_LEVEL = re.compile(r"(?:(?:priority )?p([0-4])|priority ([0-4]))(?: (?:requirements|features|criteria|items))?")
# What may follow the brackets after a level: notes of progress such as "- 100% Complete".
_PROGRESS = compile_lazily(
    rf"(?:\d+(?: of)? )*(?:{render_choice((*find_words('states', 'words'), *find_words('states', 'loud')))}|\d+)?"
)
# A level in brackets at the end of a heading: "(P1)", "[Priority: P2 - important]".
_ADDED = re.compile(
    r"[(\[](?:Priority\s*:?\s*)?P([0-4])"
    r"(?:\s*[-\u2013\u2014:,]\s*[^()\[\]]*)?"  # what the level means
    r"[)\]]\W*(?:MVP\W*)?$"  # Spec Kit writes "(Priority: P1) \U0001f3af MVP"
)
_TIERS = (Tier.MUST, Tier.SHOULD, Tier.COULD)
# The name of a tier in brackets at the end of a heading: "Export (Should Have)".
_ADDED_TIER = re.compile(r"[(\[\uff08]([^()\[\]\uff08\uff09]{1,40})[)\]\uff09]\W*$")

# The tiers by the normalized words that mean them, and the words that may follow a level, as in "P0 - Critical".
_TIER_WORDS = {normalize_heading(word): tier for tier in _TIERS for word in find_words("priorities", tier)}
_REMARKS = frozenset(normalize_heading(word) for word in find_words("priorities", "remarks"))


def find_priority(heading: str) -> Priority | None:
    """Find the priority that a heading names, as all of its text or in brackets at the end of a title."""
    # Text in brackets only explains the priority.
    folded = heading if heading.isascii() else unicodedata.normalize("NFKC", heading)
    name, _, explanation = folded.partition("(")
    parts = split_heading(name)
    if len(parts) == 1 and (tier := _TIER_WORDS.get(parts[0])):
        return Priority(tier=tier, alone=True)
    level = _LEVEL.fullmatch(parts[0]) if parts else None
    if level:
        # The parts after a level may only explain it, as "Critical" and "Should have post-launch" do.
        remarks = [part.split() for part in parts[1:]]
        only_explains = all(
            _PROGRESS.fullmatch(" ".join(words))
            or any(" ".join(words[:size]) in _REMARKS for size in range(1, len(words) + 1))
            for words in remarks
        )
        # Words after the brackets make it a title, as in "P0 (urgent) clean-up".
        if only_explains and _PROGRESS.fullmatch(normalize_heading(explanation.partition(")")[2])):
            return Priority(level=int(level[1] or level[2]), alone=True)
    if added := _ADDED.search(heading):
        return Priority(level=int(added[1]))
    if added := _ADDED_TIER.search(heading):
        named = _load_tier_names().get(normalize_heading(added[1]))
        return Priority(tier=named) if named else None
    return None


@cache
def _load_tier_names() -> Mapping[str, Tier]:
    """Load the names of the tiers in all languages."""
    return {normalize_heading(name): tier for tier in Tier for name in find_words("headings", tier)}


def choose_tier(priority: Priority, *, scale_start: int) -> Tier:
    """Choose the tier of a priority on a scale that starts at P0 or P1."""
    if priority.tier:
        return priority.tier
    return _TIERS[min(max((priority.level or 0) - scale_start, 0), len(_TIERS) - 1)]


def find_scale_start(priorities: Iterable[Priority | None]) -> int:
    """Find the level that the scale of a file starts at, given all its priorities: 0 if there is a P0, otherwise 1."""
    return 0 if any(priority and priority.level == 0 for priority in priorities) else 1
