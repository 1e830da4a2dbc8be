"""Find comparisons that are always true, or always false, and pairs of conditions of which one always holds.

The kinds are those that linters know (ruff's PLR0124 and PLR0133), and their relatives.
"""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spec2bdd.adapters.behave.vacuity.methods import is_method
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.values.own_values import find_own_value
from spec2bdd.adapters.behave.vacuity.values.shapes import (
    count_items,
    find_type,
    is_boolean,
    is_never_empty,
    is_never_none,
)
from spec2bdd.model.values import dataclass

_LONGEST_SHOWN = 40
# An expression is the same at two places only if evaluating it has no effect.
_EFFECTS = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda, ast.GeneratorExp)
# Calls of these have none, and the same result for the same object.
_PURE = (len, str, repr, bool, int, float, abs, round, type, id)
# Nor have these, and they make equal objects of one, apart from iterators, which no check reads twice.
_COPYING = (list, tuple, set, frozenset, sorted, dict, sum, min, max)
_TEXT_METHODS = frozenset({"lower", "upper", "strip", "casefold"})
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
# Operators of which always one holds: the last two for numbers only.
_OPPOSITE = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In, ast.GtE: ast.Lt, ast.LtE: ast.Gt}
_TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition with one possible value, and why it has no other."""

    value: bool
    reason: str


def find_pair(values: Sequence[ast.expr], scope: Scope, *, is_or: bool) -> Truth | None:
    """Find two operands of an `or` of which one is always true, or two of an `and` that exclude each other."""
    exclude = _are_unequal if is_or else _are_equal
    for number, first in enumerate(values):
        for second in values[:number]:
            opposite = (
                (is_or and _are_both(first, second, scope))
                or is_negation(first, second, scope)
                or is_negation(second, first, scope)
            )
            if opposite or exclude(first, second, scope):
                word, value = ("or", "true") if is_or else ("and", "false")
                return Truth(is_or, f"`{shorten(second)}` {word} `{shorten(first)}` is always {value}")
    return None


def is_negation(node: ast.expr, other: ast.expr, scope: Scope) -> bool:
    """Whether an expression is the negation of another one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_same(node.operand, other, scope)
    match node, other:
        case ast.Compare(ops=[op], comparators=[right]), ast.Compare(ops=[reverse], comparators=[also]):
            if _OPPOSITE.get(type(op)) is not type(reverse):
                return False
            # `==` and `!=`, or `<` and `>=`, may be defined apart from each other, but not for a constant.
            is_number = isinstance(right, ast.Constant) and isinstance(right.value, int | float)
            is_any = isinstance(op, ast.NotIn | ast.IsNot)
            is_known = is_number or is_any or (isinstance(right, ast.Constant) and isinstance(op, ast.NotEq))
            return is_known and is_same(node.left, other.left, scope) and is_same(right, also, scope)
    return False


def _are_unequal(node: ast.expr, other: ast.expr, scope: Scope) -> bool:
    """Whether two expressions say that one value is not equal to two different constants."""
    match node, other:
        case (
            ast.Compare(ops=[ast.NotEq()], comparators=[ast.Constant(value=first)]),
            ast.Compare(ops=[ast.NotEq()], comparators=[ast.Constant(value=second)]),
        ):
            return bool(first != second) and is_same(node.left, other.left, scope)
    return False


def _are_both(node: ast.expr, other: ast.expr, scope: Scope) -> bool:
    """Whether two expressions say that a comparison is `True`, and that it is `False`."""
    match node, other:
        case (
            ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=bool(first))]),
            ast.Compare(left=right, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=bool(second))]),
        ):
            return first is not second and is_boolean(left, scope) and is_same(left, right, scope)
    return False


def _are_equal(node: ast.expr, other: ast.expr, scope: Scope) -> bool:
    """Whether two expressions say that one value is equal to two different constants."""
    match node, other:
        case (
            ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=first)]),
            ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=second)]),
        ):
            return bool(first != second) and is_same(node.left, other.left, scope)
    return False


