"""Find lists of criteria without checkboxes, and specs without criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.editing.mark_edits import find_item_box
from spec2bdd.domain.specs.headings.apart import is_under_contents, normalize_title
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import (
    LABEL_LEVEL,
    HeadingPath,
    SectionHeading,
    find_tier,
    is_criteria_section,
)
from spec2bdd.domain.specs.headings.sections import CRITERION_ID, CheckList, Section
from spec2bdd.domain.specs.markdown.blocks import Item, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.task_list import TaskItem, find_bare_items
from spec2bdd.model import Box, Criterion, Diagnostic, Tier
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.source_file import SourceFile

_HINT_FIX = "run `spec2bdd lint --fix`, which adds the boxes"
# Of a paragraph, a hint quotes so many characters.
_MAX_QUOTED = 60
_BACKGROUND = re.compile(r"[*_]*background[*_]*\s*:", re.IGNORECASE)
_STEP = re.compile(r"[\s*_]*(?:given|when|then)\b", re.IGNORECASE)
_HINT_REPLACE = "write criteria in place of the placeholders in its lists, such as `- [ ] What must work`"
_HINT_BOXES = "begin each item that must hold with a box: `- [ ] What must work`"
_HINT_CRITERIA = "add a heading `### Must Have` with a list under it, such as `- [ ] What must work`"
# What an author gives an id to is a criterion: `AC-010: Metrics are stored`.
_ID = re.compile(r"[*_]*[A-Z]{1,8}[-_]?\d+[*_]*\s*[:|]")
_BOX_AFTER_ID = compile_lazily(rf"(?P<id>{CRITERION_ID.pattern}\s*)\[(?P<mark>[ xX])\]\s+(?=\S)")
# The same in a paragraph: `**AC-010** Metrics are stored`, but not the label of a list.
_ID_AND_WORDS = compile_lazily(
    r"[*_]*[A-Z]{1,8}[-_]?\d+(?:[*_]*\s*[:|][*_]*|[*_]+)\s+(?=[^\s:])(?!.*[:\uff1a][*_]*\Z)", re.DOTALL
)
# A letter or a sign, and words.
_LIST_LIKE = re.compile(
    r"(?:\(?[a-z0-9]{1,2}\)|[a-z]\.|[\u2022\u00b7\u25aa\u25e6\u2013\u2714\u2713\u2717\u2705\u274c\u2b1c\u2610\u2611])\ufe0f?\s+\S"
)
# What a sentence under the name of a tier says if it is a demand.
_DEMAND = compile_lazily(
    r"(?!\W*(?:none|nothing|no|not|n/a|tbd|see|these|the following)\b).*\b(?:must|shall|should|can|cannot|given)\b",
    re.IGNORECASE | re.DOTALL,
)


def find_missing_boxes(
    file: SourceFile, sections: Sequence[Section], checklists: Sequence[CheckList], *, criteria: Sequence[Criterion]
) -> Iterator[Diagnostic]:
    """Warn of each list of criteria in which items have no box, and of a spec without criteria."""
    if not criteria:
        above = (*(section.path for section in sections), *(checklist.path for checklist in checklists))
        owners = (path.owner for path in above if is_criteria_section(path))
        offset = min((owner.offset for owner in owners if owner), default=0)
        lists = [checklist for checklist in checklists if is_criteria_section(checklist.path)]
        has_boxes = any(checklist.tasks for checklist in lists)
        hint = _HINT_REPLACE if has_boxes else _HINT_BOXES if lists else _HINT_CRITERIA
        yield file.build_warning(offset, "no-criteria", message="this spec has no criteria", hint=hint)
    yield from _find_paragraphs(file, sections)
    read = {criterion.line for criterion in criteria}
    for checklist, owner, bare in find_bare_lists(sections, checklists):
        unread = [item for item in bare if file.find_place(item.offset)[0] not in read]
        if unread:
            count, total = len(unread), len(checklist.markdown_list.items)
            have = "has" if count == 1 else "have"
            # Where another marker begins, so does another list, which looks like a part of the one above.
            which = "an item" if total == 1 else f"{count} of {total} items in this list"
            message = f"{which} under `{owner.text}` {have} no box"
            yield file.build_warning(unread[0].offset, "criteria-without-boxes", message=message, hint=_HINT_FIX)


def build_boxless_tasks(
    file: SourceFile, sections: Sequence[Section], checklists: Sequence[CheckList], *, only_ids: bool
) -> dict[int, tuple[TaskItem, ...]]:
    """Build a task of each item that has no box where one should be, by the offset of its list.

    With `only_ids`, these are the items of lists in which each item without a box begins with the id of a criterion
    that no box and no item above has. A box may follow the id: `**AC-01**: [ ] What must hold`.
    """
    tasks: dict[int, tuple[TaskItem, ...]] = {}
    boxed_texts = (task.source for checklist in checklists for task in checklist.tasks)
    known = {match[1] for source in boxed_texts if only_ids and (match := CRITERION_ID.match(source))}
    for checklist, _, bare in find_bare_lists(sections, checklists):
        items: list[TaskItem] = []
        for item, paragraph in ((item, item.paragraph) for item in bare if item.paragraph):
            source, offset, blocks = paragraph.source, paragraph.offset, item.blocks[1:]
            identified = CRITERION_ID.match(source)
            if only_ids and (identified is None or identified[1] in known):
                continue
            known.update([identified[1]] if identified else [])
            if boxed := _BOX_AFTER_ID.match(source):
                box = Box(boxed["mark"], offset + boxed.start("mark"))
                items.append(TaskItem(box, boxed["id"] + source[boxed.end() :], blocks, parent=None))
            else:
                items.append(TaskItem(find_item_box(file.text, paragraph), source, blocks, parent=None, start=offset))
        if not only_ids or len(items) == len(bare):
            tasks[checklist.markdown_list.offset] = tuple(items)
    return tasks


def find_bare_lists(
    sections: Sequence[Section], checklists: Sequence[CheckList]
) -> Iterator[tuple[CheckList, SectionHeading, tuple[Item, ...]]]:
    """Find each list of criteria in which items have no box, with the heading above it and these items."""
    paths = (*(section.path for section in sections), *(checklist.path for checklist in checklists))
    owned = [(path, path.owner) for path in paths if path.owner and is_criteria_section(path)]
    # Where criteria are divided into tiers, a plain list outside of the tiers is an explanation, unless it has ids.
    divided = {
        heading
        for path, owner in owned
        if owner.kind is not HeadingKind.CRITERIA
        for heading in path.headings
        if heading.kind is HeadingKind.CRITERIA
    }
    nested_steps = {offset for checklist in checklists for offset in _find_steps(checklist.markdown_list)}
    for checklist in checklists:
        if checklist.markdown_list.offset in nested_steps:
            continue
        # Under an item that only groups them, an item without a box is one like its neighbours.
        is_grouped = bool(checklist.tasks) and checklist.tasks[0].parent is None
        owner = None if checklist.inner and not is_grouped else checklist.path.owner
        if owner is None or find_tier(checklist.path, 0) in (None, Tier.WONT):
            continue
        # Mostly every item has a box.
        if len(checklist.tasks) == len(checklist.markdown_list.items):
            continue
        # A background is no criterion, and is reported as what it is.
        bare = tuple(item for item in find_bare_items(checklist.markdown_list) if not _is_background(item))
        if owner.level == LABEL_LEVEL and _is_of_contents(checklist.path, bare, sections):
            continue
        have_ids = all(item.paragraph and _ID.match(item.paragraph.source) for item in bare)
        if bare and (owner not in divided or have_ids):
            yield checklist, owner, bare


def _is_of_contents(path: HeadingPath, items: Sequence[Item], sections: Sequence[Section]) -> bool:
    """Whether items under a label are entries of a table of contents, by their heading or by what they name."""
    if is_under_contents(path):
        return True
    titles = {normalize_title(section.heading.text) for section in sections if section.heading}
    return all(item.paragraph and normalize_title(item.paragraph.source) in titles for item in items)


def _is_background(item: Item) -> bool:
    """Whether an item is the label of steps that are to be those of all scenarios."""
    return item.paragraph is not None and _BACKGROUND.match(item.paragraph.source) is not None


def _find_paragraphs(file: SourceFile, sections: Sequence[Section]) -> Iterator[Diagnostic]:
    """Warn of criteria that are written as paragraphs: those with an id, and demands where there is no list at all."""
    for section in sections:
        heading = section.heading
        if heading is None or heading is not section.path.owner or find_tier(section.path, 0) in (None, Tier.WONT):
            continue
        has_list = any(isinstance(block, MarkdownList) for block in section.blocks)
        paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
        is_tier = heading.kind is not None and heading.kind.tier is not None
        first = next((block for block in paragraphs if _ID_AND_WORDS.match(block.source)), None)
        if first is None and is_tier and not has_list:
            first = next((block for block in paragraphs if _DEMAND.match(block.source)), None)
        if first is None:
            first = next((block for block in paragraphs if _is_list_like(block)), None)
        if first:
            message = f"a paragraph under `{heading.text}` looks like a criterion and has no box"
            text = " ".join(first.source.split())
            text = text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED].rstrip()} …"
            hint = f"write it as an item: `- [ ] {text}`"
            yield file.build_warning(first.offset, "criteria-without-boxes", message=message, hint=hint)


def _is_list_like(paragraph: Paragraph) -> bool:
    """Whether the lines of a paragraph look like the items of a list, whose markers Markdown does not know."""
    rows = paragraph.source.split("\n")
    return len(rows) > 1 and all(map(_LIST_LIKE.match, rows))


def _find_steps(markdown_list: MarkdownList) -> Iterator[int]:
    """Find the offsets of the lists of steps in the items of a list: these belong to the item, also under a label."""
    for item in markdown_list.items:
        for block in item.blocks:
            if isinstance(block, MarkdownList):
                first = block.items[0].paragraph if block.items else None
                if first and _STEP.match(first.source):
                    yield block.offset
