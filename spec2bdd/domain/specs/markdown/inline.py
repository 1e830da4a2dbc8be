"""Parse the inline Markdown of a paragraph or heading into clean text; marko reads what the fast path cannot."""

from __future__ import annotations

import re
from functools import lru_cache

from spec2bdd.domain.specs.markdown.blocks import Links
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.text.normalize import to_single_line

# Text without any of these, links and bare addresses is plain and needs no further look, which is the usual case.
_SIGN = re.compile(r"[\\`*_<&~@]")

_CODE = re.compile(r"(`+[^`]*`+)")
_EMBEDDED = re.compile(r"!\[\[[^\[\]\n]{1,200}\]\]")
_WIKI_LINK = re.compile(r"\[\[(?=\S)(?:([^\[\]|\n]{1,200})\|)?([^\[\]|\n]{1,200})(?<=\S)\]\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\](?!:)")

# With marko 2.2.4, the time grows with the square of the signs: this many take a third of a millisecond at worst, and
# 80,000 take more than ten seconds. The longest criterion of a person has some dozens.
MOST_SIGNS = 400

_LETTER = r"[^\W_]"
# What is emphasized: it begins with a letter, does not end with a blank, and has no other Markdown in it.
_EMPHASIZED = rf"{_LETTER}(?:[^\\`*_<&~@\[\]\n]*[^\\`*_<&~@\[\]\s(])?"
# The kinds of text that the fast path reads. Bare addresses are left to marko, because where one ends depends on the
# brackets and punctuation in it.
_PART = re.compile(
    rf"""
    (?P<words>(?:
        [^\\`*_<&~@\[\]:w]++                    # characters that nothing begins with,
        | (?!\]\(|://|www\.|\[[^\[\]\n]*\]\()  # no link and no bare address,
        [^\\`*_<&~@]                            # but plain characters
        | (?<={_LETTER})_+(?={_LETTER})           # an underscore inside of a word
        | <(?=[\s=\d])                            # a comparison, not a tag
        | &(?!\#|[A-Za-z][A-Za-z0-9]*;)           # an ampersand, not an entity
    )+)
    | \*\*(?P<bold>{_EMPHASIZED})\*\*             # bold words that end with a letter or next to a blank
      (?:(?<={_LETTER}\*\*)(?!\*)|(?=[\s:]|\Z))
    | (?<!\S)\*(?P<italic>\(?{_EMPHASIZED})\*     # the same in italics, or in brackets: *(mandatory)*
      (?=[\s:]|\Z)
    | `(?P<code>[^`\n]+)`(?!`)                    # code in single backticks
    | (?<!!)\[(?P<link>{_LETTER}(?:[^\\`*_<&~@\[\]\n:!.]*[^\\`*_<&~@\[\]\s:!.])?)\]   # a link, not an image
      \((?P<target>(?:https?://)?[A-Za-z0-9/.\#][\w/.\#?=%+,-]*)\)
    | <!--[ ](?P<comment>[^-\\`*_<>&~@\[\]\n]+)[ ]-->
    """,
    re.VERBOSE,
)


def parse_inline(source: str, links: Links) -> InlineText:
    """Parse the inline Markdown of one paragraph or heading; `links` are the definitions that it may refer to.

    Raises:
        RecursionError: emphasis or links are nested too deeply for marko, or are too many.
    """
    if "[[" in source or "[^" in source:
        source = _drop_references(source)
    if not links and (inline := _parse_plain(source)):
        return inline
    if has_too_many_signs(source):
        raise RecursionError
    # Marko costs start-up time, and many specs can be read without it.
    from spec2bdd.domain.specs.markdown.marko_inline import parse_markup

    return parse_markup(source, links)


def has_too_many_signs(source: str) -> bool:
    """Whether marko would take too long: each sign may begin or end something, and the time grows with their square."""
    return len(source) > MOST_SIGNS and sum(map(source.count, ("www.", "://", *"\\`*_<&~@![]"))) > MOST_SIGNS


def _drop_references(source: str) -> str:
    """Replace links of a wiki by their words, and drop embedded files and marks of footnotes, except in code."""
    parts = _CODE.split(source)
    # What is between the code comes first, and then every other part.
    parts[::2] = (_FOOTNOTE.sub("", _WIKI_LINK.sub(r"\2", _EMBEDDED.sub("", part))) for part in parts[::2])
    return "".join(parts)


def parse_words(source: str, links: Links) -> str:
    """Parse the words of a paragraph or heading; what is nested too deeply stays as it is written."""
    try:
        return parse_inline(source, links).text
    except RecursionError:
        return to_single_line(source)


def _is_words(source: str) -> bool:
    """Whether a text has no Markdown in it."""
    return not _SIGN.search(source) and "](" not in source and "://" not in source and "www." not in source


def split_plain(source: str) -> list[tuple[str, str, str]] | None:
    """Split a text into words, bold and italic words, links, code and comments; `None` if there is anything else.

    Each part is its kind, its words, without the signs around them, and where it leads, if it is a link.
    """
    if _is_words(source):
        return [("words", source, "")]
    parts: list[tuple[str, str, str]] = []
    position = 0
    while position < len(source):
        match = _PART.match(source, position)
        if match is None:
            return None
        kind, target, position = match.lastgroup or "", match["target"] or "", match.end()
        kind = "link" if target else kind
        words = match[kind]
        # CommonMark removes one space at either end of code, which is there to keep backticks apart.
        if kind == "code" and words[0] == words[-1] == " " and words.strip():
            words = words[1:-1]
        parts.append((kind, words, target))
    return parts


# Many items are the same in each spec of a project, as those of the definition of done.
@lru_cache(maxsize=4096)
def _parse_plain(source: str) -> InlineText | None:
    """Parse words, emphasized words, code and comments; `None` if there is anything else."""
    if _is_words(source):
        return InlineText(to_single_line(source))
    parts = split_plain(source)
    if parts is None:
        return None
    visible = [(kind, words) for kind, words, _ in parts if kind != "comment"]
    visible_kinds = [kind for kind, words in visible if words.strip()]
    return InlineText(
        to_single_line("".join(words for _, words in visible)),
        comments=tuple(to_single_line(words) for kind, words, _ in parts if kind == "comment"),
        lead=to_single_line(parts[0][1]) if parts and parts[0][0] == "bold" else "",
        ends_in_code=visible_kinds[-1:] == ["code"],
    )
