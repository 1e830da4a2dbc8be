"""Problems in, lines for stderr out: `path:line:column: error: message [code]`, the source below, then the hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.reporters.source_lines import Sources, find_line
from spec2bdd.reporters.terminal.escape import derive_visible_lines, render_visible
from spec2bdd.reporters.terminal.layout import Part, StyledLine, measure_text, render_lines

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.ADVICE: "bold cyan"}
# Advice has no plural of its own.
_NOUNS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.ADVICE: ("piece of advice", "pieces of advice"),
}
# Messages are never wrapped: editors and people search for them line by line.
_WIDTH = 10_000
_DIFF_STYLES = {"@": "cyan", "+": "green", "-": "red"}
_MOST_LINES = 12
_MOST_BEFORE = 60
_MOST_SHOWN = 100


def render_problems(problems: Sequence[Diagnostic], *, color: bool, sources: Sources | None = None) -> str:
    """Show all problems in the order of their places, with the line itself where `sources` holds the file's lines."""
    ordered = sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))
    lines = [line for problem in ordered for line in _derive_problem(problem, find_line(problem, sources or {}))]
    if len(ordered) > 1:
        lines.append(StyledLine(_derive_count(ordered)))
    return render_lines(lines, width=_WIDTH, color=color)


def _derive_problem(problem: Diagnostic, source: str) -> Iterator[StyledLine]:
    """Show one problem, with the line that it is in."""
    place = _render_place(problem)
    head, *others = derive_visible_lines(problem.message) or ("",)
    parts: list[Part] = [(f"{place}: ", "bold")] if place else []
    parts += [(f"{problem.severity}: ", _STYLES[problem.severity]), (head, "")]
    parts += [(f" [{problem.code}]", "dim")] if problem.code else []
    yield StyledLine(tuple(parts), whole=True)
    yield from (StyledLine(((text, ""),), indent=4, whole=True) for text in others)
    yield from _derive_excerpt(problem, source)
    yield from _derive_diff(problem)
    for n, text in enumerate(derive_visible_lines(problem.hint)):
        yield StyledLine((("hint: " if n == 0 else "      ", "bold cyan"), (text, "")), indent=4, whole=True)


def _render_place(problem: Diagnostic) -> str:
    """Name the place as far as it is known."""
    numbers = [problem.line, problem.column] if problem.line else []
    return ":".join([problem.path, *(str(number) for number in numbers if number)]) if problem.path else ""


def _derive_excerpt(problem: Diagnostic, source: str) -> Iterator[StyledLine]:
    """Show the line that a problem is in, and point at its column."""
    if not source.strip():
        return
    text = source.replace("\t", " ").removeprefix("\ufeff")
    # A byte order mark counts as a column, and is not shown.
    column = problem.column - 1 - (source[:1] == "\ufeff")
    inside = 0 <= column <= len(text)
    start = max(column - _MOST_BEFORE, 0) if inside else 0
    number = f"{problem.line} | "
    yield StyledLine(((number, "dim"), (text[start : start + _MOST_SHOWN].rstrip(), "")), indent=4, whole=True)
    if inside:
        before = " " * (len(number) - 2) + "| " + " " * measure_text(render_visible(text[start:column]))
        yield StyledLine(((before, "dim"), ("^", _STYLES[problem.severity])), indent=4, whole=True)


def _derive_diff(problem: Diagnostic) -> Iterator[StyledLine]:
    """Show the beginning of what stands there against what was to stand."""
    lines = problem.diff.split("\n") if problem.diff else []
    for text in lines[:_MOST_LINES]:
        yield StyledLine(((text, _DIFF_STYLES.get(text[:1], "")),), indent=4, whole=True)
    if lines[_MOST_LINES:]:
        yield StyledLine(((f"... and {len(lines) - _MOST_LINES} lines more", "dim"),), indent=4, whole=True)


def _derive_count(problems: Sequence[Diagnostic]) -> tuple[Part, ...]:
    """Say how many problems of each severity there are."""
    counts = Counter(problem.severity for problem in problems)
    parts: list[Part] = []
    for severity in Severity:
        if counts[severity]:
            parts += [(", ", "")] if parts else []
            noun = _NOUNS[severity][counts[severity] != 1]
            parts.append((f"{counts[severity]} {noun}", _STYLES[severity]))
    return tuple(parts)
