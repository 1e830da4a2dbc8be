"""Find headings that Markdown does not see, and headings whose text is nearly one that announces criteria."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from spec2bdd.domain.specs.headings.classifier import (
    HeadingKind,
    classify_heading,
    is_known_name,
    is_task_heading,
    split_heading,
)
from spec2bdd.domain.specs.headings.unseen import UnseenHeading
from spec2bdd.domain.specs.markdown.blocks import Heading
from spec2bdd.domain.specs.unread.places import LinePlace, place_lines
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary, find_words, load_heading_names, render_choice
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.normalize import normalize_heading
from spec2bdd.text.suggest import count_edits


class Likeness(NamedTuple):
    """What a heading looks like: the key of the configuration, and the name that it misspells, if it does.

    `among` is set if the heading names it among other words; then there may be tasks below as well.
    """

    key: str
    name: str = ""
    among: bool = False

    @property
    def is_misspelt(self) -> bool:
        """Whether the heading is nearly that name, and nothing else."""
        return bool(self.name) and not self.among


# Marks of a heading that no blank follows, or too many of them.
_UNSEEN = re.compile(r"\n( {0,3})((?:#{1,6}(?![#\s])|#{7,}(?=[ \t])|\uff03+)[ \t]*)([^\r\n]*)")
# A heading that is indented like code, or written in HTML.
_HIDDEN = compile_lazily(
    r"""
    \n([ ]{4,}|[ ]{0,3}\t[ \t]*|[ ]{0,3})                 # the indentation
    (
        (?:(?<=[ ]{4})|(?<=\t))\#{1,6}(?=[ \t])          # marks that are indented like code
      | <h[1-6](?=[ >])[^<>\r\n]{0,80}>
    )
    [ \t]*([^<\r\n]{1,80})                              # the words
    """,
    re.VERBOSE,
)
_HEADING_LINE = re.compile(r"\n {0,3}(#{1,6})[ \t]")
# With one mark, `#word` is more often a tag or a number.
_LEAST_MARKS = 2

_LETTERS_ALIKE = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b"
    "\u03bf\u03b1\u03b5\u03b9\u03bd\u03c1\u03c4\u03c5\u03c7\u03ba",
    "abekmhopctyxijshdqoaeivptuxk",
)
# Names that headings are compared with, by the key of the configuration.
_NAMES = {
    "must": ("must have", "must haves", "must"),
    "should": ("should have", "should haves", "should"),
    "could": ("could have", "could haves", "nice to have", "could"),
    "wont": ("won't have", "wont have"),
    "criteria": ("acceptance criteria", "success criteria", "acceptance criterion"),
    "done": ("definition of done",),
}
# Two words that name a tier wherever they are in a heading, and several levels of priority at once.
_TIER_PHRASES = {
    "must have": "must", "must haves": "must", "should have": "should", "should haves": "should", "could have": "could",
    "could haves": "could", "nice to have": "could", "nice to haves": "could", "won't have": "wont",
    "wont have": "wont",
}  # fmt: skip
_LEVELS = re.compile(r"p([0-4])s?(?: (?:and |or )?p[0-4])*")
# Words that are as near to a tier as a misspelling, and mean something else.
_OTHER_WORDS = frozenset(
    {"most", "just", "would", "cloud", "mist", "mast", "dust", "rust", "bust", "gust", "lust", "mush"}
)
_CRITERIA_WORDS = frozenset(
    {
        "criteria", "criterion", "criterions", "acceptance", "kriterien", "criterios", "criterio", "criteri",
        "crit\u00e8res", "crit\u00e9rios", "kryteria", "\u043a\u0440\u0438\u0442\u0435\u0440\u0438\u0438",
    }
)  # fmt: skip
_LONGEST_NAME = 40
_SUCCESS = compile_lazily(render_choice(find_words("stories", "success")), re.IGNORECASE)


def names_success(heading: str) -> bool:
    """Whether a heading says when a project succeeds, which is a criterion of a feature only in the template."""
    return _SUCCESS.search(heading) is not None


def find_unseen_headings(
    text: str, start: int, headings: Sequence[Heading], vocabulary: HeadingVocabulary
) -> tuple[UnseenHeading, ...]:
    """Find the lines from `start` on that look like headings and are none in Markdown, outside of code."""
    matches = list(_UNSEEN.finditer(text, max(start - 1, 0)))
    # What is indented, or in HTML, counts only if it is the name of a tier or of criteria.
    if " #" in text or "\t#" in text or "<h" in text:
        matches += [
            match
            for match in _HIDDEN.finditer(text, max(start - 1, 0))
            if is_known_name(match[3], vocabulary) or classify_heading(match[3], vocabulary) in _KEYS
        ]
    if not matches:
        return ()
    matches.sort(key=lambda match: match.start())
    known = {heading.offset for heading in headings}
    places = {line.offset: line.place for line in place_lines(text, start)}
    levels = [(match.start() + 1, len(match[1])) for match in _HEADING_LINE.finditer(text, start)]
    unseen: list[UnseenHeading] = []
    for match in matches:
        marks, words = match[2].strip(), match[3].strip(" \t#")
        level = min(len(marks), 6) if marks[0] != "<" else int(marks[2])
        is_text = places.get(match.start() + 1) in (LinePlace.TEXT, LinePlace.HTML)
        is_heading = words[:1].isalpha() and (
            level >= _LEAST_MARKS or classify_heading(words, vocabulary) or find_likeness(words, vocabulary)
        )
        offset = match.start(2)
        if not is_text or not is_heading or offset in known:
            continue
        end = next((place for place, other in levels[bisect_right(levels, (offset, 0)) :] if other <= level), len(text))
        unseen.append(UnseenHeading(offset, level, marks, words, end))
    return tuple(unseen)


@lru_cache(maxsize=1024)
def find_likeness(heading: str, vocabulary: HeadingVocabulary) -> Likeness | None:
    """Find what a heading that announces nothing looks like; `None` if it looks like nothing of criteria."""
    if len(heading) > 4 * _LONGEST_NAME:
        return None
    folded = heading.casefold().translate(_LETTERS_ALIKE)
    kind = classify_heading(folded, vocabulary) if folded != heading.casefold() else None
    if kind in _KEYS:
        return Likeness(_KEYS[kind], _NAMES[_KEYS[kind]][0])
    parts = split_heading(heading)
    levels = [level for part in parts if (level := _LEVELS.fullmatch(part))]
    if levels and len(levels) == len(parts):
        return Likeness("must" if levels[0][1] == "0" else "should", f"p{levels[0][1]}", among=True)
    if named := next(filter(None, map(_find_named, parts)), None):
        return named
    for part in parts:
        words = part.split()
        for size in range(min(len(words), 3), 0, -1):
            name = " ".join(words[:size])
            # A single word is misspelt only if there is nothing else.
            if (size > 1 or len(words) == 1) and (likeness := _find_nearly(name)):
                return likeness
    normalized = normalize_heading(heading)
    is_criteria = not _CRITERIA_WORDS.isdisjoint(normalized.split())
    if not normalized.isascii():
        # Some languages put no blanks between words.
        names = load_heading_names("headings", "criteria")
        unspaced = (name for name in names if len(name) > 3 and min(name) > "\u2e80")
        is_criteria = is_criteria or any(name in normalized for name in unspaced)
    return Likeness("criteria") if is_criteria and not is_task_heading(heading) else None


_KEYS = {
    HeadingKind.MUST: "must",
    HeadingKind.SHOULD: "should",
    HeadingKind.COULD: "could",
    HeadingKind.WONT: "wont",
    HeadingKind.CRITERIA: "criteria",
    HeadingKind.DONE: "done",
}


def _find_named(part: str) -> Likeness | None:
    """Find the tier that a part of a heading names by itself, or by the two words of a tier among others."""
    for key in ("must", "should", "could", "wont"):
        if part in load_heading_names("headings", key):
            return Likeness(key, _NAMES[key][0], among=True)
    padded = f" {part} "
    return next((Likeness(key, name, among=True) for name, key in _TIER_PHRASES.items() if f" {name} " in padded), None)


def _find_nearly(name: str) -> Likeness | None:
    """Find the name that some words are a misspelling of: one letter wrong, or two in a long name."""
    if len(name) > _LONGEST_NAME or name in _OTHER_WORDS or name in load_heading_names("headings", *_KEYS.values()):
        return None
    for key, names in _NAMES.items():
        for known in names:
            limit = 1 if len(known) < 9 else 2
            if name[0] == known[0] and abs(len(name) - len(known)) <= limit and count_edits(name, known) <= limit:
                return Likeness(key, known)
    return None
