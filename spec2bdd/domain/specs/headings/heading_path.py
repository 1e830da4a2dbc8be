"""Interpret headings and bold labels, and decide what the checkboxes under a path of them are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import (
    HeadingKind,
    classify_heading,
    is_completion_heading,
)
from spec2bdd.domain.specs.headings.priorities import Priority, choose_tier, find_priority
from spec2bdd.domain.specs.markdown.blocks import Heading, Links
from spec2bdd.domain.specs.markdown.inline import parse_words
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Tier

# A bold label is under headings of all levels (1 to 6), and one label ends another.
LABEL_LEVEL = 7


class SectionHeading(NamedTuple):
    """A heading or a bold label: its clean text, and what it announces, if anything.

    This and `HeadingPath` are named tuples, because a project has many of them and a frozen dataclass takes three times
    as long.
    """

    level: int
    text: str
    kind: HeadingKind | None
    offset: int
    priority: Priority | None = None


class HeadingPath(NamedTuple):
    """The headings above a list, outermost first, and the one of them that says what the boxes below are."""

    headings: tuple[SectionHeading, ...] = ()
    owner: SectionHeading | None = None

    @property
    def is_wont(self) -> bool:
        """Whether what is under the headings is not to be done."""
        return any(heading.kind is not None and heading.kind.tier is Tier.WONT for heading in self.headings)


ROOT = HeadingPath()


# A longer heading announces nothing. The limit also keeps the patterns for headings from backtracking far.
_MAX_HEADING = 1_000
# What is no part of the words of a heading: a badge, an emoji by its name, attributes and anchors at its end.
_DECORATION = re.compile(
    r"""
      !\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])?
    | (?<!\w):[a-z0-9_+-]{2,40}:(?!\w)
    | \s*\{\s*(?:[.\#]|:\s?[.\#])[^{}\n]*\}\s*$
    | \s\^[A-Za-z0-9-]+\s*$
    """,
    re.VERBOSE,
)
# What a heading must announce to say what the boxes under it are.
_OWNING = frozenset(HeadingKind) - {HeadingKind.PURPOSE, HeadingKind.REQUIREMENTS}
# Boxes under these are no criteria.
_WITHOUT_CRITERIA = frozenset({HeadingKind.DONE, HeadingKind.OTHER, HeadingKind.LEFT_OUT, HeadingKind.UNSEEN})

# Inside of which section (the nearest one that announces one of `_SURROUNDING`; `None` if there is none) a tier or a
# priority says what the boxes are. Tasks and questions (`OTHER`) remain what they are in whatever order they are to be
# done. A priority by itself means something only among criteria and requirements; and outside of any section "P1" is
# unmistakable, while "High Priority" is not.
_SURROUNDING = frozenset({HeadingKind.CRITERIA, HeadingKind.DONE, HeadingKind.OTHER, HeadingKind.REQUIREMENTS})
_TIER_COUNTS_IN = frozenset({None, HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS, HeadingKind.DONE})
_LEVEL_COUNTS_IN = frozenset({None, HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS})
_PRIORITY_WORDS_COUNT_IN = frozenset({HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS})


def parse_section_heading(heading: Heading, links: Links, vocabulary: HeadingVocabulary) -> SectionHeading:
    """Parse the text of a heading and classify it."""
    # With link definitions, the same source may mean another text in another file, so it must not be cached.
    text, kind, priority = (
        _interpret(heading.source, vocabulary, links, is_title=heading.level == 1)
        if links
        else _interpret_cached(heading.source, vocabulary, is_title=heading.level == 1)
    )
    return SectionHeading(heading.level, text, kind, heading.offset, priority)


def classify_heading_source(source: str, vocabulary: HeadingVocabulary) -> HeadingKind | None:
    """Classify a heading by its inline Markdown, in a file without link definitions."""
    return _interpret_cached(source, vocabulary)[1]


def may_hold_criteria(source: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether the lists under this heading can hold criteria, in a file without link definitions."""
    _, kind, priority = _interpret_cached(source, vocabulary)
    return priority is not None or (kind in _OWNING and kind not in _WITHOUT_CRITERIA)


def extend_heading_path(path: HeadingPath, heading: SectionHeading) -> HeadingPath:
    """Extend a path by one more heading, which becomes the owner if it says what the boxes below are.

    Nothing under a section that the configuration leaves out is included again.
    """
    headings = (*path.headings, heading)
    if heading.kind is None and heading.priority is None:
        return HeadingPath(headings, path.owner)
    is_left_out = path.owner is not None and path.owner.kind is HeadingKind.LEFT_OUT
    if not is_left_out and (heading.kind is HeadingKind.LEFT_OUT or _is_owner(heading, path.headings)):
        return HeadingPath(headings, heading)
    return HeadingPath(headings, path.owner)


def push_heading(paths: list[HeadingPath], heading: SectionHeading) -> HeadingPath:
    """Add the path under a heading to the stack of open paths, and remove those that the heading closes."""
    while len(paths) > 1 and paths[-1].headings[-1].level >= heading.level:
        paths.pop()
    paths.append(extend_heading_path(paths[-1], heading))
    return paths[-1]


def is_criteria_section(path: HeadingPath) -> bool:
    """Whether the boxes under a path are criteria."""
    return path.owner is not None and path.owner.kind not in _WITHOUT_CRITERIA


def find_tier(path: HeadingPath, scale_start: int) -> Tier | None:
    """Find the tier of the boxes under a path; `None` if they are no criteria.

    Criteria without a tier of their own have that of their story or block, and are a must if that has none. The levels
    of priorities count from `scale_start`.
    """
    owner = path.owner
    if owner is None or owner.kind in _WITHOUT_CRITERIA:
        return None
    if owner.kind is not HeadingKind.CRITERIA:
        return _find_named_tier(owner, scale_start)
    for heading in reversed(path.headings):
        if heading.kind in (HeadingKind.DONE, HeadingKind.OTHER):
            break
        if tier := _find_named_tier(heading, scale_start):
            return tier
    return Tier.MUST


def _interpret(
    source: str, vocabulary: HeadingVocabulary, links: Links, *, is_title: bool
) -> tuple[str, HeadingKind | None, Priority | None]:
    """Parse a heading into its clean text, its kind and its priority."""
    text = _read_words(source, links) if links else _read_words_cached(source)
    if len(source) > _MAX_HEADING:
        return text, None, None
    return text, classify_heading(text, vocabulary, is_title=is_title), find_priority(text)


@lru_cache(maxsize=1024)
def _interpret_cached(
    source: str, vocabulary: HeadingVocabulary, *, is_title: bool = False
) -> tuple[str, HeadingKind | None, Priority | None]:
    """Interpret a heading in a file without link definitions; most headings occur in each spec of a project."""
    return _interpret(source, vocabulary, {}, is_title=is_title)


def _read_words(source: str, links: Links) -> str:
    """Read the words of a heading, without what decorates them."""
    is_long = len(source) > _MAX_HEADING
    return parse_words(source if is_long else _DECORATION.sub(" ", source).strip() or source, links)


@lru_cache(maxsize=1024)
def _read_words_cached(source: str) -> str:
    """Read the words of a heading in a file without link definitions; a title is read as other headings are, too."""
    return _read_words(source, {})


def _find_named_tier(heading: SectionHeading, scale_start: int) -> Tier | None:
    """Find the tier that a heading names by a word or by a priority."""
    if heading.kind is not None and heading.kind.tier:
        return heading.kind.tier
    return choose_tier(heading.priority, scale_start=scale_start) if heading.priority else None


def _is_owner(heading: SectionHeading, above: Sequence[SectionHeading]) -> bool:
    """Whether a heading says what the boxes under it are, given the headings above it."""
    is_owning = heading.kind in _OWNING
    is_sole_priority = heading.priority is not None and heading.priority.alone
    surrounding = next((outer.kind for outer in reversed(above) if outer.kind in _SURROUNDING), None)
    if not is_sole_priority and not (heading.kind and heading.kind.tier):
        is_done = surrounding is HeadingKind.DONE and heading.kind is HeadingKind.CRITERIA
        return is_owning and not (is_done and is_completion_heading(heading.text))
    if is_owning:
        return surrounding in _TIER_COUNTS_IN
    has_level = heading.priority is not None and heading.priority.level is not None
    return surrounding in (_LEVEL_COUNTS_IN if has_level else _PRIORITY_WORDS_COUNT_IN)
