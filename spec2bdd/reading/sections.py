"""The blocks of a spec in, its sections out: what stands below which headings, and what those headings announce."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spec2bdd.reading.blocks import Block, Body, Heading, Listing, Paragraph
from spec2bdd.reading.inline import parse_inline
from spec2bdd.reading.names import Known, find_known


@dataclass(frozen=True, slots=True)
class Caption:
    """A heading as it reads: its clean text and what it announces, if anything."""

    level: int
    text: str
    known: Known | None
    offset: int


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks between two headings; `path` holds the headings above them, outermost first."""

    path: tuple[Caption, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Return the lists of the section, without those inside of lists."""
        return tuple(block for block in self.blocks if isinstance(block, Listing))

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the section."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def owner(self) -> Caption | None:
        """Return the innermost heading that says what the boxes of this section are, if any does."""
        return next((caption for caption in reversed(self.path) if caption.known not in (None, Known.PURPOSE)), None)


def derive_sections(body: Body) -> tuple[Section, ...]:
    """Cut the blocks at the headings; a heading closes every other of its level or a deeper one."""
    headings = [(n, block) for n, block in enumerate(body.blocks) if isinstance(block, Heading)]
    ends = [n for n, _ in headings] + [len(body.blocks)]
    sections = [Section((), body.blocks[: ends[0]])]
    for (start, heading), end in zip(headings, ends[1:], strict=True):
        caption = _derive_caption(heading, body.links)
        path = tuple(above for above in sections[-1].path if above.level < caption.level)
        sections.append(Section((*path, caption), body.blocks[start + 1 : end]))
    return tuple(sections)


def derive_groups(sections: Iterable[Section]) -> Mapping[int, str]:
    """Name the group of each heading (by its offset) that owns criteria, given the sections that hold them.

    It is the nearest heading above the owner that means nothing by itself, is not above every other owner, too, and
    shares its words with no other: one heading per story, say. A spec with one block of criteria has no groups.
    """
    above = {section.owner.offset: _find_above(section, section.owner) for section in sections if section.owner}
    spread = Counter(caption for captions in above.values() for caption in captions)
    words = Counter(caption.text for caption in spread)
    return {
        owner: next((c.text for c in captions if spread[c] < len(above) and words[c.text] == 1), "")
        for owner, captions in above.items()
    }


def find_title(sections: Iterable[Section]) -> str:
    """Return the text of the first heading of level 1, or nothing."""
    return next((section.path[-1].text for section in sections if section.path and section.path[-1].level == 1), "")


def find_purpose(sections: Iterable[Section]) -> tuple[Paragraph, ...]:
    """Return the paragraphs right under the first heading that announces the purpose."""
    named = (section for section in sections if section.path and section.path[-1].known is Known.PURPOSE)
    return next((section.paragraphs for section in named), ())


def _derive_caption(heading: Heading, links: Mapping[str, tuple[str, str]]) -> Caption:
    """Read a heading."""
    text = parse_inline(heading.source, links).text
    return Caption(heading.level, text, find_known(text), heading.offset)


def _find_above(section: Section, owner: Caption) -> tuple[Caption, ...]:
    """Return the headings above the owner that announce nothing, nearest first."""
    path = section.path[: section.path.index(owner)]
    return tuple(caption for caption in reversed(path) if caption.known is None)
