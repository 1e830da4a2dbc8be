"""Find calls that run tests, a command or coroutines, and say only by what they return whether these failed."""

from __future__ import annotations

import ast
import asyncio
import os
import subprocess
import unittest
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
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
    if is_one_of(target, (os.system, subprocess.getoutput, subprocess.getstatusoutput)):
        return "the command worked"
    if _is_command(call, target) or _waits_for_command(call, scope):
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
    owner = _find_made(method.value, scope) if method else None
    runner = scope.resolve(owner.func) if isinstance(owner, ast.Call) else None
    names = (getattr(runner, "__module__", ""), getattr(runner, "__qualname__", ""))
    loads = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr in _LOADERS
    is_runner = names in (("unittest.runner", "TextTestRunner"), ("unittest.suite", "TestSuite")) or loads
    is_case = isinstance(owner, ast.Call) and _makes_test_case(owner, scope)
    return method is not None and method.attr == "run" and (is_runner or is_case)


def _find_made(node: ast.expr, scope: Scope) -> ast.expr:
    """Find the expression that has made the object of a method."""
    made = scope.aliases.get(node.id) if isinstance(node, ast.Name) else None
    return made or scope.follow(node)


def _makes_test_case(call: ast.Call, scope: Scope) -> bool:
    """Whether a call makes a test case of `unittest`, of a class of the module or inside the step."""
    made = scope.resolve(call.func)
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    nested = [part for part in walk(scope.node) if isinstance(part, ast.ClassDef) and part.name == name]
    bases = [made] if isinstance(made, type) else [scope.resolve(base) for part in nested for base in part.bases]
    return any(isinstance(base, type) and _is_test_case(base) for base in bases)


def _is_test_case(made: type) -> bool:
    """Whether a class is a test case, and does not change how one is run."""
    own = [parent for parent in made.__mro__ if not parent.__module__.startswith("unittest")]
    return unittest.TestCase in made.__mro__ and not any("run" in vars(parent) for parent in own)


def _waits_for_command(call: ast.Call, scope: Scope) -> bool:
    """Whether a call waits for a process of such a program that the step has started."""
    method = call.func if isinstance(call.func, ast.Attribute) else None
    owner = _find_made(method.value, scope) if method else None
    if method is None or not isinstance(owner, ast.Call) or method.attr not in ("wait", "communicate"):
        return False
    return scope.resolve(owner.func) is subprocess.Popen and not call.args and _runs_program(owner)


def _is_command(call: ast.Call, target: Any) -> bool:
    """Whether a call of `subprocess` runs a program that is certainly there, and does not check how it ends."""
    return is_one_of(target, (subprocess.run, subprocess.call)) and _runs_program(call)


def _runs_program(call: ast.Call) -> bool:
    """Whether a call of `subprocess` runs a program that is certainly there, and raises nothing if that fails."""
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    if not options.keys() <= _OPTIONS:
        return False
    shell = options.get("shell")
    # Without a shell, the program may be missing, which is an error.
    first = call.args[0].elts[0] if call.args and isinstance(call.args[0], ast.List) and call.args[0].elts else None
    is_python = isinstance(first, ast.Attribute) and shorten(first) == "sys.executable"
    return is_python or (isinstance(shell, ast.Constant) and bool(shell.value))
