"""Find statements that are never reached, values that are never used, and conditions that decide nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.truth import find_truth

_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_IDLE = (ast.Pass, ast.Break, ast.Continue)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
# Expressions that may be a comparison, or hold one.
_COMBINED = (ast.BoolOp, ast.IfExp, ast.Tuple, ast.List, ast.Set, ast.Dict)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# What these return is a value; they check nothing.
_PURE = (
    len,
    str,
    int,
    float,
    bool,
    sorted,
    set,
    list,
    tuple,
    sum,
    min,
    max,
    abs,
    round,
    type,
    repr,
    *(isinstance, issubclass, hasattr, callable, all, any),
)
_ANSWERS = (isinstance, issubclass, hasattr, callable, all, any, bool)
# Whether a call only prints or logs something.
IsPrint = Callable[[ast.Call], bool]


def ends_block(statement: ast.stmt, scope: Scope) -> bool:
    """Whether nothing after a statement in its block is reached."""
    match statement:
        case ast.If(test=test, body=body, orelse=other):
            truth = find_truth(test, scope)
            if truth:
                return _end(body if truth.value else other, scope)
            return _end(body, scope) and _end(other, scope)
        case ast.With(body=[ast.Return(value=None | ast.Constant()), *_]):
            return True
        case ast.Try(body=body, handlers=handlers, finalbody=last):
            return _end(last, scope) or (_end(body, scope) and all(_end(handler.body, scope) for handler in handlers))
        case ast.While(test=test, body=body):
            truth = find_truth(test, scope)
            return bool(truth and truth.value) and not has_break(body)
        case ast.For(iter=ast.Tuple(elts=[_, *_]) | ast.List(elts=[_, *_]), body=[ast.Return(), *_]):
            return True
        case ast.Match(cases=cases):
            last_pattern = cases[-1].pattern
            is_any = isinstance(last_pattern, ast.MatchAs) and last_pattern.pattern is None and not cases[-1].guard
            return is_any and all(_end(case.body, scope) for case in cases)
    return isinstance(statement, _ENDS)


def _end(body: Sequence[ast.stmt], scope: Scope) -> bool:
    return any(ends_block(statement, scope) for statement in body)


def has_break(body: Sequence[ast.stmt]) -> bool:
    """Whether statements in a loop may leave that loop by `break`."""
    pending: list[ast.AST] = [*body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, _LOOPS):
            # Its own `break` leaves only itself; that of its `else` leaves the loop around it.
            pending += node.orelse
        elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return False


def add_unreached(body: Sequence[ast.stmt], scope: Scope) -> None:
    """Remember the first assertion of statements that never run."""
    nodes = (node for statement in body for node in ast.walk(statement))
    unreached = next((node for node in nodes if isinstance(node, ast.Assert)), None)
    if unreached:
        scope.add_weak(unreached, "the assertion is never reached")


def discards_errors(body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether the statements of a `finally` end the block, which drops the exception that is on its way."""
    raises = any(isinstance(node, ast.Raise) for statement in body for node in ast.walk(statement))
    return _end(body, scope) and not raises


