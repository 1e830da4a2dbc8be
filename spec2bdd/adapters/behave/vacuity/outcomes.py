"""Find calls that run tests, a command or coroutines, and say only by what they return whether these failed."""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
from typing import Any

from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.values.comparisons import shorten

# With others, such as `check` or `timeout`, a command may raise something.
_OPTIONS = {"shell", "capture_output", "text", "stdout", "stderr", "env", "cwd"}

# The methods of a loader of `unittest`, which make a suite of tests.
_LOADERS = ("discover", "loadTestsFromModule", "loadTestsFromName", "loadTestsFromNames", "loadTestsFromTestCase")


def find_outcome(call: ast.Call, scope: Scope, target: Any) -> str:
    """Describe what the value of a call says, where nothing else says it; empty for any other call."""
    if _is_test_run(call, scope, target):
        return "the tests passed"
    if target is os.system or _is_command(call, target):
        return "the command worked"
    returned = [word.value for word in call.keywords if word.arg == "return_exceptions"]
    is_kept = target is asyncio.gather and bool(returned) and bool(getattr(returned[0], "value", False))
    return "its calls worked" if is_kept else ""


def _is_test_run(call: ast.Call, scope: Scope, target: Any) -> bool:
    """Whether a call runs tests and raises nothing where they fail, whatever fails in them."""
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    match getattr(target, "__module__", ""), getattr(target, "__name__", ""):
        case "_pytest.config", "main":
            return True
        case "doctest", "testmod" | "testfile":
            return not {"raise_on_error", None}.intersection(options)
        case "unittest.main", "TestProgram":
            return "exit" in options and not getattr(options["exit"], "value", True)
    method = call.func if isinstance(call.func, ast.Attribute) else None
    owner = scope.follow(method.value) if method else None
    runner = scope.resolve(owner.func) if isinstance(owner, ast.Call) else None
    names = (getattr(runner, "__module__", ""), getattr(runner, "__qualname__", ""))
    loads = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr in _LOADERS
    is_runner = names in (("unittest.runner", "TextTestRunner"), ("unittest.suite", "TestSuite")) or loads
    return method is not None and method.attr == "run" and is_runner


def _is_command(call: ast.Call, target: Any) -> bool:
    """Whether a call of `subprocess` runs a program that is certainly there, and does not check how it ends."""
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    if not is_one_of(target, (subprocess.run, subprocess.call)) or not options.keys() <= _OPTIONS:
        return False
    shell = options.get("shell")
    # Without a shell, the program may be missing, which is an error.
    first = call.args[0].elts[0] if call.args and isinstance(call.args[0], ast.List) and call.args[0].elts else None
    is_python = isinstance(first, ast.Attribute) and shorten(first) == "sys.executable"
    return is_python or (isinstance(shell, ast.Constant) and bool(shell.value))
