"""Decide whether a step definition can fail at all: one that cannot proves nothing.

Decided on the syntax tree of the function that really runs: byte code would hide `assert` under `-O`, and changes with
each version of Python. The function inside Behave's wrapper for coroutines, and inside a wrapper that only calls it, is
looked at. In any doubt a definition can fail. The module is imported in the process that runs the features.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import re
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any

from behave.async_step import AsyncStepFunction

from spec2bdd.adapters.behave.vacuity.calls import is_library
from spec2bdd.adapters.behave.vacuity.exits import swallows_at_yield
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.packed import unpack_context
from spec2bdd.adapters.behave.vacuity.scope import (
    COLLECTED,
    MISSING,
    NO_ARGUMENT,
    NOT_FAILED,
    UNREAD,
    AttributePath,
    Held,
    Scope,
    build_scope,
    list_parameters,
)
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode, SourceCache
from spec2bdd.adapters.behave.vacuity.statements import Effect, analyse_block
from spec2bdd.adapters.behave.vacuity.stored.decisions import runs_other_code
from spec2bdd.adapters.behave.vacuity.values.mocks import find_patched
from spec2bdd.adapters.behave.vacuity.values.self_contained import is_self_contained
from spec2bdd.model.values import dataclass

# The wrappers of `singledispatch` and of `mock.patch`, which run the function and raise what it raises.
_TRANSPARENT = (functools.__file__, str(Path(functools.__file__).parent / "unittest/mock.py"))
# With these, code of steps reads what the context holds past what a run watches.
_REACHING = re.compile(rb"(?<!def )\b__getattr(?:ibute)?__\(|\bgetattr_static\b")
_GENERATOR = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR


@dataclass(frozen=True, slots=True)
class Vacuity:
    """Why a step definition can never fail, with the line where there is one; empty if it can, or if unsure.

    `questions` are the attributes of Behave's context that an assertion asks for: if one is a method, that assertion
    can never fail. `stored` are the attributes in which the outcomes of checks are only stored, and `collected` those
    of them that hold a collection to which the outcomes are added.
    """

    reason: str = ""
    questions: tuple[AttributePath, ...] = ()
    stored: frozenset[str] = frozenset()
    collected: frozenset[str] = frozenset()


def find_vacuity(function: Any, sources: SourceCache, methods: frozenset[AttributePath] = frozenset()) -> Vacuity:
    """Find why a step definition can never fail; `methods` are the attributes of the context that are methods."""
    questions: list[AttributePath] = []
    reason = _find_reason(function, sources, _Live(methods, questions))
    # The lists of nodes are of this function; of thousands of functions, they would slow down the garbage collector.
    walk.cache_clear()
    stored, collected = (
        frozenset(name for path in questions if path[:2] == kind for name in path[2:]) for kind in (UNREAD, COLLECTED)
    )
    return Vacuity(reason, tuple(dict.fromkeys(questions)), stored, collected)


def only_shows(code: CodeType, names: dict[str, Any], sources: SourceCache) -> bool:
    """Whether a function of the project does nothing with what it reads but to print or log it; no if unsure.

    `names` are the globals of its module.
    """
    source = sources.find_function(code)
    if source is None or source.marked or code.co_freevars or code.co_flags & (_GENERATOR | inspect.CO_COROUTINE):
        return False
    nodes = walk(source.node)
    passes_on = any(
        (isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load))
        or isinstance(part, ast.Global | ast.Nonlocal)
        or (isinstance(part, ast.Return) and not isinstance(part.value, ast.Constant | None))
        for part in nodes
    )
    scope = build_scope(source.node, FunctionType(code, names), sources)
    is_idle = not passes_on and not runs_other_code(scope)
    is_idle = is_idle and analyse_block(source.node.body, scope) is not Effect.MAY_CHECK
    walk.cache_clear()
    return is_idle and not scope.unknown_calls and not scope.stored


@dataclass(frozen=True, slots=True)
class _Live:
    """What is known of the context while the features run, and what is asked of it."""

    methods: frozenset[AttributePath]
    questions: list[AttributePath]


def _find_reason(function: Any, sources: SourceCache, live: _Live) -> str:
    """Find why a step definition can never fail; empty if it can, or if unsure."""
    is_awaited, offset = False, 0
    while True:
        if isinstance(function, AsyncStepFunction):
            function, is_awaited = function.coro_func, True
        function, bound = _find_function(function)
        offset += bound
        # Other objects have no source of their own.
        if type(function) is not FunctionType:
            return ""
        source = sources.find_function(function.__code__)
        if source and source.marked:
            return ""
        wrapped = getattr(function, "__wrapped__", None)
        if reason := _find_never_run(function, wrapped, is_awaited=is_awaited):
            return reason
        if wrapped is not None and function.__code__.co_filename == contextlib.__file__:
            return _find_swallowing_decorator(function, sources)
        if source is None:
            return ""
        if wrapped is None:
            return _explain(source.node, function, sources, live, offset=offset)
        # `functools.wraps` sets `__wrapped__`, but only the body shows what the wrapper does.
        call = _find_only_call(source.node)
        if call is None or _find_closure_value(function, call) is not wrapped:
            # The wrapper is vacuous for certain only if it swallows every failed check of the function that it wraps.
            # One without variables of its maker does not even know that function.
            reason = _explain(source.node, function, sources, live, wraps=bool(function.__code__.co_freevars))
            return reason if isinstance(wrapped, FunctionType) else ""
        function, is_awaited = wrapped, isinstance(_find_only_value(source.node), ast.Await)


def _find_never_run(function: FunctionType, wrapped: Any, *, is_awaited: bool) -> str:
    """Explain why calling a function runs nothing of it; empty if it does."""
    flags = function.__code__.co_flags
    if flags & _GENERATOR:
        return "it is a generator, which Behave never runs"
    # Nor does calling a coroutine function without `await`.
    if flags & inspect.CO_COROUTINE and not is_awaited:
        return "it is a coroutine, which nothing awaits"
    # What `contextmanager` makes of a generator function returns an object, of which Behave enters nothing.
    is_manager = function.__code__.co_filename == contextlib.__file__ and inspect.isgeneratorfunction(wrapped)
    return "it is a context manager, which Behave never enters" if is_manager else ""


def _find_swallowing_decorator(function: FunctionType, sources: SourceCache) -> str:
    """Find whether a context manager of the project that decorates a step swallows every failed check; else empty."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    manager = next((cell.cell_contents for name, cell in cells if name == "self"), None)
    made = getattr(manager, "func", None)
    source = sources.find_function(made.__code__) if isinstance(made, FunctionType) else None
    if source is None or source.marked or not swallows_at_yield(source.node.body):
        return ""
    return f"the decorator `{source.node.name}` swallows what is checked"


