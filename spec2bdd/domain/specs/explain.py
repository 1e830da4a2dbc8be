"""The bytes of one Markdown file in, every checkbox in it out, with its section and how, or why not, it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import ROOT, HeadingPath
from spec2bdd.domain.specs.headings.sections import CheckList, Section, derive_sections, find_checklists
from spec2bdd.domain.specs.markdown.blocks import MarkdownBody, RegionKind, TooLongError
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary.rules import DEFAULT, HeadingVocabulary
from spec2bdd.domain.specs.vocabulary.words import find_marks
from spec2bdd.model import Checkbox, Criterion, DoneItem, Spec
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.source_file import SourceFile, parse_source_file

# One character in brackets that are neither a link nor an index; words may follow behind a blank only.
_BOX = re.compile(r"(?<![\w\[\]\\!])\[([^\[\]\r\n])\](?![(\[:\w])")
_MARKER = re.compile(r"[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+")

_TOO_MUCH = "in a file that is too long or nested too deeply to be read"
_GROUNDS = {
    RegionKind.CODE: "in a code block",
    RegionKind.HTML: "in HTML",
    RegionKind.COMMENT: "in a comment",
    RegionKind.QUOTE: "in a quote",
    RegionKind.TABLE: "in a table",
    RegionKind.HEADING: "in a heading",
}
_PROBLEMS = {
    "placeholder-criterion": "a placeholder",
    "empty-criterion": "a box without text",
    "misplaced-box": "a box that was not found at its place",
    "too-deep": "an item that is nested too deeply to be read",
}


@dataclass(frozen=True, slots=True)
class _ParsedDocument:
    """What the Markdown of a file is made of; a body that could not be read is none."""

    body: MarkdownBody | None
    start: int
    sections: Sequence[Section] = ()
    runs: Mapping[int, CheckList] = field(default_factory=dict)


def explain_reading(path: str, content: bytes, rules: HeadingVocabulary = DEFAULT) -> tuple[Checkbox, ...]:
    """Return all that looks like a checkbox, in the order of the file; each is a criterion or has a reason not to be.

    Raises:
        SpecError: the content is not UTF-8.
    """
    spec = parse_spec(path, content, rules)
    page = parse_source_file(path, spec.text)
    layout = _parse_layout(page, rules)
    criteria = {item.box.offset: item for item in spec.criteria}
    done_items = {item.box.offset: item for item in spec.done_items}
    return tuple(
        _explain(page, offset, layout, spec=spec, item=criteria.get(offset) or done_items.get(offset))
        for offset in _find_offsets(page.text, layout)
    )


def _parse_layout(page: SourceFile, rules: HeadingVocabulary) -> _ParsedDocument:
    """Read the Markdown of a file once more, for what a spec does not keep."""
    from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
    from spec2bdd.domain.specs.markdown.marko_blocks import parse_blocks

    start = parse_front_matter(page).body_start
    try:
        body = parse_blocks(page.text, start)
        sections = derive_sections(body, rules)
        runs = find_checklists(sections, body.links, rules)
    except (RecursionError, TooLongError):
        return _ParsedDocument(None, start)
    return _ParsedDocument(body, start, sections, {task.box.offset: run for run in runs for task in run.tasks})


def _find_offsets(text: str, layout: _ParsedDocument) -> Iterator[int]:
    """Yield the offset of each mark; a character that is no state counts only where a box would stand."""
    found = set(layout.runs)
    for match in _BOX.finditer(text):
        if match[1] in find_marks() or _tell_marked(text, match.start()):
            found.add(match.start(1))
    yield from sorted(found)


def _tell_marked(text: str, offset: int) -> bool:
    """Tell whether there is the marker of a list, and nothing else, in front of a place in its line."""
    return _MARKER.fullmatch(text, text.rfind("\n", 0, offset) + 1, offset) is not None


def _explain(
    page: SourceFile, offset: int, layout: _ParsedDocument, *, spec: Spec, item: Criterion | DoneItem | None
) -> Checkbox:
    """Say how the box at an offset was read."""
    line, column = page.find_place(offset - 1)
    path = _find_path(offset, layout)
    mark, section = page.text[offset], " > ".join(caption.text for caption in path.captions)
    if isinstance(item, Criterion):
        return Checkbox(
            line, column, mark, item.text, section, item.tier, item.given_id, manual=item.manual, waived=item.waived
        )
    text = item.text if item else to_single_line(re.split(r"[\r\n]", page.text[offset + 2 :], maxsplit=1)[0])
    problem = next((p for p in spec.problems if (p.line, p.column) == (line, column) and p.code in _PROBLEMS), None)
    reason = _PROBLEMS[problem.code] if problem else _find_reason(page, offset, layout, path)
    return Checkbox(line, column, mark, text, section, reason=reason)


def _find_path(offset: int, layout: _ParsedDocument) -> HeadingPath:
    """Return the captions above a place."""
    if run := layout.runs.get(offset):
        return run.path
    above = (
        section.path for section in reversed(layout.sections) if section.heading and section.heading.offset <= offset
    )
    return next(above, ROOT)


def _find_reason(page: SourceFile, offset: int, layout: _ParsedDocument, path: HeadingPath) -> str:
    """Say why a box is no criterion."""
    if offset < layout.start:
        return "in the front matter"
    if layout.body is None:
        return _TOO_MUCH
    if offset in layout.runs:
        return _describe_owner(path)
    ground = next((plot.ground for plot in layout.body.plots if plot.start <= offset < plot.end), None)
    if ground:
        return _GROUNDS[ground]
    # Behind a line of text, only a list that begins with 1 is one; `2. [x]` just goes on with the text.
    glued = bool(page.text[offset + 2 : offset + 3].strip())
    if not _tell_marked(page.text, offset - 1) or (page.text[offset] in find_marks() and not glued):
        return "not at the start of a list item"
    return "a label, not a state" if page.text[offset] not in find_marks() else "not set off from what follows it"


def _describe_owner(path: HeadingPath) -> str:
    """Say what the captions above a task make of it."""
    owner = path.owner
    match owner and owner.known:
        case HeadingKind.DONE:
            return "in the definition of done"
        case HeadingKind.LEFT_OUT:
            return f"below `{owner.text if owner else ''}`, which the configuration leaves out"
        case HeadingKind.OTHER:
            return f"below `{owner.text if owner else ''}`, which holds no criteria"
    if not path.captions:
        return "below no heading"
    return f"below `{path.captions[-1].text}`, which names no tier and no criteria"
