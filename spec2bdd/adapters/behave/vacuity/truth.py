"""Find conditions that are always true, or always false, whatever the product does.

The kinds are those that linters know (ruff's F631, B011, B015, B018, PLR0124, PLR0133 and PGH005), and their relatives.
"""

from __future__ import annotations

import ast
import inspect
import operator
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from spec2bdd.adapters.behave.vacuity.methods import is_method, is_new_object
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.model.values import dataclass

# What ruff's PGH005 calls an invalid mock access: `Mock` makes these attributes up, and they are always true.
MISSPELT_MOCK_CHECKS = frozenset(
    {"called_once", "called_once_with", "called_with", "any_call", "has_calls", "not_called", "has_awaits"}
    | {"awaited_once", "awaited_once_with", "awaited_with", "any_await", "not_awaited"}
)
# What these return is true, whatever is passed to them.
_ALWAYS_TRUE = (map, filter, zip, enumerate, reversed, iter, id, object, re.compile)
_OBJECT_ATTRIBUTES = frozenset(dir(object))
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
            if isinstance(op, ast.Or) and (tautology := _find_tautology(values)):
                return tautology
            return _find_combined([find_truth(value, scope) for value in values], decisive=isinstance(op, ast.Or))
        case ast.IfExp(body=body, orelse=other):
            first, second = find_truth(body, scope), find_truth(other, scope)
            return first if first and second and first.value == second.value else None
        case ast.NamedExpr(value=value):
            return find_truth(value, scope)
        case ast.Compare(left=left, ops=ops, comparators=others):
            # It may be a chain.
            links = zip([left, *others], ops, others, strict=False)
            return _find_combined([_compare(*link, scope) for link in links], decisive=False)
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


def _find_tautology(values: Sequence[ast.expr]) -> Truth | None:
    """Find two operands of an `or` of which one is always true, such as `x != 5 or x != 6`."""
    for number, first in enumerate(values):
        for second in values[:number]:
            if _is_negation(first, second) or _is_negation(second, first) or _exclude_different(first, second):
                return Truth(value=True, reason=f"`{shorten(second)}` or `{shorten(first)}` is always true")
    return None


def _is_negation(node: ast.expr, other: ast.expr) -> bool:
    """Whether an expression is the negation of another one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_same(node.operand, other)
    match node, other:
        case ast.Compare(ops=[ast.NotEq() | ast.IsNot() as op]), ast.Compare(ops=[ast.Eq() | ast.Is() as reverse]):
            # `==` and `!=` may be defined apart from each other, but not for a constant on the right.
            is_pair = isinstance(op, ast.NotEq) is isinstance(reverse, ast.Eq)
            is_constant = isinstance(node.comparators[0], ast.Constant)
            same = _is_same(node.left, other.left) and _is_same(node.comparators[0], other.comparators[0])
            return is_pair and is_constant and same
    return False


def _exclude_different(node: ast.expr, other: ast.expr) -> bool:
    """Whether two expressions say that one value is not equal to two different constants."""
    match node, other:
        case (
            ast.Compare(ops=[ast.NotEq()], comparators=[ast.Constant(value=first)]),
            ast.Compare(ops=[ast.NotEq()], comparators=[ast.Constant(value=second)]),
        ):
            return bool(first != second) and _is_same(node.left, other.left)
    return False


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
            return Truth(value=True, reason="a non-empty string is always true") if is_full else None
        case ast.Lambda():
            return Truth(value=True, reason="a lambda that is not called is always true")
        case ast.GeneratorExp():
            return Truth(value=True, reason="a generator expression is always true")
    return None


def _find_name(node: ast.Name | ast.Attribute, scope: Scope) -> Truth | None:
    """Find the truth of a name: that of a function that is not called."""
    if isinstance(node, ast.Attribute) and (node.attr.startswith("assert_") or node.attr in MISSPELT_MOCK_CHECKS):
        return Truth(value=True, reason=f"the method `{shorten(node)}` is not called")
    if isinstance(node, ast.Attribute) and node.attr == "__class__":
        return Truth(value=True, reason="a class is always true")
    value = scope.resolve(node)
    if shorten(node).rpartition(".")[2] == "TYPE_CHECKING" and value is False:
        return Truth(value=False, reason="`TYPE_CHECKING` is false when a step runs")
    if isinstance(node, ast.Name) and node.id == "__debug__":
        return Truth(value=True, reason="`__debug__` is always true in a run")
    if isinstance(value, FunctionType | BuiltinFunctionType | MethodType | type | ModuleType):
        return Truth(value=True, reason=f"`{shorten(node)}` is not called")
    if is_method(node, scope):
        return Truth(value=True, reason=f"`{shorten(node)}` is a method that is not called")
    return None


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of one comparison."""
    if type(op) in _IF_SAME and _is_same(left, right):
        return Truth(_IF_SAME[type(op)], f"`{shorten(left)}` is compared with itself")
    listed = right.elts if isinstance(op, ast.In) and isinstance(right, ast.List | ast.Tuple | ast.Set) else []
    if any(_is_same(left, part) for part in listed):
        return Truth(value=True, reason=f"`{shorten(left)}` is in a list of itself")
    # `unittest.mock` takes longer to import than everything else here; a step that uses it has imported it.
    mock = sys.modules.get("unittest.mock")
    is_equality = mock is not None and isinstance(op, ast.Eq | ast.NotEq)
    if is_equality and is_one_of(getattr(mock, "ANY", None), (scope.resolve(left), scope.resolve(right))):
        return Truth(isinstance(op, ast.Eq), "`mock.ANY` is equal to everything")
    if isinstance(op, ast.NotEq | ast.IsNot) and isinstance(right, ast.Constant) and is_method(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is a method that is not called")
    is_module_name = isinstance(left, ast.Name) and left.id == "__name__" and type(scope.resolve(left)) is str
    if is_module_name and isinstance(op, ast.Eq) and isinstance(right, ast.Constant):
        return Truth(scope.resolve(left) == right.value, "`__name__` is not `__main__` when Behave loads the steps")
    if isinstance(op, ast.IsNot) and isinstance(right, ast.Constant) and right.value is None and _is_display(left):
        return Truth(value=True, reason=f"`{shorten(left)}` is never `None`")
    if length := _compare_length(left, op, right, scope):
        return length
    try:
        values = ast.literal_eval(left), ast.literal_eval(right)
        value = bool(_COMPARE[type(op)](*values))
    except (ValueError, TypeError, KeyError, MemoryError, RecursionError):
        return None
    return Truth(value, f"`{shorten(left)}` and `{shorten(right)}` are constants")


def _is_display(node: ast.expr) -> bool:
    """Whether an expression is a literal, but not `None`."""
    if isinstance(node, ast.Constant):
        return node.value is not None
    return isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.JoinedStr | ast.ListComp | ast.DictComp)


