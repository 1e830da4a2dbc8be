"""The Markdown of a body in, the slices that mean the same when each is read by itself out, or nothing in any doubt.

A slice begins at a heading such as `## Must Have` that has nothing in front of its `#` and a blank line above it. No
list, quote, table or paragraph reaches over such a line, so all that has to be watched is what can swallow it: a fence,
an HTML block that does not end at a blank line, and a link definition, which counts for the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple


class Chunk(NamedTuple):
    """A part of a text; `prose` are the stretches of it that stand outside of fences and comments."""

    start: int
    end: int
    prose: tuple[tuple[int, int], ...]


# Markers of quotes and lists may stand in front of a link definition; its label may go on for lines.
_LINK = re.compile(r"^(?:[^\S\n]|>|(?:[-+*]|\d{1,9}[.)])[ \t])*\[(?:[^\[\]\\]|\\[\s\S]){1,1000}\]:", re.MULTILINE)

# The LF in front lets the search jump from line to line. What is indented by four or more never opens anything outside
# of a list, and in a list nothing outlasts the list.
_EVENT = re.compile(
    r"\n(?:[ \t]*\n(?=\#{1,6}[ ])"
    r"|(?P<indent>[ ]{0,3})(?:(?P<fence>`{3,}(?![^\n]*`)|~{3,})|(?P<comment><!--)"
    r"|(?P<other><(?:[!?]|(?i:script|pre|style|textarea)\b))))",
    re.VERBOSE,
)
_HTML = re.compile(r"\n {0,3}<")
_COMMENT_END = re.compile(r"-->[^\n]*(?=\n|\Z)")


def find_chunks(text: str) -> tuple[Chunk, ...] | None:
    """Cut a text into slices, or return nothing if it is not beyond doubt where to cut.

    Its lines end in LF alone, and the first two are blank.
    """
    if "]:" in text and _LINK.search(text):
        return None
    cuts, position = [[0]], 0
    while event := _EVENT.search(text, position):
        start, position = position, event.end() - 1
        if event["indent"] is None:
            cuts[-1].append(event.end())
            cuts.append([event.end()])
        elif (end := _find_end(text, event)) is None or _tell_html_between(text, start, event.start()):
            return None
        else:
            cuts[-1] += [event.start(), position := end]
    cuts[-1].append(len(text))
    return tuple(Chunk(edges[0], edges[-1], _pair_up(edges)) for edges in cuts)


def _pair_up(edges: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the stretches between the edges of a slice; mostly there is one."""
    return ((edges[0], edges[1]),) if len(edges) == 2 else tuple(zip(edges[::2], edges[1::2], strict=True))


def _find_end(text: str, event: re.Match[str]) -> int | None:
    """Return the end of the last line of a fence or an HTML block; nothing if it depends on a list around it."""
    if event["fence"]:
        return _find_fence_end(text, event)
    found = _COMMENT_END.search(text, event.start("comment")) if event["comment"] else None
    if event["other"] or (event["indent"] and (found is None or "\n" in text[event.end() : found.start()])):
        return None
    return found.end() if found else len(text)


def _find_fence_end(text: str, event: re.Match[str]) -> int | None:
    """Return where a fence ends.

    One with an indent must end at the same indent, with nothing further to the left between: then it ends there
    whatever list it stands in, if any.
    """
    indent, fence = event["indent"], event["fence"]
    closing = _derive_closing(fence[0], len(fence), indented=bool(indent)).search(text, event.end())
    if not indent:
        return closing.end() if closing else len(text)
    inside = text[event.end() : closing.start()].split("\n")[1:] if closing else []
    kept = all(row.startswith(indent) or not row.strip() for row in inside)
    return closing.end() if closing and closing["indent"] == indent and kept else None


@cache
def _derive_closing(sign: str, length: int, *, indented: bool) -> re.Pattern[str]:
    """Return the pattern of the line that closes a fence; where the fence may stand in a list, at any indent."""
    indent = "[ \t]*" if indented else " {0,3}"
    return re.compile(rf"\n(?P<indent>{indent}){sign}{{{length},}}[^\n\S]*(?=\n|\Z)")


def _tell_html_between(text: str, start: int, end: int) -> bool:
    """Tell whether there is HTML in the lines above a place and behind a clear one, up to a blank line.

    An HTML block that ends at a blank line takes what looks like a fence or a comment for its own.
    """
    blank = text.rfind("\n\n", start, end + 1)
    return _HTML.search(text, max(blank, start), end) is not None
