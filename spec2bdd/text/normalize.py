"""Normalize text, for comparison and for display."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from spec2bdd.text.lazy_patterns import compile_lazily

# White space and the categories Cc, Zl, Zp and Cs. Several of them end a line for Behave, and no file can hold a lone
# surrogate.
_BETWEEN_WORDS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
# Invisible characters: soft hyphens, joiners, marks of direction, byte order marks.
_INVISIBLE = compile_lazily(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff]")
_DANGLING = re.compile(r"(?<=\w)[\s:\uff1a;,\u2013\u2014-]+$")
_QUOTES = compile_lazily(r"[\"'`\u00ab\u00b4\u00bb\u2018-\u201f]")

# Any of the characters that are typed for an apostrophe within a word, such as in "Won't Have".
_APOSTROPHE = re.compile(r"(?<=\w)[\u2018\u2019\u02bc`\u00b4](?=\w)")
_NOT_A_WORD = re.compile(r"[^\w']+|_+")


@lru_cache(maxsize=4096)
def normalize_heading(text: str) -> str:
    """Normalize a heading or a label to the spelling of the word tables: lower case, single spaces, no punctuation.

    Most headings occur in each spec of a project.
    """
    plain = _APOSTROPHE.sub("'", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_NOT_A_WORD.sub(" ", plain).split())


def to_quotable(text: str) -> str:
    """Turn a text into one line that can be put between double quotes."""
    return to_single_line(text).replace('"', "'")


def digest_text(text: str, *, length: int = 6) -> str:
    """Compute the first hexadecimal digits of the SHA-256 of a text."""
    # A lone surrogate cannot be encoded otherwise, and has to give a digest too.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def to_comparison_key(text: str) -> str:
    """Compute a key that is the same for wordings that differ only in case, white space, quotes, dashes and final dots.

    A dash before the first word does not count either.

    A text of nothing but such characters is its own key.
    """
    line = to_single_line(text)
    if line.isascii():
        # The usual case, without a pattern: of the characters below, only three quotes are ASCII.
        folded = line.lower()
        plain = " ".join(folded.replace('"', "").replace("'", "").replace("`", "").split())
        return plain.removeprefix("- ").rstrip(".,;:!? ") or folded
    folded = unicodedata.normalize("NFKC", line).casefold()
    plain = _INVISIBLE.sub("", _QUOTES.sub("", _DASHES.sub("-", folded)))
    return _BETWEEN_WORDS.sub(" ", plain).strip().removeprefix("- ").rstrip(".,;:!? ") or folded


def drop_dangling(text: str) -> str:
    """Drop the punctuation at the end of a name that announces what is no part of it."""
    # The pattern would look for a match from each character on.
    return _DANGLING.sub("", text) if text and not text[-1].isalnum() else text


def to_single_line(text: str) -> str:
    """Turn a text into one line: every run of white space and control characters becomes a single space.

    Letters are composed (NFC), so that a step does not get a second definition that looks the same. Behave ends a line
    at characters such as NEL and U+2028, which other tools take for ordinary ones.
    """
    # Nearly every text is a line already; of all white space, only the plain space is printable.
    line = text.strip() if text.isprintable() and "  " not in text else _BETWEEN_WORDS.sub(" ", text).strip()
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def fold_accents(text: str) -> str:
    """Turn a text into lower case without accents and other combining marks."""
    # NFKD takes letters and marks apart, so that the marks can be dropped; it knows no other spelling of `ß`.
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("&", " and "))
    if folded.isascii():
        return folded.lower()
    return "".join(char for char in folded if not unicodedata.combining(char)).lower()
