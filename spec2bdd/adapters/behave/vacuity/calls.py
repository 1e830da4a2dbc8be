"""Classify the calls in a step definition: those that cannot fail, and those that look like a check and are none."""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import logging
import pprint
import re
import sys
import threading
import time
import traceback
import unittest
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.outcomes import find_outcome
from spec2bdd.adapters.behave.vacuity.scope import LOGGER, VACUOUS_SUBSTEPS, Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.sources import FunctionSource, SourceCache, is_library_file
from spec2bdd.adapters.behave.vacuity.stored.results import (
    ANSWERING_METHODS,
    ANSWERS,
    COMPARING_METHODS,
    asks_error,
    holds_result,
)
from spec2bdd.adapters.behave.vacuity.truth import MISSPELT_MOCK_CHECKS
from spec2bdd.adapters.behave.vacuity.unittest_checks import find_unittest_truth, get_called_name
from spec2bdd.adapters.behave.vacuity.unused import find_unread_collection, has_comparison, is_negation
from spec2bdd.adapters.behave.vacuity.values.comparisons import is_chain, shorten
from spec2bdd.adapters.behave.vacuity.values.mocks import checks_own_mock

# What these do with constants and parameters cannot fail: they log it, show it, or do nothing with it.
_LOGGING = (
    *(logging.debug, logging.info, logging.warning, logging.error, logging.exception, logging.critical, logging.log),
)
_SHOWING = (print, pprint.pprint, pprint.pp, traceback.print_exc, traceback.print_exception, traceback.print_stack)
# `wait` goes on whatever becomes of what it waits for.
_SILENT = (time.sleep, asyncio.sleep, asyncio.wait, breakpoint, logging.getLogger)
# With these, a hook looks at what a step prints or logs, a handler of the project at what it logs, or a warning is an
# error.
_OUTPUT = rb"(?:\.captured\b|\bany_errors\b|\b(?:log|stdout|stderr)_capture\b)"
_OUTPUT_READ = re.compile(
    rb"\b(?:assert|raise)\b[^\n]*%s|\bif\b[^\n]*%s[^\n]*:\s*(?:[^\n]*\n\s*)?(?:raise|assert)\b" % (_OUTPUT, _OUTPUT)
)
_LOG_READ = re.compile(rb"\bclass\s+\w+\((?:logging\.)?\w*Handler\)")
_WARNING_RAISES = re.compile(rb"""(?:simplefilter|filterwarnings)\(\s*(?:action\s*=\s*)?["']error""")
# They do nothing until something is done with what they return.
_LAZY = {map: "run", filter: "run", threading.Thread: "started", suppress: "entered by `with`"}
_CONSUMERS = (list, set, tuple, frozenset, sum, sorted)
_LITERALS = (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict)
_LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
# `file` is none of them: the `write` of what it names may raise.
_PRINT_OPTIONS = {"sep": str, "end": str, "flush": bool}
# They return an object that only its methods check anything with; by the packages where that is so.
_FLUENT = {
    "expect": ("playwright", "expects", "sure", "robber"),
    "assert_that": ("assertpy",),
    "AssertThat": ("truth",),
}
# With so many arguments and these options, they return a context manager, and run nothing.
_EXPECTING: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "assertRaises": (1, ("msg", "expected_exception")),
    "assertWarns": (1, ("msg", "expected_warning")),
    "assertRaisesRegex": (2, ("msg", "expected_exception", "expected_regex")),
    "assertWarnsRegex": (2, ("msg", "expected_warning", "expected_regex")),
}
_EXPECTING_LOGS = ("assertLogs", "assertNoLogs")
_EXPECTING_OF_PYTEST: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "raises": (1, ("match", "check", "expected_exception")),
    "warns": (1, ("match", "expected_warning")),
    "deprecated_call": (0, ("match",)),
}
_CAMEL_CHECK = re.compile("assert[A-Z]")
_TASKS = (asyncio.create_task, asyncio.ensure_future)


