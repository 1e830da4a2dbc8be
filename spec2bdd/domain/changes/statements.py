"""Find the statements of a Python file that did not run, by the lines that did.

Only statements count that Python makes code of and that do something when they run. Docstrings and constants do not,
and neither do the lines of `def` and `class`, which run when the module is loaded.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator
from types import CodeType

from spec2bdd.model.trace import UntestedRange
from spec2bdd.model.values import dataclass

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
# The fields of a statement that hold others.
_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement without those in it: its lines, the name of the function around it, and whether it ran."""

    first: int
    last: int
    function: str
    ran: bool


def find_untested_ranges(source: bytes, ran: Collection[int]) -> tuple[UntestedRange, ...]:
    """Find the statements of a file of which no line ran, joined to ranges that nothing that ran is between.

    Of a file that Python cannot compile, nothing runs: all of it is one range.
    """
    ran_lines = frozenset(ran)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            code = compile(source, "<source>", "exec", dont_inherit=True)
        statements = list(_list_statements(tree.body, "", frozenset(_list_code_lines(code)), ran_lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        count = len(source.splitlines())
        return (UntestedRange(1, count, "", count),) if count else ()
    ranges: list[UntestedRange] = []
    before: _Statement | None = None
    for statement in sorted(statements, key=lambda statement: statement.first):
        count = statement.last - statement.first + 1
        known = ranges[-1] if ranges and before and not before.ran and before.function == statement.function else None
        # The line of an `except` or a `case` may have run although the statements around it did not.
        if not statement.ran and known and ran_lines.isdisjoint(range(known.last, statement.first)):
            # Several statements may share a line.
            count += known.count - max(known.last - statement.first + 1, 0)
            last = max(known.last, statement.last)
            ranges[-1] = UntestedRange(known.first, last, known.function, count)
        elif not statement.ran:
            ranges.append(UntestedRange(statement.first, statement.last, statement.function, count))
        before = statement
    return tuple(ranges)


def find_first_body(source: bytes) -> int:
    """Find the first line of the body of the first function, without its docstring; 1 where there is none."""
    functions = [node for node in list_nodes(source) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    bodies = (function.body[ast.get_docstring(function) is not None :] for function in functions)
    return min((body[0].lineno for body in bodies if body), default=1)


def find_statement(source: bytes, line: int) -> range:
    """Find the lines of the innermost statement that has a line of its own there, which run as one.

    Of a compound statement, these are the lines before its body. Where there is none, it is the line alone.
    """
    found = range(line, line + 1)
    for node in list_nodes(source):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            is_compound = any(getattr(node, field, None) for field in _BODIES)
            last = _find_last_line(node) if is_compound else node.end_lineno or node.lineno
            # Breadth first, so that what is inside comes later.
            found = range(node.lineno, last + 1) if line <= last else found
    return found


def list_nodes(source: bytes) -> list[ast.AST]:
    """List the nodes of a Python file, outer ones first; none if Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _list_statements(
    body: list[ast.stmt], function: str, code: frozenset[int], ran: frozenset[int]
) -> Iterator[_Statement]:
    """List the statements of a body that count, also those inside of others."""
    for statement in body:
        if isinstance(statement, _Definition):
            name = f"{function}.{statement.name}".lstrip(".")
            yield from _list_statements(statement.body, name, code, ran)
            continue
        parts = [part for field in _BODIES for part in getattr(statement, field, [])]
        nested = [inner for part in parts for inner in ([part] if isinstance(part, ast.stmt) else part.body)]
        if isinstance(statement, ast.If) and ast.unparse(statement.test).rpartition(".")[2] == "TYPE_CHECKING":
            # It runs in type checkers alone.
            nested = statement.orelse
        inside = list(_list_statements(nested, function, code, ran))
        last = _find_last_line(statement) if parts else statement.end_lineno or statement.lineno
        own = range(statement.lineno, last + 1)
        is_constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_constant and not code.isdisjoint(own):
            # Where something in it ran, it ran as well, even if Python left out its own line.
            has_run = not ran.isdisjoint(own) or any(inner.ran for inner in inside)
            yield _Statement(statement.lineno, last, function, has_run)
        yield from inside


def _find_last_line(statement: ast.stmt) -> int:
    """Find the last line of what comes before the body of a compound statement."""
    kinds = (ast.expr, ast.withitem, ast.arguments, ast.keyword)
    heads = [child for child in ast.iter_child_nodes(statement) if isinstance(child, kinds)]
    parts = [part for head in heads for part in ast.walk(head) if isinstance(part, ast.expr)]
    return max([statement.lineno, *(part.end_lineno or 0 for part in parts)])


def _list_code_lines(code: CodeType) -> Iterator[int]:
    """List the lines that Python makes code of."""
    yield from (line for _, _, line in code.co_lines() if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _list_code_lines(constant)
