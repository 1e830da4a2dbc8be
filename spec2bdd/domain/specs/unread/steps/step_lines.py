"""Find the lines that begin with a keyword of Gherkin, in any language and in whatever block they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.specs.vocabulary import render_choice

# What may come before the words of a line: the marks of quotes, items, headings, definitions, footnotes and cells, a
# box, tags of HTML, a bullet, an arrow or an emoji, and the marks of bold text or code.
LEAD = (
    r"[ \t]*(?:(?:>|\||:|\\|(?:[-+*]|\#{1,6}|\d{1,9}[.)])(?=[ \t])|\[\^[^\]\s]{1,40}\]:|\[.\](?=[ \t])"
    r"|<[^<>\r\n]{1,80}>|[\u2022-\u2bff\U0001f300-\U0001faff]\ufe0f?(?=[ \t]))[ \t]*)*"
)
_LEAD = re.compile(LEAD + r"[*_`]{0,3}")
# The id of a criterion before its first step, as in `AC-01-1: GIVEN a lamp`.
_ID = r"(?:(?P<id>[A-Z]{1,8}[-_]?\d[\w.-]{0,12})[*_`]{0,3}[ \t]?[:.)|\u2013\u2014-][ \t]*)?[*_`]{0,3}"
_MARKUP = re.compile(r"[*_`|]|<br\s*/?>")
# In characters, up to the outcome in the same line.
_LONGEST_CONDITION = 300
# In letters, for a word that is found within many others.
_SHORT = 3
_KINDS = ("given", "when", "then")
# What follows `When` in the title of a text: `When to use it`, `When is it done?`.
_TITLE = re.compile(r"(?:not )?to\b.*|.*\?", re.IGNORECASE)
# What follows a fence above steps in small letters: its name, or one of the first lines.
_SMALL_CODE = re.compile(
    r"""
      [^\n]{0,6}(?:gherkin|feature|cucumber)\b
    | [^\n]*\n(?:[^\n]*\n){0,2}?[ \t]*(?:given|when|scenario)\b
    """,
    re.VERBOSE,
)
# A line may hold several steps, as a cell of a table and HTML do.
_BREAK = re.compile(r"<br\s*/?>|</?(?:p|div|li|dd|td)\b[^<>]{0,80}>|(?<!\\)\|", re.IGNORECASE)


class StepLine(NamedTuple):
    """A line that begins with a keyword: the kinds of step that it may be, each with the language.

    `rest` is what follows the keyword; `is_bold` is set if the keyword is in bold letters or in capitals, `has_id` if
    an id is before it, `is_heading` if the line is a heading, `is_marked` if it is an item or in a cell or a tag, and
    `is_wrapped` if other lines go on with it.
    """

    kinds: frozenset[tuple[str, str]]
    rest: str
    is_bold: bool
    has_id: bool = False
    is_heading: bool = False
    is_marked: bool = False
    is_wrapped: bool = False


def find_step_lines(line: str, *, is_code: bool = False, is_heading: bool = False) -> tuple[StepLine, ...]:
    """Find the steps that a line of a file holds, or the parts of it between line breaks and cells.

    A keyword in small letters begins one only in code, in bold letters, or after the mark of an item and the like. One
    that is alone begins a step that follows; `is_heading` is set for a heading without marks.
    """
    parts = _BREAK.split(line) if "<" in line or "|" in line else (line,)
    steps: list[StepLine] = []
    for match in filter(None, map(_compile_step().match, parts)):
        word, rest = match["word"], match["rest"] or ""
        kinds = load_words().get(word)
        is_small = kinds is None
        is_step_heading = is_heading or "#" in match["lead"]
        is_marked = len(parts) > 1 or bool(match["lead"].strip(" \t>"))
        may_be_small = is_code or is_marked or match["wrap"]
        is_cell = not rest and len(parts) > 1
        if (is_small and not may_be_small) or is_cell or (is_step_heading and _TITLE.fullmatch(rest.strip())):
            continue
        is_bold = match["bold"] is not None or (len(word) > 1 and word.isupper())
        kinds = kinds or load_small_words()[word]
        steps.append(StepLine(kinds, rest, is_bold, bool(match["id"]), is_step_heading, is_marked))
    return tuple(steps)


def strip_line(line: str) -> str:
    """Return the words of a line, without what comes before them, without markup and without a comma at their end."""
    match = _LEAD.match(line)
    return " ".join(_MARKUP.sub(" ", line[match.end() if match else 0 :]).split()).rstrip(" ,;.")


def is_title(line: str) -> bool:
    """Whether a line is the title of a feature, a scenario or a background, as Gherkin has it."""
    return _compile_title().match(line) is not None


def find_outcomes(kinds: frozenset[tuple[str, str]], sentence: str) -> Iterator[re.Match[str]]:
    """Find the words that begin an outcome in a sentence that begins with a step of these kinds."""
    return _find_words(kinds, sentence, kind="then")


def find_events(kinds: frozenset[tuple[str, str]], sentence: str) -> Iterator[re.Match[str]]:
    """Find the words that begin an event in a sentence that begins with a step of these kinds."""
    return _find_words(kinds, sentence, kind="when")


def _find_words(kinds: frozenset[tuple[str, str]], sentence: str, *, kind: str) -> Iterator[re.Match[str]]:
    """Find the words that begin a step of a kind in a sentence that begins with another one."""
    languages = {language for language, other in kinds if other != "then"}
    words = {word for language in languages for word in LANGUAGES[language].steps[kind]}
    return _compile_words(frozenset(words)).finditer(sentence) if words else iter(())


@cache
def _compile_step() -> re.Pattern[str]:
    """Compile the pattern of a line that begins with a keyword, and of the words after it."""
    words = {*load_words(), *load_small_words()}
    spaced = render_choice(word for word in words if word[0] < "\u2e80")
    unspaced = render_choice(word for word in words if word[0] >= "\u2e80")
    return re.compile(
        rf"(?P<lead>{LEAD})(?P<wrap>[*_`]{{0,3}}){_ID}(?P<word>{spaced}(?=[*_`:,\uff1a\uff0c<\s]|\Z)|{unspaced})"
        r"(?:(?P<bold>\*\*|__)|[*_`])?[:,\uff1a\uff0c]?(?:\*\*|__|[*_`])?[ \t]*(?P<rest>[^\s|][^\r\n]*)?"
    )


def find_possible_steps(rows: str, outcomes: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Find the offsets of what may be a step in the lines with `outcomes`; `rows` has a line end before each line.

    An outcome begins it, or is in a sentence with a condition. Each offset is that of the line end before the line, or
    of the bar or line break before a part of it.
    """
    if not outcomes:
        return
    pattern = _compile_first_look(in_code=_has_small_code(rows))
    for begin, end in outcomes:
        for match in pattern.finditer(rows, begin, end):
            if match["step"]:
                yield match.start()


