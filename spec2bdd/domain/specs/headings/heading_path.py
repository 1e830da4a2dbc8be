"""A heading or a bold line in, what it says and announces out; the captions above a list in, what it holds out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading
from spec2bdd.domain.specs.headings.priorities import Priority, derive_tier, find_first, find_priority
from spec2bdd.domain.specs.markdown.blocks import Heading, Paragraph
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.vocabulary.rules import HeadingVocabulary
from spec2bdd.model import Tier

Links = Mapping[str, tuple[str, str]]

# A bold line stands below every heading, and one bold line ends the other.
LABEL_LEVEL = 7


class SectionHeading(NamedTuple):
    """A heading or a label as it reads: its clean text and what it announces, if anything.

    This and the path are tuples with names, because there are many of them, and a dataclass takes three times as long.
    """

    level: int
    text: str
    known: HeadingKind | None
    offset: int
    priority: Priority | None = None


class HeadingPath(NamedTuple):
    """What a spec has above a list, outermost first, and which of it says what the boxes below are."""

    captions: tuple[SectionHeading, ...] = ()
    owner: SectionHeading | None = None


ROOT = HeadingPath()


# A bold line: nothing but signs in front, and behind it a remark in brackets, a note behind a dash, or signs.
_LABEL = re.compile(
    r"(?:[^\w\s*_\[\]<>`|\\]{1,4}\s*)?(?P<bold>\*\*|__)(?=\S)(?:(?!(?P=bold)).)+(?P=bold)"
    r"(?:\s*[:\uff1a]|\s*\([^()]*\)|\s*\uff08[^\uff09]*\uff09"
    r"|\s[-\u2013\u2014]\s[A-Z ]+|\s*[^\w\s*_`()\[\]:\uff1a\uff08-])*\s*"
)
# Other words behind the bold ones are one, too, if a colon at their end hands on to a list.
_LEAD = re.compile(r"(?P<bold>\*\*|__)(?=\S)(?:(?!(?P=bold)).)+(?P=bold).*[:\uff1a]\s*")
# Whoever writes more than this in bold writes a sentence; and no pattern has to look at a long line.
_LONGEST = 200
_OWNING = frozenset(HeadingKind) - {HeadingKind.PURPOSE, HeadingKind.REQUIREMENTS}
_OF_OTHERS = frozenset({HeadingKind.DONE, HeadingKind.OTHER, HeadingKind.LEFT_OUT})
_SURROUNDING = frozenset({HeadingKind.CRITERIA, HeadingKind.DONE, HeadingKind.OTHER, HeadingKind.REQUIREMENTS})


def derive_section_heading(heading: Heading, links: Links, rules: HeadingVocabulary) -> SectionHeading:
    """Read a heading."""
    found = _find_meaning(heading.source, links, rules) if links else _read_words(heading.source, rules)
    return SectionHeading(heading.level, found[0], found[1], heading.offset, found[2])


def find_announced(source: str, rules: HeadingVocabulary) -> HeadingKind | None:
    """Return what a heading announces, given its inline Markdown, in a file without link definitions."""
    return _read_words(source, rules)[1]


def may_hold_criteria(source: str, rules: HeadingVocabulary) -> bool:
    """Tell whether the lists below a heading in such a file may be criteria, whatever else stands above them."""
    _, known, priority = _read_words(source, rules)
    return priority is not None or (known in _OWNING and known not in _OF_OTHERS)


def find_label(paragraph: Paragraph, *, links: Links, rules: HeadingVocabulary) -> SectionHeading | None:
    """Return the last bold line of a paragraph, which is a heading for what follows, or nothing."""
    if "**" not in paragraph.source and "__" not in paragraph.source:
        return None
    rows = [row if len(row) <= _LONGEST else "" for row in paragraph.source.split("\n")]
    last = rows[-1] if _LEAD.fullmatch(rows[-1]) else ""
    row = last or next((row for row in reversed(rows) if _LABEL.fullmatch(row)), "")
    return derive_section_heading(Heading(LABEL_LEVEL, row, paragraph.offset), links, rules) if row else None


def extend_heading_path(path: HeadingPath, caption: SectionHeading) -> HeadingPath:
    """Return the path below one more caption, which owns what is below it if it says what that is.

    What is left out stays so.
    """
    captions = (*path.captions, caption)
    if caption.known is None and caption.priority is None:
        return HeadingPath(captions, path.owner)
    kept = path.owner is not None and path.owner.known is HeadingKind.LEFT_OUT
    owning = not kept and (caption.known is HeadingKind.LEFT_OUT or _tell_owning(caption, path.captions))
    return HeadingPath(captions, caption if owning else path.owner)


def push_heading(above: list[HeadingPath], heading: SectionHeading) -> HeadingPath:
    """Add the path below a heading to those of the headings above it, and take off those that it closes."""
    while len(above) > 1 and above[-1].captions[-1].level >= heading.level:
        above.pop()
    above.append(extend_heading_path(above[-1], heading))
    return above[-1]


def is_criteria_section(path: HeadingPath) -> bool:
    """Tell whether the boxes below a path are criteria."""
    return path.owner is not None and path.owner.known not in _OF_OTHERS


def find_tier(path: HeadingPath, first: int) -> Tier | None:
    """Return the tier of the boxes below a path, whose priorities count from `first`; nothing if they are no criteria.

    Criteria without a tier of their own have that of their story or their block, and are a must without one.
    """
    owner = path.owner
    if owner is None or owner.known in _OF_OTHERS:
        return None
    if owner.known is not HeadingKind.CRITERIA:
        return _find_named_tier(owner, first)
    for caption in reversed(path.captions):
        if caption.known in (HeadingKind.DONE, HeadingKind.OTHER):
            break
        if tier := _find_named_tier(caption, first):
            return tier
    return Tier.MUST


def find_scale(paths: Iterable[HeadingPath]) -> int:
    """Return the level that the priorities of a file count from, as far as its captions tell."""
    return find_first(caption.priority for path in paths for caption in path.captions)


@lru_cache(maxsize=1024)
def _read_words(source: str, rules: HeadingVocabulary) -> tuple[str, HeadingKind | None, Priority | None]:
    """Return what a heading says and announces; most headings of a project stand in each of its specs."""
    return _find_meaning(source, {}, rules)


def _find_meaning(
    source: str, links: Links, rules: HeadingVocabulary
) -> tuple[str, HeadingKind | None, Priority | None]:
    """Return what a heading says and what it announces."""
    text = parse_inline(source, links).text
    return text, classify_heading(text, rules), find_priority(text)


def _find_named_tier(caption: SectionHeading, first: int) -> Tier | None:
    """Return the tier that a caption names by a word or by a priority."""
    if caption.known is not None and caption.known.tier:
        return caption.known.tier
    return derive_tier(caption.priority, first=first) if caption.priority else None


def _tell_owning(caption: SectionHeading, above: Sequence[SectionHeading]) -> bool:
    """Tell whether a caption says what its boxes are.

    Tasks and questions stay what they are in whatever order they are to be done, and a mere priority means something
    only among criteria and requirements, or where nothing else is said.
    """
    ranked = caption.priority is not None and caption.priority.alone
    if not ranked and not (caption.known and caption.known.tier):
        return caption.known in _OWNING
    around = next((other.known for other in reversed(above) if other.known in _SURROUNDING), None)
    if around is None or caption.known in _OWNING:
        return around is not HeadingKind.OTHER and (caption.known in _OWNING or _tell_numbered(caption))
    return around in (HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS)


def _tell_numbered(caption: SectionHeading) -> bool:
    """Tell whether a caption names a priority by its number, which is plainer than by a word."""
    return caption.priority is not None and caption.priority.level is not None