def find_nested_function(call: ast.Call, scope: Scope) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Find the function inside a step that a call runs, if nothing else is bound to its name or decorates it."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in scope.locals or name in scope.imports:
        return None
    nodes = list(ast.walk(scope.node))
    functions = [
        node
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node is not scope.node and node.name == name
    ]
    stores = [
        node for node in nodes if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    is_only = len(functions) == 1 and not stores
    return functions[0] if is_only and not functions[0].decorator_list else None


def makes_nested_object(call: ast.Call, scope: Scope) -> bool:
    """Whether a call only makes an object of a class inside the step that runs nothing when it is made."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in scope.locals:
        return False
    classes = [node for node in ast.walk(scope.node) if isinstance(node, ast.ClassDef) and node.name == name]
    if len(classes) != 1 or classes[0].keywords or classes[0].decorator_list:
        return False
    # Deriving a class from one of these modules, and making an object of it, runs nothing.
    bases = [getattr(scope.resolve(base), "__module__", "") for base in classes[0].bases]
    has_maker = any(isinstance(part, ast.FunctionDef) and part.name.startswith("__") for part in classes[0].body)
    return not has_maker and all(base in ("builtins", "unittest.case") for base in bases)


def is_raised_by_block(block: ast.With | ast.AsyncWith) -> bool:
    """Whether `pytest.raises` or `assertRaises` holds nothing but a `raise`, or an assertion that always fails."""
    made = block.items[0].context_expr
    name = ast.unparse(made.func).rpartition(".")[2] if isinstance(made, ast.Call) else ""
    if name not in ("raises", "assertRaises") or len(block.body) != 1:
        return False
    match block.body[0]:
        case ast.Raise(exc=ast.Name() | ast.Call(func=ast.Name(), args=[] | [ast.Constant()])):
            return True
        case ast.Assert(test=ast.Constant()):
            return True
    return False


def is_never_checked(name: str, scope: Scope, *, is_print: IsPrint) -> bool:
    """Whether nothing in a function checks what one of its names holds, and no other function can."""
    if name not in scope.function.__code__.co_varnames:
        return False
    idle = {id(part) for node in ast.walk(scope.node) for part in _list_idle_reads(node, scope, is_print)}
    nodes = [node for node in ast.walk(scope.node) if isinstance(node, ast.Name)]
    # `locals()` and the like read every name.
    return not any(
        (node.id == name and isinstance(node.ctx, ast.Load) and id(node) not in idle)
        or node.id in ("locals", "vars", "dir", "eval", "exec")
        for node in nodes
    )


def _list_idle_reads(node: ast.AST, scope: Scope, is_print: IsPrint) -> Iterator[ast.AST]:
    """List the names that a node reads and does nothing with."""
    match node:
        case ast.Expr(value=ast.Name() as name):
            yield name
        case ast.Return(value=ast.Name() as name) if not scope.result_used:
            yield name
        case ast.Expr(value=ast.Call() as call) if is_print(call):
            yield from ast.walk(call)
        case ast.If(test=ast.Name() as name, body=body, orelse=other):
            if is_idle(body, scope, is_print=is_print) and is_idle(other, scope, is_print=is_print):
                yield name


def is_idle(body: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint, returns: bool = False) -> bool:
    """Whether statements do nothing but print; with `returns`, they may also set a name and return."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Assign(targets=[ast.Name()], value=ast.Constant()) if returns:
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


def decides_nothing(statement: ast.stmt, rest: Sequence[ast.stmt], scope: Scope, *, is_print: IsPrint) -> bool:
    """Whether a comparison only decides between statements that do nothing; `rest` are those after it."""
    match statement:
        case ast.If(test=condition, body=body, orelse=other) | ast.While(test=condition, body=body, orelse=other):
            branches = [body, other]
        case ast.Match(subject=condition, cases=cases):
            branches = [case.body for case in cases]
        case _:
            return False
    condition = scope.follow(condition)
    is_check = has_comparison(condition) or (
        isinstance(statement, ast.Match) and not any(isinstance(node, ast.Call) for node in ast.walk(condition))
    )
    if not is_check or (isinstance(statement, ast.While) and not has_break(statement.body)):
        return False
    has_return = any(isinstance(node, ast.Return) for branch in branches for part in branch for node in ast.walk(part))
    # What follows runs or not, as the condition decides.
    if has_return and not is_idle(rest, scope, is_print=is_print, returns=True):
        return False
    assigned = [
        node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return all(is_idle(branch, scope, is_print=is_print, returns=True) for branch in branches) and all(
        is_never_checked(name, scope, is_print=is_print) for name in assigned
    )


def has_comparison(node: ast.expr) -> bool:
    """Whether an expression is a comparison, or combines some, and calls nothing."""
    nodes = list(ast.walk(node))
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
    return is_not and not any(isinstance(part, ast.Call | ast.Await | ast.NamedExpr) for part in ast.walk(node))


def is_check_to_run(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is a comparison, or a lambda or generator that compares or calls something."""
    if isinstance(node, ast.Lambda | ast.GeneratorExp):
        return any(isinstance(part, ast.Compare | ast.Call) for part in ast.walk(node))
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    if not all(is_one_of(scope.resolve(call.func), _PURE) for call in calls):
        return False
    is_answer = isinstance(node, ast.Call) and is_one_of(scope.resolve(node.func), _ANSWERS)
    is_listed = isinstance(node, ast.ListComp | ast.SetComp) and has_comparison(node.elt)
    other = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
    is_comparison = isinstance(node, ast.Compare) or (isinstance(node, ast.BoolOp) and has_comparison(node))
    is_check = is_comparison or is_answer or is_listed or is_negation(node)
    return is_check and not any(isinstance(part, other) for part in ast.walk(node))
