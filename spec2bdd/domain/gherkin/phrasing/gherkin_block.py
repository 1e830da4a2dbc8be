"""Parse fenced `gherkin` blocks: a small and strict part of Gherkin, anything else is an error.

Step lines, tables, doc strings, comments, and the headings of scenarios, outlines and examples are read, in the
language of the spec or in English.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_keywords, find_keyword
from spec2bdd.domain.gherkin.grammar.step_arguments import normalize_doc_string, normalize_rows, parse_row
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript, ScriptError, Token, TokenKind, parse_scripts
from spec2bdd.model import Step
from spec2bdd.text.normalize import to_single_line

# The info strings of fenced blocks that hold Gherkin.
INFOS = ("gherkin", "feature", "cucumber")
_DELIMITER = re.compile(r'\s*("""|```)\s*\w*\s*')
# No keyword of a heading is longer; the limit keeps long lines of prose cheap.
_HEADING = re.compile(r"([^:\"]{1,60}):\s*(.*)")

# Numbered lines that are not parsed yet. Parsers of arguments take theirs from the front.
_Lines = deque[tuple[int, str]]


def parse_fenced(text: str, language: str) -> tuple[ScenarioScript, ...] | ScriptError:
    """Parse a block into scripts; the line of an error counts from 1 in the block."""
    lines: _Lines = deque(enumerate(re.split(r"\r\n|\r|\n", text), 1))
    tokens: list[Token] = []
    # A token takes as many lines as it needs, so the loop cannot be a `for`.
    while lines:
        number, line = lines.popleft()
        stripped = to_single_line(line)
        # Comments are not carried over: the line above a scenario is part of the manifest.
        if not stripped or stripped.startswith("#"):
            continue
        token = _parse_token(number, line, lines, language=language)
        if token is None:
            return ScriptError(number, f"cannot parse `{stripped}`")
        tokens.append(token)
    return parse_scripts(tokens)


# Each bullet is looked at by all that decides what its criterion is.
@lru_cache(maxsize=256)
def parse_step(text: str, language: str) -> Step | None:
    """Parse a line or a bullet that starts with a step keyword; the kind of `And` is not resolved yet."""
    line = to_single_line(text)
    if line.startswith("* ") and line[2:].strip():
        return Step("*", "*", line[2:].strip())
    match = compile_keywords(language).fullmatch(line)
    if not match:
        return None
    keyword, kind = find_keyword(match[1].casefold(), language)
    return Step(keyword, kind, match[2])


def _parse_token(number: int, line: str, rest: _Lines, *, language: str) -> Token | None:
    """Parse the token that starts in a line, and take its further lines from the rest."""
    if delimiter := _DELIMITER.fullmatch(line):
        text = _parse_doc_string(line.index(delimiter[1]), delimiter[1], rest)
        return None if text is None else Token(TokenKind.DOC, number, normalize_doc_string(text))
    if line.strip().startswith("|"):
        rows = [parse_row(line)]
        while rest and rest[0][1].strip().startswith("|"):
            rows.append(parse_row(rest.popleft()[1]))
        return Token(TokenKind.TABLE, number, rows=normalize_rows(rows))
    if step := parse_step(line, language):
        return Token(TokenKind.STEP, number, step=step)
    heading = _HEADING.fullmatch(to_single_line(line))
    if heading:
        dialects = (LANGUAGES[language], LANGUAGES["en"])
        keyword, name = heading[1].strip(), heading[2]
        # An outline is a scenario with examples, whatever its keyword is.
        if any(keyword in (*dialect.scenario, *dialect.outline) for dialect in dialects):
            return Token(TokenKind.SCENARIO, number, name)
        if any(keyword in dialect.examples for dialect in dialects):
            return Token(TokenKind.EXAMPLES, number, name)
    return None


def _parse_doc_string(indent: int, delimiter: str, rest: _Lines) -> str | None:
    """Take the lines of a doc string up to its end, without their indent; `None` if it has no end."""
    content: list[str] = []
    while rest:
        _, line = rest.popleft()
        if line.strip() == delimiter:
            return "\n".join(content)
        # A line that is indented less than the delimiter, which Behave (1.3.3) refuses, loses what indent it has.
        content.append(line[indent:] if not line[:indent].strip() else line.lstrip())
    return None
