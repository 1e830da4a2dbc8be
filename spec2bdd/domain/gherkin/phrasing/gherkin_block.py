"""The text of a fenced `gherkin` block in, its scripts out: a small and strict part of Gherkin, anything else a fault.

Step lines, tables, doc strings, comments, and the headings of scenarios, outlines and examples are read; they stand in
the language of the spec or in English.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_keywords, find_keyword
from spec2bdd.domain.gherkin.grammar.step_arguments import derive_doc, derive_rows, parse_row
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript, ScriptError, Token, TokenKind, parse_scripts
from spec2bdd.model import Step
from spec2bdd.text.normalize import to_single_line

INFOS = ("gherkin", "feature", "cucumber")
_DELIMITER = re.compile(r'\s*("""|```)\s*\w*\s*')
_HEADING = re.compile(r"([^:\"]{1,60}):\s*(.*)")

# The lines that are still to be read, with their numbers.
_Lines = deque[tuple[int, str]]


def parse_fenced(text: str, language: str) -> tuple[ScenarioScript, ...] | ScriptError:
    """Return the scripts of a block; the line of a fault counts from 1 in the block."""
    lines: _Lines = deque(enumerate(re.split(r"\r\n|\r|\n", text), 1))
    pieces: list[Token] = []
    while lines:
        number, line = lines.popleft()
        stripped = to_single_line(line)
        if not stripped or stripped.startswith("#"):
            continue
        found = _parse_piece(number, line, lines, language=language)
        if found is None:
            return ScriptError(number, f"`{stripped}` is not understood")
        pieces.append(found)
    return parse_scripts(pieces)


def parse_step(text: str, language: str) -> Step | None:
    """Return a line or a bullet as a step, if it starts with a keyword; what `And` continues is not known here."""
    line = to_single_line(text)
    if line.startswith("* ") and line[2:].strip():
        return Step("*", "*", line[2:].strip())
    match = compile_keywords(language).fullmatch(line)
    if not match:
        return None
    keyword, kind = find_keyword(match[1].casefold(), language)
    return Step(keyword, kind, match[2])


def _parse_piece(number: int, line: str, rest: _Lines, *, language: str) -> Token | None:
    """Return the piece that starts in a line, and take the further lines of it from the rest."""
    if delimiter := _DELIMITER.fullmatch(line):
        text = _take_doc(line.index(delimiter[1]), delimiter[1], rest)
        return None if text is None else Token(TokenKind.DOC, number, derive_doc(text))
    if line.strip().startswith("|"):
        return Token(TokenKind.TABLE, number, rows=derive_rows([parse_row(line), *_take_rows(rest)]))
    if step := parse_step(line, language):
        return Token(TokenKind.STEP, number, step=step)
    return _parse_heading(number, to_single_line(line), language)


def _parse_heading(number: int, line: str, language: str) -> Token | None:
    """Return the heading of a scenario or of examples."""
    match = _HEADING.fullmatch(line)
    if not match:
        return None
    for name in (language, "en"):
        words = LANGUAGES[name]
        if match[1].strip() in (*words.scenario, *words.outline):
            return Token(TokenKind.SCENARIO, number, match[2])
        if match[1].strip() in words.examples:
            return Token(TokenKind.EXAMPLES, number, match[2])
    return None


def _take_rows(rest: _Lines) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the lines of a table, as long as there are any."""
    while rest and rest[0][1].strip().startswith("|"):
        yield parse_row(rest.popleft()[1])


def _take_doc(indent: int, delimiter: str, rest: _Lines) -> str | None:
    """Return the lines of a doc string up to its end without their indent, or nothing if it has no end."""
    taken: list[str] = []
    while rest:
        _, line = rest.popleft()
        if line.strip() == delimiter:
            return "\n".join(taken)
        taken.append(line[indent:] if not line[:indent].strip() else line.lstrip())
    return None
