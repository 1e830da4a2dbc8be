"""The lists of a spec in, its criteria and its done items out, and what is wrong with single items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from spec2bdd.domain.specs.criteria.annotations import AnnotatedText, derive_notes
from spec2bdd.domain.specs.criteria.nested import derive_nested
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import (
    Links,
    SectionHeading,
    find_scale,
    find_tier,
    is_criteria_section,
)
from spec2bdd.domain.specs.headings.priorities import derive_tier, find_first
from spec2bdd.domain.specs.headings.sections import CheckList, derive_groups
from spec2bdd.domain.specs.markdown.blocks import Comment
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText, find_comments
from spec2bdd.domain.specs.markdown.task_list import TaskItem
from spec2bdd.domain.specs.vocabulary.placeholders import is_empty_marker, is_placeholder
from spec2bdd.model import Criterion, Diagnostic, DoneItem, NestedBlock, NestedBlockKind, Tier
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile


class CriterionCandidate(NamedTuple):
    """One task below a heading that makes it a criterion, and the problem, if any, that keeps it from being one."""

    task: TaskItem
    run: CheckList
    owner: SectionHeading
    notes: AnnotatedText
    nested: tuple[NestedBlock, ...]
    problem: Diagnostic | None


def find_entries(page: SourceFile, runs: Iterable[CheckList], *, links: Links) -> tuple[CriterionCandidate, ...]:
    """Return every task that stands where criteria do, in the order of the file."""
    owned = [(run, run.path.owner) for run in runs if run.path.owner and is_criteria_section(run.path)]
    entries = [_derive_entry(page, task, run, owner, links=links) for run, owner in owned for task in run.tasks]
    return tuple(sorted(entries, key=lambda entry: entry.task.offset))


def derive_criteria(page: SourceFile, entries: Sequence[CriterionCandidate]) -> tuple[Criterion, ...]:
    """Return the criteria in the order of the file; an entry with a problem makes none."""
    sound = [entry for entry in entries if entry.problem is None]
    index = {entry.task: n for n, entry in enumerate(sound)}
    groups = derive_groups({entry.owner: entry.run.path for entry in sound}.items())
    scale = min(find_scale(entry.run.path for entry in entries), find_first(entry.notes.priority for entry in entries))
    return tuple(
        _derive_criterion(
            page,
            entry,
            tier=_find_entry_tier(entry, scale),
            group=groups[entry.owner.offset],
            parent=_find_parent(entry.task, index),
        )
        for entry in sound
    )


def derive_done_items(
    page: SourceFile, runs: Iterable[CheckList], *, links: Links
) -> tuple[tuple[DoneItem, ...], tuple[Diagnostic, ...]]:
    """Return the items of the definition of done in the order of the file, and the problems of those left out."""
    owned = [run for run in runs if run.path.owner and run.path.owner.known is HeadingKind.DONE]
    tasks = sorted((task for run in owned for task in run.tasks), key=lambda task: task.offset)
    read = [(task, _find_inline(task.source, links)) for task in tasks]
    problems = [_find_unreadable(page, task, inline) for task, inline in read]
    items = tuple(
        DoneItem(inline.text, task.box, *page.find_place(task.offset))
        for (task, inline), problem in zip(read, problems, strict=True)
        if inline and not problem
    )
    return items, tuple(filter(None, problems))


def _derive_entry(
    page: SourceFile, task: TaskItem, run: CheckList, owner: SectionHeading, *, links: Links
) -> CriterionCandidate:
    """Read one task."""
    inline = _find_inline(task.source, links)
    blocks = [block for block in task.blocks if isinstance(block, Comment)]
    beside = tuple(comment for block in blocks for comment in find_comments(block.source))
    notes = derive_notes(inline or InlineText(""), beside)
    nested = _find_nested(page, task, links)
    problem = (
        _find_unreadable(page, task, None if nested is None else inline)
        or _find_empty(page, task, notes.text)
        or _find_placeholder(page, task, notes.text, plain=bool(inline and not inline.ends_in_code))
    )
    return CriterionCandidate(task, run, owner, notes, nested or (), problem)


def _find_entry_tier(entry: CriterionCandidate, scale: int) -> Tier:
    """Return the tier of an item: its own, or that of its block."""
    if entry.notes.priority:
        return derive_tier(entry.notes.priority, first=scale)
    return find_tier(entry.run.path, scale) or Tier.MUST


def _find_nested(page: SourceFile, task: TaskItem, links: Links) -> tuple[NestedBlock, ...] | None:
    """Return what stands below a task, or nothing if it is nested more deeply than can be read."""
    try:
        return tuple(derive_nested(page, task.blocks, links=links))
    except RecursionError:
        return None


def _find_inline(source: str, links: Links) -> InlineText | None:
    """Read inline Markdown, or nothing if it is nested more deeply than can be read."""
    try:
        return parse_inline(source, links)
    except RecursionError:
        return None


def _find_unreadable(page: SourceFile, task: TaskItem, inline: InlineText | None) -> Diagnostic | None:
    """Report a task whose text is nested too deeply, or whose box is not where it should be."""
    if inline is None:
        message = "the emphasis, links or quotes in this item are nested too deeply to be read"
        return page.derive_error(task.offset, "too-deep", message=message, hint="write the item in plainer Markdown")
    start = task.box.offset
    if page.text[start - 1 : start + 2] != f"[{task.box.mark}]":
        message = "the box of this item was not found at its place, so the item is left out"
        return page.derive_error(task.offset, "misplaced-box", message=message, hint="write the item on one line")
    return None


def _find_empty(page: SourceFile, task: TaskItem, text: str) -> Diagnostic | None:
    """Report a task without words."""
    if text:
        return None
    hint = "write what must hold behind the box, or delete the item"
    return page.derive_warning(task.offset, "empty-criterion", message="this criterion has no text", hint=hint)


def _find_placeholder(page: SourceFile, task: TaskItem, text: str, *, plain: bool) -> Diagnostic | None:
    """Report a task that still holds the template's words, or others that ask for nothing."""
    bracketed = is_placeholder(text)
    if not plain or not (bracketed or is_empty_marker(text)):
        return None
    message = f"`{text}` is a placeholder, not a criterion"
    hint = f"{'replace it, brackets included' if bracketed else 'write what must hold'}, or delete the item"
    return page.derive_warning(task.offset, "placeholder-criterion", message=message, hint=hint)


def _derive_criterion(
    page: SourceFile, entry: CriterionCandidate, *, tier: Tier, group: str, parent: int | None
) -> Criterion:
    """Make the criterion of a sound entry."""
    line, column = page.find_place(entry.task.offset)
    notes, nested = entry.notes, entry.nested
    return Criterion(
        tier=tier,
        text=to_single_line(notes.text),
        box=entry.task.box,
        line=line,
        column=column,
        given_id=notes.given_id,
        group=group,
        bullets=tuple(found.text for found in nested if found.kind is NestedBlockKind.BULLET and not found.depth),
        parent=parent,
        manual=notes.manual,
        waived=notes.waived,
        nested=nested,
    )


def _find_parent(task: TaskItem, index: Mapping[TaskItem, int]) -> int | None:
    """Return the index of the nearest task around this one that is a criterion."""
    around = task.parent
    while around and around not in index:
        around = around.parent
    return index[around] if around else None
