"""The blocks of a spec in, its sections and lists out: what stands below which headings and bold lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import (
    ROOT,
    HeadingPath,
    Links,
    SectionHeading,
    derive_section_heading,
    extend_heading_path,
    find_label,
    push_heading,
)
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, MarkdownBody, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.task_list import TaskItem, find_tasks
from spec2bdd.domain.specs.vocabulary.rules import HeadingVocabulary

# What says whether a paragraph is a bold line that stands for a heading.
LabelFinder = Callable[[Paragraph], SectionHeading | None]


class Section(NamedTuple):
    """The blocks between two headings; `path` holds the headings above them."""

    path: HeadingPath = ROOT
    blocks: tuple[Block, ...] = ()

    @property
    def heading(self) -> SectionHeading | None:
        """Return the heading that the section begins with, if it begins with one."""
        return self.path.captions[-1] if self.path.captions else None

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the section."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))


class CheckList(NamedTuple):
    """One list, wherever it stands: the captions above it, bold lines included, and its own task items.

    `inner` tells that it is part of what an item says: it stands in a task, or in an item under the same captions.
    """

    path: HeadingPath
    listing: MarkdownList
    tasks: tuple[TaskItem, ...]
    inner: bool


def derive_sections(body: MarkdownBody, rules: HeadingVocabulary) -> tuple[Section, ...]:
    """Cut the blocks at the headings; a heading closes every other of its level or a deeper one."""
    headings = [(n, block) for n, block in enumerate(body.blocks) if isinstance(block, Heading)]
    ends = [n for n, _ in headings] + [len(body.blocks)]
    sections, above = [Section(ROOT, body.blocks[: ends[0]])], [ROOT]
    for (start, heading), end in zip(headings, ends[1:], strict=True):
        path = push_heading(above, derive_section_heading(heading, body.links, rules))
        sections.append(Section(path, body.blocks[start + 1 : end]))
    return tuple(sections)


def find_checklists(sections: Iterable[Section], links: Links, rules: HeadingVocabulary) -> tuple[CheckList, ...]:
    """Return every list of the sections, also those inside of lists, outer ones first."""
    known = partial(find_label, links=links, rules=rules)
    return tuple(run for section in sections for run in _find_runs(section.blocks, section.path, known))


def derive_groups(owners: Iterable[tuple[SectionHeading, HeadingPath]]) -> Mapping[int, str]:
    """Name the group of each caption (by its offset) that owns criteria, given the path that each stands in.

    It is the nearest caption above the owner that means nothing by itself, is not above every other owner, too, and
    shares its words with no other: one heading per story, say. Where there is none, one of several that name criteria
    will do, as in "Tier 1 Success Criteria". A spec with one block of criteria has no groups.
    """
    above = {owner.offset: _find_above(path, owner) for owner, path in owners}
    spread = Counter(caption for captions in above.values() for caption in captions)
    words = Counter(caption.text for caption in spread)
    several = sum(caption.known is HeadingKind.CRITERIA for caption in spread) > 1
    apart = {c for c in spread if spread[c] < len(above) and words[c.text] == 1 and (several or c.known is None)}
    return {
        owner: next((c.text for c in sorted(captions, key=_tell_known) if c in apart), "")
        for owner, captions in above.items()
    }


def find_title(sections: Iterable[Section]) -> str:
    """Return the text of the first heading of level 1, or nothing."""
    return next((found.text for section in sections if (found := section.heading) and found.level == 1), "")


def find_purpose(sections: Iterable[Section]) -> tuple[Paragraph, ...]:
    """Return the paragraphs right under the first heading that announces the purpose."""
    named = (section for section in sections if section.heading and section.heading.known is HeadingKind.PURPOSE)
    return next((section.paragraphs for section in named), ())


def _find_runs(
    blocks: Sequence[Block],
    base: HeadingPath,
    find: LabelFinder,
    *,
    around: CheckList | None = None,
    parent: TaskItem | None = None,
) -> Iterator[CheckList]:
    """Yield the lists among some blocks and all lists in them; a bold line holds until the next one beside it."""
    path = base
    for block in blocks:
        if isinstance(block, Paragraph) and (label := find(block)):
            path = extend_heading_path(base, label)
        elif isinstance(block, MarkdownList):
            tasks = find_tasks(block, parent)
            inner = parent is not None or (around is not None and around.path == path)
            yield (run := CheckList(path, block, tuple(filter(None, tasks)), inner))
            for item, task in zip(block.items, tasks, strict=True):
                if len(item.blocks) > 1 or not item.paragraph:
                    below = task.blocks if task else item.blocks
                    yield from _find_runs(below, path, find, around=run, parent=task or parent)


def _find_above(path: HeadingPath, owner: SectionHeading) -> Sequence[SectionHeading]:
    """Return the captions above the owner that announce nothing or name criteria, nearest first."""
    above = path.captions[: path.captions.index(owner)]
    return tuple(caption for caption in reversed(above) if caption.known in (None, HeadingKind.CRITERIA))


def _tell_known(caption: SectionHeading) -> bool:
    """Tell whether a caption announces anything."""
    return caption.known is not None
