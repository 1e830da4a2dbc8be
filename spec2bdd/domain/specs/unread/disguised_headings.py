"""Report lists under what an author meant for a heading of criteria, in a form that no dialect reads, or in HTML.

Such headings are paragraphs, items, HTML, quotes with a title, and the marks of other languages than Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from functools import partial
from operator import itemgetter

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.apart import is_entry, is_legend, is_under_contents, normalize_title
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, is_known_name
from spec2bdd.domain.specs.unread.file_places import FilePlaces, describe_criteria_place, find_body_start, find_places
from spec2bdd.domain.specs.unread.headings import names_success
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec, Tier
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.source_file import SourceFile

# An item in any form: of Markdown, of a definition, in a quote, of HTML.
_ITEM = r"[ \t>]*(?:[-+*]|\d{1,9}[.)]|:)[ \t]+\S|[ \t>]*(?:<[uod]l\b[^<>\n]*>\s*)?<(?:li|dd)\b"
# A short line with nothing but a name in it, however it is marked, that is followed by an item.
_HEADING = compile_lazily(
    rf"""
    # A short line that is no heading of Markdown and no box, above what may be an item; the rest takes longer. A blank
    # line is none: in a row of them, each would be followed by all that are below.
    \n(?=[ \t>]*+[^\s>][^\n]{{1,119}}\n[\s>]*[-+*:\d<])(?![ ]{{0,3}}\#{{1,6}}[ \t]|[ \t]*[-+*][ \t]\[)
    [ \t]*(?:>[ \t]*)*
    (?:\[![A-Za-z]+\][-+]?[ \t]*)?                                     # the kind of a callout
    (?P<marks>
        \\?\#{{1,}}[ \t]* | \uff03+[ \t]* | ={{2,6}}[ \t]+ | h[1-6]\.[ \t]*   # marks of headings
      | :{{3,}}[ \t]*(?:\w+[ \t]+)? | (?:!!!|\?\?\?\+?|===)[ \t]*(?:\w+[ \t]*)?
      | (?:[-+*]|\d{{1,9}}[.)])[ \t]+ | (?:<[A-Za-z][^<>\n]{{0,80}}>[ \t]*)+
    )?
    [*_"'`\u201c\[{{]{{0,4}}
    # As many signs as may be in a name, up to the last one that is none around it: one by one would take longer.
    (?P<words>[^\W\d_][^\n|<>](?>[^\n|<>]{{0,58}}[^\n|<>*_"'`\u201d:\uff1a\]}}=\\ \t\r])?+)
    (?:[*_"'`\u201d:\uff1a\]}}=\\ \t]|</?[A-Za-z][A-Za-z0-9]*[ \t]*/?>)*
    \r?(?=\n(?:[ \t>]*\r?\n|[ \t>]*</?[A-Za-z][^<>\n]{{0,80}}>[ \t]*\r?\n)*(?P<item>{_ITEM}))
    """,
    re.VERBOSE,
)
# The heading and its list in one line.
_ONE_LINE = compile_lazily(
    r"\n[ ]{0,3}<h[1-6]\b[^<>\n]*>(?P<words>[^<>\n]{1,60})</h[1-6]>[ \t]*<[uo]l\b[^\n]*(?P<item><li\b)"
)
_HTML_ITEM = compile_lazily(
    r"\n[ \t]*(?:<[A-Za-z][^<>\n]{0,80}>[ \t]*){0,3}(?P<item><(?:li|dd|dt)\b[^<>\n]*>[ \t]*[^\s<])"
)
# The dialects in which the success of a project is a criterion of a feature.
_WITH_SUCCESS = frozenset({"template", "headings"})
_VISIBLE = frozenset({LinePlace.TEXT, LinePlace.QUOTE, LinePlace.HTML})


def report_disguised_headings(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of the list under each such heading of which nothing was read, and of the items in HTML among criteria."""
    rows, start = f"\n{file.text}", find_body_start(file.text)
    candidates = [
        match
        for pattern in (_HEADING, _ONE_LINE)
        for match in pattern.finditer(rows, start)
        if _announces(match["words"], vocabulary)
        and (dialect.name in _WITH_SUCCESS or not names_success(match["words"]))
    ]
    # The line ends before headings with marks, for a first look.
    marked = [match.start() for match in re.finditer("\n#", rows)] if candidates else []
    read = sorted(criterion.line for criterion in spec.criteria)
    headings = [match for match in candidates if not _has_read(file, read, marked, match.start("words"))]
    has_html = "<li" in file.text or "<dd" in file.text
    if not headings and not has_html:
        return
    places = find_places(file, spec, dialect, vocabulary)
    seen = set(places.reported)
    titles = {normalize_title(heading.text) for _, path in places.paths for heading in path.headings[-1:]}
    taken = sorted({*places.parts, *_list_known(places)})
    is_name = partial(is_known_name, vocabulary=vocabulary)
    for match in headings:
        offset = match.start("words") - 1
        end = _find_end(file, places, offset)
        line, last = file.find_place(offset)[0], file.find_place(end)[0]
        place = places.lines.get(file.places.find_start(line))
        if (
            _has_between(taken, line, last)
            or line in seen
            or place not in _VISIBLE
            or places.find_other_use(places.find_path(offset))
        ):
            continue
        if is_under_contents(places.find_path(offset)) or is_entry(rows, match.start(), match["words"], titles):
            continue
        if match["item"].lstrip().startswith((":", "<dd")) and is_legend(
            rows, match.start(), section=_find_around(marked, match.start(), len(rows)), is_name=is_name
        ):
            continue
        seen.update(range(line, last + 1))
        words = match["words"].strip()
        message = f"the items under `{words}` are not read: {describe_criteria_place(dialect)}"
        hint = f"write `## {words}` with `- [ ] ` in front of each item, or "
        hint += "put `<!-- spec2bdd: ignore unread-criterion -->` above"
        yield file.build_warning(offset, "unread-criterion", message=message, hint=hint)
    if has_html:
        yield from _report_html_items(file, places, rows, seen)


def _report_html_items(file: SourceFile, places: FilePlaces, rows: str, seen: Set[int]) -> Iterator[Diagnostic]:
    """Report the lists in HTML under headings of criteria, once for each heading, but for the lines in `seen`."""
    reported = (line for line, code in places.reported.items() if code in ("unread-steps", "unread-criterion"))
    listed = {places.find_path(file.places.find_start(line)) for line in reported}
    for match in _HTML_ITEM.finditer(rows):
        offset = match.start("item") - 1
        line, path = file.find_place(offset)[0], places.find_path(offset)
        if (
            path in listed
            or line in seen
            or line in places.parts
            or path.is_wont
            or places.lines.get(file.places.find_start(line)) is not LinePlace.HTML
            or not places.is_among_criteria(path)
            or places.find_other_use(path)
        ):
            continue
        listed.add(path)
        message = f"this list under `{path.headings[-1].text}` is not read: it is in HTML"
        hint = "write its items as `- [ ] What must work`, or put `<!-- spec2bdd: ignore unread-criterion -->` above"
        yield file.build_warning(offset, "unread-criterion", message=message, hint=hint)


def _has_read(file: SourceFile, read: Sequence[int], marked: Sequence[int], start: int) -> bool:
    """Whether a criterion is read between an offset and the next heading with marks, for a first look.

    `read` are the lines of all criteria in order; the offsets are those in the text with a line end before it.
    """
    _, end = _find_around(marked, start, len(file.text) + 1)
    return _has_between(read, file.find_place(start - 1)[0], file.find_place(end - 1)[0])


def _has_between(numbers: Sequence[int], first: int, last: int) -> bool:
    """Whether some of sorted numbers are not less than the first one and not greater than the last one."""
    index = bisect_left(numbers, first)
    return index < len(numbers) and numbers[index] <= last


def _find_around(marked: Sequence[int], offset: int, length: int) -> tuple[int, int]:
    """Find the heading at or above an offset, or -1, and the next one, or the end of a text of that length."""
    index = bisect_right(marked, offset)
    return marked[index - 1] if index else -1, marked[index] if index < len(marked) else length


def _announces(words: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a line is the name of criteria or of a tier, and nothing else."""
    if not is_known_name(words, vocabulary):
        return False
    kind = classify_heading(words, vocabulary)
    # One word alone is more likely a word of a text.
    is_name = " " in words.strip() or not words.isascii() or kind is HeadingKind.CRITERIA
    return is_name and (kind is HeadingKind.CRITERIA or (kind is not None and kind.tier not in (None, Tier.WONT)))


def _list_known(places: FilePlaces) -> Iterator[int]:
    """List the lines that are reported, and block a promotion."""
    return (line for line, code in places.reported.items() if code != "unread-section")


def _find_end(file: SourceFile, places: FilePlaces, offset: int) -> int:
    """Find where the section of a heading at an offset ends: at the next heading that Markdown sees."""
    index = bisect_right(places.paths, offset, key=itemgetter(0))
    return places.paths[index][0] - 1 if index < len(places.paths) else len(file.text)
