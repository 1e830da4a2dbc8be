"""Track what local names and attributes of the context hold while the statements of a step run in order."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import NO_ARGUMENT, UNKNOWN, Held, Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.truth import find_truth
from spec2bdd.adapters.behave.vacuity.values.own_values import find_own_value, is_changeable

# They change nothing, as long as the objects passed to them do not.
_HARMLESS = (print, len, str, int, float, bool, isinstance, issubclass, type, repr, round, abs, hasattr, callable, id)
_FIXED = (ast.Constant, ast.Tuple, ast.JoinedStr, ast.Compare, ast.Lambda, ast.GeneratorExp, ast.UnaryOp)
_MOST_ITEMS = 8
_PLAIN = (str, bytes, int, float, tuple, list, dict, set, frozenset, range, type, type(None))
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def enter_statement(statement: ast.stmt, scope: Scope) -> None:
    """Forget what is not known at the beginning of a statement: the body of a loop may have run before."""
    if isinstance(statement, ast.If):
        forget(statement.test, scope)
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        # Its arguments are evaluated before it can change anything.
        for part in ast.iter_child_nodes(statement.value):
            forget(part, scope)
    elif not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For):
        # A `for` looks at what it runs over first, and forgets then.
        forget(statement, scope)


def leave_statement(statement: ast.stmt, scope: Scope) -> None:
    """Record what a statement has bound, and forget what it may have changed."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            _assign(targets, value, scope)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _assign([target], value, scope)
        case ast.AugAssign(target=ast.Name() as target, op=operator, value=value):
            _assign([target], ast.BinOp(ast.Name(target.id, ast.Load()), operator, value), scope)
        case ast.Assert() | ast.Return() | ast.Raise():
            pass
        case _:
            forget(statement, scope)


def _assign(targets: Iterable[ast.expr], value: ast.expr, scope: Scope) -> None:
    """Record that targets hold a value."""
    forget(value, scope)
    held = _hold(value, scope)
    for target in targets:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for part, other in zip(target.elts, [_hold(other, scope) for other in value.elts], strict=True):
                _bind(part, other, scope)
        else:
            _bind(target, held, scope)


def find_own_items(node: ast.expr, scope: Scope) -> list[object]:
    """Find the items that a loop runs over, if the step itself has put a few of them there."""
    value = find_own_value(node, scope)
    if not isinstance(value, Iterable):
        return []
    items = [item for item, _ in zip(value, range(_MOST_ITEMS + 1), strict=False)]
    return items if len(items) <= _MOST_ITEMS else []


def bind_value(target: ast.expr, value: object, node: ast.expr, scope: Scope) -> None:
    """Record that a target of a loop holds one of the values that the step itself has made in an expression."""
    if isinstance(target, ast.Tuple) and isinstance(value, tuple) and len(value) == len(target.elts):
        for part, other in zip(target.elts, value, strict=True):
            bind_value(part, other, node, scope)
    elif isinstance(target, ast.Name) and isinstance(value, _PLAIN):
        _bind(target, Held(node, value, is_fixed=not is_changeable(value)), scope)


def _hold(value: ast.expr, scope: Scope) -> Held:
    """Describe a value at this moment: that of another name, or a new one."""
    key = scope.find_key(value)
    if known := scope.held.get(key):
        return known
    own = find_own_value(value, scope)
    # An iterator is not the same after it was read.
    own = own if isinstance(own, _PLAIN) else UNKNOWN
    fixed = isinstance(value, _FIXED) if own is UNKNOWN else not is_changeable(own)
    held = Held(value, own, find_truth(value, scope), fixed)
    if key.startswith("."):
        # Behave's context has no properties: what is read again is the same object, until something else runs.
        scope.held[key] = held
    return held


def _bind(target: ast.expr, held: Held, scope: Scope) -> None:
    """Record what one target holds, if no other code can bind it."""
    key = scope.find_key(target)
    scope.held.pop(key, None)
    _drop_assumptions({part.id for part in walk(target) if isinstance(part, ast.Name)}, scope)
    if key.startswith(".") or key in scope.function.__code__.co_varnames:
        scope.held[key] = held
    elif isinstance(target, ast.Name | ast.Tuple | ast.List | ast.Starred):
        for name in walk(target):
            scope.held.pop(scope.find_key(name), None)
    else:
        _forget_changeable(scope)


def forget(node: ast.AST, scope: Scope) -> None:
    """Forget the names that code binds, and all that can change if it has effects."""
    if not scope.held and not scope.assumed:
        return
    _drop_assumptions(
        {part.id for part in walk(node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}, scope
    )
    for part in walk(node):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            scope.held.pop(part.id, None)
        elif isinstance(part, _SCOPES):
            scope.held.pop(part.name, None)
        elif isinstance(part, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            scope.held.pop(part.name or "", None)
        elif isinstance(part, ast.alias):
            scope.held.pop(part.asname or part.name, None)
        elif isinstance(part, ast.MatchMapping):
            scope.held.pop(part.rest or "", None)
    if any(_has_effect(part, scope) for part in walk(node)):
        _forget_changeable(scope)


def _drop_assumptions(names: Collection[str], scope: Scope) -> None:
    """Forget what was assumed of conditions with names that now hold something else."""
    scope.assumed = tuple(
        (condition, value)
        for condition, value in scope.assumed
        if not any(isinstance(part, ast.Name) and part.id in names for part in walk(condition))
    )


def _forget_changeable(scope: Scope) -> None:
    """Forget the attributes of the context, and what lists and other objects hold."""
    scope.assumed = ()
    for key, held in [*scope.held.items()]:
        if held.node is NO_ARGUMENT:
            continue
        if key.startswith("."):
            del scope.held[key]
        elif not held.is_fixed:
            scope.held[key] = Held(held.node)


def _has_effect(node: ast.AST, scope: Scope) -> bool:
    """Whether evaluating a node may run any code of the project, or change an object."""
    match node:
        case ast.Call() if find_own_value(node, scope) is not UNKNOWN:
            return False
        case ast.Call(func=ast.Name() as name):
            target = scope.resolve(name)
            return not (is_one_of(target, _HARMLESS) and getattr(builtins, name.id, None) is target)
        case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.With() | ast.AsyncWith() | ast.AsyncFor():
            return True
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.AugAssign() | ast.For() | ast.Import() | ast.ImportFrom() | ast.Match():
            return True
    return False
