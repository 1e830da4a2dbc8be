"""Classify the calls in a step definition: those that cannot fail, and those that look like a check and are none."""

from __future__ import annotations

import ast
import asyncio
import fnmatch
import functools
import inspect
import logging
import math
import operator
import os
import pprint
import re
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.flow import has_comparison
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.sources import FunctionSource, SourceCache
from spec2bdd.adapters.behave.vacuity.truth import MISSPELT_MOCK_CHECKS, Truth, find_truth, is_chain, shorten

# What these do with constants and parameters cannot fail.
_HARMLESS = (
    *(pprint.pprint, pprint.pp, time.sleep, asyncio.sleep, warnings.warn, breakpoint),
    *(logging.debug, logging.info, logging.warning, logging.error, logging.exception, logging.critical, logging.log),
    *(traceback.print_exc, traceback.print_exception, traceback.print_stack),
)
# They answer yes or no: on a line of their own, they check nothing.
_PURE = (
    *(all, any, bool, callable, hasattr, isinstance, issubclass, re.match, re.search, re.fullmatch, fnmatch.fnmatch),
    *(math.isclose, math.isnan, os.path.exists, os.path.isfile, os.path.isdir, operator.truth, operator.not_),
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.contains),
)
# They do nothing until something is done with what they return.
_LAZY = {map: "run", filter: "run", threading.Thread: "started", suppress: "entered by `with`"}
_LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
# `file` is none of them: the `write` of what it names may raise.
_PRINT_OPTIONS = {"sep": str, "end": str, "flush": bool}
# They return an object that only its methods check anything with; by the packages where that is so.
_FLUENT = {
    "expect": ("playwright", "expects", "sure", "robber"),
    "assert_that": ("assertpy",),
    "AssertThat": ("truth",),
}
# What `unittest` and its relatives call a check, and how many values it compares.
_TRUE_CHECKS = frozenset({"assertTrue", "assert_true", "ok_"})
_FALSE_CHECKS = frozenset({"assertFalse", "assert_false"})
_COMPARISONS: Mapping[str, type[ast.cmpop]] = {
    **dict.fromkeys(("assertEqual", "assertEquals", "assert_equal", "assert_equals", "eq_"), ast.Eq),
    "assertNotEqual": ast.NotEq,
    "assertIs": ast.Is,
    "assertIsNot": ast.IsNot,
    "assertIn": ast.In,
    "assertGreater": ast.Gt,
    "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt,
    "assertLessEqual": ast.LtE,
}
_CAMEL_CHECK = re.compile("assert[A-Z]")
_TASKS = (asyncio.create_task, asyncio.ensure_future)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


class CallKind(StrEnum):
    """What is known of a call."""

    HARMLESS = "harmless"
    WEAK = "weak"
    CHECK = "check"
    UNKNOWN = "unknown"


def classify_call(call: ast.Call, scope: Scope, *, used: bool, awaited: bool) -> tuple[CallKind, str]:
    """Classify a call; of a weak one also say why it checks nothing."""
    target, name = scope.resolve(call.func), get_called_name(call)
    if target is print:
        if call.args and all(map(has_comparison, call.args)):
            return CallKind.WEAK, f"the result of `{shorten(call.args[0])}` is only printed: `assert` is missing"
        return (CallKind.HARMLESS, "") if _is_harmless_print(call) else (CallKind.UNKNOWN, "")
    if is_one_of(target, _HARMLESS) or _is_log_call(call, scope):
        return CallKind.HARMLESS, ""
    if truth := _find_unittest_truth(call, scope):
        return (CallKind.WEAK, f"`{name}` can never fail: {truth.reason}") if truth.value else (CallKind.CHECK, "")
    if used:
        return CallKind.UNKNOWN, ""
    reason = _find_unused_result(call, scope) or _find_dropped(call, target, name, awaited=awaited)
    return (CallKind.WEAK, reason) if reason else (CallKind.UNKNOWN, "")


def _find_unused_result(call: ast.Call, scope: Scope) -> str:
    """Explain why a call that only makes a value checks nothing where the value is not used; empty if it may."""
    target, name = scope.resolve(call.func), get_called_name(call)
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    nested = (node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call))
    if is_one_of(target, _PURE) and all(is_one_of(scope.resolve(inner.func), _PURE) for inner in nested):
        return f"the result of `{shorten(call)}` is not used: `assert` is missing"
    if lazy := next((verb for known, verb in _LAZY.items() if target is known), ""):
        return f"the `{name}` is never {lazy}"
    if isinstance(target, type) and BaseException in target.__mro__:
        return f"the exception `{name}` is not raised"
    return ""


