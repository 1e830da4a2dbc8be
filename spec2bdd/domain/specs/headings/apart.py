"""Recognize lists that name criteria or tiers and have none: tables of contents, legends and glossaries."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from functools import cache, lru_cache

from spec2bdd.domain.specs.headings.heading_path import LABEL_LEVEL, HeadingPath
from spec2bdd.domain.specs.vocabulary import find_words, load_heading_names, render_choice
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import normalize_heading

# A link to a heading, and what is around the words of an entry: marks, tags, numbers of sections and of pages.
_LINK = compile_lazily(r"<a[ \t][^<>\n]*href=[\"']?#", re.IGNORECASE)
_TAG = r"<[^<>\n]{1,80}>"
_MARKS = compile_lazily(rf"[ \t>]*(?:(?:[-+*]|\d{{1,9}}[.)]|:)[ \t]+|(?:{_TAG}[ \t]*)+)|{_TAG}")
_NUMBERS = compile_lazily(r"^[\d. ]+\b|\b[\d. ]+$")
_ITEM = compile_lazily(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]|<li\b)")
# A line of tags, or of nothing but the mark of a quote.
_EMPTY = compile_lazily(rf"[ \t>]*(?:{_TAG}[ \t]*)*\r?")
# A term with its definitions, in Markdown and in HTML.
_TERM = compile_lazily(
    r"""
    (?:^|\n)[ ]{0,3}(?P<term>[^\s:<>|\#][^\n]{0,80})\n(?:[ \t]*\r?\n)*
    (?P<definitions>[ ]{0,3}:[ \t]+[^\n]+(?:\n(?:[ \t]*\r?\n)*[ \t]*:[ \t]+[^\n]+|\n[ \t]+[^\s:][^\n]*)*)
    """,
    re.VERBOSE,
)
_HTML_TERM = compile_lazily(
    r"<dt\b[^<>]*>(?P<term>(?:(?!</?d[tdl]\b).)*)(?:</dt>)?\s*(?P<definitions>(?:<dd\b(?:(?!</?d[tl]\b).)*)+)",
    re.DOTALL | re.IGNORECASE,
)
# In characters, around a term.
_LONGEST_LEGEND = 4_000
# In lines, above and below an entry; a longer list is judged by what is around it.
_MOST_ENTRIES = 100
_DEFINITION = compile_lazily(r"(?:^|\n)[ \t]*:[ \t]|<dd\b", re.IGNORECASE)


def is_contents_heading(text: str) -> bool:
    """Whether a heading is that of a table of contents."""
    return normalize_heading(text) in load_heading_names("apart", "contents")


def is_under_contents(path: HeadingPath) -> bool:
    """Whether a path, or the part of it above its labels, ends with the heading of a table of contents."""
    labels = [heading for heading in path.headings if heading.level == LABEL_LEVEL]
    own = [heading for heading in path.headings if heading.level != LABEL_LEVEL][-1:]
    return any(is_contents_heading(heading.text) for heading in (*own, *labels))


def is_entry(rows: str, start: int, words: str, titles: Set[str]) -> bool:
    """Whether the line that begins at an offset is an entry of a table of contents, given the headings of the file.

    It is a link, or in a list that is called so, or most entries of the list, and this one, are headings of the file.
    `titles` are normalized.
    """
    line_end = rows.find("\n", start + 1)
    if _LINK.search(rows, start, line_end if line_end >= 0 else len(rows)):
        return True
    entries, lead = _read_list(rows, start)
    if is_contents_heading(lead):
        return True
    named = [entry for entry in entries if entry in titles]
    return normalize_heading(words) in titles and len(named) > 1 and 2 * len(named) >= len(entries)


def _read_list(rows: str, start: int) -> tuple[list[str], str]:
    """Read the entries of the list that is around the line that begins at an offset, and the line above the list."""
    above: list[str] = []
    lead, end = "", start
    while end > 0 and len(above) < _MOST_ENTRIES:
        begin = rows.rfind("\n", 0, end)
        line = rows[begin + 1 : end]
        if not _ITEM.match(line) and not _EMPTY.fullmatch(line):
            lead = _strip_marks(line)
            break
        above.append(line)
        end = begin
    lines = above[::-1]
    begin, most = start, len(lines) + 1 + _MOST_ENTRIES
    while begin >= 0 and len(lines) < most:
        end = rows.find("\n", begin + 1)
        line = rows[begin + 1 : end if end >= 0 else len(rows)]
        if begin != start and not _ITEM.match(line) and not _EMPTY.fullmatch(line):
            break
        lines.append(line)
        begin = end
    entries = (_strip_marks(line) for line in lines if _ITEM.match(line))
    return [entry for entry in entries if entry], lead


def _strip_marks(line: str) -> str:
    """Return the words of an entry or a heading in normalized form, without numbers."""
    return normalize_title(_MARKS.sub(" ", line))


def normalize_title(text: str) -> str:
    """Normalize the text of a heading, as it is an entry of a table of contents."""
    return _NUMBERS.sub("", normalize_heading(text)).strip()


def is_legend(rows: str, start: int, *, section: tuple[int, int], is_name: Callable[[str], bool]) -> bool:
    """Whether the term at an offset is in a definition list that explains terms, each with one definition.

    It is if its heading says so, if it also has terms that are no name of criteria or of a tier, by `is_name`,
    or if it says of all tiers what they mean. `section` gives the line ends before its heading, or -1, and after it.
    """
    top, end = section
    # The same part for all terms that are near, which is looked at once. Half a term would be another one.
    begin = start - start % _LONGEST_LEGEND
    first = max(top, rows.find("\n", max(begin - _LONGEST_LEGEND, 0)))
    heading = rows[top + 1 : rows.find("\n", top + 1)] if top >= 0 else ""
    return _explains_terms(rows[first : min(end, begin + 2 * _LONGEST_LEGEND)], heading, is_name)


@lru_cache(maxsize=1)
def _explains_terms(section: str, heading: str, is_name: Callable[[str], bool]) -> bool:
    """Whether the definition lists in a part of a section explain terms."""
    terms = [
        (normalize_heading(_MARKS.sub(" ", match["term"])), match["definitions"])
        for pattern in (_TERM, _HTML_TERM)
        for match in pattern.finditer(section)
    ]
    named = [definitions for term, definitions in terms if is_name(term)]
    if any(len(_DEFINITION.findall(definitions)) > 1 for definitions in named):
        return False
    if normalize_title(heading) in load_heading_names("apart", "explanations"):
        return True
    is_glossary = len(terms) > len(named)
    return is_glossary or (len(named) > 1 and all(_compile_meanings().search(text.casefold()) for text in named))


@cache
def _compile_meanings() -> re.Pattern[str]:
    """Compile the pattern of what says what a tier means."""
    words = find_words("apart", "meanings")
    spaced = render_choice(word for word in words if word[0] < "\u2e80")
    unspaced = render_choice(word for word in words if word[0] >= "\u2e80")
    return re.compile(rf"\b{spaced}\b|{unspaced}")