def _find_function(function: Any) -> tuple[Any, int]:
    """Find the function that an object of the library runs when it is called, and how many arguments it adds."""
    added = 0
    while True:
        if isinstance(function, MethodType):
            function, added = function.__func__, added + 1
        elif type(function) is functools.partial and not function.keywords:
            function, added = function.func, added + len(function.args)
        elif _is_transparent(function) and (wrapped := getattr(function, "__wrapped__", None)) is not None:
            function = wrapped
        elif type(call := vars(type(function)).get("__call__")) is FunctionType and not is_library(call):
            function, added = call, added + 1
        else:
            return function, added


def _is_transparent(function: Any) -> bool:
    """Whether an object of the library, such as one that caches, runs the function that it wraps."""
    if type(function) is FunctionType:
        return function.__code__.co_filename in _TRANSPARENT
    return type(function).__module__ == "functools"


def _explain(
    node: FunctionNode,
    function: FunctionType,
    sources: SourceCache,
    live: _Live,
    *,
    offset: int = 0,
    wraps: bool = False,
) -> str:
    """Explain why nothing in the body of a function can fail, or why none of its checks can; empty if one can.

    `offset` is the number of its parameters before Behave's context. With `wraps`, it is a wrapper, which is vacuous
    for certain only if it swallows what is checked.
    """
    node = unpack_context(node, offset=offset)
    scope = build_scope(node, function, sources, methods=live.methods, offset=offset)
    scope.questions = live.questions
    scope.arguments = tuple(name for name in list_parameters(node)[offset:] if name not in scope.contexts)
    scope.held[".failed"] = Held(NOT_FAILED, value=False)
    scope.patched = frozenset(name for part in node.decorator_list if (name := find_patched(part, scope)))
    attributes = {part.attr for part in walk(scope.node) if isinstance(part, ast.Attribute)}
    missing = [name for name in ("table", "text") if name in attributes and _is_missing(name, scope)]
    reason = _find_vacuous(scope, wraps=wraps)
    return f"{reason}; the step has no {' and no '.join(missing)}" if reason and missing else reason


