"""Find what is certain of a value by the shape of its expression: its class, and whether it is ever empty."""

from __future__ import annotations

import ast
import functools
import re
import string
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from spec2bdd.adapters.behave.vacuity.methods import find_class
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of

# The classes of what these builtins return.
_RESULTS: tuple[tuple[Any, type], ...] = (
    *((builtin, builtin) for builtin in (str, int, float, bool, bytes, list, dict, set, frozenset, tuple, range, type)),
    *((builtin, bool) for builtin in (isinstance, issubclass, hasattr, callable, all, any)),
    *((len, int), (id, int), (repr, str), (sorted, list), (re.findall, list)),
)
_SEQUENCES = (list, tuple, set, frozenset, sorted)
_TEXT_METHODS = ("format", "join", "upper", "lower", "strip", "replace")
_BOOL_OPERATORS = (ast.In, ast.NotIn, ast.Is, ast.IsNot)
# A placeholder of `%`.
_PLACEHOLDER = re.compile(r"%(?:\(\w*\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")
# Parts of a regular expression that need something before or after them.
_ANCHORS = re.compile(r"[\^$]|\\[bBAZ\d]|\(\?[^:]")
_CHANGING = (OSError, BaseExceptionGroup)
# Objects of these classes are true, whatever they hold.
_TRUE_CLASSES = (functools.partial, PurePath)


def find_type(node: ast.expr, scope: Scope) -> type | None:
    """Find the class of the value of an expression; None if unsure."""
    match node:
        case ast.UnaryOp(op=ast.Not()):
            return bool
        case ast.Compare(ops=[operator]) if isinstance(operator, _BOOL_OPERATORS):
            return bool
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
            return str
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            kinds = {find_type(left, scope), find_type(right, scope)} & {str, list, tuple}
            return kinds.pop() if len(kinds) == 1 else None
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr=method)) if method in _TEXT_METHODS:
            return str
        case ast.Call(func=function):
            target = scope.resolve(function)
            for builtin, kind in _RESULTS:
                if target is builtin:
                    return kind
            # Some classes of exceptions make objects of another class.
            if type(target) is type and issubclass(target, BaseException) and not issubclass(target, _CHANGING):
                return target
    return find_class(node, scope)


def is_never_none(node: ast.expr, scope: Scope) -> bool:
    """Whether the value of an expression is certainly not `None`."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return is_never_none(node.values[-1], scope)
    kind = find_type(node, scope)
    return isinstance(node, ast.Compare) or scope.is_context(node) or kind not in (None, type(None))


def is_boolean(node: ast.expr, scope: Scope) -> bool:
    """Whether the value of an expression is true or false and nothing else."""
    return isinstance(node, ast.Compare) or find_type(node, scope) is bool


def is_never_empty(node: ast.expr, scope: Scope) -> bool:
    """Whether the value of an expression is a text or a collection that is never empty."""
    match node:
        case ast.Constant(value=str() | bytes() as value):
            return bool(value)
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.Constant) and part.value for part in parts)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return any(not isinstance(part, ast.Starred) for part in parts)
        case ast.Dict(keys=keys):
            return any(keys)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_never_empty(left, scope) or is_never_empty(right, scope)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return bool(_PLACEHOLDER.sub("", text))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            with suppress(ValueError):
                return any(literal for literal, *_ in string.Formatter().parse(text))
        case ast.Call(func=function, args=[first, *_]) if is_one_of(scope.resolve(function), _SEQUENCES):
            return is_never_empty(first, scope)
        case ast.Call(func=function, args=[], keywords=keywords) if scope.resolve(function) is dict:
            return any(keyword.arg for keyword in keywords)
    return False


def is_true_object(call: ast.Call, scope: Scope) -> bool:
    """Whether a call makes an object of a class whose objects are always true: an exception, a path, a `partial`."""
    made = scope.resolve(call.func)
    if type(made) is not type:
        return False
    if issubclass(made, BaseException):
        return not any(hasattr(made, name) for name in ("__bool__", "__len__"))
    return issubclass(made, _TRUE_CLASSES) and not any(hasattr(made, name) for name in ("__bool__", "__len__"))


def count_items(node: ast.expr) -> int | None:
    """Count the items of a literal; None if that is not known."""
    if isinstance(node, ast.List | ast.Tuple) and not any(isinstance(part, ast.Starred) for part in node.elts):
        return len(node.elts)
    return None


def matches_everything(pattern: ast.expr) -> bool:
    """Whether a regular expression matches at the beginning of every text."""
    text = pattern.value if isinstance(pattern, ast.Constant) else None
    if not isinstance(text, str) or _ANCHORS.search(text):
        return False
    with suppress(re.error, RecursionError, OverflowError):
        return re.match(text, "") is not None
    return False


def list_classes(node: ast.expr, scope: Scope) -> list[Any]:
    """List the classes in the second argument of `isinstance`: of a tuple, or of a union."""
    match node:
        case ast.Tuple(elts=parts):
            return [known for part in parts for known in list_classes(part, scope)]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*list_classes(left, scope), *list_classes(right, scope)]
    return [scope.resolve(node)]
