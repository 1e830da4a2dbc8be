"""The text of a step file in, its step definitions out: patterns, the literals that hold them, and what is a stub."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spec2bdd.domain.steps.module_names import find_matcher
from spec2bdd.text.edits import Edit

_LINE_END = re.compile(r"\r\n|\r|\n")
_OPENING = re.compile(r"([A-Za-z]*)(\"\"\"|\'\'\'|\"|\')")
_KINDS = ("given", "when", "then", "step")


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where something stands in a text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One decorator of a step function whose pattern is written out as a string.

    `literal` frames that string; `message` the one that a stub raises, where the function is a stub that nobody has
    touched; `span` frames the function with its decorators, `matcher` reads its pattern, and `alone` tells that the
    function has no other decorator.
    """

    kind: str
    pattern: str
    line: int
    matcher: str
    literal: Span
    span: Span
    message: Span | None = None
    alone: bool = True

    @property
    def is_stub(self) -> bool:
        """Tell whether nobody has written the step yet."""
        return self.message is not None


class _Offsets:
    """Turn lines and columns of a syntax tree, which counts bytes, into offsets of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        # A syntax tree knows nothing of the mark that some editors put first.
        first = len(text) - len(text.removeprefix("\ufeff"))
        self._starts = [first, *(match.end() for match in _LINE_END.finditer(text))]

    def find_span(self, node: ast.expr | ast.stmt, *, line: int = 0, column: int = 0) -> Span:
        """Return where a node stands, from `line` and `column` on if they are given."""
        start = self._find(line or node.lineno, column if line else node.col_offset)
        return Span(start, self._find(node.end_lineno or node.lineno, node.end_col_offset or 0))

    def _find(self, line: int, column: int) -> int:
        """Return the offset of a place."""
        start = self._starts[line - 1]
        # No character takes more than four bytes, and none less than one.
        return start + len(self._text[start : start + column].encode()[:column].decode(errors="ignore"))


def parse_definitions(text: str, *, default: str = "parse") -> tuple[StepDefinition, ...]:
    """Return the step definitions of a module, in order; `default` reads the patterns of one that chooses no matcher.

    Raises:
        SyntaxError: the text is not Python.
        ValueError: it holds a NUL.
    """
    module = ast.parse(text.removeprefix("\ufeff"))
    offsets, matchers = _Offsets(text), _list_matchers(module, default)
    found = [one for node in ast.walk(module) for one in _parse_function(node, offsets, matchers)]
    return tuple(sorted(found, key=lambda one: one.literal.start))


def plan_literal(text: str, span: Span, *, before: str, after: str, fallback: str) -> Edit | None:
    """Return the edit that makes a string literal mean `after`, written as it was where that is possible.

    A literal in several parts becomes one; where a comment stands between the parts it is left alone, and nothing is
    returned.
    """
    literal = text[span.start : span.end]
    tokens = list(tokenize.generate_tokens(io.StringIO(f"({literal}\n)").readline))
    parts = [token.string for token in tokens if token.type == tokenize.STRING]
    if ast.literal_eval(f"({literal}\n)") != before or any(token.type == tokenize.COMMENT for token in tokens):
        return None
    opening = _OPENING.match(parts[0])
    written = f"{opening[1]}{opening[2]}{after}{opening[2]}" if opening else fallback
    return Edit(span.start, span.end, written if _means(written, after) else fallback)


def is_only_changed_there(before: str, after: str, *, values: Sequence[tuple[str, str]]) -> bool:
    """Tell whether two modules are the same but for string constants, of which each pair says what became what."""
    old, new = (ast.parse(text.removeprefix("\ufeff")) for text in (before, after))
    left = list(values)
    for one, other in zip(ast.walk(old), ast.walk(new), strict=False):
        if isinstance(one, ast.Constant) and isinstance(other, ast.Constant) and (one.value, other.value) in left:
            left.remove((str(one.value), str(other.value)))
            other.value, other.kind = one.value, one.kind
    return not left and ast.dump(old) == ast.dump(new)


def _parse_function(node: ast.AST, offsets: _Offsets, matchers: Sequence[tuple[int, str]]) -> Iterator[StepDefinition]:
    """Yield a definition for each decorator of a function that has a pattern written out."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.decorator_list:
        return
    first = node.decorator_list[0]
    whole = offsets.find_span(node, line=first.lineno, column=max(first.col_offset - 1, 0))
    for call in node.decorator_list:
        literal = _find_literal(call)
        if isinstance(call, ast.Call) and literal:
            pattern = str(literal.value)
            message = _find_message(node, pattern)
            yield StepDefinition(
                kind=ast.unparse(call.func).rpartition(".")[2].lower().removeprefix("behave_"),
                pattern=pattern,
                line=call.lineno,
                matcher=next(name for line, name in reversed(matchers) if line < call.lineno),
                literal=offsets.find_span(literal),
                span=whole,
                message=offsets.find_span(message) if message else None,
                alone=len(node.decorator_list) == 1,
            )


def _find_literal(call: ast.expr) -> ast.Constant | None:
    """Return the pattern of a step decorator, or nothing if it is none, or is not written out."""
    if not isinstance(call, ast.Call) or len(call.args) != 1:
        return None
    name = ast.unparse(call.func).rpartition(".")[2].lower().removeprefix("behave_")
    (argument,) = call.args
    written = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return argument if name in _KINDS and written else None  # type: ignore[return-value]


def _find_message(node: ast.FunctionDef | ast.AsyncFunctionDef, pattern: str) -> ast.Constant | None:
    """Return the string that an untouched stub raises: its pattern, and nothing else stands in the function."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    raised = body[0].exc if len(body) == 1 and isinstance(body[0], ast.Raise) and not body[0].cause else None
    if not isinstance(raised, ast.Call) or len(raised.args) != 1 or raised.keywords:
        return None
    named = ast.unparse(raised.func).rpartition(".")[2].removeprefix("Behave") == "StepNotImplementedError"
    (argument,) = raised.args
    return argument if named and isinstance(argument, ast.Constant) and argument.value == pattern else None


def _list_matchers(module: ast.Module, default: str) -> list[tuple[int, str]]:
    """Return the lines from which on another step matcher is in force, and its name, or `?` if that is unknown."""
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    found = ((call.lineno, matcher) for call in calls if (matcher := find_matcher(call)) is not None)
    return [(0, default), *sorted((line, matcher or default) for line, matcher in found)]


def _means(written: str, text: str) -> bool:
    """Tell whether a literal means a text; one that spans lines is not written in one line."""
    if "\n" in text or "\r" in text:
        return False
    try:
        return bool(ast.literal_eval(written) == text)
    except (SyntaxError, ValueError):
        return False
