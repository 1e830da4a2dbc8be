"""Find the headings that announce criteria in a file of another dialect, and have none that was read under them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.protocol import NOTHING, BoxHoldingDialect, Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import LABEL_LEVEL, classify_heading_source
from spec2bdd.domain.specs.headings.unseen import UnseenHeading
from spec2bdd.domain.specs.markdown.blocks import Heading
from spec2bdd.domain.specs.unread.file_places import FilePlaces, describe_criteria_place, find_body_start
from spec2bdd.domain.specs.unread.headings import Likeness, find_likeness, find_unseen_headings, names_success
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.unread.report import quote
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

# A heading that a line under it makes one; no item, table or quote is one.
UNDERLINED = r"(?![-+*>|\#<`~]|\d{1,9}[.)][ \t])(?P<underlined>\S[^\r\n]*)\r?\n[ ]{0,3}(?P<underline>=+|-{2,})"
_HEADING = re.compile(
    rf"""
    ^(?:
        [ ]{{0,3}}(?P<marks>\#{{1,6}})[ \t]+(?P<text>[^\r\n]+)
      | (?P<label>(?:\*\*|__)[^*_\r\n]+(?:\*\*|__):?|[A-Z][^\r\n:*]{{2,40}}:)
      | [ ]{{0,3}}{UNDERLINED}
    )
    [ \t]*\r?$
    """,
    re.MULTILINE | re.VERBOSE,
)
# A label in the line under an item.
SWALLOWED = re.compile(
    r"^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t][^\r\n]*\r?\n(?P<label>(?:\*\*|__)[^*_\r\n]{2,60}(?:\*\*|__):?)[ \t]*\r?$",
    re.MULTILINE,
)
_UNSEEN = re.compile(r"^ {0,3}#{2,6}[^#\s]", re.MULTILINE)
# An item without a box.
_ITEM = re.compile(r"^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?!\[.\]\s)(?P<words>\S)", re.MULTILINE)
_ANY_ITEM = re.compile(r"^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?P<words>\S)", re.MULTILINE)
# Of a heading that misspells the name of criteria.
_LONGEST_NAME = 25


class SilentHeading(NamedTuple):
    """A heading with list items under it that were not read: its offset and text, and the offset of each item.

    `likeness` is what its text misspells, if it does.
    """

    offset: int
    text: str
    items: tuple[int, ...]
    likeness: Likeness | None = None


def find_silent_headings(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> list[SilentHeading]:
    """Find the headings of criteria, or of a tier, with items and without a criterion under them.

    It looks at lines alone, which takes little time: most files have none.
    """
    # A heading begins after its indentation; the start of a group without a match is -1.
    headings = [
        (max(match.start(), match.start("marks"), match.start("underlined")), *read_heading_line(match))
        for match in _HEADING.finditer(file.text, find_body_start(file.text))
    ]
    read = sorted(file.places.find_start(criterion.line) for criterion in spec.criteria)
    silent: list[SilentHeading] = []
    own = dialect.criteria_heading if isinstance(dialect, BoxHoldingDialect) else NOTHING
    ends = find_section_ends([(offset, level) for offset, level, _ in headings], len(file.text))
    for (offset, _, text), end in zip(headings, ends, strict=True):
        position = bisect_left(read, offset)
        # The words are looked at last, which takes the most time.
        if position < len(read) and read[position] < end:
            continue
        likeness = _find_misspelling(text, vocabulary)
        pattern = _ANY_ITEM if likeness else _ITEM
        items = tuple(match.start("words") for match in pattern.finditer(file.text, offset, end))
        if items and (likeness or own.match(text) or _announces(text, vocabulary)):
            silent.append(SilentHeading(offset, text, items, likeness))
    # The innermost heading says enough.
    following = zip(silent, [*silent[1:], None], strict=False)
    return [heading for heading, inner in following if inner is None or inner.offset > heading.items[-1]]


def find_unseen_lines(file: SourceFile, start: int, vocabulary: HeadingVocabulary) -> tuple[UnseenHeading, ...]:
    """Find the lines that an author seems to have meant for headings, and that Markdown sees as text."""
    if not _UNSEEN.search(file.text, start):
        return ()
    headings = [
        Heading(len(match["marks"]), "", match.start("marks"))
        for match in _HEADING.finditer(file.text, start)
        if match["marks"]
    ]
    return find_unseen_headings(file.text, start, headings, vocabulary)


def report_swallowed_labels(
    file: SourceFile, places: FilePlaces, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Report the bold labels of criteria or of a tier right under an item: Markdown sees a part of the item."""
    for match in SWALLOWED.finditer(file.text):
        text = match["label"].strip("*_: ")
        offset = match.start("label")
        is_visible = places.lines.get(offset) is LinePlace.TEXT and file.find_place(offset)[0] not in places.reported
        if is_visible and _announces(text, vocabulary) and not places.find_other_use(places.find_path(offset)):
            message = f"Markdown does not recognize the heading `{text}`, because no blank line comes before it"
            yield file.build_warning(offset, "unread-heading", message=message, hint="put a blank line above it")


def report_silent_headings(
    file: SourceFile, places: FilePlaces, silent: Sequence[SilentHeading]
) -> Iterator[Diagnostic]:
    """Report the items under headings that announce criteria, where the dialect read none."""
    for heading in silent:
        path = places.find_path(heading.offset)
        is_heading = bool(path.headings) and path.headings[-1].offset == heading.offset
        is_reported = file.find_place(heading.offset)[0] in places.reported
        lines = [(offset, file.find_place(offset)[0]) for offset in heading.items]
        items = [
            offset
            for offset, line in lines
            if line not in places.reported and places.lines.get(file.places.find_start(line)) is LinePlace.TEXT
        ]
        if not is_heading or is_reported or not items or places.find_other_use(path):
            continue
        if heading.likeness:
            name = heading.likeness.name.title()
            message = f"the heading `{heading.text}` is unknown and looks like `{name}`; nothing under it is read"
            yield file.build_warning(heading.offset, "unread-heading", message=message, hint=f"write `{name}`")
            continue
        what, it = ("1 item", "it") if len(items) == 1 else (f"{len(items)} items", "them")
        verb = "is" if len(items) == 1 else "are"
        message = f"{what} under `{heading.text}` {verb} not read: {describe_criteria_place(places.dialect)}"
        hint = f'move {it} there, or add `leave-out = ["{quote(heading.text)}"]` to `[tool.spec2bdd.headings]`'
        yield file.build_warning(items[0], "unread-criterion", message=message, hint=hint)


def read_heading_line(match: re.Match[str]) -> tuple[int, str]:
    """Read the level and the words of a heading or a label, without what is around them."""
    if match["underline"]:
        return (1 if match["underline"][0] == "=" else 2), match["underlined"].strip("*_: ")
    return len(match["marks"] or "") or LABEL_LEVEL, (match["text"] or match["label"]).strip("*_: ")


def find_section_ends(headings: Sequence[tuple[int, int]], last: int) -> list[int]:
    """Find where the section of each heading ends: at the next one of its level or a higher one, or at `last`.

    The headings are given by their offsets and levels.
    """
    ends = [last] * len(headings)
    open_sections: list[int] = []
    for number, (offset, level) in enumerate(headings):
        while open_sections and headings[open_sections[-1]][1] >= level:
            ends[open_sections.pop()] = offset
        open_sections.append(number)
    return ends


def _find_misspelling(text: str, vocabulary: HeadingVocabulary) -> Likeness | None:
    """Find the name of criteria that a heading misspells."""
    if len(text) > _LONGEST_NAME or classify_heading_source(text, vocabulary) is not None:
        return None
    likeness = find_likeness(text, vocabulary)
    return likeness if likeness and likeness.is_misspelt else None


def _announces(text: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a heading announces criteria, which are not those of the success of a project."""
    kind = classify_heading_source(text, vocabulary)
    is_announced = kind in (HeadingKind.CRITERIA, HeadingKind.MUST, HeadingKind.SHOULD, HeadingKind.COULD)
    return is_announced and not names_success(text)
