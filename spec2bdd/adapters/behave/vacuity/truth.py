"""Find conditions that are always true, or always false, whatever the product does.

The kinds are those that linters know (ruff's F631, B011, B015, B018, PLR0124, PLR0133 and PGH005), and their relatives.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any
from unittest import mock

from spec2bdd.adapters.behave.vacuity.methods import is_method
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of

# What ruff's PGH005 calls an invalid mock access: `Mock` makes these attributes up, and they are always true.
MISSPELT_MOCK_CHECKS = frozenset(
    {"called_once", "called_once_with", "called_with", "any_call", "has_calls", "not_called", "has_awaits"}
    | {"awaited_once", "awaited_once_with", "awaited_with", "any_await", "not_awaited"}
)
_LONGEST_SHOWN = 40
# An expression is the same at two places only if evaluating it has no effect.
_EFFECTS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda, ast.GeneratorExp)
_IF_SAME = {
    ast.Eq: True,
    ast.LtE: True,
    ast.GtE: True,
    ast.Is: True,
    ast.NotEq: False,
    ast.Lt: False,
    ast.Gt: False,
    ast.IsNot: False,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition with one possible value, and why it has no other."""

    value: bool
    reason: str


def find_truth(node: ast.expr, scope: Scope) -> Truth | None:
    """Find the only value that a condition can have; None if it can have both, or if unsure."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = find_truth(operand, scope)
            return Truth(not truth.value, truth.reason) if truth else None
        case ast.BoolOp(op=op, values=values):
            return _find_combined([find_truth(value, scope) for value in values], decisive=isinstance(op, ast.Or))
        case ast.IfExp(body=body, orelse=other):
            first, second = find_truth(body, scope), find_truth(other, scope)
            return first if first and second and first.value == second.value else None
        case ast.NamedExpr(value=value):
            return find_truth(value, scope)
        case ast.Compare():
            return _find_comparison(node, scope)
        case ast.Call():
            return _find_call(node, scope)
        case ast.Name() | ast.Attribute():
            return _find_name(node, scope)
    return _find_display(node)


def _find_combined(truths: Sequence[Truth | None], *, decisive: bool) -> Truth | None:
    """Combine the operands of `and` or `or`: one with the decisive value decides, else all have to be known."""
    for truth in truths:
        if truth and truth.value is decisive:
            return truth
    return truths[0] if all(truths) else None


def _find_display(node: ast.expr) -> Truth | None:
    """Find the truth of a literal, a list, a text with words in it, or a function that is not called."""
    match node:
        case ast.Constant(value=value):
            return Truth(bool(value), f"`{shorten(node)}` is always {str(bool(value)).lower()}")
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            kind = type(node).__name__.lower()
            is_unpacked = isinstance(node, ast.Dict) and None in node.keys
            if parts and (is_unpacked or all(isinstance(part, ast.Starred) for part in parts)):
                return None
            return Truth(bool(parts), f"a non-empty {kind} is always true" if parts else f"an empty {kind} is false")
        case ast.JoinedStr(values=parts):
            is_full = any(isinstance(part, ast.Constant) and part.value for part in parts)
            return Truth(value=True, reason="a text that is not empty is always true") if is_full else None
        case ast.Lambda():
            return Truth(value=True, reason="a lambda that is not called is always true")
        case ast.GeneratorExp():
            return Truth(value=True, reason="a generator expression is always true")
    return None


def _find_name(node: ast.Name | ast.Attribute, scope: Scope) -> Truth | None:
    """Find the truth of a name: that of a function that is not called."""
    if isinstance(node, ast.Attribute) and (node.attr.startswith("assert_") or node.attr in MISSPELT_MOCK_CHECKS):
        return Truth(value=True, reason=f"the method `{shorten(node)}` is not called")
    if isinstance(scope.resolve(node), FunctionType | BuiltinFunctionType | MethodType | type | ModuleType):
        return Truth(value=True, reason=f"`{shorten(node)}` is not called")
    if is_method(node, scope):
        return Truth(value=True, reason=f"`{shorten(node)}` is a method that is not called")
    return None


def _find_comparison(node: ast.Compare, scope: Scope) -> Truth | None:
    """Find the truth of a comparison, which may be a chain."""
    operands = [node.left, *node.comparators]
    pairs = zip(operands, node.ops, operands[1:], strict=False)
    truths = [_compare(left, op, right, scope) for left, op, right in pairs]
    return _find_combined(truths, decisive=False)


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of one comparison."""
    if type(op) in _IF_SAME and _is_same(left, right):
        return Truth(_IF_SAME[type(op)], f"`{shorten(left)}` is compared with itself")
    listed = right.elts if isinstance(op, ast.In) and isinstance(right, ast.List | ast.Tuple | ast.Set) else []
    if any(_is_same(left, part) for part in listed):
        return Truth(value=True, reason=f"`{shorten(left)}` is in a list of itself")
    if isinstance(op, ast.Eq | ast.NotEq) and is_one_of(mock.ANY, (scope.resolve(left), scope.resolve(right))):
        return Truth(isinstance(op, ast.Eq), "`mock.ANY` is equal to everything")
    if isinstance(op, ast.NotEq | ast.IsNot) and isinstance(right, ast.Constant) and is_method(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is a method that is not called")
    if length := _compare_length(left, op, right, scope):
        return length
    try:
        values = ast.literal_eval(left), ast.literal_eval(right)
        value = bool(_COMPARE[type(op)](*values))
    except (ValueError, TypeError, KeyError, MemoryError, RecursionError):
        return None
    return Truth(value, f"`{shorten(left)}` and `{shorten(right)}` are constants")


def _compare_length(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of a length compared with a number that no length is below."""
    turned: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.LtE: ast.GtE, ast.Lt: ast.Gt}
    if isinstance(right, ast.Call) and type(op) in turned:
        left, op, right = right, turned[type(op)](), left
    match left, op, right:
        case ast.Call(func=ast.Name(id="len") as name), ast.GtE(), ast.Constant(value=0):
            pass
        case ast.Call(func=ast.Name(id="len") as name), ast.Gt(), ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            pass
        case _:
            return None
    if scope.resolve(name) is not len:
        return None
    return Truth(value=True, reason="a length is never below 0")


def _is_same(left: ast.expr, right: ast.expr) -> bool:
    """Whether two expressions are the same, and evaluating them has no effect."""
    return ast.dump(left) == ast.dump(right) and not any(isinstance(node, _EFFECTS) for node in ast.walk(left))


def _find_call(node: ast.Call, scope: Scope) -> Truth | None:
    """Find the truth of what a call returns."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in MISSPELT_MOCK_CHECKS and is_chain(node.func):
        return Truth(value=True, reason=f"`{node.func.attr}` is no check of a mock: the name lacks `assert_`")
    target = scope.resolve(node.func)
    first = node.args[0] if node.args else None
    if target is bool and first is not None:
        return find_truth(first, scope)
    if is_one_of(target, (all, any)) and first is not None:
        return _find_quantified(first, scope, every=target is all)
    if target is isinstance and len(node.args) > 1 and scope.resolve(node.args[1]) is object:
        return Truth(value=True, reason="everything is an `object`")
    if isinstance(target, FunctionType) and inspect.iscoroutinefunction(target):
        return Truth(value=True, reason=f"the coroutine `{target.__name__}` is not awaited")
    if isinstance(target, FunctionType) and inspect.isgeneratorfunction(target):
        return Truth(value=True, reason=f"the generator `{target.__name__}` is not run")
    return None


def _find_quantified(node: ast.expr, scope: Scope, *, every: bool) -> Truth | None:
    """Find the truth of `all` or `any` of a list, or of a comprehension over an empty one."""
    name = "all" if every else "any"
    if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        if is_empty(node.generators[0].iter, scope):
            return Truth(every, f"`{name}` of nothing is always {str(every).lower()}")
        return None
    if is_empty(node, scope):
        return Truth(every, f"`{name}` of nothing is always {str(every).lower()}")
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _find_combined([find_truth(part, scope) for part in node.elts], decisive=not every)
    return None


def is_empty(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is an empty literal, an empty `list()`, `dict()`, `set()` or `tuple()`, or `range(0)`."""
    match node:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]) | ast.Constant(value="" | b""):
            return True
        case ast.Call(func=func, args=[], keywords=[]):
            return is_one_of(scope.resolve(func), (list, dict, set, tuple, frozenset))
        case ast.Call(func=func, args=[ast.Constant(value=0)], keywords=[]):
            return scope.resolve(func) is range
    return False


def is_chain(node: ast.expr) -> bool:
    """Whether an expression is a name with attributes, without any call in it."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def shorten(node: ast.AST) -> str:
    """Render an expression on one line for a message, cut where it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
