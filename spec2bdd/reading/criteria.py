"""The sections of a spec in, its criteria and its done items out, and what is wrong with single items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spec2bdd.model import Criterion, DoneItem, Problem, Tier
from spec2bdd.reading.inline import Inline, find_comments, parse_inline
from spec2bdd.reading.names import Known
from spec2bdd.reading.notes import Notes, derive_notes
from spec2bdd.reading.page import Page
from spec2bdd.reading.sections import Caption, Section, derive_groups
from spec2bdd.reading.tasks import Task, find_tasks
from spec2bdd.reading.wording import collapse_space, tell_placeholder

Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One task as read: its notes and bullets, and the problem, if any, that keeps it from being a criterion."""

    task: Task
    tier: Tier
    owner: int
    notes: Notes
    bullets: tuple[str, ...]
    problem: Problem | None


def derive_criteria(
    page: Page, sections: Sequence[Section], *, links: Links
) -> tuple[tuple[Criterion, ...], tuple[Problem, ...]]:
    """Return the criteria in the order of the file, and the problems of the task items that could not become one."""
    entries = [
        _derive_entry(page, task, links=links, tier=tier, owner=owner.offset)
        for section in sections
        if (owner := section.owner) and (tier := find_tier(owner))
        for listing in section.listings
        for task in find_tasks(listing)
    ]
    sound = [entry for entry in entries if entry.problem is None]
    index = {entry.task: n for n, entry in enumerate(sound)}
    owners = {entry.owner for entry in sound}
    groups = derive_groups(section for section in sections if section.owner and section.owner.offset in owners)
    criteria = tuple(
        _derive_criterion(page, entry, group=groups[entry.owner], parent=_find_parent(entry.task, index))
        for entry in sound
    )
    return criteria, tuple(entry.problem for entry in entries if entry.problem)


def derive_done_items(
    page: Page, sections: Iterable[Section], *, links: Links
) -> tuple[tuple[DoneItem, ...], tuple[Problem, ...]]:
    """Return the items of the definition of done in the order of the file, and the problems of those left out."""
    owned = (section for section in sections if section.owner and section.owner.known is Known.DONE)
    tasks = [task for section in owned for listing in section.listings for task in find_tasks(listing)]
    read = [(task, _find_inline(task.source, links)) for task in tasks]
    problems = [_find_unreadable(page, task, inline) for task, inline in read]
    items = tuple(
        DoneItem(inline.text, task.box, *page.find_place(task.offset))
        for (task, inline), problem in zip(read, problems, strict=True)
        if inline and not problem
    )
    return items, tuple(filter(None, problems))


def find_tier(owner: Caption | None) -> Tier | None:
    """Return the tier of the boxes that a heading owns: its own, or must where it names the criteria as such."""
    if owner is None or owner.known is None:
        return None
    return Tier.MUST if owner.known is Known.CRITERIA else owner.known.tier


def _derive_entry(page: Page, task: Task, *, links: Links, tier: Tier, owner: int) -> _Entry:
    """Read one task."""
    inline = _find_inline(task.source, links)
    beside = tuple(comment for block in task.comments for comment in find_comments(block.source))
    notes = derive_notes(inline or Inline(""), beside)
    bullets = [_find_inline(bullet, links) for bullet in task.bullets]
    problem = (
        _find_unreadable(page, task, None if None in bullets else inline)
        or _find_empty(page, task, notes.text)
        or _find_placeholder(page, task, notes.text, plain=bool(inline and not inline.ends_in_code))
    )
    return _Entry(task, tier, owner, notes, tuple(bullet.text for bullet in bullets if bullet), problem)


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
    """Report a task that still holds the template's words."""
    if not (plain and tell_placeholder(text)):
        return None
    message = f"`{text}` is a placeholder, not a criterion"
    hint = "replace it, brackets included, or delete the item"
    return page.derive_warning(task.offset, "placeholder-criterion", message=message, hint=hint)


def _derive_criterion(page: Page, entry: _Entry, *, group: str, parent: int | None) -> Criterion:
    """Make the criterion of a sound entry."""
    line, column = page.find_place(entry.task.offset)
    notes = entry.notes
    return Criterion(
        tier=entry.tier,
        text=collapse_space(notes.text),
        box=entry.task.box,
        line=line,
        column=column,
        given_id=notes.given_id,
        group=group,
        bullets=entry.bullets,
        parent=parent,
        manual=notes.manual,
        waived=notes.waived,
    )


def _find_parent(task: Task, index: Mapping[Task, int]) -> int | None:
    """Return the index of the nearest task around this one that is a criterion."""
    around = task.parent
    while around and around not in index:
        around = around.parent
    return index[around] if around else None
