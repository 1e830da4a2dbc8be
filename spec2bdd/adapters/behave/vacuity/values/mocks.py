"""Find assertions about nothing but a mock that the step itself makes and gives to no other code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from types import SimpleNamespace

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope, is_literal, is_one_of

_CLASSES = ("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock")
_PARTS = (
    ast.Attribute,
    ast.Call,
    ast.Constant,
    ast.Compare,
    ast.UnaryOp,
    ast.BoolOp,
    ast.cmpop,
    ast.unaryop,
    ast.boolop,
)


def checks_own_mock(test: ast.expr, scope: Scope) -> bool:
    """Whether an assertion is about a mock made in the step, and about nothing else."""
    # It takes long to import; a step that uses it has imported it.
    mock = sys.modules.get("unittest.mock")
    nodes = [node for node in walk(test) if not isinstance(node, ast.expr_context)]
    names = [node for node in nodes if isinstance(node, ast.Name)]
    if not names or not all(isinstance(node, (*_PARTS, ast.Name)) for node in nodes):
        return False
    if scope.resolve(names[0]) is not UNKNOWN or not all(name.id == names[0].id for name in names):
        return False
    classes = [SimpleNamespace, *(getattr(mock, name) for name in _CLASSES if mock)]
    if names[0].id in scope.contexts:
        # An attribute of the context is forgotten once anything else runs.
        keys = {key for node in nodes if (key := scope.find_key(node)).startswith(".")}
        held = scope.held.get(keys.pop()) if len(keys) == 1 else None
        return held is not None and _makes_one_of(held.node, classes, scope)
    made = scope.aliases.get(names[0].id)
    return made is not None and _makes_one_of(made, classes, scope) and not _is_passed_on(names[0].id, scope)


def _makes_one_of(node: ast.expr, classes: Sequence[object], scope: Scope) -> bool:
    """Whether an expression makes an object of one of some classes, with attributes that are constants."""
    if not isinstance(node, ast.Call) or not is_one_of(scope.resolve(node.func), classes):
        return False
    return scope.resolve(node.func) is not SimpleNamespace or all(is_literal(word.value) for word in node.keywords)


def _is_passed_on(name: str, scope: Scope) -> bool:
    """Whether other code may get a mock: only a check, or a setting of one of its attributes, keeps it in the step."""
    kept: set[int] = set()
    for node in walk(scope.node):
        match node:
            case ast.Assert(test=kept_part):
                kept |= {id(part) for part in walk(kept_part)}
            case ast.Expr(value=ast.Call(func=called, args=args)) if all(isinstance(arg, ast.Constant) for arg in args):
                kept |= {id(part) for part in walk(called)}
            case ast.Assign(targets=[ast.Attribute() as target], value=ast.Constant()):
                kept |= {id(part) for part in walk(target)}
    reads = (node for node in walk(scope.node) if isinstance(node, ast.Name) and node.id == name)
    return any(isinstance(read.ctx, ast.Load) and id(read) not in kept for read in reads)