class CallKind(StrEnum):
    """What is known of a call."""

    HARMLESS = "harmless"
    WEAK = "weak"
    CHECK = "check"
    UNKNOWN = "unknown"


def classify_call(call: ast.Call, scope: Scope, *, used: bool, awaited: bool) -> tuple[CallKind, str]:
    """Classify a call; of a weak one also say why it checks nothing."""
    target, name = scope.resolve(call.func), get_called_name(call)
    is_shown = is_print(call, scope)
    if is_shown and (printed := _find_printed(call, scope)) is not None:
        return CallKind.WEAK, f"the result of `{shorten(printed)}` is only printed: `assert` is missing"
    if target is print:
        return (CallKind.HARMLESS if is_shown and _is_harmless_print(call, scope) else CallKind.UNKNOWN), ""
    sets_context = target is setattr and bool(call.args) and getattr(call.args[0], "id", "") in scope.contexts
    if is_shown or sets_context:
        return CallKind.HARMLESS, ""
    if truth := find_unittest_truth(call, scope):
        return (CallKind.WEAK, f"`{name}` can never fail: {truth.reason}") if truth.value else (CallKind.CHECK, "")
    if isinstance(call.func, ast.Attribute) and checks_own_mock(call.func, scope):
        reason = "only a mock that the step itself makes is checked"
        return (CallKind.WEAK, reason) if is_check_name(name) else (CallKind.HARMLESS, "")
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    is_of_context = isinstance(owner, ast.Name) and owner.id in scope.contexts
    if is_of_context and name in ("abort", "attach"):
        return CallKind.HARMLESS, ""
    if is_of_context and name == "execute_steps" and scope.ask(VACUOUS_SUBSTEPS):
        return CallKind.WEAK, "none of the sub-steps can fail"
    if used:
        return CallKind.UNKNOWN, ""
    if collection := find_unread_collection(call, scope, is_print=lambda other: is_print(other, scope)):
        return CallKind.WEAK, f"nothing checks `{collection}`"
    reason = _find_unused_result(call, scope) or _find_dropped(call, scope, target, name, awaited=awaited)
    return (CallKind.WEAK, reason) if reason else (CallKind.UNKNOWN, "")


def _find_unused_result(call: ast.Call, scope: Scope) -> str:
    """Explain why a call that only makes a value checks nothing where the value is not used; empty if it may."""
    target, name = scope.resolve(call.func), get_called_name(call)
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    nested = (node for part in parts for node in walk(part) if isinstance(node, ast.Call))
    if is_one_of(target, ANSWERS) and all(is_one_of(scope.resolve(inner.func), ANSWERS) for inner in nested):
        return f"the result of `{shorten(call)}` is not used: `assert` is missing"
    consumed: ast.expr | None = call.args[0] if is_one_of(target, _CONSUMERS) and len(call.args) == 1 else None
    if isinstance(consumed, ast.Call) and is_one_of(scope.resolve(consumed.func), (map, filter)) and consumed.args:
        consumed = consumed.args[0]
    if isinstance(consumed, ast.Lambda) and has_comparison(consumed.body):
        return f"the result of `{shorten(consumed.body)}` is not used: `assert` is missing"
    if isinstance(consumed, ast.GeneratorExp | ast.ListComp) and has_comparison(consumed.elt):
        return f"the result of `{shorten(consumed.elt)}` is not used: `assert` is missing"
    is_comparing = isinstance(call.func, ast.Attribute) and call.func.attr in COMPARING_METHODS
    if (is_comparing and is_chain(call.func)) or asks_error(call):
        return f"the result of `{shorten(call)}` is not used: `assert` is missing"
    is_literal = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, _LITERALS)
    if is_literal and isinstance(call.func, ast.Attribute) and call.func.attr in ANSWERING_METHODS | {"count"}:
        return f"the result of `{shorten(call)}` is not used: `assert` is missing"
    # What pytest calls `approx` only compares; a test case runs nothing until it is asked to.
    module = str(getattr(target, "__module__", "")).partition(".")[0]
    if (module == "_pytest" and name == "approx") or (module == "unittest" and name == "TestCase"):
        return f"the result of `{shorten(call)}` is not used: `assert` is missing"
    if outcome := find_outcome(call, scope, target):
        return f"the result of `{shorten(call)}` is not used: it says whether {outcome}"
    return ""


