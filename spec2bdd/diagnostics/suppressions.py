"""The text of a spec in, what its comments `<!-- spec2bdd: ignore CODE -->` ignore out, and what is amiss with them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spec2bdd.diagnostics.codes import CODES
from spec2bdd.model import Diagnostic
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines

_COMMENT = re.compile(r"<!--[ \t]*spec2bdd:(?P<body>.*?)-->", re.DOTALL)
_IGNORE = re.compile(r"\s*ignore(?=[\s:,])[\s:,]*(?P<codes>[^\s].*?)\s*", re.DOTALL)
_CODE = re.compile(r"[^\s,]+")
_CODE_SPAN = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)")

# What speaks of comments cannot be kept back by the comment that it speaks of.
_OWN = frozenset({"unknown-code", "unused-ignore"})


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code that a comment ignores: where the code stands, and the lines that it is ignored in, first and last."""

    code: str
    line: int
    column: int
    first: int
    last: int

    def covers(self, problem: Diagnostic) -> bool:
        """Tell whether a problem is to be kept back; an error never is."""
        found = CODES.get(problem.code)
        return (
            problem.code == self.code and self.first <= problem.line <= self.last and bool(found and found.configurable)
        )


def parse_suppressions(sheet: MarkdownLines) -> tuple[Suppression, ...]:
    """Return all that the comments of a text ignore, in the order of the file."""
    return tuple(ignore for match in _find_comments(sheet) for ignore in _parse_comment(sheet, match))


def drop_suppressed(problems: Iterable[Diagnostic], ignores: Sequence[Suppression]) -> tuple[Diagnostic, ...]:
    """Return the problems of a file that no comment ignores."""
    return tuple(problem for problem in problems if not any(ignore.covers(problem) for ignore in ignores))


def suggest_code(code: str) -> str:
    """Return a hint that names the code that was meant, if there is one like it."""
    close = difflib.get_close_matches(code, CODES, n=1)
    return f"did you mean `{close[0]}`?" if close else "write a code as it stands in brackets behind a message"


def _find_comments(sheet: MarkdownLines) -> Iterator[re.Match[str]]:
    """Yield the comments to spec2bdd; what stands in code or in front matter is no comment."""
    for match in _COMMENT.finditer(sheet.text) if "spec2bdd:" in sheet.text else ():
        line = sheet.lines[sheet.find_place(match.start())[0] - 1]
        spans = (
            line.start + span.start() <= match.start() < line.start + span.end()
            for span in _CODE_SPAN.finditer(line.text)
        )
        if line.kind not in (LineKind.CODE, LineKind.FRONT) and not any(spans):
            yield match


def _parse_comment(sheet: MarkdownLines, match: re.Match[str]) -> Iterator[Suppression]:
    """Yield what one comment ignores."""
    found = _IGNORE.fullmatch(match["body"])
    if found is None:
        return
    first, last = _find_lines(sheet, match)
    start = match.start("body") + found.start("codes")
    for code in _CODE.finditer(found["codes"]):
        yield Suppression(code[0], *sheet.find_place(start + code.start()), first, last)


def _find_lines(sheet: MarkdownLines, match: re.Match[str]) -> tuple[int, int]:
    """Return the lines that a comment speaks of.

    Behind an item it is that item; alone on its line it is what stands below, or above all headings the whole file.
    """
    first = sheet.lines[sheet.find_place(match.start())[0] - 1]
    last = sheet.lines[sheet.find_place(match.end() - 1)[0] - 1]
    before, after = sheet.text[first.start : match.start()], sheet.text[match.end() : last.start + len(last.text)]
    if before.strip("\ufeff \t") or after.strip():
        return sheet.find_extent(first.number)
    if first.number < sheet.first_heading:
        return 0, len(sheet.lines)
    below = (
        line for line in sheet.lines[last.number :] if line.kind is not LineKind.BLANK and not _tell_comment(line.text)
    )
    target = next(below, last)
    return sheet.find_extent(target.number)


def _tell_comment(row: str) -> bool:
    """Tell whether a line is nothing but comments."""
    return not re.sub(r"<!--.*?-->", "", row).strip()
