"""Remember where a step stores the outcomes of checks: later steps and hooks may look at them there, or none.

What an attribute of Behave's context holds is watched while the features run. A name of the module, and an attribute of
an object of the project, count as read if any code of the project mentions them other than to store something.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections import OrderedDict, defaultdict, deque
from types import FunctionType, SimpleNamespace
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope, StoredCheck
from spec2bdd.adapters.behave.vacuity.stored.results import holds_result, is_description
from spec2bdd.adapters.behave.vacuity.unittest_checks import get_called_name
from spec2bdd.adapters.behave.vacuity.unused import CHECKING, COLLECTING
from spec2bdd.adapters.behave.vacuity.values.comparisons import shorten

_COLLECTIONS = (list, dict, set, deque, defaultdict, OrderedDict)
_LITERALS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)


def add_stored(target: ast.expr, value: ast.expr, scope: Scope, *, is_added: bool = False) -> bool:
    """Remember the outcome of a check that is stored; whether code that is not known may look at it there.

    With `is_added`, the value is added to the collection that the target is.
    """
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            found = [add_stored(part, held, scope) for part, held in zip(target.elts, value.elts, strict=True)]
            return any(found)
        return False
    check = find_check(value, scope, target)
    if not check:
        return False
    match target:
        case ast.Attribute(value=owner, attr=name) if scope.is_context(owner):
            scope.stored.append(StoredCheck(name, target.lineno, check, is_added=is_added))
            return False
        case ast.Attribute(value=owner) | ast.Subscript(value=owner) if not is_added:
            if name := _find_collection(owner, scope):
                scope.stored.append(StoredCheck(name, target.lineno, check, is_added=True))
                return False
    return _add_outside(target, check, scope, is_added=is_added)


def add_collected(call: ast.Call, scope: Scope) -> bool | None:
    """Remember the outcome of a check that a call adds to a collection.

    Return whether code that is not known may look at it there, or None if the call is none of that kind.
    """
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in COLLECTING:
        return None
    owner = call.func.value
    checks = [part for part in parts if find_check(part, scope, owner)]
    calls = (inner for part in parts for inner in walk(part) if isinstance(inner, ast.Call))
    # What is added next to it may be made by a function that checks something.
    if not checks or any(CHECKING.search(get_called_name(inner)) for inner in calls):
        return None
    if name := _find_collection(owner, scope):
        # The attribute of the context, under whatever name.
        scope.stored.append(StoredCheck(name, call.lineno, find_check(checks[0], scope, owner), is_added=True))
        return False
    is_known = scope.resolve(owner) is not UNKNOWN or _find_own_attribute(owner, scope)
    return add_stored(owner, checks[0], scope, is_added=True) if is_known else None


def find_check(value: ast.expr, scope: Scope, target: ast.expr | None = None) -> str:
    """Find the check whose outcome a value is, or that decides whether it is stored; empty if there is none."""
    if holds_result(value, scope):
        return shorten(value)
    if scope.outcome is None or not is_description(value, scope):
        return ""
    # As in `if context.user is None: context.user = "ana"`.
    name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", None)
    is_own = any(name in (getattr(part, "attr", ""), getattr(part, "id", "")) for part in walk(scope.outcome))
    return "" if is_own else shorten(scope.outcome)


def _find_collection(node: ast.expr, scope: Scope) -> str:
    """Find the attribute of the context that holds the object of an expression; empty for any other."""
    node = scope.aliases.get(node.id, node) if isinstance(node, ast.Name) else node
    return node.attr if isinstance(node, ast.Attribute) and scope.is_context(node.value) else ""


def _find_own_attribute(node: ast.expr, scope: Scope) -> str:
    """Find the attribute of an object of the project, whose method runs or that its module holds; or an empty text."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return ""
    owner = scope.resolve(node.value)
    made = owner if isinstance(owner, type | FunctionType) else type(owner)
    is_plain = made is SimpleNamespace or (owner is not UNKNOWN and _is_own(made, scope))
    return node.attr if node.value.id in scope.bound or is_plain else ""


def _is_own(made: type | FunctionType, scope: Scope) -> bool:
    """Whether a class or a function is one of the project."""
    code = made.__code__ if isinstance(made, FunctionType) else None
    codes = [code] if code else [value.__code__ for value in vars(made).values() if isinstance(value, FunctionType)]
    is_loaded = any(scope.sources.defines_steps(code.co_filename) for code in codes)
    # Behave gives the classes in step files the name of another module.
    is_made = made.__module__ == "builtins" and vars(builtins).get(made.__name__) is not made and type(made) is type
    return is_loaded or is_made or scope.sources.is_own_module(sys.modules.get(made.__module__))


def _add_outside(target: ast.expr, check: str, scope: Scope, *, is_added: bool) -> bool:
    """Add a weak check if nothing of the project reads what is stored outside of the context."""
    owner: Any = target
    if isinstance(target, ast.Subscript):
        owner, is_added = target.value, True
    if isinstance(owner, ast.Name):
        if owner.id in scope.locals:
            return isinstance(target, ast.Subscript) and not isinstance(scope.aliases.get(owner.id), _LITERALS)
        value = scope.resolve(owner)
        name = owner.id if not is_added or type(value) in _COLLECTIONS else ""
    else:
        name = _find_own_attribute(owner, scope)
    if not name or scope.sources.reads(name, is_collection=is_added):
        return True
    what = "which holds" if not is_added else "to which"
    scope.add_weak(target, f"nothing reads `{name}`, {what} `{check}`" + (" is added" if is_added else ""))
    return False


def is_in_place(statement: ast.AugAssign) -> bool:
    """Whether an assignment such as `+=` changes the list or another collection that is there already."""
    return isinstance(statement.value, _LITERALS)
