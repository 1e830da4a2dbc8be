"""Find conditions that only ask a question: where a step just prints the answer, nothing fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from types import FunctionType

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope
from spec2bdd.adapters.behave.vacuity.sources import is_library_file
from spec2bdd.adapters.behave.vacuity.stored.results import holds_result, returns_answer
from spec2bdd.adapters.behave.vacuity.unittest_checks import get_called_name
from spec2bdd.adapters.behave.vacuity.unused import CHECKING

# What a function is called that answers yes or no.
_PREDICATE = re.compile(r"(?:is|are|has|have|was|were|contains?|exists?|equals?|matches|same)(?:_|$)|(?:is|has)[A-Z]")
# How much is printed, and where, is no question about the product.
SETTING = re.compile(r"debug|verbos|quiet|silent|trace|dry|log|color|colour|tty|ci$|enabled|config", re.IGNORECASE)
# What a function is called that does something, and raises an error where that fails.
_ACTING = re.compile(
    r"(?:get|post|put|patch|delete|fetch|load|open|connect|request|send|submit|click|press|fill|goto|visit|login|start"
    r"|stop|run|execute|call|apply|invoke|process|read|write|parse|import|main)(?:_|$)"
)


def is_question(condition: ast.expr, scope: Scope, *, is_print: Callable[[ast.Call], bool]) -> bool:
    """Whether a condition calls something that only answers a question, and nothing else in its function can fail.

    Calls that may do something, or check something by themselves, show it in their names.
    """
    asked = [part for part in walk(condition) if isinstance(part, ast.Call) and _is_answered(part, scope)]
    plain = condition
    while isinstance(plain, ast.UnaryOp) and isinstance(plain.op, ast.Not):
        plain = plain.operand
    # `not items` alone may ask for anything.
    if not asked and not holds_result(plain, scope):
        return False
    if any(isinstance(part, ast.Await | ast.Lambda | ast.NamedExpr) for part in walk(condition)):
        return False
    names = [getattr(part, "id", getattr(part, "attr", "")) for part in walk(condition)]
    # One that asks only for arguments of the step chooses.
    is_of_step = any(name in {*scope.contexts, *scope.locals}.difference(scope.arguments) for name in names)
    if not is_of_step or any(map(SETTING.search, names)) or not {"hasattr", "getattr"}.isdisjoint(names):
        return False
    known = {id(call) for call in asked}
    others = [
        part for part in walk(scope.node) if isinstance(part, ast.Call) and id(part) not in known and not is_print(part)
    ]
    others = [call for call in others if call not in scope.node.decorator_list and not _is_answered(call, scope)]
    called = [get_called_name(call) for call in others]
    return not any(CHECKING.search(name) or _ACTING.match(name) for name in called)


def _is_answered(call: ast.Call, scope: Scope) -> bool:
    """Whether a call answers a question about its arguments, or about the object of its method, and nothing else."""
    function, name = scope.resolve(call.func), get_called_name(call)
    is_about = bool(call.args or call.keywords or isinstance(call.func, ast.Attribute))
    if not is_about:
        return False
    if type(function) is FunctionType and not is_library_file(function.__code__.co_filename):
        return returns_answer(function, scope)
    if function is UNKNOWN and isinstance(call.func, ast.Attribute):
        return bool(_PREDICATE.match(name)) and not CHECKING.search(name)
    return False