def find_lazy(call: ast.Call, scope: Scope) -> str:
    """Explain why a call does nothing until its value is used; empty if it may."""
    target, name = scope.resolve(call.func), get_called_name(call)
    if is_one_of(target, (functools.partial, *_LAZY)):
        return f"the `{name}` is never {_LAZY.get(target, 'called')}"
    if isinstance(target, type) and BaseException in target.__mro__:
        return f"the exception `{name}` is not raised"
    if isinstance(target, FunctionType) and inspect.iscoroutinefunction(target):
        return f"the coroutine `{name}` is never awaited"
    if isinstance(target, FunctionType) and inspect.isgeneratorfunction(target):
        return f"the generator `{name}` is never run"
    return ""


def _find_dropped(call: ast.Call, scope: Scope, target: Any, name: str, *, awaited: bool) -> str:
    """Explain why a call whose value nothing uses checks nothing; empty if it may."""
    if lazy := "" if awaited else find_lazy(call, scope):
        return lazy
    if is_one_of(target, _TASKS) and not awaited:
        return f"the task of `{name}` is never awaited"
    module = str(getattr(target, "__module__", "") or "")
    if _only_expects(call, scope, name, module=module.partition(".")[0]):
        return f"`{name}` without a `with` block checks nothing"
    if module.partition(".")[0] in _FLUENT.get(name, ()) and len(call.args) == 1:
        return f"`{shorten(call)}` alone checks nothing"
    if name in MISSPELT_MOCK_CHECKS and is_chain(call.func):
        return f"`{name}` is not an assertion of a mock: the name lacks `assert_`"
    return ""


def _only_expects(call: ast.Call, scope: Scope, name: str, *, module: str) -> bool:
    """Whether a call makes a context manager that expects an error, a warning or a log, and gets nothing to run."""
    if module in ("_pytest", "pytest"):
        most, options = _EXPECTING_OF_PYTEST.get(name, (-1, ()))
    elif name in _EXPECTING_LOGS:
        owner = scope.resolve(call.func.value) if isinstance(call.func, ast.Attribute) else None
        most, options = (2, ("logger", "level", "formatter")) if isinstance(owner, unittest.TestCase) else (-1, ())
    else:
        most, options = _EXPECTING.get(name, (-1, ()))
    is_known = not any(isinstance(argument, ast.Starred) for argument in call.args)
    return is_known and len(call.args) <= most and all(keyword.arg in options for keyword in call.keywords)


def find_print(statements: Sequence[ast.stmt], scope: Scope) -> ast.Call | None:
    """Find the first statement of a block that only prints or logs something."""
    for statement in statements:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and is_print(call, scope):
            return call
    return None


def is_print(call: ast.Call, scope: Scope) -> bool:
    """Whether a call only prints, logs or warns of something, which no hook looks at, or waits."""
    target = scope.resolve(call.func)
    if target is warnings.warn:
        return not any("error" in option for option in sys.warnoptions) and not scope.sources.mentions(_WARNING_RAISES)
    if is_one_of(target, _SILENT) or _is_future_wait(target):
        return True
    is_logged = _is_log_call(call, scope) or is_one_of(target, _LOGGING)
    if not (is_logged or is_one_of(target, _SHOWING)):
        return False
    return not (scope.sources.mentions(_OUTPUT_READ) or (is_logged and scope.sources.mentions(_LOG_READ)))


def _is_future_wait(target: Any) -> bool:
    """Whether a function is `concurrent.futures.wait`, which is replaced while features run."""
    names = (target.__module__, target.__name__) if isinstance(target, FunctionType) else ()
    return names == ("concurrent.futures._base", "wait")


