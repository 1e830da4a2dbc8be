"""Report what is under a heading of criteria and is no list of them: sentences, and items in a quote."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import HeadingPath, classify_heading_source
from spec2bdd.domain.specs.unread.announced import UNDERLINED, find_section_ends, read_heading_line
from spec2bdd.domain.specs.unread.file_places import FilePlaces, find_places
from spec2bdd.domain.specs.unread.places import ITEM, LinePlace
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.domain.specs.vocabulary.placeholders import is_empty_marker, is_unfilled
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

# A heading or a label, which begins with a line end, since `re` finds that faster than `^`; and a sentence under it.
_HEADING_LINE = re.compile(
    rf"""
    \n[ ]{{0,3}}
    (?:
        (?P<marks>\#{{1,6}})[ \t]+(?P<text>[^\r\n]+)
      | (?P<label>(?:\*\*|__)[^*_\r\n]{{2,60}}(?:\*\*|__):?)[ \t]*
      | {UNDERLINED}[ \t]*
    )
    (?=[\r\n])
    """,
    re.VERBOSE,
)
_PROSE_BELOW = re.compile(r"\r?\n(?:[ \t]*\r?\n)* {0,3}((?!(?:[-+*]|\d{1,9}[.)])[ \t])[^\s#|<>`~][^\r\n]*)")
# An item in a quote that is no part of an item above it.
_QUOTED_ITEM = re.compile(r" ?>[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?!\[.\][ \t])(?P<words>\S)")
_QUOTED_LINE = re.compile(rf"\n{_QUOTED_ITEM.pattern}")
_COMMENT = re.compile(r"<!--.*?-->")
_UNDERLINE = re.compile(r"=+|-+")
_QUOTE = re.compile(r" ?>[ \t>]*")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S.*)|(?:\*\*|__)(?P<label>[^*_]+)(?:\*\*|__):?\s*")
# A sentence that is no demand: it says where the criteria are, that there are none, or what a list below has.
_ABOUT_CRITERIA = re.compile(
    r"\W*(?:see|refer|cf|none|no|not|nothing|n/a|tbd|todo|pending|to be|as (?:in|per|above|described)|same as|covered|"
    r"deferred|moved|postponed|out of scope|"
    r"inherit|these|the following|all of|for (?:details|more)|this (?:section|document|spec|story))\b",
    re.IGNORECASE,
)
_DEMAND = re.compile(r"\b(?:must|shall|should|can|cannot|given)\b", re.IGNORECASE)
_LEAST_WORDS = 3
# Words of languages that put no blanks between them.
_WITHOUT_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{6}")


class _Row(NamedTuple):
    """A line with words in it: its offset, the words, and what it is in."""

    offset: int
    words: str
    place: LinePlace


class _Part(NamedTuple):
    """What is right under a heading or a label, that heading left out, and whether a criterion is in its section.

    `is_known` is set if something in the section is reported.
    """

    path: HeadingPath
    rows: Sequence[_Row]
    is_read: bool
    is_known: bool


def may_have_prose(text: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a heading of criteria has a sentence right under it, or an item is in a quote."""
    rows = f"\n{text}"
    if _QUOTED_LINE.search(rows):
        return True
    # The level of the heading of criteria that is open.
    criteria_level = 0
    for match in _HEADING_LINE.finditer(rows):
        level, is_announcing = _read_level(match[0], vocabulary)
        if is_announcing or level <= criteria_level:
            criteria_level = level if is_announcing else 0
        prose = _PROSE_BELOW.match(rows, match.end()) if criteria_level else None
        if prose and (is_announcing or _DEMAND.search(prose[1])):
            return True
    return False


# Most headings occur in each spec of a project.
@lru_cache(maxsize=1024)
def _read_level(line: str, vocabulary: HeadingVocabulary) -> tuple[int, bool]:
    """Read the level of a heading or a label, and whether it announces criteria or a tier."""
    match = _HEADING_LINE.match(f"{line}\n")
    level, source = read_heading_line(match) if match else (0, "")
    return level, _announces(source, vocabulary)


def report_plain_prose(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of sentences under a heading of criteria that has no criterion, and of items in a quote among criteria."""
    places = find_places(file, spec, dialect, vocabulary)
    for part in _split_parts(file, places):
        if places.find_other_use(part.path) or part.path.is_wont:
            continue
        where = f"under `{part.path.headings[-1].text}`" if part.path.headings else "above all headings"
        quoted = _find_quoted(places, part, vocabulary)
        lines = {file.find_place(offset)[0] for offset in quoted}
        if quoted and lines.isdisjoint(places.parts) and lines.isdisjoint(places.reported):
            what, verb = ("1 item", "is") if len(quoted) == 1 else (f"{len(quoted)} items", "are")
            message = f"{what} {where} {verb} not read: in a quote"
            hint = "remove the `>`, or put `<!-- spec2bdd: ignore unread-criterion -->` above"
            yield file.build_warning(quoted[0], "unread-criterion", message=message, hint=hint)
        elif not part.is_read and not part.is_known and (offset := _find_sentence(part)) is not None:
            message = f"the sentence {where} is not read: criteria are the items of a list"
            hint = "write each as an item: `- [ ] What must work`"
            yield file.build_warning(offset, "unread-criterion", message=message, hint=hint)


def _announces(source: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a heading or a label announces criteria or a tier."""
    return _is_of_criteria(classify_heading_source(source.strip("*_: "), vocabulary))


def _is_of_criteria(kind: HeadingKind | None) -> bool:
    """Whether it is the kind of a heading of criteria or of a tier."""
    return kind is HeadingKind.CRITERIA or (kind is not None and kind.tier is not None)


def _split_parts(file: SourceFile, places: FilePlaces) -> Iterator[_Part]:
    """Split a file at its headings and labels."""
    rows = list(_list_rows(file, places))
    offsets = [row.offset for row in rows]
    read = sorted(file.places.find_start(line) for line in places.parts)
    known = sorted(file.places.find_start(line) for line in places.reported)
    headings = [(start, path.headings[-1].level) for start, path in places.paths]
    section_ends = [headings[0][0] if headings else len(file.text), *find_section_ends(headings, len(file.text))]
    paths = [(-1, HeadingPath()), *places.paths]
    ends = [*(start for start, _ in places.paths), len(file.text)]
    for (start, path), end, section_end in zip(paths, ends, section_ends, strict=True):
        # What is before the first line after the heading is the heading, on one line or, with its underline, on two.
        own = rows[bisect_right(offsets, start) : bisect_left(offsets, end)]
        has = (_has_between(found, start, section_end) for found in (read, known))
        yield _Part(path, own, *has)


def _has_between(offsets: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the sorted offsets is from `start` up to `end`."""
    index = bisect_left(offsets, start)
    return index < len(offsets) and offsets[index] < end


def _list_rows(file: SourceFile, places: FilePlaces) -> Iterator[_Row]:
    """List the lines of a file that have words in them."""
    for offset, place in places.lines.items():
        end = file.text.find("\n", offset)
        text = _COMMENT.sub("", file.text[offset : end if end >= 0 else len(file.text)])
        # The line under the text of a heading has none.
        if text.strip() and not _UNDERLINE.fullmatch(text.strip()):
            # The indentation of a quote decides whether it is part of an item above.
            yield _Row(offset, text.rstrip() if place is LinePlace.QUOTE else text.strip(), place)


def _find_sentence(part: _Part) -> int | None:
    """Find the sentence that a part begins with, if it has nothing else than sentences, and its heading announces any.

    Under any other heading than that of the criteria itself, it has to demand something.
    """
    own, owner = part.path.headings[-1] if part.path.headings else None, part.path.owner
    if own is None or owner is None or not _is_of_criteria(owner.kind):
        return None
    if any(row.place is not LinePlace.TEXT or ITEM.match(row.words) for row in part.rows):
        return None
    sentence = " ".join(row.words for row in part.rows)
    is_short = len(sentence.split()) < _LEAST_WORDS and not _WITHOUT_BLANKS.search(sentence)
    # What another document has is written there.
    is_reference = sentence.startswith("[") or ".md)" in sentence
    is_framed = is_reference or (sentence[:1] in "*_[({<" and sentence[-1:] in "*_])}>")
    if is_short or is_framed or sentence.endswith((":", "\uff1a")) or _ABOUT_CRITERIA.match(sentence):
        return None
    # A sentence under the name of a tier is mostly an introduction.
    is_weak = own.kind is not HeadingKind.CRITERIA and not _DEMAND.search(sentence)
    return None if is_weak or is_unfilled(sentence) or is_empty_marker(sentence) else part.rows[0].offset


def _find_quoted(places: FilePlaces, part: _Part, vocabulary: HeadingVocabulary) -> list[int]:
    """Find the items in the quotes of a part that may be criteria.

    Among criteria, those are the items that a quote begins with; where no criterion is read, all of them. Elsewhere,
    only those under a heading in the quote that announces criteria.
    """
    is_among = places.is_among_criteria(part.path)
    items: list[int] = []
    is_open = may_be = False
    for row in part.rows:
        quote = _QUOTE.match(row.words) if row.place is LinePlace.QUOTE else None
        if quote is None:
            is_open = False
            continue
        words = row.words[quote.end() :]
        heading = _HEADING.fullmatch(words)
        is_item = _QUOTED_ITEM.match(row.words) is not None
        if heading:
            may_be = _announces(heading["text"] or heading["label"], vocabulary)
        elif not is_open:
            may_be = is_among and (is_item or (not part.is_read and not words.startswith("[!")))
        is_open = True
        if may_be and is_item:
            items.append(row.offset)
    return items
