"""A heading or a bold line in, what it says and announces out; the captions above a list in, what it holds out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spec2bdd.model import Tier
from spec2bdd.reading.blocks import Heading, Paragraph
from spec2bdd.reading.inline import parse_inline
from spec2bdd.reading.names import Known, find_known
from spec2bdd.reading.priorities import Priority, derive_tier, find_first, find_priority
from spec2bdd.reading.rules import Rules

Links = Mapping[str, tuple[str, str]]

# A bold line stands below every heading, and one bold line ends the other.
LABEL_LEVEL = 7


@dataclass(frozen=True, slots=True)
class Caption:
    """A heading or a label as it reads: its clean text and what it announces, if anything."""

    level: int
    text: str
    known: Known | None
    offset: int
    priority: Priority | None = None


# What a spec has above a list, outermost first.
Path = tuple[Caption, ...]

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
_OWNING = frozenset(Known) - {Known.PURPOSE, Known.REQUIREMENTS}
_SURROUNDING = frozenset({Known.CRITERIA, Known.DONE, Known.OTHER, Known.REQUIREMENTS})


def derive_caption(heading: Heading, links: Links, rules: Rules) -> Caption:
    """Read a heading."""
    return _derive_caption(heading.source, links, rules, level=heading.level, offset=heading.offset)


def find_announced(source: str, rules: Rules) -> Known | None:
    """Return what a heading announces, given its inline Markdown, in a file without link definitions."""
    return _read_words(source, rules)[1]


def find_label(paragraph: Paragraph, *, links: Links, rules: Rules) -> Caption | None:
    """Return the last bold line of a paragraph, which is a heading for what follows, or nothing."""
    if "**" not in paragraph.source and "__" not in paragraph.source:
        return None
    rows = [row if len(row) <= _LONGEST else "" for row in paragraph.source.split("\n")]
    last = rows[-1] if _LEAD.fullmatch(rows[-1]) else ""
    row = last or next((row for row in reversed(rows) if _LABEL.fullmatch(row)), "")
    return _derive_caption(row, links, rules, level=LABEL_LEVEL, offset=paragraph.offset) if row else None


def find_owner(path: Path) -> Caption | None:
    """Return the innermost caption that says what the boxes below it are; what is left out stays so."""
    owner = None
    for n, caption in enumerate(path):
        if caption.known is Known.LEFT_OUT:
            return caption
        if (caption.known or caption.priority) and _tell_owning(caption, path[:n]):
            owner = caption
    return owner


def find_tier(path: Path, first: int) -> Tier | None:
    """Return the tier of the boxes below a path, whose priorities count from `first`; nothing if they are no criteria.

    Criteria without a tier of their own have that of their story or their block, and are a must without one.
    """
    owner = find_owner(path)
    if owner is None or owner.known in (Known.DONE, Known.OTHER, Known.LEFT_OUT):
        return None
    if owner.known is not Known.CRITERIA:
        return _find_named_tier(owner, first)
    for caption in reversed(path):
        if caption.known in (Known.DONE, Known.OTHER):
            break
        if tier := _find_named_tier(caption, first):
            return tier
    return Tier.MUST


def find_scale(paths: Iterable[Path]) -> int:
    """Return the level that the priorities of a file count from, as far as its captions tell."""
    return find_first(caption.priority for path in paths for caption in path)


def _derive_caption(source: str, links: Links, rules: Rules, *, level: int, offset: int) -> Caption:
    """Read the inline Markdown of a heading or a label."""
    text, known, priority = _read_words(source, rules) if not links else _find_meaning(source, links, rules)
    return Caption(level, text, known, offset, priority)


@lru_cache(maxsize=1024)
def _read_words(source: str, rules: Rules) -> tuple[str, Known | None, Priority | None]:
    """Return what a heading says and announces; most headings of a project stand in each of its specs."""
    return _find_meaning(source, {}, rules)


def _find_meaning(source: str, links: Links, rules: Rules) -> tuple[str, Known | None, Priority | None]:
    """Return what a heading says and what it announces."""
    text = parse_inline(source, links).text
    return text, find_known(text, rules), find_priority(text)


def _find_named_tier(caption: Caption, first: int) -> Tier | None:
    """Return the tier that a caption names by a word or by a priority."""
    if caption.known is not None and caption.known.tier:
        return caption.known.tier
    return derive_tier(caption.priority, first=first) if caption.priority else None


def _tell_owning(caption: Caption, above: Sequence[Caption]) -> bool:
    """Tell whether a caption says what its boxes are.

    Tasks and questions stay what they are in whatever order they are to be done, and a mere priority means something
    only among criteria and requirements, or where nothing else is said.
    """
    ranked = caption.priority is not None and caption.priority.alone
    if not ranked and not (caption.known and caption.known.tier):
        return caption.known in _OWNING
    around = next((other.known for other in reversed(above) if other.known in _SURROUNDING), None)
    if around is None or caption.known in _OWNING:
        return around is not Known.OTHER and (caption.known in _OWNING or _tell_numbered(caption))
    return around in (Known.CRITERIA, Known.REQUIREMENTS)


def _tell_numbered(caption: Caption) -> bool:
    """Tell whether a caption names a priority by its number, which is plainer than by a word."""
    return caption.priority is not None and caption.priority.level is not None
