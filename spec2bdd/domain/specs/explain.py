"""Explain how each checkbox of a Markdown file was read: as a criterion, as a done item, or why as neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace

from spec2bdd.domain.specs.dialects import Dialect, find_dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import ROOT, HeadingPath
from spec2bdd.domain.specs.headings.sections import (
    CheckList,
    Section,
    find_checklists,
    split_sections,
)
from spec2bdd.domain.specs.headings.unseen import find_swallowed_labels, hide_unseen
from spec2bdd.domain.specs.markdown.blocks import Heading, MarkdownBody, RegionKind, TooLongError
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.unread.boxes import find_unread_boxes
from spec2bdd.domain.specs.unread.headings import find_unseen_headings
from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary, find_marks
from spec2bdd.model import BoxKind, Checkbox, Criterion, DoneItem, Spec
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile, parse_source_file

# One character in brackets that are neither a link nor an index; words may follow only after a blank.
_BOX = re.compile(r"(?<![\w\[\]\\!])\[([^\[\]\r\n])\](?![(\[:\w])")
# What looks like a box, as it is written: in brackets, in HTML, or as one sign.
_WRITTEN_BOX = re.compile(
    r"\[[^\[\]\r\n]*\]|\([^()\r\n]*\)|<[^<>\r\n]*>|[\uff3b\u3010][^\uff3d\u3011\r\n]*[\uff3d\u3011]|[^\r\n]\ufe0f?"
)
_MARKER = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+")

_TOO_MUCH = "in a file that is too long or nested too deeply to be read"
_REGION_REASONS = {
    RegionKind.CODE: "in a code block",
    RegionKind.HTML: "in HTML",
    RegionKind.COMMENT: "in a comment",
    RegionKind.QUOTE: "in a quote",
    RegionKind.TABLE: "in a table",
    RegionKind.HEADING: "in a heading",
}
_OWNER_REASONS = {
    HeadingKind.LEFT_OUT: "which the configuration leaves out",
    HeadingKind.OTHER: "which contains no criteria",
    HeadingKind.UNSEEN: "which Markdown does not recognize as a heading",
}
# By the codes of the diagnostics that keep a task from being a criterion.
_DIAGNOSTIC_REASONS = {
    "placeholder-criterion": "a placeholder",
    "empty-criterion": "a box without text",
    "misplaced-box": "a box whose position could not be determined",
    "struck-criterion": "struck out",
    "too-deep": "an item that is nested too deeply to be read",
}


@dataclass(frozen=True, slots=True)
class _ParsedDocument:
    """The structure of a file; `body` is `None` if it could not be parsed. `checklists` are by the offset of a box."""

    body: MarkdownBody | None
    start: int
    sections: Sequence[Section] = ()
    checklists: Mapping[int, CheckList] = field(default_factory=dict)


def explain_criteria(criteria: Iterable[Criterion]) -> tuple[Checkbox, ...]:
    """Explain criteria in the order of the file, as far as they say it themselves."""
    return tuple(
        Checkbox(
            criterion.line,
            criterion.column,
            criterion.box.mark if criterion.box.kind is BoxKind.BOX else "",
            criterion.text,
            criterion.group,
            criterion.tier,
            criterion.given_id or criterion.number,
            manual=criterion.manual,
            waived=criterion.waived,
        )
        for criterion in criteria
    )


def explain_other_boxes(spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary) -> tuple[Checkbox, ...]:
    """Explain the boxes of a spec in another dialect than the template's that are no criteria, in file order."""
    from spec2bdd.domain.specs.unread.other_boxes import find_other_boxes

    file = parse_source_file(spec.path, spec.text)
    return tuple(
        Checkbox(
            *file.find_place(box.offset - 1),
            file.text[box.offset],
            box.words,
            _render_section(box.path),
            reason=box.known_as or box.reason,
        )
        for box in find_other_boxes(file, replace(spec, done_items=()), dialect, vocabulary)
    )


def explain_reading(path: str, content: bytes, vocabulary: HeadingVocabulary = DEFAULT) -> tuple[Checkbox, ...]:
    """Explain everything that looks like a checkbox of a spec in the template's dialect, in the order of the file.

    Each is a criterion or has a reason why it is none.

    Raises:
        SpecError: the content is not UTF-8.
    """
    from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
    from spec2bdd.domain.specs.markdown.marko_blocks import parse_blocks

    spec = parse_spec(path, content, vocabulary, dialects=(find_dialect("template"),))
    # The Markdown is parsed once more, for the structure that a spec does not keep.
    file = parse_source_file(path, spec.text)
    document = _ParsedDocument(None, parse_front_matter(file).body_start)
    with suppress(RecursionError, TooLongError):
        body = parse_blocks(file.text, document.start)
        sections = split_sections(body, vocabulary)
        headings = [block for block in body.blocks if isinstance(block, Heading)]
        checklists = find_checklists(sections, body.links, vocabulary)
        unseen = (
            *find_unseen_headings(file.text, document.start, headings, vocabulary),
            *find_swallowed_labels(file, sections, checklists, links=body.links, vocabulary=vocabulary),
        )
        checklists = hide_unseen(checklists, unseen)
        by_offset = {task.box.offset: checklist for checklist in checklists for task in checklist.tasks}
        document = _ParsedDocument(body, document.start, sections, by_offset)
    # The offsets of all marks; a character that is not a state counts only where a box would be.
    offsets = set(document.checklists)
    for match in _BOX.finditer(file.text):
        if match[1] in find_marks() or _is_after_marker(file.text, match.start()):
            offsets.add(match.start(1))
    known = frozenset(offset - 1 for offset in document.checklists)
    # What looks like a box and has something else between its brackets, or none.
    malformed = {
        box.offset + 1: box.reason
        for box in find_unread_boxes(file.text, document.start, known)
        if box.offset + 1 not in offsets
    }
    items: dict[int, Criterion | DoneItem] = {item.box.offset: item for item in spec.done_items}
    items.update({found.box.offset: found for found in spec.criteria if found.box.kind is BoxKind.BOX})
    boxes = [_explain_box(file, offset, document, spec=spec, item=items.get(offset)) for offset in offsets]
    # What is read without a box is in a table, in Gherkin or in a list.
    others = explain_criteria(criterion for criterion in spec.criteria if criterion.box.kind is not BoxKind.BOX)
    boxes += [_add_section(other, file, document) for other in others]
    boxes += [_explain_malformed(file, offset, document, reason) for offset, reason in malformed.items()]
    return tuple(sorted(boxes, key=lambda box: (box.line, box.column)))


