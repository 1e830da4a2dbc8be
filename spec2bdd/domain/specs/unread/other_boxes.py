"""Account for every box of a file in another dialect than the template's: what it is, if it is no criterion.

Each box at the start of a list item is a criterion, an item of the definition of done, or one that its heading or its
dialect is known to have for something else, such as a task. Every other box is reported, once for each heading.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, SectionHeading
from spec2bdd.domain.specs.markdown.inline import parse_words
from spec2bdd.domain.specs.unread.announced import (
    SWALLOWED,
    find_silent_headings,
    find_unseen_lines,
    report_silent_headings,
    report_swallowed_labels,
)
from spec2bdd.domain.specs.unread.boxes import HINT_FIX, UnreadBox, find_unread_boxes
from spec2bdd.domain.specs.unread.file_places import (
    FilePlaces,
    describe_criteria_place,
    find_body_start,
    find_places,
)
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.unread.report import ParsedSections, count_boxes, quote, report_boxes, report_unseen
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary, render_mark_class
from spec2bdd.model import Box, BoxKind, Diagnostic, DoneItem, Severity, Spec
from spec2bdd.text.source_file import SourceFile

_BOX = re.compile(
    rf"""
    ^\ufeff?[ \t>]*
    (?:(?:[-+*]|\d{{1,9}}[.)])[ \t]+)+              # the marker of an item, or several
    \[(?P<mark>{render_mark_class()})\](?=\s|\Z)
    (?P<words>[^\r\n]*)
    """,
    re.MULTILINE | re.VERBOSE,
)
# Where a box is in no list that a reader of the page sees.
_HIDDEN = {LinePlace.CODE: "in a code block", LinePlace.COMMENT: "in a comment"}
_OWN_CODES = frozenset({"unread-box", "unread-section"})


class OtherBox(NamedTuple):
    """A box that is no criterion: the offset of its mark, the words after it, the headings above, and what it is.

    `known_as` is empty if that is not known; then `reason` says why it was not read. `done` is set for an item of the
    definition of done, and `among` where the dialect has criteria, or where a heading announces some.
    """

    offset: int
    words: str
    path: HeadingPath
    known_as: str = ""
    reason: str = ""
    done: bool = False
    among: bool = False


def account_for_boxes(file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary) -> Spec:
    """Add the items of the definition of done that the dialect did not read, and warn of all other boxes and headings.

    Headings are those that announce criteria of which none was read.
    """
    if spec.is_template or any(found.severity is Severity.ERROR for found in spec.diagnostics):
        return spec
    start = find_body_start(file.text)
    unread = _list_unread(file, spec)
    known = {match.start("mark") - 1 for match in _BOX.finditer(file.text)}
    malformed = find_unread_boxes(file.text, start, known)
    silent = find_silent_headings(file, spec, dialect, vocabulary)
    unseen = find_unseen_lines(file, start, vocabulary)
    if not unread and not malformed and not silent and not unseen and not SWALLOWED.search(file.text):
        return spec
    places = find_places(file, spec, dialect, vocabulary)
    others = [_judge(file, places, match) for match in unread]
    if spec.done_items:
        # The dialect has a definition of done of its own.
        others = [box._replace(known_as="", done=False, among=True) if box.done else box for box in others]
    misspelt = {heading.offset for heading in silent if heading.likeness}
    unknown = [
        box
        for box in others
        if not box.known_as and misspelt.isdisjoint(heading.offset for heading in box.path.headings)
    ]
    diagnostics = [
        *_report_others(file, places, unknown),
        *_report_malformed(file, places, malformed, vocabulary),
        *report_silent_headings(file, places, silent),
        *report_swallowed_labels(file, places, vocabulary),
        *report_unseen(file, ParsedSections(start, (), (), unseen, {}, vocabulary)),
    ]
    done_items = (box for box in others if box.done)
    return replace(
        spec,
        done_items=(
            *spec.done_items,
            *(
                DoneItem(box.words, Box(file.text[box.offset], box.offset), *file.find_place(box.offset - 1))
                for box in done_items
            ),
        ),
        diagnostics=(*spec.diagnostics, *diagnostics),
        unread=(*spec.unread, *(found.line for found in diagnostics if found.code == "unread-heading")),
    )


def find_other_boxes(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> tuple[OtherBox, ...]:
    """Find every box of a file that is at the start of a list item and that the dialect did not read, in file order."""
    places = find_places(file, spec, dialect, vocabulary)
    return tuple(_judge(file, places, match) for match in _list_unread(file, spec))


def _list_unread(file: SourceFile, spec: Spec) -> list[re.Match[str]]:
    """List the boxes that are those of no criterion and of no item of the definition of done."""
    read = {item.box.offset for item in spec.done_items}
    read |= {criterion.box.offset for criterion in spec.criteria if criterion.box.kind is BoxKind.BOX}
    return [match for match in _BOX.finditer(file.text) if match.start("mark") not in read]


def _judge(file: SourceFile, places: FilePlaces, match: re.Match[str]) -> OtherBox:
    """Find out what a box is: by the block or criterion that it is in, or by the headings above it."""
    offset = match.start("mark")
    line = file.find_place(offset)[0]
    path = places.find_path(offset)
    box = OtherBox(offset, parse_words(match["words"].strip(), {}), path)
    place = places.lines.get(match.start(), LinePlace.COMMENT)
    code = places.reported.get(line, "")
    if place in _HIDDEN:
        return box._replace(known_as=_HIDDEN[place])
    if line in places.parts or box.words in places.steps:
        return box._replace(known_as="a part of the criterion above")
    if code and code not in _OWN_CODES:
        return box._replace(known_as=f"reported as `{code}`")
    if use := places.find_other_use(path):
        is_done = path.owner is not None and path.owner.kind is HeadingKind.DONE
        return box._replace(known_as=use, done=is_done and use == "in the definition of done")
    reason = describe_criteria_place(places.dialect)
    lead = match[0].partition("[")[0]
    if path.headings and path.headings[-1].offset in places.owners and lead[0] in " \t>":
        reason = "in a quote" if ">" in lead else "nested in another item"
    return box._replace(among=places.is_among_criteria(path), reason=reason)


def _report_malformed(
    file: SourceFile, places: FilePlaces, boxes: Sequence[UnreadBox], vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Report what looks like a box among the criteria: in a criterion it is part of the text, else it is not read."""
    unread: list[UnreadBox] = []
    for box in boxes:
        if box.line.place is LinePlace.TEXT and file.find_place(box.offset)[0] in places.parts:
            message = f"{box.reason}, so it is read as a part of the text"
            hint = "write `- [ ] ` at the start of the item, or delete it"
            yield file.build_warning(box.offset, "unread-box", message=message, hint=hint)
        else:
            # `lint --fix` repairs only boxes of the template.
            hint = "write `- [ ] ` at the start of the item" if box.hint == HINT_FIX else box.hint
            unread.append(replace(box, hint=hint))
    yield from report_boxes(file, unread, places.paths, vocabulary, is_among=places.is_among_criteria)


