"""Clean the text of an issue, which anybody can have written, and split it into lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading
from spec2bdd.domain.specs.markdown.fences import find_fenced_blocks
from spec2bdd.text.markdown_lines import LineKind, MarkdownLine, split_markdown_lines

# Control characters, and those that change the direction of text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What looks like a comment in code is none; one that is never closed hides all that follows it, as on GitHub.
_COMMENT = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)[^`]*(?P=ticks)(?!`))|(?<![ \t])[ \t]*<!--.*?(?:-->|\Z)", re.DOTALL
)
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?P<text>[ \t].*)?")
_BOLD = re.compile(r"[ \t]*\*\*(?P<text>[^*]+?):?\*\*:?[ \t]*")
# A line of a few words that a colon closes.
_PLAIN = re.compile(r"(?P<text>[^\W\d_][\w' -]{1,40}):[ \t]*")
# At the beginning, these would look like front matter.
_RULES = re.compile(r"(?:\s*^(?:[-*_][ \t]*){3,}$)+\s*|\n+", re.MULTILINE)
# A line that is bold as a whole counts as a heading under all others.
BOLD_LEVEL = 7


def split_issue_lines(text: str) -> tuple[MarkdownLine, ...]:
    """Split the text of an issue into lines, without comments and control characters.

    Comments are instructions of a form for issues, and could waive a criterion. A heading that is underlined becomes
    one with `#` marks. GitHub breaks each line of an issue, so a label right under an item is one as well.
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts: list[str] = []
    reached = 0
    for block in find_fenced_blocks(text):
        # A fence in a comment is none.
        if block.start >= reached and text.count("<!--", reached, block.start) <= text.count(
            "-->", reached, block.start
        ):
            prose = _COMMENT.sub(lambda match: match["code"] or "", text[reached : block.start])
            parts += [prose, text[block.start : block.end]]
            reached = block.end
    text = "".join([*parts, _COMMENT.sub(lambda match: match["code"] or "", text[reached:])])
    text = text[rules.end() if (rules := _RULES.match(text)) else 0 :]
    lines = split_markdown_lines("", text).lines
    rows = [line.text for line in lines]
    for above, line in pairwise(lines):
        if line.kind is LineKind.HEADING and not _HEADING.fullmatch(line.text):
            rows[above.number - 1 : line.number] = [f"{'#' if '=' in line.text else '##'} {above.text.strip()}", ""]
        elif line.indent == 0 and (label := _find_label(line, above)):
            rows[line.number - 1] = f"\n{label}\n"
    return renumber_lines("\n".join(rows).split("\n"))


def _find_label(line: MarkdownLine, above: MarkdownLine) -> str:
    """Find a label, as a bold line, that Markdown would take for a part of the item above it, or for a text."""
    is_bold = line.kind is LineKind.APART and above.kind in (LineKind.ITEM, LineKind.WORDS)
    match = (_BOLD if is_bold else _PLAIN).fullmatch(line.text) if is_bold or line.kind is LineKind.WORDS else None
    kind = classify_heading(match["text"]) if match else None
    is_label = kind is not None and (is_bold or kind in (HeadingKind.OTHER, HeadingKind.DONE))
    return f"**{match['text'].strip()}**" if match and is_label else ""


def renumber_lines(rows: Sequence[str]) -> tuple[MarkdownLine, ...]:
    """Classify lines again, with numbers from 1 on."""
    return split_markdown_lines("", "\n".join(rows)).lines


def parse_issue_heading(line: MarkdownLine) -> tuple[int, str]:
    """Parse the level and the text of a heading, or of a bold line, which is on level 7; 0 for all other lines."""
    if line.kind is LineKind.HEADING and (match := _HEADING.fullmatch(line.text)):
        text = (match["text"] or "").rstrip(" \t")
        # Marks at the end are no text if there is a blank in front of them.
        words = text.rstrip("#")
        return len(match["marks"]), (words if words != words.rstrip(" \t") else text).strip()
    if line.kind is LineKind.APART and (match := _BOLD.fullmatch(line.text)):
        return BOLD_LEVEL, match["text"].strip()
    return 0, ""
