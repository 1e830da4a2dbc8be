"""Find statements that are never reached, and values that are never used."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from spec2bdd.adapters.behave.vacuity.scope import Scope

_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def ends_block(statement: ast.stmt) -> bool:
    """Whether nothing after a statement in its block is reached."""
    if isinstance(statement, ast.If):
        return any(map(ends_block, statement.body)) and any(map(ends_block, statement.orelse))
    return isinstance(statement, _ENDS)


def add_unreached(body: Sequence[ast.stmt], scope: Scope) -> None:
    """Remember the first assertion of statements that never run."""
    nodes = (node for statement in body for node in ast.walk(statement))
    unreached = next((node for node in nodes if isinstance(node, ast.Assert)), None)
    if unreached:
        scope.add_weak(unreached, "the assertion is never reached")


def discards_errors(body: Sequence[ast.stmt]) -> bool:
    """Whether the statements of a `finally` end the block, which drops the exception that is on its way."""
    return any(isinstance(statement, ast.Return | ast.Break | ast.Continue) for statement in body)


def is_never_read(name: str, scope: Scope) -> bool:
    """Whether nothing in a function reads one of its names, and no other function can."""
    if name not in scope.function.__code__.co_varnames:
        return False
    nodes = [node for node in ast.walk(scope.node) if isinstance(node, ast.Name)]
    # `locals()` and the like read every name.
    return not any(
        (node.id == name and not isinstance(node.ctx, ast.Store))
        or node.id in ("locals", "vars", "dir", "eval", "exec")
        for node in nodes
    )


def has_comparison(node: ast.expr) -> bool:
    """Whether an expression is a comparison, or combines some, and calls nothing."""
    nodes = list(ast.walk(node))
    return any(isinstance(part, ast.Compare) for part in nodes) and not any(
        isinstance(part, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr) for part in nodes
    )


def is_check_to_run(node: ast.expr) -> bool:
    """Whether an expression is a comparison, or a lambda or generator that compares or calls something."""
    if isinstance(node, ast.Lambda | ast.GeneratorExp):
        return any(isinstance(part, ast.Compare | ast.Call) for part in ast.walk(node))
    return isinstance(node, ast.Compare) and has_comparison(node)
