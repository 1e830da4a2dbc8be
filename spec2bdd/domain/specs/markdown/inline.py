"""The inline Markdown of one paragraph in, its clean text and its comments out; marko reads what is not plain."""

from __future__ import annotations

import re
from collections.abc import Mapping

from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.text.normalize import to_single_line

# What can mean anything but itself, and the little of it that is plain all the same: an underscore inside of a word, a
# comparison, an ampersand, and brackets that are no link. Addresses are marko's, whose end needs more than a look.
_SIGN = re.compile(r"[\\`*_<&~@]")
_PAIRS = ("](", "://", "www.")
_LETTER = r"[^\W_]"
_WORDS = (
    r"(?:(?!\]\(|://|www\.)[^\\`*_<&~@]"
    rf"|(?<={_LETTER})_+(?={_LETTER})|<(?=[\s=\d])|&(?!\#|[A-Za-z][A-Za-z0-9]*;))"
)
# Bold that begins and ends beside a blank, and code in single backticks.
_BOLD = rf"(?<![^\s(])\*\*(?P<bold>{_LETTER}(?:[^\\`*_<&~@\[\]\n]*[^\\`*_<&~@\[\]\s(])?)\*\*(?=[\s:]|\Z)"
_PART = re.compile(rf"(?P<words>{_WORDS}+)|{_BOLD}|`(?P<code>[^`\n]+)`(?!`)")


def parse_inline(source: str, links: Mapping[str, tuple[str, str]]) -> InlineText:
    """Read the inline Markdown of one paragraph or heading; `links` are the definitions that it may refer to.

    Raises:
        RecursionError: emphasis or links are nested too deeply for marko.
    """
    if not links and (found := _parse_plain(source)):
        return found
    # Marko costs start-up time, and many a spec can be read without it.
    from spec2bdd.domain.specs.markdown.marko_inline import parse_markup

    return parse_markup(source, links)


def _parse_plain(source: str) -> InlineText | None:
    """Read words, bold words and code, or return nothing if there is more to it."""
    if not _SIGN.search(source) and not any(pair in source for pair in _PAIRS):
        return InlineText(to_single_line(source))
    parts = _find_parts(source)
    if parts is None:
        return None
    kinds = [kind for kind, words in parts if words.strip()]
    return InlineText(
        to_single_line("".join(words for _, words in parts)),
        lead=to_single_line(parts[0][1]) if parts[0][0] == "bold" else "",
        ends_in_code=kinds[-1:] == ["code"],
    )


def _find_parts(source: str) -> list[tuple[str, str]] | None:
    """Return the kind and the words of each part of a text, or nothing if some of it is not plain."""
    parts: list[tuple[str, str]] = []
    position = 0
    while position < len(source):
        match = _PART.match(source, position)
        if match is None:
            return None
        kind, position = match.lastgroup or "", match.end()
        parts.append((kind, _strip_code(match[kind]) if kind == "code" else match[kind]))
    return parts


def _strip_code(code: str) -> str:
    """Return code without the one space that may stand at either end of it to keep backticks apart."""
    return code[1:-1] if code[0] == code[-1] == " " and code.strip() else code
