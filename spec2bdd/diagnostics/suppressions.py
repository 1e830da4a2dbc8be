"""Parse `<!-- spec2bdd: ignore CODE -->` comments, and drop the diagnostics that they suppress."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.diagnostics.codes import find_current_name, is_configurable, load_codes
from spec2bdd.model import Diagnostic
from spec2bdd.model.values import dataclass
from spec2bdd.text.lazy_patterns import compile_lazily
from spec2bdd.text.markdown_lines import LineKind, MarkdownLines
from spec2bdd.text.suggest import suggest

MARK = "spec2bdd:"
"""What is in every text that has a comment to spec2bdd."""

_COMMENT = re.compile(rf"<!--[ \t]*{MARK}(?P<body>.*?)-->", re.DOTALL)
_ANY_COMMENT = re.compile(r"<!--.*?-->")
# `ignore vague-word same-text`, `ignore: vague-word, same-text`: a separator is required after `ignore`.
_IGNORE = re.compile(r"\s*ignore(?=[\s:,])[\s:,]*(?P<codes>[^\s].*?)\s*", re.DOTALL)
_CODE = re.compile(r"[^\s,]+")
# An inline code span: it ends at as many backticks as it began with.
_CODE_SPAN = compile_lazily(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code that a comment suppresses: the position of the code, and the first and last line it applies to."""

    code: str
    line: int
    column: int
    first: int
    last: int

    def covers(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is suppressed; an error never is."""
        return (
            diagnostic.code == self.code
            and self.first <= diagnostic.line <= self.last
            and is_configurable(diagnostic.code)
        )


@dataclass(frozen=True, slots=True)
class Directive:
    """One comment to spec2bdd; `suppressions` is `None` where it is no valid `ignore`."""

    text: str
    offset: int
    suppressions: tuple[Suppression, ...] | None


def parse_directives(document: MarkdownLines) -> Iterator[Directive]:
    """Parse the comments to spec2bdd of a file; those in code or in front matter are not comments."""
    # Most specs have none, and are not searched by the regular expression.
    for comment in _COMMENT.finditer(document.text) if MARK in document.text else ():
        line = document.lines[document.find_place(comment.start())[0] - 1]
        column = comment.start() - line.start
        in_code_span = any(span.start() <= column < span.end() for span in _CODE_SPAN.finditer(line.text))
        if in_code_span or line.kind in (LineKind.CODE, LineKind.FRONT):
            continue
        suppressions = None
        if ignore := _IGNORE.fullmatch(comment["body"]):
            first, last = _find_scope(document, comment)
            start = comment.start("body") + ignore.start("codes")
            suppressions = tuple(
                Suppression(find_current_name(code[0]), *document.find_place(start + code.start()), first, last)
                for code in _CODE.finditer(ignore["codes"])
            )
        yield Directive(" ".join(comment["body"].split()), comment.start(), suppressions)


def parse_suppressions(document: MarkdownLines) -> tuple[Suppression, ...]:
    """Parse all suppressions of a file, in file order."""
    return tuple(
        suppression for directive in parse_directives(document) for suppression in directive.suppressions or ()
    )


def drop_suppressed(diagnostics: Iterable[Diagnostic], suppressions: Sequence[Suppression]) -> tuple[Diagnostic, ...]:
    """Drop the diagnostics of a file that a comment suppresses."""
    return tuple(
        diagnostic
        for diagnostic in diagnostics
        if not any(suppression.covers(diagnostic) for suppression in suppressions)
    )


def render_code_hint(code: str) -> str:
    """Render the hint for a code that does not exist: the nearest one, or where to find them."""
    close = suggest(code, load_codes())
    return f"did you mean `{close}`?" if close else load_codes()["unknown-code"].fix


def _find_scope(document: MarkdownLines, comment: re.Match[str]) -> tuple[int, int]:
    """Find the first and the last line that a comment applies to.

    After an item it is that item; on a separate line it is the next item or paragraph, or, above the first
    heading, the whole file.
    """
    first = document.lines[document.find_place(comment.start())[0] - 1]
    last = document.lines[document.find_place(comment.end() - 1)[0] - 1]
    before = document.text[first.start : comment.start()]
    after = document.text[comment.end() : last.start + len(last.text)]
    # A BOM at the beginning of the file is not text in front of the comment.
    if before.strip("\ufeff \t") or after.strip():
        return document.find_extent(first.number)
    if first.number < document.first_heading:
        # From 0, so that diagnostics without a line are covered too.
        return 0, len(document.lines)
    # Several comments may follow one another, above the item that they all apply to.
    below = (line for line in document.lines[last.number :] if _ANY_COMMENT.sub("", line.text).strip())
    target = next((line for line in below if line.kind is not LineKind.BLANK), last)
    return document.find_extent(target.number)