def _is_missing(name: str, scope: Scope) -> bool:
    """Whether a function loops over the table or text of a step, or asks for it, and that has none as far as known."""
    # An assertion may be that there is none.
    parts = (part for part in walk(scope.node) if not isinstance(part, ast.Assert))
    asked = [getattr(part, "iter", None) or getattr(part, "test", None) for part in parts]
    attributes = [part for node in asked if node for part in walk(node) if isinstance(part, ast.Attribute)]
    is_asked = any(part.attr == name and scope.is_context(part.value) for part in attributes)
    if not is_asked or not scope.ask((*MISSING, name)):
        return False
    scope.held[f".{name}"] = Held(NO_ARGUMENT, value=None)
    return True


def _find_vacuous(scope: Scope, *, wraps: bool) -> str:
    """Find why nothing in the body of a function can fail; empty if it can."""
    effect = analyse_block(scope.node.body, scope)
    if wraps:
        swallowing = (weak for weak in scope.weak_checks if weak.swallows and effect is not Effect.MAY_CHECK)
        return next((f"line {weak.line}: {weak.reason}" for weak in swallowing), "")
    if effect is Effect.MAY_CHECK:
        return "it uses nothing from outside the step" if is_self_contained(scope) else ""
    # Where a later step checks what is stored, it does not matter what else the step does with it.
    if scope.stored and not any(weak.is_assertion for weak in scope.weak_checks) and not _ask_unread(scope):
        return ""
    if scope.weak_checks:
        weak = scope.weak_checks[0]
        return f"line {weak.line}: {weak.reason}"
    if scope.stored:
        stored = scope.stored[0]
        how = f"to which `{stored.check}` is added" if stored.is_added else f"which holds `{stored.check}`"
        return f"line {stored.line}: nothing reads `context.{stored.name}`, {how}"
    if scope.dropped and not scope.unknown_calls and not runs_other_code(scope):
        first = min(scope.dropped, key=lambda weak: weak.line)
        return f"line {first.line}: {first.reason}"
    return "it checks nothing" if effect is Effect.NOTHING else ""


def _ask_unread(scope: Scope) -> bool:
    """Ask whether nothing reads what a function stores in the context, and find whether it is known to be so."""
    if scope.sources.mentions(_REACHING):
        return False
    scope.questions.append((*COLLECTED, *sorted({stored.name for stored in scope.stored if stored.is_added})))
    return scope.ask((*UNREAD, *sorted({stored.name for stored in scope.stored})))


def _find_only_call(node: FunctionNode) -> ast.Call | None:
    """Find the call that is all that a wrapper does, if it passes nothing but its own parameters."""
    value = _find_only_value(node)
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    passed = [*call.args, *(keyword.value for keyword in call.keywords)]
    unpacked = [argument.value if isinstance(argument, ast.Starred) else argument for argument in passed]
    parameters = list_parameters(node)
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