def _find_dropped(call: ast.Call, target: Any, name: str, *, awaited: bool) -> str:
    """Explain why a call whose value nothing uses checks nothing; empty if it may."""
    if target is functools.partial:
        return "the `partial` is never called"
    if is_one_of(target, _TASKS) and not awaited:
        return f"the task of `{name}` is never awaited"
    if isinstance(target, FunctionType) and not awaited and inspect.iscoroutinefunction(target):
        return f"the coroutine `{name}` is never awaited"
    if isinstance(target, FunctionType) and inspect.isgeneratorfunction(target):
        return f"the generator `{name}` is never run"
    is_alone = len(call.args) == 1 and not [keyword for keyword in call.keywords if keyword.arg != "match"]
    module = str(getattr(target, "__module__", "") or "")
    if is_alone and name in ("raises", "warns") and module.partition(".")[0] in ("_pytest", "pytest"):
        return f"`{name}` without a `with` block checks nothing"
    if is_alone and name in ("assertRaises", "assertRaisesRegex", "assertWarns"):
        return f"`{name}` without a `with` block checks nothing"
    if module.partition(".")[0] in _FLUENT.get(name, ()) and len(call.args) == 1:
        return f"`{shorten(call)}` alone checks nothing"
    if name in MISSPELT_MOCK_CHECKS and is_chain(call.func):
        return f"`{name}` is not an assertion of a mock: the name lacks `assert_`"
    return ""


def find_print(statements: Sequence[ast.stmt], scope: Scope) -> ast.Call | None:
    """Find the first statement of a block that only prints or logs something."""
    for statement in statements:
        if isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call):
            target = scope.resolve(call.func)
            if target is print or is_one_of(target, _HARMLESS) or _is_log_call(call, scope):
                return call
    return None


def is_check_name(name: str) -> bool:
    """Whether a method of that name checks something when it is called, as those of mocks and of `unittest` do."""
    return name.startswith("assert_") or bool(_CAMEL_CHECK.match(name)) or name in MISSPELT_MOCK_CHECKS


def is_failure(target: Any) -> bool:
    """Whether an object is what a step raises or calls to fail: an exception class, or `fail` of pytest."""
    if isinstance(target, type):
        return BaseException in target.__mro__
    # A function, or since pytest 9 an object of the class `_Fail`.
    kind = target if isinstance(target, FunctionType) else type(target)
    return kind.__module__ == "_pytest.outcomes" and kind.__name__.strip("_").lower() == "fail"


def is_fluent_check(node: ast.Attribute, scope: Scope) -> bool:
    """Whether an attribute is a check of `expect(x)` or `assert_that(x)` that is not called."""
    call = node.value
    if not isinstance(call, ast.Call) or get_called_name(call) not in ("expect", "assert_that"):
        return False
    module = str(getattr(scope.resolve(call.func), "__module__", "") or "")
    # The checks of other such packages are properties.
    return module.partition(".")[0] in ("playwright", "assertpy")


def get_called_name(call: ast.Call) -> str:
    """Get the last part of the name of what is called; empty if it has none."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def find_project_function(target: Any, sources: SourceCache) -> FunctionSource | None:
    """Find the source of a plain function of the project; None for anything else."""
    if type(target) is not FunctionType or hasattr(target, "__wrapped__"):
        return None
    # The rest of this analysis is about code that the team can change.
    if target.__code__.co_filename.startswith(_LIBRARIES) or "site-packages" in target.__code__.co_filename:
        return None
    return sources.find_function(target.__code__)


def _is_harmless_print(call: ast.Call) -> bool:
    """Whether `print` has no option but those of the right type."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return False
    for keyword in call.keywords:
        expected_type = _PRINT_OPTIONS.get(keyword.arg or "")
        value = keyword.value
        if expected_type is None or not isinstance(value, ast.Constant) or not isinstance(value.value, expected_type):
            return False
    return True


def _is_log_call(call: ast.Call, scope: Scope) -> bool:
    """Whether a call is a method of a logger of the module, or writes to a standard stream."""
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = scope.resolve(call.func.value)
    if isinstance(owner, logging.Logger):
        return call.func.attr in _LOG_METHODS
    return is_one_of(owner, (sys.stdout, sys.stderr)) and call.func.attr in ("write", "flush")


def _find_unittest_truth(call: ast.Call, scope: Scope) -> Truth | None:
    """Find whether a check as `unittest` has them always passes; None if it may fail, or is none."""
    name, arguments = get_called_name(call), call.args
    if name in _TRUE_CHECKS and arguments:
        return find_truth(arguments[0], scope)
    if name in _FALSE_CHECKS and arguments:
        truth = find_truth(arguments[0], scope)
        return Truth(not truth.value, truth.reason) if truth else None
    if name in _COMPARISONS and len(arguments) > 1:
        comparison = ast.Compare(left=arguments[0], ops=[_COMPARISONS[name]()], comparators=[arguments[1]])
        return find_truth(comparison, scope)
    if name == "assertIsNotNone" and arguments:
        comparison = ast.Compare(left=arguments[0], ops=[ast.IsNot()], comparators=[ast.Constant(None)])
        return find_truth(comparison, scope)
    if name == "assertIsInstance" and len(arguments) > 1 and scope.resolve(arguments[1]) is object:
        return Truth(value=True, reason="everything is an `object`")
    return _find_matcher_truth(call, scope) if name == "assert_that" else None


def _find_matcher_truth(call: ast.Call, scope: Scope) -> Truth | None:
    """Find whether `assert_that` of hamcrest always passes: with a matcher for anything, or a value that is true."""
    target = scope.resolve(call.func)
    if str(getattr(target, "__module__", "")).partition(".")[0] != "hamcrest" or not call.args:
        return None
    matcher = call.args[1] if len(call.args) > 1 else None
    if isinstance(matcher, ast.Call) and get_called_name(matcher) in ("anything", "is_anything"):
        return Truth(value=True, reason="`anything()` matches every value")
    return find_truth(call.args[0], scope) if matcher is None else None