def _report_others(file: SourceFile, places: FilePlaces, others: Sequence[OtherBox]) -> Iterator[Diagnostic]:
    """Report the boxes that are not known to be anything, once for each heading."""
    groups: dict[tuple[bool, SectionHeading | None], list[OtherBox]] = defaultdict(list)
    for box in others:
        inner = [heading for heading in box.path.headings if heading.level > 1] or [*box.path.headings[-1:]]
        # Outside of the criteria, the outermost heading that has none below says enough.
        outer = [heading for heading in inner if heading.offset not in places.owners] or inner
        groups[box.among, (inner[-1] if box.among else outer[0]) if inner else None].append(box)
    for (is_among, heading), boxes in groups.items():
        where = f"under `{heading.text}`" if heading else "above all headings"
        verb, move = ("is", "move it there") if len(boxes) == 1 else ("are", "move them there")
        message = f"{count_boxes(len(boxes))} {where} {verb} not read: {boxes[0].reason}"
        if boxes[0].reason != describe_criteria_place(places.dialect):
            move = "write it as an item of its own" if len(boxes) == 1 else "write them as items of their own"
        offset = boxes[0].offset - 1
        if is_among or heading is None:
            hint = f"{move}, or put `<!-- spec2bdd: ignore unread-box -->` above"
            yield file.build_warning(offset, "unread-box", message=message, hint=hint)
        else:
            hint = f'{move}, or add `leave-out = ["{quote(heading.text)}"]` to `[tool.spec2bdd.headings]`'
            yield file.build_warning(offset, "unread-section", message=message, hint=hint)
