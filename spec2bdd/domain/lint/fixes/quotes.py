"""A line of front matter that YAML refuses or cuts in, the edits that put its value in quotes out."""

from __future__ import annotations

import re

from spec2bdd.text.edits import Edit
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines

# A value that is nothing but plain text to everybody except YAML.
_PAIR = re.compile(r"(?P<key>[A-Za-z_][\w-]*):[ \t]+(?P<value>[^\s'\"\[\]{}|>#&!][^\r\n]*?)[ \t]*")
_BREAKING = re.compile(r"[@`%*]|-[ \t]|.*:(?:[ \t]|$)")
_REMARK = re.compile(r"[ \t]#")
_NUMBER = re.compile(r".*[^\s#][ \t]+#\d+")


def find_breaking_value(sheet: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Return the key and the value of a line that YAML refuses for a character that is surely part of the value."""
    pair = _find_pair(sheet, number)
    return pair if pair and _BREAKING.match(pair[1]) and not _REMARK.search(pair[1]) else None


def find_cut_value(sheet: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Return the key and the whole value of a line that ends in a number such as `#12`, which YAML cuts off."""
    pair = _find_pair(sheet, number)
    return pair if pair and _NUMBER.fullmatch(pair[1]) else None


def plan_quotes(sheet: MarkdownLines, number: int) -> tuple[Edit, ...]:
    """Return the edit that puts the value of a line in the quotes that need the fewest changes to it."""
    line = sheet.lines[number - 1]
    pair = _PAIR.fullmatch(line.text)
    if pair is None:
        return ()
    value = pair["value"]
    quoted = "'" + value.replace("'", "''") + "'" if '"' in value or "\\" in value else f'"{value}"'
    return (Edit(line.start + pair.start("value"), line.start + pair.end("value"), quoted),)


def _find_pair(sheet: MarkdownLines, number: int) -> tuple[str, str] | None:
    """Return the key and the value of a line of front matter that no other line goes on with."""
    line, below = sheet.lines[number - 1], sheet.lines[number : number + 1]
    pair = _PAIR.fullmatch(line.text)
    if line.kind is not LineKind.FRONT or pair is None or any(after.text[:1] in (" ", "\t") for after in below):
        return None
    return pair["key"], pair["value"]
