"""Find expressions whose value is, or holds, the outcome of a check: a comparison in whatever form it is kept."""

from __future__ import annotations

import ast
import asyncio
import fnmatch
import inspect
import math
import operator
import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from types import FunctionType

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.outcomes import find_outcome
from spec2bdd.adapters.behave.vacuity.scope import Scope, build_scope, is_literal, is_one_of
from spec2bdd.adapters.behave.vacuity.sources import is_library_file
from spec2bdd.adapters.behave.vacuity.unused import CHECKING

# They answer yes or no, or with what they found: on a line of their own, they check nothing.
ANSWERS = (
    *(all, any, bool, callable, hasattr, isinstance, issubclass, re.match, re.search, re.fullmatch, fnmatch.fnmatch),
    *(math.isclose, math.isnan, os.path.exists, os.path.isfile, os.path.isdir, operator.truth, operator.not_),
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.contains),
    *(operator.is_, operator.is_not),
)
# What these make of an outcome is one still.
_FORMS = (int, float, str, repr, list, tuple, set, dict, sorted, sum, min, max, len)
# What these make describes a failure.
_DESCRIBING = (traceback.format_exc, traceback.format_exception, sys.exc_info)
ANSWERING_METHODS = frozenset(
    {"startswith", "endswith", "isdigit", "isalpha", "isalnum", "issubset", "issuperset", "isdisjoint"}
)
COMPARING_METHODS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"})
_OTHER = (ast.Await, ast.Yield, ast.YieldFrom)
_JOINING = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Add, ast.Mult)


def holds_result(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression holds the outcome of a check, and calls nothing that has the name of a check."""
    # Most expressions hold none.
    if not _is_result(node, scope):
        return False
    # The arguments of a task are run by it.
    is_unrun = isinstance(node, ast.Call) and _makes_unrun(scope.resolve(node.func))
    return is_unrun or not _calls_check(node, scope)


def _calls_check(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression waits for something, or calls something that has the name of a check and is none here."""
    nodes = list(walk(node))
    calls = [part for part in nodes if isinstance(part, ast.Call)]
    names = [getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls if not _is_answer(call, scope)]
    return any(isinstance(part, _OTHER) for part in nodes) or any(map(CHECKING.search, names))


def is_description(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression only says what failed, or that nothing has, also in a text with values."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts) if parts:
            return all(is_description(part, scope) for part in parts)
        case _ if is_literal(node):
            return True
        case (
            ast.JoinedStr()
            | ast.BinOp(op=ast.Mod() | ast.Add(), left=ast.Constant(value=str()))
            | ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format"))
        ):
            return not any(isinstance(part, _OTHER) for part in walk(node))
        case ast.Call(func=func):
            made = scope.resolve(func)
            return is_one_of(made, _DESCRIBING) or (isinstance(made, type) and BaseException in made.__mro__)
    return False


def _is_result(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is the outcome of a check, or one of its parts is."""
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Name(id=name):
            return name in scope.results
        case ast.BoolOp(values=parts):
            # As in `total == 5 or fail()`, a call next to a comparison may do anything.
            called = [part for part in parts if any(isinstance(inner, ast.Call) for inner in walk(part))]
            return any(_is_result(part, scope) for part in parts) and all(_is_result(part, scope) for part in called)
        case ast.Call():
            return _is_called_result(node, scope)
    return any(_is_result(part, scope) for part in _list_parts(node, scope))


def _list_parts(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """List the parts of an expression of which one says what the whole expression says."""
    match node:
        case ast.BinOp(left=left, op=operation, right=right) if isinstance(operation, _JOINING):
            # A name next to another value may be a text, or a number.
            yield from (part for part in (left, right) if not isinstance(part, ast.Name))
        case ast.IfExp(test=test, body=body, orelse=other):
            yield from (test,) if is_description(body, scope) and is_description(other, scope) else (body, other)
        case ast.Attribute(value=ast.Name() as part) | ast.Subscript(value=ast.Attribute(value=ast.Name() as part)):
            # As the arguments of an error that was caught.
            yield part
        case ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.FormattedValue(value=value):
            yield value
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.JoinedStr(values=parts):
            yield from parts
        case ast.Dict(values=parts):
            yield from parts
        case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.DictComp(value=part):
            yield part


def _is_called_result(call: ast.Call, scope: Scope) -> bool:
    """Whether what a call returns is the outcome of a check."""
    if _is_answer(call, scope):
        return True
    if isinstance(call.func, ast.Lambda):
        return _is_result(call.func.body, scope)
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    parts = [part.elt if isinstance(part, ast.GeneratorExp) else part for part in parts]
    return is_one_of(scope.resolve(call.func), _FORMS) and any(_is_result(part, scope) for part in parts)


def _is_answer(call: ast.Call, scope: Scope) -> bool:
    """Whether a call is a comparison under another name."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in ANSWERING_METHODS | COMPARING_METHODS:
        return True
    if asks_error(call):
        return True
    function = scope.resolve(call.func)
    return (
        is_one_of(function, ANSWERS)
        or _makes_unrun(function)
        or bool(find_outcome(call, scope, function))
        or _returns_result(function, scope)
    )


def _makes_unrun(function: object) -> bool:
    """Whether a function of the project returns a coroutine or a generator, or makes a task of one."""
    if type(function) is not FunctionType:
        return False
    is_lazy = inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function)
    is_own = is_lazy and not is_library_file(function.__code__.co_filename)
    return is_own or is_one_of(function, (asyncio.create_task, asyncio.ensure_future))


def asks_error(call: ast.Call) -> bool:
    """Whether a call asks a task or a future for its exception: a logger needs a text for its `exception`."""
    is_timed = [word.arg for word in call.keywords] in ([], ["timeout"])
    is_method = isinstance(call.func, ast.Attribute) and call.func.attr == "exception"
    return is_method and is_timed and all(isinstance(getattr(part, "value", ""), int | float) for part in call.args)


def _returns_result(function: object, scope: Scope) -> bool:
    """Whether a function of a file that defines steps does nothing but to return the outcome of a check."""
    return (
        type(function) is FunctionType
        and scope.sources.defines_steps(function.__code__.co_filename)
        and returns_answer(function, scope)
    )


def returns_answer(function: FunctionType, scope: Scope) -> bool:
    """Whether a function of the project does nothing but to compare, and to return yes or no."""
    source = scope.sources.find_function(function.__code__)
    if source is None or function.__code__ in scope.callers:
        return False
    if source.marked or source.node.decorator_list or isinstance(source.node, ast.AsyncFunctionDef):
        return False
    inner = build_scope(source.node, function, scope.sources, callers=scope.callers, methods=scope.methods)
    returned = [part.value for part in walk(source.node) if isinstance(part, ast.Return)]
    compares = any(isinstance(part, ast.Compare) for part in walk(source.node))
    has_result = any(value is not None and holds_result(value, inner) for value in returned)
    return bool(returned) and (has_result or compares) and _only_answers(source.node.body, inner)


def _only_answers(block: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether statements only choose between answers, and call nothing that has the name of a check."""
    for statement in block:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Return(value=ast.Constant(value=bool())):
                continue
            case ast.Return(value=ast.expr() as value) if holds_result(value, scope):
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _calls_check(value, scope):
                scope.results |= {name} if holds_result(value, scope) else set()
                continue
            case ast.If(test=value, body=body, orelse=other) | ast.For(iter=value, body=body, orelse=other) if (
                not _calls_check(value, scope) and _only_answers([*body, *other], scope)
            ):
                continue
        return False
    return True
