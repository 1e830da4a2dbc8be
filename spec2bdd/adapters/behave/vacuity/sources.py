"""The step files as they were loaded in, the syntax tree and the marks of each function out, parsed when asked for."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

# The fields of a node that hold statements, or what holds some in its turn.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_MARK = re.compile(r"#\s*spec2bdd:\s*proves\b")
Node = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """A function as it is written; `marked` is set if a comment says that it proves something."""

    node: Node
    marked: bool


class SourceCache:
    """The functions of all files that steps are defined in; what is not `kept` is not found."""

    __slots__ = ("_contents", "_kept", "_pages")

    def __init__(self, *, kept: bool = True) -> None:
        self._kept = kept
        self._contents: dict[str, bytes] = {}
        self._pages: dict[str, dict[tuple[int, str], FunctionSource | None]] = {}

    def add_file(self, name: str, content: bytes) -> None:
        """Keep a file as it was loaded, under the name that it was compiled with."""
        if self._kept:
            self._contents[name] = content

    def find_function(self, code: CodeType) -> FunctionSource | None:
        """Return the function that a code object was compiled from, or nothing if that is not sure."""
        name = code.co_filename
        if name not in self._pages:
            self._pages[name] = _parse_page(self._contents.get(name) or _read_imported(name))
        found = self._pages[name].get((code.co_firstlineno, code.co_name))
        names = [] if found is None else [arg.arg for arg in (*found.node.args.posonlyargs, *found.node.args.args)]
        return found if names == list(code.co_varnames[: code.co_argcount]) else None


def _read_imported(name: str) -> bytes:
    """Return the content of a file that a step module imported; its name is absolute."""
    with suppress(OSError, ValueError):
        return Path(name).read_bytes() if Path(name).is_absolute() else b""
    return b""


def _parse_page(content: bytes) -> dict[tuple[int, str], FunctionSource | None]:
    """Return the functions of a file by their first line and name; where two have the same, neither is sure."""
    page: dict[tuple[int, str], FunctionSource | None] = {}
    try:
        with warnings.catch_warnings():
            # The compiler has told them already.
            warnings.simplefilter("ignore")
            nodes = list(_find_functions(ast.parse(content)))
        marks = _find_marks(content)
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return page
    for node in nodes:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        # A mark stands inside the function, or in the line right above it.
        marked = not marks.isdisjoint(range(first - 1, (node.end_lineno or first) + 1))
        page[first, node.name] = None if (first, node.name) in page else FunctionSource(node, marked)
    return page


def _find_functions(module: ast.Module) -> Iterator[Node]:
    """Yield all functions of a module; they stand among its statements, at any depth, and never in an expression."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node):
            yield node
        for name in _BLOCKS:
            waiting += getattr(node, name, ())


def _find_marks(content: bytes) -> set[int]:
    """Return the lines of all comments that vouch for a function."""
    if not _MARK.search(content.decode("utf-8", "replace")):
        return set()
    tokens = tokenize.tokenize(io.BytesIO(content).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT and _MARK.match(token.string)}
