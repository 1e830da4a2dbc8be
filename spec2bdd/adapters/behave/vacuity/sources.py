"""Find the syntax trees of step functions in the step files as they were loaded, parsed at the first question."""

from __future__ import annotations

import ast
import gc
import io
import os
import re
import sys
import sysconfig
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

from spec2bdd.model.values import dataclass

# The trees of larger files are so large that the garbage collector takes longer for them than their analysis.
_LARGE = 50_000
# The fields of a node that hold statements, or nodes that hold some in turn.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
# A comment by which the author says that a function proves something.
_MARK = re.compile(r"#\s*spec2bdd:\s*proves\b")
# What follows a name where something is only stored there: an assignment, an element, or a method that adds one.
_ADDED = rb"""\s*\[[^\]\n]*\]\s*[&|^+]?=(?!=)|\.(?:append|appendleft|extend|insert|add|update|setdefault)\("""
_ASSIGNED = rb"""\s*(?::[^=\n]*)?[&|^+]?=(?!=)|""" + _ADDED
_FILLED = rb"""\s*(?::[^=\n]*)?=\s*(?:\[\]|\{\}|(?:list|dict|set|deque|SimpleNamespace)\(\))|\s*\+=|""" + _ADDED
# With these, code reads what it does not name.
_COMPUTED = re.compile(
    rb"\b(?:getattr|vars|globals|locals|eval|exec|attrgetter|__dict__|__setattr__|__getattribute__)\b"
)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# By first line and name; None if two functions have the same.
_Functions = dict[tuple[int, str], "FunctionSource | None"]


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """A function as it is written; `marked` if a comment says that it proves something."""

    node: FunctionNode
    marked: bool