def _has_small_code(rows: str) -> bool:
    """Whether a block of code may hold steps in small letters."""
    for mark in ("```", "~~~"):
        place = rows.find(mark)
        while place >= 0:
            if _SMALL_CODE.match(rows, place + len(mark)):
                return True
            # Only the first one in a line may begin a block; a line may have millions.
            end = rows.find("\n", place)
            place = rows.find(mark, end) if end >= 0 else -1
    return False


def find_outcome_lines(rows: str, start: int = 0) -> list[tuple[int, int]]:
    """Find the lines with a word that begins an outcome, by the offsets of the line ends around them, from `start` on.

    `rows` has a line end before each line.
    """
    outcomes = _list_outcomes()
    # This is the only letter that takes more than one character in lower case.
    folded = rows.replace("\u0130", "i").lower()
    searches = [(folded, outcomes.plain)]
    if not rows.isascii():
        searches += [(folded, outcomes.folded), (rows, outcomes.exact)]
    lines: set[tuple[int, int]] = set()
    for text, words in searches:
        for word in words:
            place = text.find(word, start)
            while place >= 0:
                end = text.find("\n", place)
                lines.add((text.rfind("\n", start, place), end if end >= 0 else len(text)))
                place = text.find(word, end) if end >= 0 else -1
    return sorted(lines)


class _Outcomes(NamedTuple):
    """The words that begin an outcome: those of ASCII letters and others in lower case, and some as they are written.

    These are short ones, which are found within many other words.
    """

    plain: tuple[str, ...]
    folded: tuple[str, ...]
    exact: tuple[str, ...]