def _find_printed(call: ast.Call, scope: Scope) -> ast.expr | None:
    """Find the outcome of a check among what a call prints."""
    return next((part for part in call.args if is_negation(part) or holds_result(part, scope)), None)


def is_check_name(name: str) -> bool:
    """Whether a method of that name checks something when it is called, as those of mocks and of `unittest` do."""
    return name.startswith("assert_") or bool(_CAMEL_CHECK.match(name)) or name in MISSPELT_MOCK_CHECKS


def is_check(node: ast.AST) -> bool:
    """Whether a node is an assertion, or a call that is one by its name."""
    return isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and is_check_name(get_called_name(node)))


def is_failure(target: Any) -> bool:
    """Whether an object is what a step raises or calls to fail: an exception class, or `fail` of pytest."""
    if isinstance(target, type):
        return BaseException in target.__mro__
    # A function, or since pytest 9 an object of the class `_Fail`.
    kind = target if isinstance(target, FunctionType) else type(target)
    return kind.__module__ == "_pytest.outcomes" and kind.__name__.strip("_").lower() == "fail"


def is_uncalled(node: ast.Name | ast.Attribute, scope: Scope) -> bool:
    """Whether a name on a line of its own is that of a check, of a failure, or of a function of the project."""
    target = scope.resolve(node)
    if isinstance(node, ast.Attribute) and (is_check_name(node.attr) or is_fluent_check(node, scope)):
        return True
    is_function = isinstance(node, ast.Name) and find_project_function(target, scope.sources) is not None
    return is_function or is_failure(target)


def is_fluent_check(node: ast.Attribute, scope: Scope) -> bool:
    """Whether an attribute is a check of `expect(x)` or `assert_that(x)` that is not called."""
    call = node.value
    if not isinstance(call, ast.Call) or get_called_name(call) not in ("expect", "assert_that"):
        return False
    module = str(getattr(scope.resolve(call.func), "__module__", "") or "")
    # The checks of other such packages are properties.
    return module.partition(".")[0] in ("playwright", "assertpy")


def find_project_function(target: Any, sources: SourceCache) -> FunctionSource | None:
    """Find the source of a function of the project, or of its outermost wrapper; None for anything else."""
    if type(target) is not FunctionType:
        return None
    # The rest of this analysis is about code that the team can change.
    return None if is_library(target) else sources.find_function(target.__code__)


def is_library(function: FunctionType) -> bool:
    """Whether a function is of an installed package, or of Python itself."""
    return is_library_file(function.__code__.co_filename)


def _is_harmless_print(call: ast.Call, scope: Scope) -> bool:
    """Whether `print` has no option but those of the right type, and a standard stream as its file."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    for keyword in call.keywords:
        expected_type = _PRINT_OPTIONS.get(keyword.arg or "")
        value = keyword.value
        if keyword.arg == "file" and is_one_of(scope.resolve(value), (sys.stdout, sys.stderr)):
            continue
        if expected_type is None or not isinstance(value, ast.Constant) or not isinstance(value.value, expected_type):
            return False
    return True


def _is_log_call(call: ast.Call, scope: Scope) -> bool:
    """Whether a call is a method of a logger of the module, or writes to a standard stream."""
    if not isinstance(call.func, ast.Attribute) or asks_error(call):
        return False
    owner = scope.resolve(call.func.value)
    match call.func.value:
        case ast.Attribute(value=context, attr=name) if scope.is_context(context) and call.func.attr in _LOG_METHODS:
            return scope.ask((*LOGGER, name))
    made = scope.follow(call.func.value)
    if isinstance(made, ast.Call) and scope.resolve(made.func) is logging.getLogger:
        return call.func.attr in _LOG_METHODS
    if isinstance(owner, logging.Logger):
        return call.func.attr in _LOG_METHODS
    return is_one_of(owner, (sys.stdout, sys.stderr)) and call.func.attr in ("write", "flush")
