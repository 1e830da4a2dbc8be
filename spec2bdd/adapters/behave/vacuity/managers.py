"""Find what a `with` block does to failed checks inside it: some context managers swallow them, some do nothing."""

from __future__ import annotations

import ast
import contextlib
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.exits import swallows_at_exit, swallows_at_yield
from spec2bdd.adapters.behave.vacuity.scope import Scope, build_scope, is_one_of
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode

# Whatever happens inside these, they raise it; and they check nothing themselves.
_HARMLESS = (
    open,
    contextlib.nullcontext,
    contextlib.redirect_stdout,
    contextlib.redirect_stderr,
    contextlib.chdir,
    warnings.catch_warnings,
    tempfile.TemporaryDirectory,
    tempfile.NamedTemporaryFile,
)


class ManagerKind(StrEnum):
    """What is known of a context manager."""

    HARMLESS = "harmless"
    SWALLOWS = "swallows"
    UNKNOWN = "unknown"


def classify_manager(node: ast.expr, scope: Scope, *, is_harmless: Callable[[FunctionNode], bool]) -> ManagerKind:
    """Classify the expression after `with`; `is_harmless` says of a function of the project that it checks nothing."""
    node = scope.follow(node)
    if not isinstance(node, ast.Call):
        known = scope.resolve(node)
        if type(type(known)) is type and _is_swallowing_class(type(known), scope, is_harmless):
            return ManagerKind.SWALLOWS
        errors = vars(known).get("_exceptions", ()) if type(known) is suppress else ()
        return ManagerKind.SWALLOWS if _include_assertions(errors) else ManagerKind.UNKNOWN
    target = scope.resolve(node.func)
    # `unittest.mock` takes long to import; a step that uses it has imported it.
    patch = getattr(sys.modules.get("unittest.mock"), "patch", None)
    owner = scope.resolve(node.func.value) if isinstance(node.func, ast.Attribute) else target
    if is_one_of(target, _HARMLESS) or (patch is not None and is_one_of(patch, (target, owner))):
        return ManagerKind.HARMLESS
    if target is suppress or (
        isinstance(target, type)
        and issubclass(target, suppress)
        and not vars(target).keys() & {"__init__", "__new__", "__enter__", "__exit__"}
    ):
        caught = any(catches_assertions(argument, scope) for argument in node.args)
        return ManagerKind.SWALLOWS if caught else ManagerKind.HARMLESS
    if type(type(target)) is type and isinstance(target, type) and _is_swallowing_class(target, scope, is_harmless):
        return ManagerKind.SWALLOWS
    if isinstance(target, FunctionType) and _is_swallowing_generator(target, scope, is_harmless):
        return ManagerKind.SWALLOWS
    if type(target) is FunctionType and not hasattr(target, "__wrapped__") and (made := _find_made(target, scope)):
        return classify_manager(*made, is_harmless=is_harmless)
    return ManagerKind.UNKNOWN


def catches_assertions(node: ast.expr, scope: Scope) -> bool:
    """Whether an exception class, or one of a tuple, is `AssertionError` or a class above it."""
    node = scope.follow(node)
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    values = [scope.resolve(part.value if isinstance(part, ast.Starred) else part) for part in parts]
    return any(_include_assertions(value if type(value) is tuple else (value,)) for value in values)


def _include_assertions(errors: Iterable[Any]) -> bool:
    """Whether one of some exception classes catches a failed assertion."""
    return any(is_one_of(error, (AssertionError, Exception, BaseException)) for error in errors)


def _is_swallowing_class(target: type, scope: Scope, is_harmless: Callable[[FunctionNode], bool]) -> bool:
    """Whether a class of the project swallows failed assertions at its exit, and checks nothing before."""
    # A class of the library that it is derived from does neither.
    parents = [parent for parent in target.__mro__ if parent not in (object, contextlib.AbstractContextManager)]
    methods = [method for parent in parents for method in vars(parent).values() if isinstance(method, FunctionType)]
    sources = [scope.sources.find_function(method.__code__) for method in methods]
    leave = next((source for source in sources if source and source.node.name == "__exit__"), None)
    if leave is None or leave.marked or not swallows_at_exit(leave.node):
        return False
    return all(source is not None and is_harmless(source.node) for source in sources)


def _is_swallowing_generator(target: FunctionType, scope: Scope, is_harmless: Callable[[FunctionNode], bool]) -> bool:
    """Whether a function decorated with `contextmanager` yields where it swallows failed assertions."""
    wrapped = getattr(target, "__wrapped__", None)
    if not isinstance(wrapped, FunctionType) or target.__code__.co_filename != contextlib.__file__:
        return False
    source = scope.sources.find_function(wrapped.__code__)
    if source is None or source.marked:
        return False
    return is_harmless(source.node) and swallows_at_yield(source.node.body)


def _find_made(target: FunctionType, scope: Scope) -> tuple[ast.expr, Scope] | None:
    """Find the context manager that a function of the project makes and returns, with the scope of the function."""
    source = scope.sources.find_function(target.__code__)
    if source is None or source.marked or len(source.node.body) != 1 or target.__code__ in scope.callers:
        return None
    only = source.node.body[0]
    value = only.value if isinstance(only, ast.Return) else None
    return (
        (value, build_scope(source.node, target, scope.sources, callers=scope.callers))
        if isinstance(value, ast.Call)
        else None
    )


def swallows_from_stack(block: ast.With | ast.AsyncWith, scope: Scope) -> bool:
    """Whether a statement in the block of an `ExitStack` makes it swallow failed assertions."""
    made = scope.follow(block.items[0].context_expr)
    stacks = (contextlib.ExitStack, contextlib.AsyncExitStack)
    if not (isinstance(made, ast.Call) and is_one_of(scope.resolve(made.func), stacks)):
        return False
    for statement in block.body:
        match statement:
            case (
                ast.Expr(value=ast.Call(func=ast.Attribute(attr="enter_context"), args=[ast.Call() as entered]))
                | ast.Assign(value=ast.Call(func=ast.Attribute(attr="enter_context"), args=[ast.Call() as entered]))
            ):
                if classify_manager(entered, scope, is_harmless=lambda _: False) is ManagerKind.SWALLOWS:
                    return True
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="push"), args=[ast.Lambda(body=ast.Constant(True))])):
                return True
    return False
