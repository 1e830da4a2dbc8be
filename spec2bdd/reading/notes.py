"""What one criterion's paragraph says in, its demand and the author's notes on it (id, manual, waived) out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spec2bdd.reading.inline import Inline


@dataclass(frozen=True, slots=True)
class Notes:
    """The text of a criterion without its notes, and the notes."""

    text: str
    given_id: str = ""
    manual: bool = False
    waived: str = ""


# An id is `FR001` and `US1.2`, or has a joint before its number: `AC-01`, `OT-P0-001`, `req_12a`.
_ID = r"(?:[A-Z]{1,12}\d+(?:[._-][A-Za-z0-9]+)*|[^\W\d_][^\W_]*(?:[-_][^\W_]+)*?[-_]\d+(?:\.\d+)*[a-z]?)"
_ID_ALONE = re.compile(rf"({_ID})[\s:|.\u2013\u2014-]*", re.ASCII)
_ID_BEFORE_MARK = re.compile(rf"({_ID})\s*[:|]\s*(?=[^\d\s])", re.ASCII)
_JOINT = re.compile(r"\s*(?:[:|]+|[.\u2013\u2014-]+(?=\s|$))?\s*")

# Names of things that look like ids. Whoever writes "**SHA-256** is used" or "P0: now" has not numbered a demand.
_NOT_AN_ID = re.compile(
    r"(?:(?:aes|cpp|css|ec|es|gpt|hmac|html|https?|iec|ieee|ipv?|iso|ldap|md|node|oauth|p|pep|php|python|q|rfc|rsa|sha|ssl"
    r"|tls|utf|v|wcag|web|win|windows)[-_.]?\d.*|h[1-6]|s3|x(?:32|64|86))",
    re.IGNORECASE,
)

_TAIL = re.compile(
    r"\s*(?:\{#(?P<id>[\w.:-]+)\}|\((?P<manual>manual)\)|\(waived:\s*(?P<waived>[^\s()](?:[^()]|\([^()]*\))*)\))$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?:id:\s*(?P<id>[\w.:-]+)|(?P<manual>manual)|waived:\s*(?P<waived>\S.*))", re.IGNORECASE)


def derive_notes(inline: Inline, more_comments: Iterable[str] = ()) -> Notes:
    """Take the author's notes out of a paragraph; `more_comments` stand beside it. A comment's id beats any other."""
    notes = _take_tail(Notes(inline.text)) if not inline.ends_in_code else Notes(inline.text)
    notes = _take_lead(notes, inline.lead)
    for comment in (*inline.comments, *more_comments):
        if match := _COMMENT.fullmatch(comment):
            notes = _add_note(notes, match, notes.text)
    return notes


def _take_tail(notes: Notes) -> Notes:
    """Take the notes off the end of the text, however many there are."""
    while match := _TAIL.search(notes.text):
        notes = _add_note(notes, match, notes.text[: match.start()])
    return notes


def _add_note(notes: Notes, match: re.Match[str], text: str) -> Notes:
    """Return the notes with one more, and with `text` for what is left."""
    return Notes(
        text=text,
        given_id=match["id"] or notes.given_id,
        manual=notes.manual or bool(match["manual"]),
        waived=notes.waived or (match["waived"] or "").strip(),
    )


def _take_lead(notes: Notes, lead: str) -> Notes:
    """Take an unmistakable id off the start of the text, unless nothing would be left."""
    bold = _ID_ALONE.fullmatch(lead)
    match = bold or _ID_BEFORE_MARK.match(notes.text)
    if match is None or _NOT_AN_ID.fullmatch(match[1]):
        return notes
    rest = notes.text[len(lead) if bold else match.end() :]
    rest = _JOINT.sub("", rest, count=1) if bold else rest
    return replace(notes, text=rest, given_id=notes.given_id or match[1]) if rest else notes
