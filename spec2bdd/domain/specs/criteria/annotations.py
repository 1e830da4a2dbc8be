"""What one criterion's paragraph says in, its demand and the author's notes on it (id, tier, manual, waived) out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.criteria.progress_notes import strip_leading_state, strip_trailing_state
from spec2bdd.domain.specs.headings.classifier import classify_heading, render_choice
from spec2bdd.domain.specs.headings.priorities import Priority
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.domain.specs.vocabulary.words import find_words


class AnnotatedText(NamedTuple):
    """The text of a criterion without its notes, and the notes."""

    text: str
    given_id: str = ""
    manual: bool = False
    waived: str = ""
    priority: Priority | None = None


# An id is `FR001` and `US1.2`, or has a joint before its number: `AC-01`, `OT-P0-001`, `req_12a`. A series may be named
# in front of a number of two digits, all in capitals, as in `TC-A001`; `API-V2` is a version.
_ID = (
    r"(?:[A-Z]{1,12}\d+(?:[._-][A-Za-z0-9]+)*|[^\W\d_][^\W_]*(?:[-_][^\W_]+)*?[-_]\d+(?:\.\d+)*[a-z]?"
    r"|[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*?[-_][A-Z]{1,3}\d{2,})"
)
_ID_ALONE = re.compile(rf"({_ID})[\s:|.\u2013\u2014-]*", re.ASCII)
_ID_BEFORE_MARK = re.compile(rf"({_ID})\s*[:|]\s*(?=[^\d\s])", re.ASCII)
_JOINT = re.compile(r"\s*(?:[:|]+|[.\u2013\u2014-]+(?=\s|$))?\s*")
# A number for display, which tools write anew whenever they like.
_HASH = re.compile(r"^#\d+[:.)]?\s+(?=\S)")

# Names of things that look like ids. Whoever writes "**SHA-256** is used" or "P0: now" has not numbered a demand.
_NOT_AN_ID = re.compile(
    r"(?:(?:aes|cpp|css|ec|es|gpt|hmac|html|https?|iec|ieee|ipv?|iso|ldap|md|node|oauth|p|pep|php|python|q|rfc|rsa|sha|ssl"
    r"|tls|utf|v|wcag|web|win|windows)[-_.]?\d.*|h[1-6]|s3|x(?:32|64|86))",
    re.IGNORECASE,
)

# What nobody can see is no reason.
_UNSEEN = (
    r"\s\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_TAIL = re.compile(
    r"\s*(?:\{#(?P<id>[\w.:-]+)\}|\((?P<manual>manual)\)"
    rf"|\(waived:\s*(?P<waived>(?=[^)]*[^){_UNSEEN}])[^\s()](?:[^()]|\([^()]*\))*)\))$",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    rf"(?:id:\s*(?P<id>[\w.:-]+)|(?P<manual>manual)|waived:\s*(?P<waived>(?=.*[^{_UNSEEN}])\S.*))", re.IGNORECASE
)
_MOST_NOTES = 12
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,40})[)\]]$")
_BRACKETS_FIRST = re.compile(r"\[([^()\[\]]{1,40})\]:?\s+(?=\S)")
_MARKED = re.compile(r"(?<=.)(?::|[^:]\s*[:|]|[^:]\s+[-\u2013\u2014]\s|\])")
_LEVEL = re.compile(r"(?:priority:?\s*)?P([0-4])", re.IGNORECASE)


def derive_notes(inline: InlineText, more_comments: Iterable[str] = ()) -> AnnotatedText:
    """Take the author's notes out of a paragraph; `more_comments` stand beside it. A comment's id beats any other."""
    notes = _take_first(AnnotatedText(inline.text), inline.lead)
    notes = _take_tail(notes) if not inline.ends_in_code else notes
    for comment in (*inline.comments, *more_comments):
        if match := _COMMENT.fullmatch(comment):
            notes = _add_note(notes, match, notes.text)
    return notes


def _take_first(notes: AnnotatedText, lead: str) -> AnnotatedText:
    """Take signs, numbers, tiers and an id off the start of the text, unless nothing would be left."""
    text = strip_leading_state(notes.text)
    notes = _keep(notes, _HASH.sub("", text, count=1) if text.startswith("#") else text)
    bold = lead if lead and notes.text.startswith(lead) else ""
    if match := _BRACKETS_FIRST.match(notes.text):
        if priority := _find_priority(match[1]):
            notes = notes._replace(text=notes.text[match.end() :], priority=priority)
    elif _MARKED.match(notes.text, max(len(bold) - 1, 0)) and (priority := _find_priority(bold.strip(" :[]()"))):
        rest = _JOINT.sub("", notes.text[len(bold) :], count=1)
        return notes._replace(text=rest, priority=priority) if rest else notes
    return _take_id(notes, bold)


def _take_id(notes: AnnotatedText, bold: str) -> AnnotatedText:
    """Take an unmistakable id off the start of the text, unless nothing would be left."""
    alone = _ID_ALONE.fullmatch(bold)
    match = alone or _ID_BEFORE_MARK.match(notes.text)
    if match is None or _NOT_AN_ID.fullmatch(match[1]):
        return notes
    rest = notes.text[len(bold) if alone else match.end() :]
    rest = strip_leading_state(_JOINT.sub("", rest, count=1) if alone else rest)
    return notes._replace(text=rest, given_id=notes.given_id or match[1]) if rest else notes


def _take_tail(notes: AnnotatedText) -> AnnotatedText:
    """Take the notes off the end of the text, as many as anybody would write."""
    for _ in range(_MOST_NOTES):
        taken = _take_one(notes)
        if taken == notes:
            break
        notes = taken
    return notes


def _take_one(notes: AnnotatedText) -> AnnotatedText:
    """Take the last note off the end of the text, if there is one."""
    if not notes.text.endswith(("}", ")", "]")):
        return _keep(notes, strip_trailing_state(notes.text))
    if match := _TAIL.search(notes.text):
        return _add_note(notes, match, notes.text[: match.start()])
    match = _BRACKETS.search(notes.text)
    if match and match.start() and (priority := _find_priority(match[1])):
        return notes._replace(text=notes.text[: match.start()], priority=notes.priority or priority)
    return _keep(notes, strip_trailing_state(notes.text))


def _keep(notes: AnnotatedText, text: str) -> AnnotatedText:
    """Return the notes with `text` for what is left, which mostly is all that was there."""
    return notes if text == notes.text else notes._replace(text=text)


def _add_note(notes: AnnotatedText, match: re.Match[str], text: str) -> AnnotatedText:
    """Return the notes with one more, and with `text` for what is left."""
    return notes._replace(
        text=text,
        given_id=match["id"] or notes.given_id,
        manual=notes.manual or bool(match["manual"]),
        waived=notes.waived or (match["waived"] or "").strip(),
    )


@lru_cache(maxsize=1024)
def _find_priority(text: str) -> Priority | None:
    """Return the priority or the tier that a remark on an item names, or nothing."""
    first, *others = re.split(r"\s*,\s*", text)
    if level := _LEVEL.fullmatch(first):
        return Priority(level=int(level[1])) if all(map(_tell_beside, others)) else None
    known = classify_heading(text) if not others else None
    return Priority(tier=known.tier) if known and known.tier else None


def _tell_beside(word: str) -> bool:
    """Tell whether a word may stand beside a priority, as in "(P1, testable)"."""
    return _derive_beside().fullmatch(word) is not None


@cache
def _derive_beside() -> re.Pattern[str]:
    """Return the pattern of the words that may stand beside a priority."""
    words = (*find_words("states", "testable"), *find_words("states", "words"), *find_words("priorities", "beside"))
    return re.compile(render_choice(words), re.IGNORECASE)
