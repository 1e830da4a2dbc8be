"""What the local names of a function are bound to, where that is certain: by one assignment, or by one import."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# The kinds of nodes that may bind names.
_BINDING = frozenset(
    {ast.Name, ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.FunctionDef}
    | {ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal}
)


def find_bindings(node: _FunctionNode) -> tuple[Mapping[str, ast.expr], Mapping[str, Any]]:
    """Find the names that a function binds once: by a plain assignment, with the expressions, and by an import.

    Imports are given with what they import; modules that are not loaded are left out.
    """
    nodes = walk(node)
    counts = Counter(_list_bound_names(nodes))
    aliases = {
        statement.targets[0].id: statement.value
        for statement in nodes
        if isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and counts[statement.targets[0].id] == 1
    }
    return aliases, {name: value for name, value in _list_imported(nodes) if counts[name] == 1}


def _list_imported(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, Any]]:
    """List the names that a function imports, with their values."""
    if any(map(_imports_mock, nodes)):
        # A step that imports it has not run yet.
        import_module("unittest.mock")
    for statement in nodes:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                # `import a.b` binds `a`, `import a.b as c` binds `a.b`.
                module = alias.name if alias.asname else alias.name.partition(".")[0]
                if module in sys.modules:
                    yield alias.asname or module, sys.modules[module]
        elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.module in sys.modules:
            values = vars(sys.modules[statement.module])
            yield from (
                (alias.asname or alias.name, values[alias.name]) for alias in statement.names if alias.name in values
            )


def _imports_mock(statement: ast.AST) -> bool:
    """Whether a statement imports the mocks of Python."""
    match statement:
        case ast.ImportFrom(module="unittest", names=names):
            return any(alias.name == "mock" for alias in names)
        case ast.ImportFrom(module="unittest.mock"):
            return True
        case ast.Import(names=names):
            return any(alias.name == "unittest.mock" for alias in names)
    return False


def _list_bound_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """List the names that a function binds, each as often as it does; those of functions inside it too."""
    for node in nodes:
        # First what nearly all nodes are.
        if type(node) not in _BINDING or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                # Other code may bind these too, so twice.
                yield from (*names, *names)
