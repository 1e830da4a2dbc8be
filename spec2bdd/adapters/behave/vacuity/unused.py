"""Find comparisons and other checks whose result nothing uses, and conditions that decide nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from spec2bdd.adapters.behave.vacuity.flow import has_break
from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of

_IDLE = (ast.Pass, ast.Break, ast.Continue)
# Expressions that may be a comparison, or hold one.
_COMBINED = (ast.BoolOp, ast.IfExp, ast.Tuple, ast.List, ast.Set, ast.Dict)
# Methods by which a collection gets an element.
COLLECTING = frozenset({"append", "appendleft", "extend", "insert", "add", "update", "setdefault"})
# What a function is called that may fail by itself.
CHECKING = re.compile(r"assert|check|verif|ensure|expect|should|must|valid|raise|fail|wait|require", re.IGNORECASE)
# Whether a call only prints or logs something.
IsPrint = Callable[[ast.Call], bool]


def is_never_checked(name: str, scope: Scope, *, is_print: IsPrint) -> bool:
    """Whether nothing in a function checks what one of its names holds, and no other function can."""
    if name not in scope.function.__code__.co_varnames:
        return False
    idle = {id(part) for node in walk(scope.node) for part in _list_idle_reads(node, scope, is_print)}
    nodes = [node for node in walk(scope.node) if isinstance(node, ast.Name)]
    # `locals()` and the like read every name.
    return not any(
        (node.id == name and isinstance(node.ctx, ast.Load) and id(node) not in idle)
        or node.id in ("locals", "vars", "dir", "eval", "exec")
        for node in nodes
    )


def find_unread_collection(node: ast.expr, scope: Scope, *, is_print: IsPrint) -> str:
    """Find the collection of the step that a call or a target adds to and nothing reads; empty if there is none."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in COLLECTING:
            pass
        case ast.Subscript(value=ast.Name(id=name)):
            pass
        case _:
            return ""
    made = scope.aliases.get(name)
    is_made = isinstance(made, ast.Call) and is_one_of(scope.resolve(made.func), (list, set, dict))
    is_own = is_made or isinstance(made, ast.List | ast.Set | ast.Dict)
    return name if is_own and is_never_checked(name, scope, is_print=is_print) else ""


def _list_idle_reads(node: ast.AST, scope: Scope, is_print: IsPrint) -> Iterator[ast.AST]:
    """List the names that a node reads and does nothing with."""
    match node:
        case ast.Expr(value=ast.Name() as name):
            yield name
        case ast.Return(value=ast.Name() as name) if not scope.result_used:
            yield name
        case ast.Expr(value=ast.Call() as call) if is_print(call):
            yield from walk(call)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=method))) if (
            method in COLLECTING
        ):
            yield name
        case ast.Assign(targets=[ast.Subscript(value=ast.Name() as name)]):
            yield name
        case ast.If(test=test, body=body, orelse=other):
            if is_idle(body, scope, is_print=is_print) and is_idle(other, scope, is_print=is_print):
                yield from _list_asked(test)


def _list_asked(test: ast.expr) -> Iterator[ast.AST]:
    """List the names of which a condition asks whether they hold something, or how much."""
    match test:
        case ast.Name():
            yield test
        case ast.UnaryOp(op=ast.Not(), operand=asked) | ast.Compare(left=asked, comparators=[ast.Constant()]):
            yield from _list_asked(asked)
        case ast.Call(func=ast.Name(id="len" | "bool"), args=[asked]):
            yield from _list_asked(asked)


