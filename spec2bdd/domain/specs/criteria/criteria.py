"""Build the criteria and the done items of a spec from its task lists, and report the items that are neither."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from spec2bdd.domain.specs.criteria.annotations import AnnotatedText, parse_annotations
from spec2bdd.domain.specs.criteria.nested import (
    convert_steps,
    convert_table,
    find_nested_blocks,
    split_steps,
    split_table,
)
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import SectionHeading, find_tier, is_criteria_section
from spec2bdd.domain.specs.headings.priorities import choose_tier, find_scale_start
from spec2bdd.domain.specs.headings.sections import CheckList, find_group_names
from spec2bdd.domain.specs.markdown.blocks import Comment, Links
from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText, find_comments
from spec2bdd.domain.specs.markdown.task_list import TaskItem
from spec2bdd.domain.specs.vocabulary.placeholders import is_empty_marker, is_placeholder, is_unfilled
from spec2bdd.model import BoxKind, Criterion, Diagnostic, DoneItem, NestedBlock, NestedBlockKind, Tier
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile

# What may be around an id in front of struck words.
_AROUND = " :.|-\u2013\u2014\uff1a"
# ASCII and full-width.
_COLONS = ":\uff1a"
# A line that ends a block of an extension of Markdown or of a template: `:::`, `</Tab.Item>`, `{% endif %}`, `%%`.
_CLOSING_ROW = re.compile(r"\n(?::{3,}[^\n]*|%%|\$\$|\{%[^\n]*%\}|\{\{[/#][^\n]*\}\}|</?[A-Z][\w.]*>)[ \t]*(?=\n|\Z)")
_STEP = re.compile(r"[\s*_]*(?:given|when|then|and|but|scenario|example|background)\b", re.IGNORECASE)
_MOST_BULLETS, _LONGEST_BULLET = 12, 80


class CriterionCandidate(NamedTuple):
    """A task under a heading of criteria, and the diagnostic, if any, why it is not a criterion after all."""

    task: TaskItem
    checklist: CheckList
    owner: SectionHeading
    annotated: AnnotatedText
    nested: tuple[NestedBlock, ...]
    diagnostic: Diagnostic | None


def find_candidates(
    file: SourceFile, checklists: Iterable[CheckList], *, links: Links, boxless: Mapping[int, Sequence[TaskItem]]
) -> tuple[CriterionCandidate, ...]:
    """Find every task in a place for criteria, in the order of the file.

    `boxless` has further items of a list, which have no box, by the offset of the list.
    """
    candidates: list[CriterionCandidate] = []
    for checklist in checklists:
        owner = checklist.path.owner
        if owner is None or not is_criteria_section(checklist.path):
            continue
        for task in (*checklist.tasks, *boxless.get(checklist.markdown_list.offset, ())):
            # A table right under the text is part of its paragraph.
            source, rows = split_table(task.source) if "|" in task.source else (task.source, [])
            # So are steps in the lines under it, and lines that close what is no Markdown.
            source, steps = split_steps(_CLOSING_ROW.split(source)[0]) if "\n" in source else (source, [])
            inline = _parse_text(source, links)
            html = (block.source for block in task.blocks if isinstance(block, Comment))
            comments = (comment for source in html for comment in find_comments(source))
            annotated = parse_annotations(inline or InlineText(""), comments)
            nested: tuple[NestedBlock, ...] = ()
            try:
                # Most items are nothing but one line.
                if steps or task.blocks:
                    line = file.find_place(task.offset)[0]
                    nested = (
                        *convert_steps(steps, links, line=line),
                        *find_nested_blocks(file, task.blocks, links=links),
                    )
                if rows:
                    table_line = file.find_place(task.offset)[0] + source.count("\n") + 1
                    nested = (convert_table(rows, links, depth=0, line=table_line), *nested)
            except RecursionError:
                # One item that is too deep for marko must not hide the others.
                inline = None
            unreadable = _check_readable(file, task, inline)
            diagnostic = unreadable or check_item_text(file, task.offset, inline, annotated.text)
            candidates.append(CriterionCandidate(task, checklist, owner, annotated, nested, diagnostic))
    return tuple(sorted(candidates, key=lambda candidate: candidate.task.offset))


def build_criteria(file: SourceFile, candidates: Sequence[CriterionCandidate]) -> tuple[Criterion, ...]:
    """Build a criterion of each candidate without a diagnostic, in the order of the file."""
    valid = [candidate for candidate in candidates if candidate.diagnostic is None]
    index = {candidate.task: number for number, candidate in enumerate(valid)}
    groups = find_group_names({candidate.owner: candidate.checklist.path for candidate in valid}.items())
    # All candidates count here: a placeholder may be the only P0 of the file.
    priorities = [heading.priority for candidate in candidates for heading in candidate.checklist.path.headings]
    scale_start = find_scale_start([*priorities, *(candidate.annotated.priority for candidate in candidates)])
    criteria: list[Criterion] = []
    for candidate in valid:
        task, annotated, nested = candidate.task, candidate.annotated, candidate.nested
        # A tier on the item itself overrides the one of its block.
        tier = find_tier(candidate.checklist.path, scale_start) or Tier.MUST
        if annotated.priority:
            tier = choose_tier(annotated.priority, scale_start=scale_start)
        # The parent is the nearest task around this one that is a criterion.
        parent = task.parent
        while parent and parent not in index:
            parent = parent.parent
        line, column = file.find_place(task.offset)
        text = _join_bullets(to_single_line(annotated.text), nested)
        # Under a text with a colon, or as in "by post", a text says nothing without that of its parent.
        above = criteria[index[parent]].text if parent else ""
        if above.endswith(tuple(_COLONS)) or (text[:1].islower() and above[:1].isupper()):
            text = f"{above.rstrip(_COLONS)}: {text}"
        criterion = Criterion(
            tier=tier,
            text=text,
            box=task.box,
            line=line,
            column=column,
            given_id=annotated.given_id,
            group=groups[candidate.owner.offset],
            bullets=tuple(block.text for block in nested if block.kind is NestedBlockKind.BULLET and not block.depth),
            parent=index[parent] if parent else None,
            manual=annotated.manual,
            waived=annotated.waived,
            nested=nested,
            start=task.box.offset + 2 if task.start is None else task.start,
        )
        criteria.append(criterion)
    return tuple(criteria)


def merge_criteria(criteria: Sequence[Criterion], others: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """Merge criteria that have no parents into others, in the order of the file."""
    if not others:
        return tuple(criteria)
    order = sorted((*criteria, *others), key=lambda criterion: (criterion.line, criterion.column))
    places = {id(criterion): index for index, criterion in enumerate(order)}
    return tuple(
        criterion if criterion.parent is None else replace(criterion, parent=places[id(criteria[criterion.parent])])
        for criterion in order
    )


def _join_bullets(text: str, nested: Sequence[NestedBlock]) -> str:
    """Add the bullets under a text that ends in a colon, such as "Export formats:", which says nothing without them.

    Steps are left where they are, and so are bullets that are long or many: these are notes.
    """
    if not text.endswith(tuple(_COLONS)) or _STEP.match(text):
        return text
    bullets = [block.text for block in nested if block.kind is NestedBlockKind.BULLET and not block.depth]
    is_list = 0 < len(bullets) <= _MOST_BULLETS and all(
        len(bullet) <= _LONGEST_BULLET and not _STEP.match(bullet) and not bullet.endswith(tuple(_COLONS))
        for bullet in bullets
    )
    return f"{text} {', '.join(bullet.rstrip('.;, ') for bullet in bullets)}" if is_list else text


def build_done_items(
    file: SourceFile, checklists: Iterable[CheckList], *, links: Links
) -> tuple[tuple[DoneItem, ...], tuple[Diagnostic, ...]]:
    """Build the items of the definition of done in the order of the file, and report those that are left out."""
    tasks = (
        task
        for checklist in checklists
        if checklist.path.owner and checklist.path.owner.kind is HeadingKind.DONE
        for task in checklist.tasks
    )
    items: list[DoneItem] = []
    diagnostics: list[Diagnostic] = []
    for task in sorted(tasks, key=lambda task: task.offset):
        inline = _parse_text(task.source, links)
        if diagnostic := _check_readable(file, task, inline):
            diagnostics.append(diagnostic)
        elif inline:
            # Interned, because a thousand specs have the same items.
            items.append(DoneItem(sys.intern(inline.text), task.box, *file.find_place(task.offset)))
    return tuple(items), tuple(diagnostics)


def _parse_text(source: str, links: Links) -> InlineText | None:
    """Parse the inline Markdown of a task; `None` if it is nested too deeply."""
    try:
        return parse_inline(source, links)
    except RecursionError:
        return None


def _check_readable(file: SourceFile, task: TaskItem, inline: InlineText | None) -> Diagnostic | None:
    """Report a task whose Markdown is nested too deeply, or whose box is not at its offset."""
    if inline is None:
        message = "the emphasis, links or quotes in this item are nested too deeply to be read"
        return file.build_error(task.offset, "too-deep", message=message, hint="write the item in plainer Markdown")
    # `mark` will replace the character at this offset, so it must be the one that was parsed.
    start = task.box.offset
    if task.box.kind is BoxKind.BOX and file.text[start - 1 : start + 2] != f"[{task.box.mark}]":
        message = "the position of this box could not be determined, so the item is ignored"
        return file.build_error(task.offset, "misplaced-box", message=message, hint="write the item on one line")
    return None


def check_item_text(file: SourceFile, offset: int, inline: InlineText | None, text: str) -> Diagnostic | None:
    """Report an item without text, or with a placeholder for its text."""
    if inline is not None and inline.struck and text.strip(_AROUND) in ("", inline.lead.strip(_AROUND)):
        message = "this criterion is struck out, so it is set aside"
        hint = "delete the item, or move it under `Won't Have`"
        return file.build_warning(offset, "struck-criterion", message=message, hint=hint)
    if not text:
        hint = "write what must hold after the box, or delete the item"
        return file.build_warning(offset, "empty-criterion", message="a box without text is no criterion", hint=hint)
    # Brackets in code are meant as they are.
    ends_in_code = inline is not None and inline.ends_in_code
    unfilled = is_unfilled(text)
    in_brackets = is_placeholder(text) or (unfilled and not text[-1].isdigit())
    if ends_in_code or not (in_brackets or unfilled or is_empty_marker(text)):
        return None
    message = f"`{text}` is a placeholder, not a criterion"
    hint = f"{'replace it, including the brackets' if in_brackets else 'write what must hold'}, or delete the item"
    return file.build_warning(offset, "placeholder-criterion", message=message, hint=hint)