def _is_after_marker(text: str, offset: int) -> bool:
    """Whether only the marker of a list precedes an offset in its line."""
    return _MARKER.fullmatch(text, text.rfind("\n", 0, offset) + 1, offset) is not None


def _explain_malformed(file: SourceFile, offset: int, document: _ParsedDocument, reason: str) -> Checkbox:
    """Explain why something that looks like a box was not read as one."""
    line, column = file.find_place(offset - 1)
    path = _find_path(document, offset)
    written = _WRITTEN_BOX.match(file.text, offset - 1)
    begin = written.end() if written else offset
    text = to_single_line(re.split(r"[\r\n]", file.text[begin:], maxsplit=1)[0])
    return Checkbox(line, column, "", text, _render_section(path), reason=reason)


def _find_path(document: _ParsedDocument, offset: int) -> HeadingPath:
    """Find the headings above an offset that is in no list of tasks."""
    above = (section.path for section in reversed(document.sections) if section.heading)
    return next((path for path in above if path.headings[-1].offset <= offset), ROOT)


def _add_section(criterion: Checkbox, file: SourceFile, document: _ParsedDocument) -> Checkbox:
    """Add the headings above a criterion without a box."""
    above = (section.path for section in reversed(document.sections) if section.heading)
    path = next((path for path in above if file.find_place(path.headings[-1].offset)[0] < criterion.line), ROOT)
    owner = path.owner
    decided_by, line = (owner.text, file.find_place(owner.offset)[0]) if owner else ("", 0)
    return replace(criterion, section=_render_section(path), decided_by=decided_by, decided_line=line)


def _render_section(path: HeadingPath) -> str:
    """Render the headings of a path, outermost first."""
    return " > ".join(heading.text for heading in path.headings)


def _explain_box(
    file: SourceFile, offset: int, document: _ParsedDocument, *, spec: Spec, item: Criterion | DoneItem | None
) -> Checkbox:
    """Explain how the box at an offset was read."""
    line, column = file.find_place(offset - 1)
    checklist = document.checklists.get(offset)
    path = checklist.path if checklist else _find_path(document, offset)
    mark, section = file.text[offset], _render_section(path)
    decided_by, decided_line = "", 0
    if checklist and path.owner:
        decided_by, decided_line = path.owner.text, file.find_place(path.owner.offset)[0]
    if isinstance(item, Criterion):
        return Checkbox(
            line,
            column,
            mark,
            item.text,
            section,
            item.tier,
            item.given_id,
            manual=item.manual,
            waived=item.waived,
            decided_by=decided_by,
            decided_line=decided_line,
        )
    text = item.text if item else to_single_line(re.split(r"[\r\n]", file.text[offset + 2 :], maxsplit=1)[0])
    at_box = (
        diagnostic.code for diagnostic in spec.diagnostics if (diagnostic.line, diagnostic.column) == (line, column)
    )
    reason = next((_DIAGNOSTIC_REASONS[code] for code in at_box if code in _DIAGNOSTIC_REASONS), "")
    reason = reason or _find_reason(file, offset, document, path)
    return Checkbox(line, column, mark, text, section, reason=reason, decided_by=decided_by, decided_line=decided_line)


def _find_reason(file: SourceFile, offset: int, document: _ParsedDocument, path: HeadingPath) -> str:
    """Find the reason why a box is not a criterion."""
    if offset < document.start:
        return "in the front matter"
    if document.body is None:
        return _TOO_MUCH
    if offset in document.checklists:
        owner = path.owner
        if owner and owner.kind is HeadingKind.DONE:
            return "in the definition of done"
        if owner and owner.kind in _OWNER_REASONS:
            return f"under `{owner.text}`, {_OWNER_REASONS[owner.kind]}"
        if not path.headings:
            return "under no heading"
        return f"under `{path.headings[-1].text}`, which names no tier and no criteria"
    for region in document.body.regions:
        if region.start <= offset < region.end:
            return _REGION_REASONS[region.kind]
    # On the line after a paragraph, a list can begin only with 1; `2. [x]` there continues the text.
    is_mark = file.text[offset] in find_marks()
    is_joined_to_word = bool(file.text[offset + 2 : offset + 3].strip())
    if not _is_after_marker(file.text, offset - 1) or (is_mark and not is_joined_to_word):
        return "not at the start of a list item"
    return "no space after it" if is_mark else f"`[{file.text[offset]}]` is not a box"
