"""Parse the author's annotations of a criterion: its id, its priority, `(manual)` and `(waived: ...)`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.criteria.progress_notes import strip_leading_progress, strip_trailing_progress
from spec2bdd.domain.specs.headings.classifier import classify_heading
from spec2bdd.domain.specs.headings.priorities import Priority
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.domain.specs.vocabulary import find_words, render_choice
from spec2bdd.text.lazy_patterns import compile_lazily


class AnnotatedText(NamedTuple):
    """The text of a criterion without its annotations, and the annotations."""

    text: str
    given_id: str = ""
    manual: bool = False
    waived: str = ""
    priority: Priority | None = None


_ID = (
    r"(?:[A-Z]{1,12}\d+(?:[._-][A-Za-z0-9]+)*"  # capitals and a number: `FR001`, `US1.2`
    r"|[^\W\d_][^\W_]*(?:[-_][^\W_]+)*?[-_]\d+(?:\.\d+)*[a-z]?"  # a separator and a number: `AC-01`, `req_12a`
    # A series before a number of at least two digits, all in capitals: `TC-A001`. `API-V2` is a version.
    r"|[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*?[-_][A-Z]{1,3}\d{2,})"
)
# An id that is all of the bold words, and one that a colon or a bar follows.
# Full-width punctuation counts as its ASCII counterpart, here and below.
_ID_ALONE = re.compile(rf"({_ID})[\s:|.\uff1a\uff5c\u3002\u3001\u2013\u2014-]*", re.ASCII)
_ID_BEFORE_SEPARATOR = re.compile(rf"({_ID})\s*[:|\uff1a\uff5c]\s*(?=[^\d\s])", re.ASCII)
# The ids that tools and templates write, also before a dash: "AC-01 - A book is lent".
_ID_BEFORE_DASH = re.compile(
    r"((?:AC|NFR|FR|REQ|US|UC|BR|SC|TC)(?:-?[A-Z]{1,6}\d*)?[-_]?\d+(?:[._-][A-Za-z0-9]+)*)\s+[-\u2013\u2014]{1,2}\s+(?=\S)"
)
_SEPARATOR = re.compile(r"\s*(?:[:|\uff1a\uff5c\u3001\u3002\u2013\u2014]+|[.-]+(?=\s|$))?\s*")
# The same in square brackets: `[AC-01] ...`.
_ID_IN_BRACKETS = re.compile(rf"\[({_ID})\][\s:|.\uff1a\uff5c\u3002\u3001\u2013\u2014-]*(?=\S)", re.ASCII)
# Punctuation that is left over at the start of a text.
_DANGLING = compile_lazily(r"^(?:[-\u2013\u2014*\u2022\u00b7>:;,.|#]+\s+)+(?=\w+\s)")
# A number for display such as `#3`, which is no id, because tools renumber as they like.
_HASH = compile_lazily(r"^#\d+(?:[:.)]|\s+[:\u2013\u2014-]+)?\s+(?=\S)")

# Names that look like ids: "**SHA-256** is used" and "P0: now" begin with no id.
_NOT_AN_ID = re.compile(
    r"(?:(?:aes|cpp|css|ec|es|gpt|hmac|html|https?|iec|ieee|ipv?|iso|ldap|md|node|oauth|p|pep|php|python|q|rfc|rsa|sha|ssl"
    r"|tls|utf|v|wcag|web|win|windows)[-_.]?\d.*"  # standards, algorithms and products with their number
    r"|h[1-6]|s3|x(?:32|64|86))",  # names that end in a digit
    re.IGNORECASE,
)

# Blank and invisible characters; a reason of nothing else is no reason.
_INVISIBLE = (
    r"\s\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
# An id has at least one letter or digit: `...` only holds the place of one.
_GIVEN_ID = r"(?=[\w.:-]*[^\W_])[\w.:-]+"
GIVEN_ID = re.compile(_GIVEN_ID)
# An annotation at the end of a text.
_TRAILING_NOTE = re.compile(
    r"\s*(?:"
    rf"\{{#(?P<id>{_GIVEN_ID})\}}"  # {#login}
    r"|[(\uff08](?P<manual>manual)[)\uff09]"
    # A reason has something visible in it, and may have one pair of parentheses inside.
    rf"|\(waived:\s*(?P<waived>(?=[^)]*[^){_INVISIBLE}])[^\s()](?:[^()]|\([^()]*\))*)\)"
    rf"|\uff08waived[:\uff1a]\s*(?P<wide>(?=[^\uff09]*[^\uff09{_INVISIBLE}])[^\s\uff08\uff09][^\uff08\uff09]*)\uff09"
    r")$",
    re.IGNORECASE,
)
# The same as an HTML comment.
_COMMENT = compile_lazily(
    rf"(?:id:\s*(?P<id>{_GIVEN_ID})|(?P<manual>manual)|waived:\s*(?P<waived>(?=.*[^{_INVISIBLE}])\S.*))", re.IGNORECASE
)
# More notes than any author writes at the end of one item; the limit keeps the time linear for hostile texts.
_MAX_NOTES = 12

# Remarks that may name a priority: in brackets at the end, or at the start.
_TRAILING_REMARK = compile_lazily(r"\s*[(\[\uff08\uff3b]([^()\[\]\uff08\uff09]{1,40})[)\]\uff09\uff3d]$")
_LEADING_REMARK = re.compile(
    r"(?:[\[(\uff3b\uff08]([^()\[\]\uff3b\uff08\uff3d\uff09]{1,40})[\])\uff3d\uff09][:\uff1a]?"
    r"|(P[0-4]|(?i:(?:should|could|won['\u2019]?t)(?:[ -]have)?|nice[ -]to[ -]have))[:\uff1a])\s+(?=\S)"
)
# Where the bold words end: a colon, a bar, a dash or a bracket shows that they are set off from the text.
_SET_OFF = re.compile(r"(?<=.)(?:[:\uff1a]|[^:]\s*[:|\uff1a\uff5c]|[^:]\s+[-\u2013\u2014]\s|\])")
_LEVEL = re.compile(r"(?:priority:?\s*)?P([0-4])", re.IGNORECASE)
# Words that may follow a level, as in "(P1, testable)".
_LEVEL_REMARK = compile_lazily(
    render_choice(
        (*find_words("states", "testable"), *find_words("states", "words"), *find_words("priorities", "remarks"))
    ),
    re.IGNORECASE,
)


def parse_annotations(inline: InlineText, more_comments: Iterable[str] = ()) -> AnnotatedText:
    """Strip the annotations from a paragraph; `more_comments` are those on lines of their own.

    The id in a comment overrides any other.
    """
    annotated = _strip_lead(AnnotatedText(inline.text), inline.lead)
    # Brackets at the end of code belong to the code.
    if not inline.ends_in_code:
        for _ in range(_MAX_NOTES):
            shorter = _strip_last_note(annotated)
            if shorter is annotated:
                break
            annotated = shorter
    for comment in (*inline.comments, *more_comments):
        if match := _COMMENT.fullmatch(comment):
            annotated = _add_note(annotated, match, annotated.text)
    return annotated


def _strip_lead(annotated: AnnotatedText, lead: str) -> AnnotatedText:
    """Strip signs, numbers, priorities and an id from the start of the text, unless nothing would remain."""
    text = strip_leading_progress(annotated.text)
    if not lead and not text[:1].isalnum():
        text = _DANGLING.sub("", text, count=1)
    annotated = _with_text(annotated, _HASH.sub("", text, count=1) if text.startswith("#") else text)
    bold = lead if lead and annotated.text.startswith(lead) else ""
    match = None if bold else _LEADING_REMARK.match(annotated.text)
    if match and (priority := _find_priority(match[1] or match[2])):
        annotated = annotated._replace(text=annotated.text[match.end() :], priority=priority)
    if (
        bold
        and _SET_OFF.match(annotated.text, len(bold) - 1)
        and (priority := _find_priority(bold.strip(" :[]()\uff1a")))
    ):
        rest = _SEPARATOR.sub("", annotated.text[len(bold) :], count=1)
        return annotated._replace(text=rest, priority=priority) if rest else annotated

    # An id is unmistakable if it is all of the bold words, or if a colon, a bar or perhaps a dash follows it.
    alone = _ID_ALONE.fullmatch(bold)
    bracketed = _ID_IN_BRACKETS.match(annotated.text)
    match = alone or bracketed or _ID_BEFORE_SEPARATOR.match(annotated.text) or _ID_BEFORE_DASH.match(annotated.text)
    if match is None or _NOT_AN_ID.fullmatch(match[1]):
        return annotated
    rest = annotated.text[len(bold) if alone else match.end() :]
    rest = strip_leading_progress(_SEPARATOR.sub("", rest, count=1) if alone else rest)
    return annotated._replace(text=rest, given_id=annotated.given_id or match[1]) if rest else annotated


def _strip_last_note(annotated: AnnotatedText) -> AnnotatedText:
    """Strip the last note from the end of the text, if there is one."""
    text = annotated.text
    if text.endswith(("}", ")", "]", "\uff09", "\uff3d")):
        if match := _TRAILING_NOTE.search(text):
            return _add_note(annotated, match, text[: match.start()])
        match = _TRAILING_REMARK.search(text)
        if match and match.start() and (priority := _find_priority(match[1])):
            return annotated._replace(text=text[: match.start()], priority=annotated.priority or priority)
    return _with_text(annotated, strip_trailing_progress(text))


def _with_text(annotated: AnnotatedText, text: str) -> AnnotatedText:
    """Replace the text, or keep the value as it is if it is the same, which is the usual case."""
    return annotated if text == annotated.text else annotated._replace(text=text)


def _add_note(annotated: AnnotatedText, match: re.Match[str], text: str) -> AnnotatedText:
    """Add one more annotation, and replace the text by what remains of it."""
    return annotated._replace(
        text=text,
        given_id=match["id"] or annotated.given_id,
        manual=annotated.manual or bool(match["manual"]),
        waived=annotated.waived or (match["waived"] or match.groupdict().get("wide") or "").strip(),
    )


@lru_cache(maxsize=1024)
def _find_priority(remark: str) -> Priority | None:
    """Find the priority or the tier that a remark on an item names."""
    first, *others = re.split(r"\s*,\s*", remark)
    if level := _LEVEL.fullmatch(first):
        return Priority(level=int(level[1])) if all(map(_LEVEL_REMARK.fullmatch, others)) else None
    kind = classify_heading(remark) if not others else None
    return Priority(tier=kind.tier) if kind and kind.tier else None
