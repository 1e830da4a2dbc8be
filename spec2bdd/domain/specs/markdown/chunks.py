"""Split a Markdown body into chunks that can be parsed independently of each other.

A chunk begins at a heading such as `## Must Have` with no indentation and a blank line before it. Lists, quotes, tables
and paragraphs all end at such a line, so only three things can reach over it: a fence, an HTML block that does not end
at a blank line, and a link definition, which applies to the whole file. Where one of them leaves any doubt, the body is
not split at all.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Chunk(NamedTuple):
    """A part of a text; `prose` are the spans of it that lie outside of fences and comments."""

    start: int
    end: int
    prose: tuple[tuple[int, int], ...]


# A link definition, possibly after markers of quotes and lists; its label may continue over several lines.
_LINK = re.compile(
    r"^(?:[^\S\n]|>|(?:[-+*]|\d{1,9}[.)])[ \t])*"  # blanks and markers
    r"\[(?:[^\[\]\\]|\\[\s\S]){1,1000}\]:",  # the label, whose length CommonMark limits
    re.MULTILINE,
)

# What begins or hides a chunk. The LF at the start lets the search jump from line to line. A line that is indented by
# four or more opens nothing outside of a list, and whatever it opens inside of one ends with the list.
_EVENT = re.compile(
    r"""
    \n(?:
        [ \t]*\n(?=\#{1,6}[ ])                                 # a blank line before a heading
      | (?P<indent>[ ]{0,3})(?:
            (?P<fence>`{3,}(?![^\n]*`)|~{3,})
          | (?P<comment><!--)
          | (?P<other><(?:[!?]|(?i:script|pre|style|textarea)\b))    # HTML that goes on over blank lines
        )
    )
    """,
    re.VERBOSE,
)
_HTML = re.compile(r"\n {0,3}<")
_COMMENT_END = re.compile(r"-->[^\n]*(?=\n|\Z)")


def find_chunks(text: str) -> tuple[Chunk, ...] | None:
    """Find the chunks of a text; `None` if it is not certain where to split.

    The lines of the text must end in LF alone, and the first two must be blank.
    """
    if "]:" in text and _LINK.search(text):
        return None
    chunks: list[Chunk] = []
    # Where the chunk begins that is being read, and its prose that is.
    chunk_start = prose_start = position = 0
    prose: list[tuple[int, int]] = []
    while event := _EVENT.search(text, position):
        # The next event may begin at the LF that this one ends with.
        start, position = position, event.end() - 1
        if event["indent"] is None:
            end = event.end()
            chunks.append(Chunk(chunk_start, end, (*prose, (prose_start, end))))
            chunk_start, prose_start, prose = end, end, []
            continue
        # HTML that ends at a blank line takes a fence or a comment in it for its own text.
        blank_line = text.rfind("\n\n", start, event.start() + 1)
        is_in_html = _HTML.search(text, max(blank_line, start), event.start()) is not None
        block_end = _find_end(text, event)
        if block_end is None or is_in_html:
            return None
        prose.append((prose_start, event.start()))
        prose_start = position = block_end
    chunks.append(Chunk(chunk_start, len(text), (*prose, (prose_start, len(text)))))
    return tuple(chunks)


def _find_end(text: str, event: re.Match[str]) -> int | None:
    """Find the end of the last line of a fence or a comment; `None` if that depends on a list around it.

    With indentation, a fence must close with the same and have no line further to the left in between, and a comment
    must close on its own line: then it ends there whether or not it is in a list. Without, it may be left open.
    """
    indent, fence = event["indent"], event["fence"]
    if event["other"]:
        return None
    if fence:
        # Where the fence may be in a list, what closes it may have any indentation.
        indents = "[ \t]*" if indent else " {0,3}"
        # `re` caches the few patterns that this makes.
        closing = re.compile(rf"\n(?P<indent>{indents}){fence[0]}{{{len(fence)},}}[^\n\S]*(?=\n|\Z)").search(
            text, event.end()
        )
        rows = text[event.end() : closing.start()].split("\n")[1:] if closing and indent else []
        is_certain = closing is not None and closing["indent"] == indent
        is_certain = is_certain and all(row.startswith(indent) or not row.strip() for row in rows)
    else:
        closing = _COMMENT_END.search(text, event.start("comment"))
        is_certain = closing is not None and "\n" not in text[event.end() : closing.start()]
    if indent and not is_certain:
        return None
    return closing.end() if closing else len(text)
