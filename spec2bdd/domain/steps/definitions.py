"""Parse a step file into its step definitions, and edit the string literals that hold their patterns."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from spec2bdd.domain.steps.module_names import find_matcher
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit

# The line ends of Python's grammar, which are fewer than those of `str.splitlines`.
_LINE_END = re.compile(r"\r\n|\r|\n")
# The prefix and the opening quotes of a string literal.
_OPENING = re.compile(r"([A-Za-z]*)(\"\"\"|\'\'\'|\"|\')")
_KINDS = ("given", "when", "then", "step")


@dataclass(frozen=True, slots=True)
class Span:
    """The start and the end of a part of a text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One decorator of a step function whose pattern is a string literal.

    `literal` is the span of that string, `span` that of the function with its decorators. `message` is the span of the
    string that an untouched stub raises, and None for any other function; `doc` is that of the stub's docstring, whose
    value is `doc_text`. `matcher` is the one in force for the pattern, and `alone` is true if the function has no other
    decorator.
    """

    kind: str
    pattern: str
    line: int
    matcher: str
    literal: Span
    span: Span
    message: Span | None = None
    doc: Span | None = None
    doc_text: str = ""
    alone: bool = True

    @property
    def is_stub(self) -> bool:
        """Whether the function is an untouched stub."""
        return self.message is not None


class _Offsets:
    """Convert the positions of a syntax tree, whose columns count UTF-8 bytes, into character offsets of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        # The text was parsed without its byte order mark, so the first line starts after it.
        first = len(text) - len(text.removeprefix("\ufeff"))
        self._starts = [first, *(match.end() for match in _LINE_END.finditer(text))]

    def find_span(self, node: ast.expr | ast.stmt, *, start: tuple[int, int] | None = None) -> Span:
        """Find the span of a node, from a line and a column on if they are given."""
        line, column = start or (node.lineno, node.col_offset)
        return Span(
            self._to_offset(line, column), self._to_offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        )

    def _to_offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        # `column` bytes hold at most as many characters, so that many are enough to encode and to cut.
        return start + len(self._text[start : start + column].encode()[:column].decode(errors="ignore"))


def _detect_encoding(content: bytes) -> str:
    """Detect the encoding that a step file declares."""
    # A NUL is an error of syntax, which is reported at its place; Python 3.14 refuses it here.
    return tokenize.detect_encoding(io.BytesIO(content.replace(b"\0", b" ")).readline)[0]


def decode_step_file(content: bytes | None) -> str | None:
    """Decode a step file; None if there is none, or if it is not UTF-8 or declares another encoding."""
    if content is None:
        return None
    try:
        encoding = _detect_encoding(content)
        return content.decode("utf-8") if codecs.lookup(encoding).name.startswith("utf-8") else None
    except (SyntaxError, UnicodeDecodeError):
        return None


def decode_python(content: bytes | None) -> str:
    """Decode a step file in the encoding that it declares, as Python does; empty if that cannot be done."""
    try:
        encoding = _detect_encoding(content or b"")
        return (content or b"").decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return ""


def parse_definitions(text: str, *, default: str = "parse") -> tuple[StepDefinition, ...]:
    """Parse the step definitions of a module, in order; `default` is the matcher of a module that chooses none.

    Raises:
        SyntaxError: the text is not Python.
        ValueError: it holds a NUL.
    """
    module = ast.parse(text.removeprefix("\ufeff"))
    offsets = _Offsets(text)
    # The lines from which on another step matcher is in force, and its name: `?` if that is unknown.
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    chosen = ((call.lineno, matcher) for call in calls if (matcher := find_matcher(call)) is not None)
    matchers = [(0, default), *sorted((line, matcher or default) for line, matcher in chosen)]
    definitions = [
        definition
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list
        for definition in _walk_decorators(node, offsets, matchers)
    ]
    return tuple(sorted(definitions, key=lambda definition: definition.literal.start))