class SourceCache:
    """The functions of all files that define steps; with `kept` false, none is found."""

    __slots__ = ("_constants", "_contents", "_functions", "_kept", "_mentioned", "_root", "_with_lambdas")

    def __init__(self, *, kept: bool = True) -> None:
        self._kept = kept
        self._root = str(Path.cwd())
        self._contents: dict[str, bytes] = {}
        self._mentioned: dict[re.Pattern[bytes], tuple[int, bool]] = {}
        self._functions: dict[str, _Functions] = {}
        self._with_lambdas: set[str] = set()
        self._constants: dict[str, dict[str, Any]] = {}

    def add_file(self, name: str, content: bytes) -> None:
        """Keep a file as it was loaded, under the name that it was compiled with."""
        if self._kept:
            self._contents[name] = content

    def defines_steps(self, name: str) -> bool:
        """Whether the file that code was compiled from under this name is one that defines steps."""
        return name in self._contents

    def parse_large_files(self) -> None:
        """Parse the large files now, so that processes that are forked from this one share their trees."""
        for name, content in self._contents.items():
            if len(content) > _LARGE and name not in self._functions:
                self._functions[name] = _parse_functions(content)

    def find_function(self, code: CodeType) -> FunctionSource | None:
        """Find the function that a code object was compiled from; None if unsure."""
        name = code.co_filename
        if name not in self._functions:
            self._functions[name] = _parse_functions(self._read(name))
        if code.co_name == "<lambda>":
            self._add_lambdas(name)
        source = self._functions[name].get((code.co_firstlineno, code.co_name))
        # An imported file may have changed since; then at least the parameters have to be the same.
        parameters = (
            [] if source is None else [arg.arg for arg in (*source.node.args.posonlyargs, *source.node.args.args)]
        )
        return source if parameters == list(code.co_varnames[: code.co_argcount]) else None

    def mentions(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether a pattern matches anywhere in the files that define steps."""
        count, is_mentioned = self._mentioned.get(pattern, (-1, False))
        if count != len(self._contents):
            is_mentioned = any(pattern.search(content) for content in self._contents.values())
            self._mentioned[pattern] = len(self._contents), is_mentioned
        return is_mentioned

    def reads(self, name: str, *, is_collection: bool) -> bool:
        """Whether code of the project may read a name or attribute: mention it other than to store something there.

        That of a collection may also be assigned, but only a new one that is empty.
        """
        stores = _FILLED if is_collection else _ASSIGNED
        read = re.compile(rb"\b%s\b(?!%s)" % (re.escape(name).encode(), stores))
        return any(
            _COMPUTED.search(content) or any(not _is_declared(content, found) for found in read.finditer(content))
            for content in self.list_contents()
        )

    def is_own_module(self, module: Any) -> bool:
        """Whether a module is one of the project, or one that defines steps."""
        name = getattr(module, "__file__", None)
        return isinstance(name, str) and name.startswith(self._root + os.sep) and not is_library_file(name)

    def list_contents(self) -> Iterator[bytes]:
        """List the contents of all modules of the project that are loaded."""
        yield from self._contents.values()
        for module in list(sys.modules.values()):
            # Any object may be in `sys.modules`, and may raise anything.
            with suppress(Exception):
                if self.is_own_module(module):
                    yield self._read(str(Path(str(module.__file__)).absolute()))

    def find_constants(self, name: str) -> Mapping[str, Any]:
        """Find the names of a file that defines steps which hold one number or text, whatever runs."""
        if name not in self._constants:
            self._constants[name] = _parse_constants(self._contents.get(name, b""))
        return self._constants[name]

    def _read(self, name: str) -> bytes:
        """Read a file as it was loaded."""
        content = self._contents.get(name, b"")
        # A module that a step module has imported is compiled under its absolute path.
        with suppress(OSError, ValueError):
            # `environment.py` is compiled under its path from the root.
            content = content or (Path(self._root, name).read_bytes() if name.endswith(".py") else b"")
        return content

    def _add_lambdas(self, name: str) -> None:
        """Find the lambdas of a file, each as a function that returns its value, at the first question for one."""
        functions = self._functions[name]
        if name in self._with_lambdas:
            return
        self._with_lambdas.add(name)
        content = self._read(name)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                nodes = [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Lambda)]
            marked_lines = _find_marked_lines(content)
        except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
            return
        for node in nodes:
            made = ast.FunctionDef("<lambda>", node.args, [ast.Return(node.body)], [])
            made = ast.fix_missing_locations(ast.copy_location(made, node))
            key = node.lineno, "<lambda>"
            is_marked = not marked_lines.isdisjoint(range(node.lineno - 1, (node.end_lineno or node.lineno) + 1))
            functions[key] = None if key in functions else FunctionSource(made, is_marked)


def is_library_file(name: str) -> bool:
    """Whether a file of that name is one of Python's own modules, or of an installed package."""
    return name.startswith(_LIBRARIES) or "site-packages" in name


def _is_declared(content: bytes, found: re.Match[bytes]) -> bool:
    """Whether the place where a name was found is a statement that only says whose name it is."""
    line = content[content.rfind(b"\n", 0, found.start()) + 1 : found.start()].lstrip()
    return line.startswith((b"global ", b"nonlocal "))


def _parse_functions(content: bytes) -> _Functions:
    """Parse a file into its functions, by first line and name as a code object has them."""
    functions: _Functions = {}
    nodes: list[FunctionNode] = []
    try:
        with warnings.catch_warnings():
            # The compiler has printed them already.
            warnings.simplefilter("ignore")
            pending: list[ast.AST] = [_parse(content)]
        marked_lines = _find_marked_lines(content)
    except (SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return functions
    # Functions are among the statements, at any depth, and never in an expression: that is faster than `ast.walk`.
    while pending:
        node = pending.pop()
        if isinstance(node, FunctionNode):
            nodes.append(node)
        for name in _BLOCKS:
            pending += getattr(node, name, ())
    for function in nodes:
        # The first line of a code object is that of the first decorator.
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        # A mark is inside the function, or in the line right above it.
        is_marked = not marked_lines.isdisjoint(range(first - 1, (function.end_lineno or first) + 1))
        key = first, function.name
        functions[key] = None if key in functions else FunctionSource(function, is_marked)
    return functions


def _parse_constants(content: bytes) -> dict[str, Any]:
    """Find the names that a module binds once, to a number or a text, and that no function of it binds."""
    try:
        module = _parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    constants: dict[str, Any] = {}
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() | int() | float() as value)):
                constants[name] = value
    bound = Counter(
        node.id for node in ast.walk(module) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    free = {name for node in ast.walk(module) if isinstance(node, ast.Global) for name in node.names}
    return {name: value for name, value in constants.items() if bound[name] == 1 and name not in free}


def _parse(content: bytes) -> ast.Module:
    """Parse a file without collecting garbage meanwhile: a tree holds none, and the search takes half of the time."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(content)
    finally:
        if is_enabled:
            gc.enable()


def _find_marked_lines(content: bytes) -> set[int]:
    """Find the lines of all comments that mark a function."""
    # Tokenizing takes longer than everything else here, and marks are rare.
    if not _MARK.search(content.decode("utf-8", "replace")):
        return set()
    tokens = tokenize.tokenize(io.BytesIO(content).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT and _MARK.match(token.string)}
