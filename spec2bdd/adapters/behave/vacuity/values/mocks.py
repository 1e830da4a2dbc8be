"""Find assertions about nothing but a mock that the step itself makes and gives to no other code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from types import SimpleNamespace

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope, is_literal, is_one_of

_CLASSES = ("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock")
# Arguments of a mock that say which attributes it has, and not what they are.
_SHAPES = ("spec", "spec_set", "name")
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
    # What is passed to a function that was replaced makes no difference.
    called = ((node.func if isinstance(node, ast.Call) else node, node) for node in nodes if scope.patched)
    replaced = {id(part) for name, node in called if scope.find_full_name(name) in scope.patched for part in walk(node)}
    if all(id(name) in replaced for name in names):
        return True
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
    free = () if scope.resolve(node.func) is SimpleNamespace else _SHAPES
    return all(word.arg in free or is_literal(word.value) for word in node.keywords)


def find_patched(call: ast.expr, scope: Scope) -> str:
    """Find the full name of what `patch` or `patch.object` replaces by a value of the step; empty if unsure."""
    mock = sys.modules.get("unittest.mock")
    if mock is None or not isinstance(call, ast.Call) or not all(map(_is_own, call.keywords)):
        return ""
    made = call.func
    match call.args:
        case [ast.Constant(value=str(name)), *rest] if scope.resolve(made) is mock.patch:
            return name if all(map(is_literal, rest)) else ""
        case [owner, ast.Constant(value=str(name)), *rest] if isinstance(made, ast.Attribute) and made.attr == "object":
            is_patch = scope.resolve(made.value) is mock.patch and all(map(is_literal, rest))
            return scope.find_full_name(ast.Attribute(owner, name)) if is_patch else ""
    return ""


def follow_replacement(statement: ast.stmt, scope: Scope) -> None:
    """Remember an attribute of a module that a statement replaces by a value of the step, or no longer does."""
    match statement:
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            name = scope.find_full_name(target)
        case ast.Expr(value=ast.Call(args=[owner, ast.Constant(value=str(attribute)), value]) as call):
            name = scope.find_full_name(ast.Attribute(owner, attribute)) if scope.resolve(call.func) is setattr else ""
        case _:
            return
    scope.patched -= {name}
    constant = value.body if isinstance(value, ast.Lambda) else value
    scope.patched |= {name} if name and is_literal(constant) else set()


def _is_own(keyword: ast.keyword) -> bool:
    """Whether an argument of `patch` brings no code of the project in."""
    return keyword.arg in ("return_value", "new") and is_literal(keyword.value)


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
