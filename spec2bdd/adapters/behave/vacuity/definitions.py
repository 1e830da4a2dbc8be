"""Decide whether a step definition can fail at all: one that cannot proves nothing.

Decided on the syntax tree of the function that really runs: byte code would hide `assert` under `-O`, and changes with
each version of Python. The function inside Behave's wrapper for coroutines, and inside a wrapper that only calls it, is
looked at. In any doubt a definition can fail. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from types import FunctionType
from typing import Any

from behave.async_step import AsyncStepFunction

from spec2bdd.adapters.behave.vacuity.sources import FunctionNode, SourceCache
from spec2bdd.adapters.behave.vacuity.statements import is_harmless

_GENERATOR = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


def is_vacuous(function: Any, sources: SourceCache) -> bool:
    """Whether a step definition can never fail."""
    is_awaited = False
    while True:
        if isinstance(function, AsyncStepFunction):
            function, is_awaited = function.coro_func, True
        # A partial or a callable object has no source of its own.
        if type(function) is not FunctionType:
            return False
        source = sources.find_function(function.__code__)
        if source and source.marked:
            return False
        # Calling a generator function runs nothing of it, nor does calling a coroutine function without `await`.
        flags = function.__code__.co_flags
        if flags & _GENERATOR or (flags & inspect.CO_COROUTINE and not is_awaited):
            return True
        wrapped = getattr(function, "__wrapped__", None)
        if source is None:
            return False
        if wrapped is None:
            return _cannot_fail(source.node, function)
        # `functools.wraps` sets `__wrapped__`, but only the body shows what the wrapper does.
        call = _find_only_call(source.node)
        if call is None or _find_closure_value(function, call) is not wrapped:
            return False
        function, is_awaited = wrapped, isinstance(_find_only_value(source.node), ast.Await)


def _cannot_fail(node: FunctionNode, function: FunctionType) -> bool:
    """Whether nothing in the body of a function can fail."""
    code, names = function.__code__, function.__globals__
    known_builtins = names.get("__builtins__")
    is_print_replaced = (
        "print" in names
        or "print" in (*code.co_freevars, *code.co_varnames)
        # `__builtins__` is the module in `__main__`, and its dictionary elsewhere; anything else is the project's.
        or (known_builtins is not builtins and known_builtins is not vars(builtins))
    )
    parameters = set(_list_parameters(node)) | ({"print"} if is_print_replaced else set())
    context = (*node.args.posonlyargs, *node.args.args)[:1]
    return is_harmless(node.body, parameters, context=context[0].arg if context else "")


def _list_parameters(node: FunctionNode) -> list[str]:
    """List the names of all parameters."""
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [parameter.arg for parameter in parameters if parameter]


def _find_only_call(node: FunctionNode) -> ast.Call | None:
    """Find the call that is all that a wrapper does, if it passes nothing but its own parameters."""
    value = _find_only_value(node)
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    passed = [*call.args, *(keyword.value for keyword in call.keywords)]
    unpacked = [argument.value if isinstance(argument, ast.Starred) else argument for argument in passed]
    parameters = _list_parameters(node)
    is_plain = all(isinstance(argument, ast.Name) and argument.id in parameters for argument in unpacked)
    return call if is_plain else None


def _find_only_value(node: FunctionNode) -> ast.expr | None:
    """Find the value of the only statement of a function apart from its docstring."""
    statements = [
        statement
        for statement in node.body
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]
    only = statements[0] if len(statements) == 1 else None
    return only.value if isinstance(only, ast.Return | ast.Expr) else None


def _find_closure_value(function: FunctionType, call: ast.Call) -> object:
    """Find what a wrapper calls, if the name is a variable of the function that made the wrapper."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    try:
        return (function.__closure__ or ())[function.__code__.co_freevars.index(name)].cell_contents
    except ValueError:
        return None