def _compare_length(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of a length compared with a number that no length is below."""
    turned: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.LtE: ast.GtE, ast.Lt: ast.Gt}
    if isinstance(right, ast.Call) and type(op) in turned:
        left, op, right = right, turned[type(op)](), left
    match left, op, right:
        case ast.Call(func=ast.Name(id="len" | "abs") as name), ast.GtE(), ast.Constant(value=0):
            pass
        case (
            ast.Call(func=ast.Name(id="len" | "abs") as name),
            ast.Gt() | ast.GtE() | ast.NotEq(),
            ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))),
        ) if number > 0:
            pass
        case _:
            return None
    if not is_one_of(scope.resolve(name), (len, abs)):
        return None
    what = "a length" if name.id == "len" else "an absolute value"
    return Truth(value=True, reason=f"{what} is never below 0")


def _is_same(left: ast.expr, right: ast.expr) -> bool:
    """Whether two expressions are the same, and evaluating them has no effect."""
    return ast.dump(left) == ast.dump(right) and not any(isinstance(node, _EFFECTS) for node in ast.walk(left))


def _find_call(node: ast.Call, scope: Scope) -> Truth | None:
    """Find the truth of what a call returns."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in MISSPELT_MOCK_CHECKS and is_chain(node.func):
        return Truth(value=True, reason=f"`{node.func.attr}` is not an assertion of a mock: the name lacks `assert_`")
    target = scope.resolve(node.func)
    first = node.args[0] if node.args else None
    if target is bool and first is not None:
        return find_truth(first, scope)
    if is_one_of(target, (all, any)) and first is not None:
        return _find_quantified(first, scope, every=target is all)
    classes = [part for other in node.args[1:2] for part in (other.elts if isinstance(other, ast.Tuple) else [other])]
    if target is isinstance and any(scope.resolve(part) is object for part in classes):
        return Truth(value=True, reason="everything is an `object`")
    if target is hasattr and len(node.args) == 2 and getattr(node.args[1], "value", "") in _OBJECT_ATTRIBUTES:
        return Truth(value=True, reason="every object has this attribute")
    if (target is type and len(node.args) == 1) or is_one_of(target, _ALWAYS_TRUE):
        return Truth(value=True, reason=f"what `{shorten(node.func)}` returns is always true")
    if is_new_object(node, scope):
        return Truth(value=True, reason=f"an object of `{shorten(node.func)}` is always true")
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
        case ast.Call(func=func, args=[ast.Constant(value=int(start)), ast.Constant(value=int(end))], keywords=[]):
            return scope.resolve(func) is range and start >= end
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
