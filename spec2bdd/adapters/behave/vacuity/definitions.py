"""The function of a step definition in, whether nothing in it can fail out; in doubt it can.

Decided on the syntax tree of what really runs. Seen through are Behave's own wrapper for coroutines, and wrappers that
do nothing but call the function that they wrap. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from types import FunctionType
from typing import Any

from behave.async_step import AsyncStepFunction

from spec2bdd.adapters.behave.vacuity.sources import Node, SourceCache
from spec2bdd.adapters.behave.vacuity.statements import is_harmless

_GENERATOR = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def is_vacuous(function: Any, sources: SourceCache) -> bool:
    """Tell whether a step definition proves nothing, because nothing of it can fail."""
    awaited = False
    while True:
        if isinstance(function, AsyncStepFunction):
            function, awaited = function.coro_func, True
        if type(function) is not FunctionType:
            return False
        source = sources.find_function(function.__code__)
        if source and source.marked:
            return False
        if _is_never_run(function, awaited=awaited):
            return True
        wrapped = getattr(function, "__wrapped__", None)
        if source is None or wrapped is None:
            return source is not None and _cannot_fail(source.node, function)
        call = _find_only_call(source.node)
        if call is None or _find_free(function, call) is not wrapped:
            return False
        function, awaited = wrapped, _is_awaited(source.node)


def _is_never_run(function: FunctionType, *, awaited: bool) -> bool:
    """Tell whether calling a function runs nothing of it: a generator, or a coroutine that nobody awaits."""
    flags = function.__code__.co_flags
    return bool(flags & _GENERATOR) or (bool(flags & inspect.CO_COROUTINE) and not awaited)


def _cannot_fail(node: Node, function: FunctionType) -> bool:
    """Tell whether nothing in the body of a function can fail."""
    names = set(_find_parameters(node)) | ({"print"} if _is_print_replaced(function) else set())
    context = (*node.args.posonlyargs, *node.args.args)[:1]
    return is_harmless(node.body, names, context=context[0].arg if context else "")


def _is_print_replaced(function: FunctionType) -> bool:
    """Tell whether `print` is not the builtin where the function stands."""
    code, names = function.__code__, function.__globals__
    if "print" in names or "print" in (*code.co_freevars, *code.co_varnames):
        return True
    known = names.get("__builtins__")
    return known is not builtins and known is not vars(builtins)


def _find_parameters(node: Node) -> list[str]:
    """Return the names of all parameters."""
    every = node.args
    found = [*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg]
    return [arg.arg for arg in found if arg]


def _find_only_call(node: Node) -> ast.Call | None:
    """Return the call that is all that a wrapper does, if it hands on nothing but its own parameters."""
    value = _find_only_value(node)
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    handed = [*call.args, *(keyword.value for keyword in call.keywords)]
    plain = [arg.value if isinstance(arg, ast.Starred) else arg for arg in handed]
    own = _find_parameters(node)
    return call if all(isinstance(arg, ast.Name) and arg.id in own for arg in plain) else None


def _find_only_value(node: Node) -> ast.expr | None:
    """Return the value of the only statement of a function besides its docstring."""
    statements = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    only = statements[0] if len(statements) == 1 else None
    return only.value if isinstance(only, ast.Return | ast.Expr) else None


def _is_awaited(node: Node) -> bool:
    """Tell whether a wrapper awaits what it calls."""
    return isinstance(_find_only_value(node), ast.Await)


def _find_free(function: FunctionType, call: ast.Call) -> object:
    """Return what a wrapper calls, if the name belongs to the function that made the wrapper."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    free = function.__code__.co_freevars
    try:
        return (function.__closure__ or ())[free.index(name)].cell_contents
    except ValueError:
        return None
