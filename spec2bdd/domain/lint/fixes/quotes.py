"""Plan the edits that quote a front-matter value which YAML refuses or cuts."""

from __future__ import annotations

import re

from spec2bdd.text.edits import Edit
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines
from spec2bdd.text.scalars import quote_scalar

# A value that is plain text to everything except YAML.
_PAIR = re.compile(
    r"""
    (?P<key>[A-Za-z_][\w-]*):[ \t]+
    (?P<value>[^\s'"\[\]{}|>\#&!][^\r\n]*?)[ \t]*
    """,
    re.VERBOSE,
)
# What YAML refuses in a plain value: an indicator at its beginning, or what looks like a list or another key.
_BREAKING = re.compile(r"[@`%*]|-[ \t]|.*:(?:[ \t]|$)")
_REMARK = re.compile(r"[ \t]#")
# A number such as `#12` at the end belongs to the value; other words after a `#` may be a remark.
_CUT_NUMBER = re.compile(r".*[^\s#][ \t]+#\d+")


def find_breaking_value(document: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Find the key and the value of a line that YAML refuses for a character that is surely part of the value."""
    pair = _find_pair(document, number)
    return pair if pair and _BREAKING.match(pair[1]) and not _REMARK.search(pair[1]) else None


def find_truncated_value(document: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Find the key and the whole value of a line that ends in a number such as `#12`, which YAML cuts off."""
    pair = _find_pair(document, number)
    return pair if pair and _CUT_NUMBER.fullmatch(pair[1]) else None


def plan_quotes(document: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Plan the edit that quotes the value of a line."""
    line = document.lines[number - 1]
    pair = _PAIR.fullmatch(line.text)
    if pair is None:
        return ()
    start, end = pair.span("value")
    return (Edit(line.start + start, line.start + end, quote_scalar(pair["value"])),)


def _find_pair(document: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Find the key and the value of a line of front matter, unless the line below continues the value."""
    line, below = document.lines[number - 1], document.lines[number : number + 1]
    pair = _PAIR.fullmatch(line.text)
    if line.kind is not LineKind.FRONT or pair is None or any(after.text[:1] in (" ", "\t") for after in below):
        return None
    return pair["key"], pair["value"]
