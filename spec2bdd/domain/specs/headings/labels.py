"""Find the lines of text that act as headings: bold labels, names of tiers, and summaries of folded parts."""

from __future__ import annotations

import re

from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading, is_known_name
from spec2bdd.domain.specs.headings.heading_path import LABEL_LEVEL, SectionHeading, parse_section_heading
from spec2bdd.domain.specs.markdown.blocks import Block, Comment, Heading, Links, Paragraph
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.text.lazy_patterns import compile_lazily

# A whole line that is a bold label.
_LABEL = compile_lazily(
    r"""
    (?:[^\w\s*_\[\]<>`|\\]{1,4}\s*)?                             # an emoji or another sign
    (?P<bold>\*\*|__)(?=\S)(?:(?!(?P=bold)).)+(?P=bold)          # the bold words
    (?:
        \s*[:\uff1a]                                             # a colon
      | \s*\([^()]*\) | \s*\uff08[^\uff09]*\uff09                # a remark in brackets
      | \s[-\u2013\u2014]\s[A-Z ]+                               # a note after a dash, as in "- DONE"
      | \s*[^\w\s*_`()\[\]:\uff1a\uff08-]                        # a sign
    )*
    \s*
    """,
    re.VERBOSE,
)
# With other words after the bold ones, a line is a label only if a colon at its end introduces a list.
_INTRODUCTION = re.compile(r"(?P<bold>\*\*|__)(?=\S)(?:(?!(?P=bold)).)+(?P=bold).*[:\uff1a]\s*")
# A longer bold line is a sentence and no label. The limit also keeps the patterns above from backtracking far.
_MAX_LABEL = 200

_MAX_PLAIN_LABEL = 60

# Marks of HTML around a label.
_LABEL_MARKUP = re.compile(r"</?(?:b|strong|u|i|em|mark)>", re.IGNORECASE)
# A bold name that a colon or a dash sets off from words about it: "**Could Have** - later".
_TITLED = compile_lazily(
    r"""
    (?P<bold>\*\*|__)(?P<name>(?=\S)[^*_\n]{1,60}?)
    (?:\s*[:\uff1a]\s*(?P=bold) | (?P=bold)\s*(?:[:\uff1a]|\s[-\u2013\u2014]))
    \s.{1,100}
    """,
    re.VERBOSE,
)
# The summary of a part of the page that can be folded.
_SUMMARY = compile_lazily(r"<summary\b[^<>]*>(?:\s*<[a-z][^<>]*>)*([^<>\n]{1,80})<", re.IGNORECASE)


def find_label(block: Block, *, links: Links, vocabulary: HeadingVocabulary) -> SectionHeading | None:
    """Find the label in a block that acts as a heading for what follows.

    It is the last bold line of a paragraph, the name of a tier or of criteria alone in a line, or such a name as the
    summary of a `<details>`.
    """
    if isinstance(block, Comment):
        match = _SUMMARY.search(block.source)
        if match is None or not is_known_name(match[1], vocabulary):
            return None
        return parse_section_heading(Heading(LABEL_LEVEL, match[1].strip(), block.offset), links, vocabulary)
    return _find_bold_label(block, links=links, vocabulary=vocabulary) if isinstance(block, Paragraph) else None


def _find_bold_label(paragraph: Paragraph, *, links: Links, vocabulary: HeadingVocabulary) -> SectionHeading | None:
    """Find the last bold line of a paragraph, or the plain name of a tier or of criteria."""
    if "**" not in paragraph.source and "__" not in paragraph.source:
        return _find_plain_label(paragraph, links=links, vocabulary=vocabulary)
    rows = [row if len(row) <= _MAX_LABEL else "" for row in paragraph.source.split("\n")]
    introduction = rows[-1] if _INTRODUCTION.fullmatch(rows[-1]) else ""
    label = introduction or next((row for row in reversed(rows) if _LABEL.fullmatch(row)), "")
    titled = None if label else _TITLED.fullmatch(rows[-1])
    if titled and (kind := classify_heading(titled["name"], vocabulary)) and kind.tier:
        label = titled["name"]
    if not label:
        # Bold and emphasized at once: "***Must Have***".
        is_both = rows[-1].startswith(("***", "___"))
        return _find_plain_label(paragraph, links=links, vocabulary=vocabulary) if is_both else None
    return parse_section_heading(Heading(LABEL_LEVEL, label, paragraph.offset), links, vocabulary)


def _find_plain_label(paragraph: Paragraph, *, links: Links, vocabulary: HeadingVocabulary) -> SectionHeading | None:
    """Find a label without bold words: a last line that is the name of a tier or of criteria, as in "Must Have:".

    Alone and with a colon, it may also be one of what is no criterion, as in "Tasks:".
    """
    row = paragraph.source.rpartition("\n")[2]
    if len(row) > _MAX_PLAIN_LABEL:
        return None
    plain = _LABEL_MARKUP.sub("", row)
    name = plain.strip(" *_:\uff1a")
    # One word alone, without a colon, is more likely a word of a text.
    has_colon = row.rstrip(" *_").endswith((":", "\uff1a"))
    is_set_off = " " in name or plain != row or row.startswith("**") or has_colon
    is_label = is_set_off and is_known_name(name, vocabulary)
    if has_colon and row == paragraph.source:
        is_label = is_label or classify_heading(name, vocabulary) is HeadingKind.OTHER
    if not is_label:
        return None
    return parse_section_heading(Heading(LABEL_LEVEL, row, paragraph.offset), links, vocabulary)
