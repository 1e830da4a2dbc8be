"""Diagnostics for people: `path:line:column: error: message [code]`, the source line under it, then the hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.reporters.source_lines import Sources, find_line
from spec2bdd.reporters.summary import count_noun, sort_diagnostics
from spec2bdd.reporters.terminal.escape import render_visible, split_visible_lines
from spec2bdd.reporters.terminal.layout import Part, StyledLine, measure_text, render_lines
from spec2bdd.reporters.terminal.theme import DIFF_STYLES

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.SUGGESTION: "bold cyan"}

_NOUNS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.SUGGESTION: ("suggestion", "suggestions"),
}
# A new spec has many of them.
_PLACEHOLDERS = ("placeholder-criterion", "placeholder-field")
# Messages are never wrapped: editors and people search for them line by line.
_WIDTH = 10_000
_MAX_DIFF_LINES = 12
# Of a long source line, so many characters before the column, and so many altogether.
_MAX_BEFORE = 60
_MAX_SHOWN = 100


def render_diagnostics(
    diagnostics: Sequence[Diagnostic],
    *,
    color: bool,
    sources: Sources | None = None,
    counted: bool = False,
    hidden: int = 0,
    folded: bool = False,
    gathered: bool = False,
) -> str:
    """Show diagnostics in the order of their locations, with the source line where `sources` has the file's lines.

    `counted` adds a line with their counts, for where no summary follows, also of the suggestions that are `hidden`.
    With `folded`, of those below an error that say the same, the first is shown with the number of the others; with
    `gathered`, so are the placeholders of a file.
    """
    ordered = sort_diagnostics(diagnostics)
    groups: dict[object, list[Diagnostic]] = {}
    for number, item in enumerate(ordered):
        groups.setdefault(_find_sameness(item, folded=folded, gathered=gathered) or number, []).append(item)
    lines = [
        line
        for first, *others in groups.values()
        for line in _build_diagnostic(first, find_line(first, sources or {}), more=len(others))
    ]
    if counted and ordered:
        counts = Counter(diagnostic.severity for diagnostic in ordered)
        parts: list[Part] = []
        for severity in Severity:
            if counts[severity]:
                parts += [(", ", "")] if parts else []
                parts.append((count_noun(counts[severity], *_NOUNS[severity]), _STYLES[severity]))
        parts += [(f"; {describe_hidden(hidden)}", "")] if hidden else []
        lines.append(StyledLine(tuple(parts)))
    return render_lines(lines, width=_WIDTH, color=color)


def describe_hidden(count: int) -> str:
    """Count the suggestions that are not shown."""
    return f"{count_noun(count, *_NOUNS[Severity.SUGGESTION])} hidden"


def _find_sameness(diagnostic: Diagnostic, *, folded: bool, gathered: bool) -> object:
    """Find what two diagnostics share of which only the first is shown; `None` if it is like no other, as an error."""
    if gathered and diagnostic.code in _PLACEHOLDERS:
        return diagnostic.severity, diagnostic.code, diagnostic.path
    if folded and diagnostic.severity is not Severity.ERROR:
        return diagnostic.severity, diagnostic.code, diagnostic.message, diagnostic.hint, diagnostic.diff
    return None


def _build_diagnostic(diagnostic: Diagnostic, source: str, *, more: int) -> Iterator[StyledLine]:
    """Show one diagnostic: its location as far as it is known, its message, source line, diff and hint."""
    numbers = [diagnostic.line, diagnostic.column] if diagnostic.line else []
    location = ":".join([diagnostic.path, *(str(number) for number in numbers if number)]) if diagnostic.path else ""
    head, *others = split_visible_lines(diagnostic.message) or ("",)
    parts: list[Part] = [(f"{location}: ", "bold")] if location else []
    parts += [(f"{diagnostic.severity}: ", _STYLES[diagnostic.severity]), (head, "")]
    parts += [(f" [{diagnostic.code}]", "dim")] if diagnostic.code else []
    parts += [(" [*]", "cyan")] if diagnostic.fixable else []
    parts += [(f" (and {more} more)", "")] if more > 0 else []
    yield StyledLine(tuple(parts), whole=True)
    yield from (StyledLine(((text, ""),), indent=4, whole=True) for text in others)
    yield from _build_excerpt(diagnostic, source)
    diff = diagnostic.diff.split("\n") if diagnostic.diff else []
    for text in diff[:_MAX_DIFF_LINES]:
        yield StyledLine(((text, DIFF_STYLES.get(text[:1], "")),), indent=4, whole=True)
    if diff[_MAX_DIFF_LINES:]:
        yield StyledLine(((f"... and {len(diff) - _MAX_DIFF_LINES} lines more", "dim"),), indent=4, whole=True)
    for n, text in enumerate(split_visible_lines(diagnostic.hint)):
        yield StyledLine((("hint: " if n == 0 else "      ", "bold cyan"), (text, "")), indent=4, whole=True)


def _build_excerpt(diagnostic: Diagnostic, source: str) -> Iterator[StyledLine]:
    """Show the source line of a diagnostic, and point at its column."""
    if not source.strip():
        return
    text = source.replace("\t", " ").removeprefix("\ufeff")
    # A byte order mark counts as a column, and is not shown.
    column = diagnostic.column - 1 - (source[:1] == "\ufeff")
    inside = 0 <= column <= len(text)
    start = max(column - _MAX_BEFORE, 0) if inside else 0
    number = f"{diagnostic.line} | "
    yield StyledLine(((number, "dim"), (text[start : start + _MAX_SHOWN].rstrip(), "")), indent=4, whole=True)
    if inside:
        # Escapes and wide characters before the column take more than one cell.
        before = " " * (len(number) - 2) + "| " + " " * measure_text(render_visible(text[start:column]))
        yield StyledLine(((before, "dim"), ("^", _STYLES[diagnostic.severity])), indent=4, whole=True)
