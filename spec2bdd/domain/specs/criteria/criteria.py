"""The lists of a spec in, its criteria and its done items out, and what is wrong with single items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from spec2bdd.domain.specs.criteria.annotations import Notes, derive_notes
from spec2bdd.domain.specs.criteria.nested import derive_nested
from spec2bdd.domain.specs.headings.classifier import Known
from spec2bdd.domain.specs.headings.heading_path import Caption, Links, find_scale, find_tier, tell_owned
from spec2bdd.domain.specs.headings.priorities import derive_tier, find_first
from spec2bdd.domain.specs.headings.sections import Run, derive_groups
from spec2bdd.domain.specs.markdown.blocks import Comment
from spec2bdd.domain.specs.markdown.inline import Inline, find_comments, parse_inline
from spec2bdd.domain.specs.markdown.task_list import Task
from spec2bdd.domain.specs.vocabulary.placeholders import tell_placeholder, tell_unwritten
from spec2bdd.model import Criterion, DoneItem, Nested, NestedKind, Problem, Tier
from spec2bdd.text.normalize import collapse_space
from spec2bdd.text.source_file import Page


class Entry(NamedTuple):
    """One task below a heading that makes it a criterion, and the problem, if any, that keeps it from being one."""

    task: Task
    run: Run
    owner: Caption
    notes: Notes
    nested: tuple[Nested, ...]
    problem: Problem | None


def find_entries(page: Page, runs: Iterable[Run], *, links: Links) -> tuple[Entry, ...]:
    """Return every task that stands where criteria do, in the order of the file."""
    owned = [(run, run.path.owner) for run in runs if run.path.owner and tell_owned(run.path)]
    entries = [_derive_entry(page, task, run, owner, links=links) for run, owner in owned for task in run.tasks]
    return tuple(sorted(entries, key=lambda entry: entry.task.offset))


def derive_criteria(page: Page, entries: Sequence[Entry]) -> tuple[Criterion, ...]:
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
    page: Page, runs: Iterable[Run], *, links: Links
) -> tuple[tuple[DoneItem, ...], tuple[Problem, ...]]:
    """Return the items of the definition of done in the order of the file, and the problems of those left out."""
    owned = [run for run in runs if run.path.owner and run.path.owner.known is Known.DONE]
    tasks = sorted((task for run in owned for task in run.tasks), key=lambda task: task.offset)
    read = [(task, _find_inline(task.source, links)) for task in tasks]
    problems = [_find_unreadable(page, task, inline) for task, inline in read]
    items = tuple(
        DoneItem(inline.text, task.box, *page.find_place(task.offset))
        for (task, inline), problem in zip(read, problems, strict=True)
        if inline and not problem
    )
    return items, tuple(filter(None, problems))


def _derive_entry(page: Page, task: Task, run: Run, owner: Caption, *, links: Links) -> Entry:
    """Read one task."""
    inline = _find_inline(task.source, links)
    blocks = [block for block in task.blocks if isinstance(block, Comment)]
    beside = tuple(comment for block in blocks for comment in find_comments(block.source))
    notes = derive_notes(inline or Inline(""), beside)
    nested = _find_nested(page, task, links)
    problem = (
        _find_unreadable(page, task, None if nested is None else inline)
        or _find_empty(page, task, notes.text)
        or _find_placeholder(page, task, notes.text, plain=bool(inline and not inline.ends_in_code))
    )
    return Entry(task, run, owner, notes, nested or (), problem)


def _find_entry_tier(entry: Entry, scale: int) -> Tier:
    """Return the tier of an item: its own, or that of its block."""
    if entry.notes.priority:
        return derive_tier(entry.notes.priority, first=scale)
    return find_tier(entry.run.path, scale) or Tier.MUST


def _find_nested(page: Page, task: Task, links: Links) -> tuple[Nested, ...] | None:
    """Return what stands below a task, or nothing if it is nested more deeply than can be read."""
    try:
        return tuple(derive_nested(page, task.blocks, links=links))
    except RecursionError:
        return None


def _find_inline(source: str, links: Links) -> Inline | None:
    """Read inline Markdown, or nothing if it is nested more deeply than can be read."""
    try:
        return parse_inline(source, links)
    except RecursionError:
        return None


def _find_unreadable(page: Page, task: Task, inline: Inline | None) -> Problem | None:
    """Report a task whose text is nested too deeply, or whose box is not where it should be."""
    if inline is None:
        message = "the emphasis, links or quotes in this item are nested too deeply to be read"
        return page.derive_error(task.offset, "too-deep", message=message, hint="write the item in plainer Markdown")
    start = task.box.offset
    if page.text[start - 1 : start + 2] != f"[{task.box.mark}]":
        message = "the box of this item was not found at its place, so the item is left out"
        return page.derive_error(task.offset, "misplaced-box", message=message, hint="write the item on one line")
    return None


def _find_empty(page: Page, task: Task, text: str) -> Problem | None:
    """Report a task without words."""
    if text:
        return None
    hint = "write what must hold behind the box, or delete the item"
    return page.derive_warning(task.offset, "empty-criterion", message="this criterion has no text", hint=hint)


def _find_placeholder(page: Page, task: Task, text: str, *, plain: bool) -> Problem | None:
    """Report a task that still holds the template's words, or others that ask for nothing."""
    bracketed = tell_placeholder(text)
    if not plain or not (bracketed or tell_unwritten(text)):
        return None
    message = f"`{text}` is a placeholder, not a criterion"
    hint = f"{'replace it, brackets included' if bracketed else 'write what must hold'}, or delete the item"
    return page.derive_warning(task.offset, "placeholder-criterion", message=message, hint=hint)


def _derive_criterion(page: Page, entry: Entry, *, tier: Tier, group: str, parent: int | None) -> Criterion:
    """Make the criterion of a sound entry."""
    line, column = page.find_place(entry.task.offset)
    notes, nested = entry.notes, entry.nested
    return Criterion(
        tier=tier,
        text=collapse_space(notes.text),
        box=entry.task.box,
        line=line,
        column=column,
        given_id=notes.given_id,
        group=group,
        bullets=tuple(found.text for found in nested if found.kind is NestedKind.BULLET and not found.depth),
        parent=parent,
        manual=notes.manual,
        waived=notes.waived,
        nested=nested,
    )


def _find_parent(task: Task, index: Mapping[Task, int]) -> int | None:
    """Return the index of the nearest task around this one that is a criterion."""
    around = task.parent
    while around and around not in index:
        around = around.parent
    return index[around] if around else None