@cache
def _list_outcomes() -> _Outcomes:
    """List the words that begin an outcome; one that begins with another one is found with it."""
    words = {word for word, kinds in load_words().items() if any(kind == "then" for _, kind in kinds)}
    plain = {word.lower() for word in words if word.isascii()}
    other = {word for word in words if not word.isascii()}
    short = {word for word in other if len(word) <= _SHORT}
    exact = short | {f" {word.lower()} " for word in short}
    return _Outcomes(
        *(
            tuple(sorted(word for word in kind if not any(map(word.startswith, kind - {word}))))
            for kind in (plain, {word.lower() for word in other - short}, exact)
        )
    )


@cache
def _compile_first_look(*, in_code: bool) -> re.Pattern[str]:
    """Compile the pattern of lines that may be steps: an outcome begins one, or is in a sentence with a condition.

    It also matches what is before other words, without the group `step`: each mark of a row of bars is read only once.
    Keywords in small letters count after marks, or anywhere if they may be `in_code`.
    """
    outcomes = render_choice(_list_words(load_words(), is_outcome=True))
    small = render_choice(_list_words(load_small_words(), is_outcome=True))
    conditions = render_choice(_list_words(load_words(), is_outcome=False))
    small_conditions = render_choice(_list_words(load_small_words(), is_outcome=False))
    small_givens = render_choice(
        word for word, kinds in load_small_words().items() if any("given" in pair for pair in kinds)
    )
    sentence = rf"[^\r\n]{{1,{_LONGEST_CONDITION}}}?(?i:\b{outcomes})"
    after_marks = "" if in_code else r"(?:(?<=[^\w\s][ \t])|(?<=[*_`>|]))"
    return re.compile(
        rf"(?:\n|\||<br\s*/?>)(?>{LEAD}[*_`]{{0,3}}{_ID})"
        rf"(?P<step>{outcomes}|{conditions}{sentence}"
        rf"|{after_marks}(?:{small}\b|(?:(?<=\*){small_conditions}|{small_givens}){sentence}))?"
    )


def _list_words(words: Mapping[str, frozenset[tuple[str, str]]], *, is_outcome: bool) -> list[str]:
    """List the words that begin an outcome, or those that begin only a condition."""
    return [word for word, kinds in words.items() if any(kind == "then" for _, kind in kinds) is is_outcome]


@cache
def load_words() -> Mapping[str, frozenset[tuple[str, str]]]:
    """Load the keywords, also in capitals, with the languages and the kinds of each."""
    words: dict[str, set[tuple[str, str]]] = {}
    for code, language in LANGUAGES.items():
        for kind in _KINDS:
            for word in language.steps[kind]:
                for form in {word, word.upper()}:
                    words.setdefault(form, set()).add((code, kind))
    return {word: frozenset(kinds) for word, kinds in words.items()}


@cache
def load_small_words() -> Mapping[str, frozenset[tuple[str, str]]]:
    """Load the keywords in small letters that are no keywords as they are, with the languages and the kinds of each."""
    words: dict[str, set[tuple[str, str]]] = {}
    for word, kinds in load_words().items():
        if (small := word.lower()) not in load_words():
            words.setdefault(small, set()).update(kinds)
    return {word: frozenset(kinds) for word, kinds in words.items()}


@cache
def _compile_title() -> re.Pattern[str]:
    """Compile the pattern of a title."""
    names = {name for found in LANGUAGES.values() for name in (found.feature, *found.scenario, *found.outline)}
    return re.compile(
        rf"{LEAD}[*_`]{{0,3}}(?:{render_choice(names - {'Example', 'Beispiel', 'Exemple'})})[*_`]{{0,3}}[ \t]*[:\uff1a]"
    )


@cache
def _compile_words(words: frozenset[str]) -> re.Pattern[str]:
    """Compile the pattern of any of these words in a sentence."""
    spaced = render_choice(word for word in words if word[0] < "\u2e80")
    unspaced = render_choice(word for word in words if word[0] >= "\u2e80")
    pattern = unspaced if unspaced != "(?:)" else rf"(?<!\w){spaced}(?!\w)"
    return re.compile(pattern, re.IGNORECASE)
