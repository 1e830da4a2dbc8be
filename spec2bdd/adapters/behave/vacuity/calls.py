"""Classify the calls in a step definition: those that cannot fail, and those that look like a check and are none."""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import logging
import pprint
import sys
import sysconfig
import time
import warnings
from enum import StrEnum
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.sources import FunctionSource, SourceCache
from spec2bdd.adapters.behave.vacuity.truth import MISSPELT_MOCK_CHECKS, Truth, find_truth, is_chain, shorten

# What these do with constants and parameters cannot fail.
_HARMLESS = (pprint.pprint, time.sleep, warnings.warn, logging.debug, logging.info, logging.warning, logging.error)
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
_EQUAL_CHECKS = frozenset({"assertEqual", "assertEquals", "assertIs", "assert_equal", "assert_equals", "eq_"})
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
        return (CallKind.HARMLESS, "") if _is_harmless_print(call) else (CallKind.UNKNOWN, "")
    if is_one_of(target, _HARMLESS) or _is_log_call(call, scope):
        return CallKind.HARMLESS, ""
    if truth := _find_unittest_truth(call, scope):
        return (CallKind.WEAK, f"`{name}` can never fail: {truth.reason}") if truth.value else (CallKind.CHECK, "")
    if used:
        return CallKind.UNKNOWN, ""
    reason = _find_dropped(call, target, name, awaited=awaited)
    return (CallKind.WEAK, reason) if reason else (CallKind.UNKNOWN, "")


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
        return f"`{name}` is no check of a mock: the name lacks `assert_`"
    return ""


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
    if name in _EQUAL_CHECKS and len(arguments) > 1:
        comparison = ast.Compare(left=arguments[0], ops=[ast.Eq()], comparators=[arguments[1]])
        return find_truth(comparison, scope)
    return None