def compare(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of one comparison."""
    # Two calls may make two objects.
    is_copied = isinstance(op, ast.Is | ast.IsNot) and any(isinstance(part, ast.Call) for part in walk(left))
    if type(op) in _IF_SAME and not is_copied and is_same(left, right, scope):
        shown = shorten(left) if shorten(left) == shorten(right) else f"{shorten(left)}` is `{shorten(right)}"
        return Truth(_IF_SAME[type(op)], f"`{shown}` is compared with itself")
    if isinstance(op, ast.In) and (truth := _find_member(left, right, scope)):
        return truth
    if isinstance(op, ast.NotIn):
        known = find_own_value(right, scope)
        if hasattr(type(known), "__len__") and not known:
            return Truth(value=True, reason="nothing is in an empty collection")
    # `unittest.mock` takes longer to import than everything else here; a step that uses it has imported it.
    mock = sys.modules.get("unittest.mock")
    is_equality = mock is not None and isinstance(op, ast.Eq | ast.NotEq)
    if is_equality and is_one_of(getattr(mock, "ANY", None), (scope.resolve(left), scope.resolve(right))):
        return Truth(isinstance(op, ast.Eq), "`mock.ANY` is equal to everything")
    if isinstance(op, ast.NotEq | ast.IsNot) and isinstance(right, ast.Constant) and is_method(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is a method that is not called")
    is_none = isinstance(right, ast.Constant) and right.value is None
    if isinstance(op, ast.NotEq | ast.IsNot) and is_none and is_never_none(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is never `None`")
    return _compare_known(left, op, right, scope) or _compare_length(left, op, right, scope)


def _compare_known(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of a comparison of constants, or with something that is known without running the step."""
    is_module_name = isinstance(left, ast.Name) and left.id == "__name__" and type(scope.resolve(left)) is str
    if is_module_name and isinstance(op, ast.Eq) and isinstance(right, ast.Constant):
        return Truth(scope.resolve(left) == right.value, "`__name__` is not `__main__` when Behave loads the steps")
    if isinstance(op, ast.Is | ast.Eq) and isinstance(left, ast.Call) and scope.resolve(left.func) is type:
        kind = find_type(left.args[0], scope) if len(left.args) == 1 else None
        if kind is not None and scope.resolve(right) is kind:
            return Truth(value=True, reason=f"`{shorten(left.args[0])}` is always a `{kind.__name__}`")
    is_empty_text = isinstance(right, ast.Constant) and right.value in ("", b"")
    if isinstance(op, ast.NotEq) and is_empty_text and is_never_empty(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is never empty")
    try:
        values = ast.literal_eval(left), ast.literal_eval(right)
        value = bool(_COMPARE[type(op)](*values))
    except (ValueError, TypeError, KeyError, MemoryError, RecursionError):
        return None
    return Truth(value, f"`{shorten(left)}` and `{shorten(right)}` are constants")


def _find_member(left: ast.expr, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of `in` for a collection that always has the value."""
    listed: Sequence[ast.expr | None] = ()
    if isinstance(right, ast.List | ast.Tuple | ast.Set | ast.Dict):
        listed = right.keys if isinstance(right, ast.Dict) else right.elts
    if any(part is not None and is_same(left, part, scope) for part in listed):
        return Truth(value=True, reason=f"`{shorten(left)}` is in a list of itself")
    values = {part.value for part in listed if isinstance(part, ast.Constant) and isinstance(part.value, bool)}
    if values == {True, False} and is_boolean(left, scope):
        return Truth(value=True, reason=f"`{shorten(left)}` is always one of the two")
    if isinstance(left, ast.Constant) and left.value in ("", b"") and find_type(right, scope) in (str, bytes):
        return Truth(value=True, reason="an empty text is in every text")
    return None


def _compare_length(left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of a length, or an absolute value, compared with a number that it cannot be below."""
    if isinstance(right, ast.Call) and type(op) in _TURNED:
        left, op, right = right, _TURNED[type(op)](), left
    try:
        number = ast.literal_eval(right)
    except (ValueError, TypeError, RecursionError):
        return None
    target = scope.resolve(left.func) if isinstance(left, ast.Call) and len(left.args) == 1 else None
    if not isinstance(left, ast.Call) or target not in (len, abs) or type(number) not in (int, float):
        return None
    least = int(target is len and is_never_empty(left.args[0], scope))
    items = count_items(left.args[0]) if target is len else None
    if items is not None:
        value = bool(_COMPARE[type(op)](items, number)) if type(op) in _COMPARE else None
        return None if value is None else Truth(value, f"`{shorten(left.args[0])}` has always {items} items")
    what = f"{'a length' if target is len else 'an absolute value'} is never below {least}"
    if isinstance(op, ast.GtE | ast.Lt) and number <= least:
        return Truth(isinstance(op, ast.GtE), what)
    if isinstance(op, ast.Gt | ast.LtE | ast.NotEq | ast.Eq) and number < least:
        return Truth(isinstance(op, ast.Gt | ast.NotEq), what)
    return None


def is_same(left: ast.expr, right: ast.expr, scope: Scope) -> bool:
    """Whether two expressions have the same value, and evaluating them has no effect."""
    keys = scope.find_key(left), scope.find_key(right)
    first, second = scope.held.get(keys[0]), scope.held.get(keys[1])
    if first and second and first.node is second.node:
        return True
    # What a name was read from may still be there.
    if (first and first.node is right) or (second and second.node is left):
        return True
    return ast.dump(left) == ast.dump(right) and not any(_has_effect(node, scope) for node in walk(left))


def _has_effect(node: ast.AST, scope: Scope) -> bool:
    """Whether evaluating a node may do more than reading a value."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return node.func.attr not in _TEXT_METHODS or bool(node.args) or not is_chain(node.func)
        return not is_one_of(scope.resolve(node.func), (*_PURE, *_COPYING))
    return isinstance(node, _EFFECTS)


def is_chain(node: ast.expr) -> bool:
    """Whether an expression is a name with attributes, without any call in it."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def shorten(node: ast.AST) -> str:
    """Render an expression on one line for a message, cut where it is long."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        # As `unparse` does, which takes long to begin.
        return repr(node.value)
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
