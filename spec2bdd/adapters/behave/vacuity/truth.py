"""Find conditions that are always true, or always false, whatever the product does.

The kinds are those that linters know (ruff's F631, B011, B015, B018, PLR0124, PLR0133 and PGH005), and their relatives.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Sequence
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from spec2bdd.adapters.behave.vacuity.methods import is_method, is_new_object
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import NOT_FAILED, UNKNOWN, Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.values.comparisons import (
    Truth,
    compare,
    find_pair,
    is_chain,
    is_negation,
    is_same,
    shorten,
)
from spec2bdd.adapters.behave.vacuity.values.own_values import find_constant, find_own_value
from spec2bdd.adapters.behave.vacuity.values.shapes import (
    find_type,
    is_boolean,
    is_never_empty,
    is_true_object,
    list_classes,
    matches_everything,
)

# What ruff's PGH005 calls an invalid mock access: `Mock` makes these attributes up, and they are always true.
MISSPELT_MOCK_CHECKS = frozenset(
    {"called_once", "called_once_with", "called_with", "any_call", "has_calls", "not_called", "has_awaits"}
    | {"awaited_once", "awaited_once_with", "awaited_with", "any_await", "not_awaited"}
)
# What these return is true, whatever is passed to them.
_ALWAYS_TRUE = (map, filter, zip, enumerate, reversed, iter, id, object, re.compile)
_OBJECT_ATTRIBUTES = frozenset(dir(object))
# Those that Behave 1.3.3 sets before each step.
_CONTEXT_ATTRIBUTES = _OBJECT_ATTRIBUTES | {"config", "failed", "feature", "scenario", "table", "tags", "text"}
_FUNCTIONS = (BuiltinFunctionType, FunctionType, MethodType, type)
_LITERALS = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr)
_EMPTY_ITERATIONS = (enumerate, zip, reversed, iter, sorted, list, tuple, set, map, filter)


def find_truth(node: ast.expr, scope: Scope) -> Truth | None:
    """Find the only value that a condition can have; None if it can have both, or if unsure."""
    if scope.is_context(node):
        return Truth(value=True, reason=f"`{shorten(node)}` is always true")
    for condition, value in scope.assumed:
        is_opposite = is_negation(node, condition, scope) or is_negation(condition, node, scope)
        if is_opposite or is_same(node, condition, scope):
            return Truth(value is not is_opposite, f"`{shorten(node)}` is checked only where it holds")
    truth = _find_by_kind(node, scope)
    is_constant = isinstance(node, ast.Name) and find_constant(node.id, scope) is not UNKNOWN
    if truth is None and (is_constant or not isinstance(node, ast.Name | ast.Attribute)):
        value = find_own_value(node, scope)
        if value is not UNKNOWN:
            return Truth(bool(value), f"`{shorten(node)}` uses nothing from outside the step")
    return truth


def _find_by_kind(node: ast.expr, scope: Scope) -> Truth | None:
    """Find the truth of a condition by the kind of its expression."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = find_truth(operand, scope)
            return Truth(not truth.value, truth.reason) if truth else None
        case ast.BoolOp(op=op, values=values):
            if pair := find_pair(values, scope, is_or=isinstance(op, ast.Or)):
                return pair
            return _find_combined([find_truth(value, scope) for value in values], decisive=isinstance(op, ast.Or))
        case ast.IfExp(test=test, body=body, orelse=other):
            if known := find_truth(test, scope):
                return find_truth(body if known.value else other, scope)
            first = find_truth(body, scope.assume(test, value=True))
            second = find_truth(other, scope.assume(test, value=False))
            return first if first and second and first.value == second.value else None
        case ast.Compare(left=left, ops=ops, comparators=others):
            # It may be a chain.
            links = zip([left, *others], ops, others, strict=False)
            return _find_combined([compare(*link, scope) for link in links], decisive=False)
        case ast.Call():
            return _find_call(node, scope)
        case ast.Name() | ast.Attribute():
            return _find_name(node, scope)
    if is_never_empty(node, scope) and not isinstance(node, _LITERALS):
        return Truth(value=True, reason=f"`{shorten(node)}` is never empty")
    return _find_display(node, scope)


