"""Find what a `with` block does to failed checks inside it: some context managers swallow them, some do nothing."""

from __future__ import annotations

import ast
import contextlib
import tempfile
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
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
    if not isinstance(node, ast.Call):
        known = scope.resolve(node)
        errors = vars(known).get("_exceptions", ()) if type(known) is suppress else ()
        return ManagerKind.SWALLOWS if _include_assertions(errors) else ManagerKind.UNKNOWN
    target = scope.resolve(node.func)
    if is_one_of(target, _HARMLESS):
        return ManagerKind.HARMLESS
    if target is suppress:
        caught = any(catches_assertions(argument, scope) for argument in node.args)
        return ManagerKind.SWALLOWS if caught else ManagerKind.HARMLESS
    if type(target) is type and _is_swallowing_class(target, scope, is_harmless):
        return ManagerKind.SWALLOWS
    if isinstance(target, FunctionType) and _is_swallowing_generator(target, scope, is_harmless):
        return ManagerKind.SWALLOWS
    return ManagerKind.UNKNOWN


def catches_assertions(node: ast.expr, scope: Scope) -> bool:
    """Whether an exception class, or one of a tuple, is `AssertionError` or a class above it."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    values = [scope.resolve(part.value if isinstance(part, ast.Starred) else part) for part in parts]
    return any(_include_assertions(value if type(value) is tuple else (value,)) for value in values)


def _include_assertions(errors: Iterable[Any]) -> bool:
    """Whether one of some exception classes catches a failed assertion."""
    return any(is_one_of(error, (AssertionError, Exception, BaseException)) for error in errors)


def _is_swallowing_class(target: type, scope: Scope, is_harmless: Callable[[FunctionNode], bool]) -> bool:
    """Whether a class of the project has an `__exit__` that only returns `True`, and checks nothing before."""
    methods = [method for method in vars(target).values() if isinstance(method, FunctionType)]
    sources = {method.__name__: scope.sources.find_function(method.__code__) for method in methods}
    leave = sources.get("__exit__")
    if target.__bases__ != (object,) or leave is None or leave.marked:
        return False
    *others, last = leave.node.body
    value = last.value if isinstance(last, ast.Return) else None
    is_true = isinstance(value, ast.Constant) and value.value is True
    # What comes before may be a docstring.
    constants = [isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) for part in others]
    return (
        is_true
        and all(constants)
        and all(source is not None and is_harmless(source.node) for source in sources.values())
    )


def _is_swallowing_generator(target: FunctionType, scope: Scope, is_harmless: Callable[[FunctionNode], bool]) -> bool:
    """Whether a function decorated with `contextmanager` yields inside a `try` that swallows failed assertions."""
    wrapped = getattr(target, "__wrapped__", None)
    if not isinstance(wrapped, FunctionType) or target.__code__.co_filename != contextlib.__file__:
        return False
    source = scope.sources.find_function(wrapped.__code__)
    if source is None or source.marked:
        return False
    tries = [statement for statement in source.node.body if isinstance(statement, ast.Try)]
    return is_harmless(source.node) and any(map(_swallows_at_yield, tries))


def _swallows_at_yield(block: ast.Try) -> bool:
    """Whether a `try` yields, and its first handler for failed assertions does not raise them again."""
    yields = any(isinstance(node, ast.Yield) for statement in block.body for node in ast.walk(statement))
    for handler in block.handlers:
        # The names of its own module: those of the step's module may differ.
        name = handler.type.id if isinstance(handler.type, ast.Name) else ""
        if handler.type is None or name in ("AssertionError", "Exception", "BaseException"):
            return yields and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return False