def is_idle(body: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint, returns: bool = False) -> bool:
    """Whether statements do nothing but print; with `returns`, they may also set a name and return."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Assign(targets=[ast.Name()], value=ast.Constant()) if returns:
                continue
            case ast.AugAssign(target=ast.Name(), value=ast.Constant()) if returns:
                continue
            case ast.Expr(value=ast.Call() as call) if is_print(call):
                continue
            case ast.Return(value=None | ast.Constant()) if returns and not scope.result_used:
                continue
            case ast.If(body=inner, orelse=other, test=test) if has_comparison(test):
                if all(is_idle(part, scope, is_print=is_print, returns=returns) for part in (inner, other)):
                    continue
        if not isinstance(statement, _IDLE):
            return False
    return True


def list_branches(statement: ast.stmt, is_print: IsPrint) -> Iterator[ast.stmt]:
    """List a statement as those with a condition that do the same: `ok or print("wrong")` is an `if not ok`."""
    match statement:
        case ast.Expr(value=ast.IfExp(test=test, body=body, orelse=other)):
            yield ast.If(test, [ast.Expr(body)], [ast.Expr(other)])
        case ast.Expr(value=ast.BoolOp(op=operation, values=[*tests, last])):
            test = tests[0] if len(tests) == 1 else ast.BoolOp(operation, tests)
            is_or = isinstance(operation, ast.Or)
            yield ast.If(ast.UnaryOp(ast.Not(), test) if is_or else test, [ast.Expr(last)], [])
        case ast.Expr(value=ast.Call(args=args) as call) if is_print(call):
            yield from (ast.If(part.test, [statement], []) for part in args if isinstance(part, ast.IfExp))
        case _:
            yield statement


def decides_nothing(statement: ast.stmt, rest: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint) -> bool:
    """Whether a comparison only decides between statements that do nothing; `rest` are those after it."""
    condition = (
        None if isinstance(statement, ast.For) else find_idle_condition(statement, rest, scope, is_print=is_print)
    )
    if condition is None:
        return False
    # A loop that waits for something, and then goes on whether it has come or not.
    waits = isinstance(statement, ast.If) and any(isinstance(part, ast.Break | ast.Return) for part in statement.body)
    return (
        has_comparison(condition)
        or (waits and isinstance(condition, ast.Compare))
        or (isinstance(statement, ast.Match) and not any(isinstance(node, ast.Call) for node in walk(condition)))
    )


def find_idle_condition(
    statement: ast.stmt, rest: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint
) -> ast.expr | None:
    """Find the condition of a statement, or what it loops over, if that only decides between idle statements.

    `rest` are the statements after it, of which a `return` decides whether they run.
    """
    match statement:
        case ast.While(body=body) if not has_break(body):
            return None
        case (
            ast.If(test=condition, body=body, orelse=other)
            | ast.While(test=condition, body=body, orelse=other)
            | ast.For(iter=condition, body=body, orelse=other)
        ):
            branches = [body, other]
        case ast.Match(subject=condition, cases=cases):
            branches = [case.body for case in cases]
        case _:
            return None
    if not all(is_idle(branch, scope, is_print=is_print, returns=True) for branch in branches):
        return None
    has_return = any(isinstance(node, ast.Return) for branch in branches for part in branch for node in walk(part))
    # What follows runs or not, as the condition decides.
    if has_return and not is_idle(rest, scope, is_print=is_print, returns=True):
        return None
    assigned = [node.id for node in walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    is_checked = not all(is_never_checked(name, scope, is_print=is_print) for name in assigned)
    return None if is_checked else scope.follow(condition)


def has_comparison(node: ast.expr) -> bool:
    """Whether an expression is a comparison, or combines some, and calls nothing."""
    nodes = list(walk(node))
    return any(isinstance(part, ast.Compare) for part in nodes) and not any(
        isinstance(part, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr) for part in nodes
    )


def is_lost_comparison(node: ast.expr) -> bool:
    """Whether an expression whose value nothing uses is a comparison, or holds nothing else of interest."""
    if isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return True
    parts = node.values if isinstance(node, ast.BoolOp) else []
    is_any = any(isinstance(part, ast.Compare) for part in parts)
    is_all = all(isinstance(part, ast.Compare | ast.Constant | ast.Name) for part in parts)
    return (is_any and is_all) or (isinstance(node, _COMBINED) and has_comparison(node))


def find_called_lambda(node: ast.expr, scope: Scope) -> ast.expr | None:
    """Find the value of a lambda that is called where it is made, or under its only name, if it checks nothing."""
    if not isinstance(node, ast.Call):
        return None
    made = scope.aliases.get(node.func.id) if isinstance(node.func, ast.Name) else node.func
    if not isinstance(made, ast.Lambda):
        return None
    # The names of parameters mean nothing outside the lambda.
    return made.body if has_comparison(made.body) or not list(ast.iter_child_nodes(made.args)) else None


def is_negation(node: ast.expr) -> bool:
    """Whether an expression is a `not` that calls nothing."""
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return is_not and not any(isinstance(part, ast.Call | ast.Await | ast.NamedExpr) for part in walk(node))


def is_check_to_run(node: ast.expr) -> bool:
    """Whether an expression is a lambda or generator that compares or calls something once it is run."""
    is_lazy = isinstance(node, ast.Lambda | ast.GeneratorExp)
    return is_lazy and any(isinstance(part, ast.Compare | ast.Call) for part in walk(node))