def _find_combined(truths: Sequence[Truth | None], *, decisive: bool) -> Truth | None:
    """Combine the operands of `and` or `or`: one with the decisive value decides, else all have to be known."""
    for truth in truths:
        if truth and truth.value is decisive:
            return truth
    return truths[0] if all(truths) else None


def _find_display(node: ast.expr, scope: Scope) -> Truth | None:
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
        case ast.Subscript(value=ast.Tuple(elts=parts) | ast.List(elts=parts), slice=ast.Constant(value=int(index))):
            is_plain = index < len(parts) and not any(isinstance(part, ast.Starred) for part in parts)
            return find_truth(parts[index], scope) if is_plain else None
        case ast.NamedExpr(value=value):
            return find_truth(value, scope)
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
    if held := scope.held.get(scope.find_key(node)):
        if held.value is not UNKNOWN:
            set_to = "is always" if held.node is NOT_FAILED else "was set in the step to"
            return Truth(bool(held.value), f"`{shorten(node)}` {set_to} `{shorten(held.node)}`")
        if held.truth:
            return Truth(held.truth.value, held.truth.reason)
    value = scope.resolve(node)
    if value is False and shorten(node).rpartition(".")[2] == "TYPE_CHECKING":
        return Truth(value=False, reason="`TYPE_CHECKING` is false when a step runs")
    if isinstance(node, ast.Name) and node.id == "__debug__":
        return Truth(value=True, reason="`__debug__` is always true in a run")
    if isinstance(value, (*_FUNCTIONS, ModuleType)):
        return Truth(value=True, reason=f"`{shorten(node)}` is not called")
    if is_method(node, scope):
        return Truth(value=True, reason=f"`{shorten(node)}` is a method that is not called")
    return None


