"""Find conditions on plain values, such as `context.ok`, that only decide what is printed, or nothing at all.

Unlike a comparison, such a value says nothing about what it is for, and a call next to it may raise an error: the
condition counts only in a step that calls nothing but what is known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.stored.questions import SETTING
from spec2bdd.adapters.behave.vacuity.stored.results import ANSWERS
from spec2bdd.adapters.behave.vacuity.unused import IsPrint, find_idle_condition, list_branches

# These raise nothing for any value, and run no check.
_PURE = (len, str, repr, type, id, list, tuple, set, sorted, enumerate, zip, reversed, *ANSWERS)
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.UnaryOp, ast.BoolOp, ast.unaryop, ast.boolop)
# What evaluates other code than that of the project's calls.
_RUNNING = (ast.Await, ast.Yield, ast.YieldFrom, ast.AsyncFor, ast.AsyncWith, ast.Delete)
# What a property is called that raises an error by itself.
_RAISING = re.compile(r"assert|check|verif|ensure|expect|must|should|raise|wait|require", re.IGNORECASE)


def add_dropped(statement: ast.stmt, rest: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint) -> None:
    """Remember the condition of a statement if it asks for plain values and decides nothing; `rest` are those after."""
    for part in list_branches(statement, is_print):
        condition = find_idle_condition(part, rest, scope, is_print=is_print)
        if condition is not None and _asks_values(condition, scope):
            shows = any(isinstance(inner, ast.Call) and is_print(inner) for inner in walk(part))
            if shows or isinstance(part, ast.If):
                what = "only decides what is printed" if shows else "decides nothing: `assert` or `raise` is missing"
                scope.add_dropped(statement, f"`{ast.unparse(condition)}` {what}")
                return


def is_known_call(call: ast.Call, target: Any) -> bool:
    """Whether a call of a function that was resolved runs nothing that may check something."""
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    inner = (node for part in parts for node in walk(part) if isinstance(part, ast.GeneratorExp | ast.Lambda))
    return is_one_of(target, _PURE) and not any(isinstance(node, ast.Call) for node in inner)


def runs_other_code(scope: Scope) -> bool:
    """Whether a function runs code that is not known, other than by a call."""
    for part in walk(scope.node):
        if isinstance(part, _RUNNING):
            return True
        # A module that is loaded is only looked up.
        if isinstance(part, ast.Import | ast.ImportFrom):
            names = {alias.asname or alias.name.partition(".")[0] for alias in part.names}
            if not names <= scope.imports.keys():
                return True
    return False


def _asks_values(condition: ast.expr, scope: Scope) -> bool:
    """Whether a condition asks for nothing but values of the step or its context, and for no argument or setting."""
    nodes = list(walk(condition))
    asked = nodes
    match condition:
        case ast.NamedExpr(value=value):
            asked = list(walk(value))
    counted = [
        part for part in asked if isinstance(part, ast.Call) and is_one_of(scope.resolve(part.func), (len, bool))
    ]
    if not all(isinstance(part, _PLAIN) or part in counted for part in asked) or runs_other_code(scope):
        return False
    names = [part.id for part in asked if isinstance(part, ast.Name)]
    is_of_step = any(name in {*scope.contexts, *scope.locals}.difference(scope.arguments) for name in names)
    attributes = [part for part in asked if isinstance(part, ast.Attribute)]
    # Behave's context has no properties; other objects may.
    raising = [part.attr for part in attributes if not scope.is_context(part.value) and _RAISING.search(part.attr)]
    words = [*names, *(part.attr for part in attributes)]
    return is_of_step and not raising and not any(map(SETTING.search, words))
