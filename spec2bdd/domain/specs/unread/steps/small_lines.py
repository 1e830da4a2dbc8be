"""Find steps in small letters that are plain lines.

A line of a text may begin with any of these words. Such lines are steps only where they follow each other: from the
first line of a paragraph on, or with all three kinds of steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.specs.unread.steps.step_lines import is_title, load_small_words, load_words
from spec2bdd.domain.specs.vocabulary import render_choice

# What is above the first line of a paragraph: nothing, a heading, a label, a fence, a tag.
_STARTS_PARAGRAPH = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|[*_`]{2,}|~~~|<|.*[:\uff1a][ \t*_]*\Z)")
_BLANK = re.compile(r"[ \t>\r]*")
# In lines. More of them are no scenario.
_LONGEST_SCENARIO = 20


class _Line(NamedTuple):
    """A line that begins with a keyword: the offset of the line end before it, the word, and what it may be."""

    offset: int
    word: str
    kinds: frozenset[tuple[str, str]]


def find_small_steps(rows: str, outcomes: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Find the offsets of plain lines that are steps in small letters, in a text with a line end before each line.

    `outcomes` are the lines with a word that begins an outcome, each by the offsets of the line ends around it.
    """
    pattern = _compile_outcome()
    found: set[int] = set()
    for begin, _ in outcomes:
        if begin not in found and pattern.match(rows, begin):
            found.update(_find_scenario(rows, begin))
    return frozenset(found)


def _find_scenario(rows: str, begin: int) -> tuple[int, ...]:
    """Find the lines of steps that end with the outcome in a line; none if these are rather sentences."""
    lines: list[_Line] = []
    end = rows.find("\n", begin + 1)
    place, end, is_apart, is_first, has_gap = begin, end if end >= 0 else len(rows), False, True, False
    while place >= 0 and len(lines) < _LONGEST_SCENARIO:
        row = rows[place + 1 : end]
        step = _compile_line().match(row)
        if step:
            has_gap |= is_apart
            lines.append(_Line(place, step["word"], load_words().get(step["word"]) or _load_kinds(step["word"])))
        elif not _BLANK.fullmatch(row):
            is_first = is_apart or _STARTS_PARAGRAPH.match(row) is not None or is_title(row)
            break
        is_apart = step is None
        place, end = rows.rfind("\n", 0, place), place
    kinds = {pair for line in lines for pair in line.kinds}
    languages = {language for language, kind in lines[0].kinds if kind == "then"}
    is_whole = any({(language, "given"), (language, "when")} <= kinds for language in languages)
    is_part = any((language, "when") in kinds or (language, "given") in kinds for language in languages)
    # A sentence seldom begins with a small letter.
    is_small = lines[-1].word not in load_words()
    is_meant = (is_whole and (is_small or not has_gap)) or (is_part and is_first and is_small and not has_gap)
    return tuple(line.offset for line in lines) if is_meant else ()


def _load_kinds(word: str) -> frozenset[tuple[str, str]]:
    """Load what a word in small letters may be; nothing if it only goes on with the step before it."""
    return load_small_words().get(word, frozenset())


@cache
def _compile_outcome() -> re.Pattern[str]:
    """Compile the pattern of a plain line that begins with an outcome in small letters."""
    outcomes = [word for word, kinds in load_small_words().items() if any("then" in pair for pair in kinds)]
    return re.compile(rf"\n[ \t>]*{render_choice(outcomes)}[\s,:]")


@cache
def _compile_line() -> re.Pattern[str]:
    """Compile the pattern of a plain line that begins with a keyword."""
    others = {word for language in LANGUAGES.values() for kind in ("and", "but") for word in language.steps[kind]}
    words = {*load_words(), *load_small_words(), *others, *map(str.lower, others)} - {"*"}
    # Other writing has no small letters.
    spaced = render_choice(word for word in words if word[0] < "\u2e80")
    return re.compile(rf"[ \t>]*(?P<word>{spaced})(?=[\s,:]|\Z)")