def plan_literal(text: str, span: Span, *, before: str, after: str, fallback: str) -> Edit | None:
    """Plan the edit that changes the value of a string literal from `before` to `after`.

    The quotes and the prefix of the literal are kept where they can hold the new value, otherwise `fallback` is
    written. A literal in several parts becomes one. Where a comment between the parts would be lost, or the value is
    not `before`, there is no edit.
    """
    literal = text[span.start : span.end]
    # In parentheses, the parts of a literal may be on several lines.
    tokens = list(tokenize.generate_tokens(io.StringIO(f"({literal}\n)").readline))
    parts = [token.string for token in tokens if token.type == tokenize.STRING]
    if ast.literal_eval(f"({literal}\n)") != before or any(token.type == tokenize.COMMENT for token in tokens):
        return None
    opening = _OPENING.match(parts[0])
    written = f"{opening[1]}{opening[2]}{after}{opening[2]}" if opening else fallback
    try:
        # A value with line breaks would spread over lines in a triple-quoted literal.
        is_exact = "\n" not in after and "\r" not in after and ast.literal_eval(written) == after
    except (SyntaxError, ValueError):
        is_exact = False
    return Edit(span.start, span.end, written if is_exact else fallback)


def is_only_changed_there(before: str, after: str, *, values: Sequence[tuple[str, str]]) -> bool:
    """Whether two modules differ in string constants alone, and exactly in those of `values`: pairs of old and new.

    Raises:
        SyntaxError: one of the texts is not Python.
        ValueError: one of them holds a NUL.
    """
    old_module, new_module = (ast.parse(text.removeprefix("\ufeff")) for text in (before, after))
    pending = list(values)
    for old, new in zip(ast.walk(old_module), ast.walk(new_module), strict=False):
        if isinstance(old, ast.Constant) and isinstance(new, ast.Constant) and (old.value, new.value) in pending:
            pending.remove((str(old.value), str(new.value)))
            # Undo the expected change: what is left of a difference is an unexpected one.
            new.value, new.kind = old.value, old.kind
    return not pending and ast.dump(old_module) == ast.dump(new_module)


def _walk_decorators(
    function: ast.FunctionDef | ast.AsyncFunctionDef, offsets: _Offsets, matchers: Sequence[tuple[int, str]]
) -> Iterator[StepDefinition]:
    """Yield a definition for each step decorator of a function whose pattern is a string literal."""
    first = function.decorator_list[0]
    # A decorator expression starts after its `@`.
    span = offsets.find_span(function, start=(first.lineno, max(first.col_offset - 1, 0)))
    for call in function.decorator_list:
        if not isinstance(call, ast.Call) or len(call.args) != 1:
            continue
        # A file that uses these names for something else imports them as `behave_given` ... (see `stubs`).
        kind = ast.unparse(call.func).rpartition(".")[2].lower().removeprefix("behave_")
        (literal,) = call.args
        if kind in _KINDS and isinstance(literal, ast.Constant) and isinstance(literal.value, str):
            message = _find_stub_message(function, literal.value)
            doc = function.body[0].value if message and isinstance(function.body[0], ast.Expr) else None
            yield StepDefinition(
                kind=kind,
                pattern=literal.value,
                line=call.lineno,
                matcher=next(name for line, name in reversed(matchers) if line < call.lineno),
                literal=offsets.find_span(literal),
                span=span,
                message=offsets.find_span(message) if message else None,
                doc=offsets.find_span(doc) if doc else None,
                doc_text=str(doc.value) if isinstance(doc, ast.Constant) else "",
                alone=len(function.decorator_list) == 1,
            )


def _find_stub_message(function: ast.FunctionDef | ast.AsyncFunctionDef, pattern: str) -> ast.Constant | None:
    """Find the string that an untouched stub raises: its pattern, in a function that does nothing else."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    raised = body[0].exc if len(body) == 1 and isinstance(body[0], ast.Raise) and not body[0].cause else None
    if not isinstance(raised, ast.Call) or len(raised.args) != 1 or raised.keywords:
        return None
    is_stub_error = ast.unparse(raised.func).rpartition(".")[2].removeprefix("Behave") == "StepNotImplementedError"
    (argument,) = raised.args
    return argument if is_stub_error and isinstance(argument, ast.Constant) and argument.value == pattern else None