def _find_call(node: ast.Call, scope: Scope) -> Truth | None:
    """Find the truth of what a call returns."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in MISSPELT_MOCK_CHECKS and is_chain(node.func):
        return Truth(value=True, reason=f"`{node.func.attr}` is not an assertion of a mock: the name lacks `assert_`")
    target = scope.resolve(node.func)
    if node.args and (truth := _find_answer(node, target, scope)):
        return truth
    if (target is type and len(node.args) == 1) or is_one_of(target, _ALWAYS_TRUE):
        return Truth(value=True, reason=f"what `{shorten(node.func)}` returns is always true")
    if is_never_empty(node, scope):
        return Truth(value=True, reason=f"`{shorten(node)}` is never empty")
    if is_new_object(node, scope) or is_true_object(node, scope):
        return Truth(value=True, reason=f"an object of `{shorten(node.func)}` is always true")
    if isinstance(target, FunctionType) and inspect.iscoroutinefunction(target):
        return Truth(value=True, reason=f"the coroutine `{target.__name__}` is not awaited")
    if isinstance(target, FunctionType) and inspect.isgeneratorfunction(target):
        return Truth(value=True, reason=f"the generator `{target.__name__}` is not run")
    return None


def _find_answer(node: ast.Call, target: object, scope: Scope) -> Truth | None:
    """Find the only answer to a question: that of a builtin function, of a regular expression, or of a text."""
    first, *others = node.args
    if target is bool:
        return find_truth(first, scope)
    if is_one_of(target, (all, any)):
        return _find_quantified(first, scope, every=target is all)
    if is_one_of(target, (isinstance, issubclass)) and len(others) == 1:
        return _find_class_check(first, others[0], scope, is_instance=target is isinstance)
    if is_one_of(target, (re.match, re.search)) and others and matches_everything(first):
        return Truth(value=True, reason=f"`{shorten(first)}` matches every text")
    if target is callable and (isinstance(first, ast.Lambda) or isinstance(scope.resolve(first), _FUNCTIONS)):
        return Truth(value=True, reason=f"`{shorten(first)}` is a function")
    if target is hasattr and len(others) == 1:
        names = _CONTEXT_ATTRIBUTES if scope.is_context(first) else _OBJECT_ATTRIBUTES
        if getattr(others[0], "value", "") in names:
            return Truth(
                value=True, reason=f"{'the context' if scope.is_context(first) else 'every object'} has it always"
            )
    is_end = isinstance(node.func, ast.Attribute) and node.func.attr in ("startswith", "endswith")
    if is_end and isinstance(first, ast.Constant) and first.value == "":
        return Truth(value=True, reason="every text starts and ends with an empty one")
    return None


def _find_class_check(value: ast.expr, classes: ast.expr, scope: Scope, *, is_instance: bool) -> Truth | None:
    """Find the truth of `isinstance` or `issubclass`."""
    known = list_classes(classes, scope)
    if is_one_of(object, known):
        return Truth(value=True, reason="everything is an `object`")
    if not is_instance:
        return None
    is_own_type = isinstance(classes, ast.Call) and scope.resolve(classes.func) is type and len(classes.args) == 1
    own = classes.args[0] if is_own_type and isinstance(classes, ast.Call) else None
    if isinstance(classes, ast.Attribute) and classes.attr == "__class__":
        own = classes.value
    if own is not None and is_same(value, own, scope):
        return Truth(value=True, reason=f"`{shorten(value)}` is an object of its own class")
    held = scope.held.get(scope.find_key(value))
    if is_one_of(bool, known) and is_boolean(value, scope):
        return Truth(value=True, reason=f"`{shorten(value)}` is always true or false")
    kind = find_type(held.node if held and isinstance(held.node, ast.Call) else value, scope)
    if kind is not None and any(type(other) is type and issubclass(kind, other) for other in known):
        return Truth(value=True, reason=f"`{shorten(value)}` is always a `{kind.__name__}`")
    return None


def _find_quantified(node: ast.expr, scope: Scope, *, every: bool) -> Truth | None:
    """Find the truth of `all` or `any` of a list, or of a comprehension over an empty one."""
    name = "all" if every else "any"
    if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        if is_empty(node.generators[0].iter, scope):
            return Truth(every, f"`{name}` of nothing is always {str(every).lower()}")
        # What the names of its own hold is not known.
        inner = scope.branch()
        for part in (part for generator in node.generators for part in walk(generator.target)):
            inner.held.pop(scope.find_key(part), None)
        truth = find_truth(node.elt, inner)
        return truth if truth and truth.value is every else None
    if is_empty(node, scope):
        return Truth(every, f"`{name}` of nothing is always {str(every).lower()}")
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _find_combined([find_truth(part, scope) for part in node.elts], decisive=not every)
    return None


def is_empty(node: ast.expr, scope: Scope) -> bool:
    """Whether what an expression iterates over is certainly empty, such as `[]`, `range(0)` or `items[:0]`."""
    match node:
        case ast.Subscript(slice=ast.Slice(lower=None, upper=ast.Constant(value=0), step=None)):
            return True
        case ast.Call(func=func, args=[_, *_] as parts, keywords=[]):
            target = scope.resolve(func)
            # The first argument of these two is a function.
            parts = parts[1:] if is_one_of(target, (map, filter)) else parts
            if is_one_of(target, _EMPTY_ITERATIONS) and any(is_empty(part, scope) for part in parts):
                return True
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            return is_empty(node.generators[0].iter, scope)
        case ast.Name() if isinstance(value := scope.resolve(node), tuple | str | bytes | frozenset | range):
            return not value
    value = find_own_value(node, scope)
    return hasattr(type(value), "__len__") and not value
