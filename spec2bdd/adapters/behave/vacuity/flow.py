"""Find statements that are never reached, and how loops and functions inside a step end."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Sequence

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import Scope, is_one_of
from spec2bdd.adapters.behave.vacuity.truth import find_truth

_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# Methods of drivers of browsers that wait or look for something, and the errors by which they say that it did not come.
_WAITS = (
    (
        re.compile(r"(?:wait_for(?:_\w+)?|wait_until(?:_\w+)?|until(?:_not)?)$"),
        re.compile(r"Timeout(?:Error|Exception)?$"),
    ),
    (re.compile(r"(?:find|get)_element\w*$"), re.compile(r"NoSuchElement\w*$|NotFound(?:Error)?$")),
)
_CLOCKS = (time.time, time.monotonic, time.perf_counter)


def ends_block(statement: ast.stmt, scope: Scope) -> bool:
    """Whether nothing after a statement in its block is reached."""
    match statement:
        case ast.If(test=test, body=body, orelse=other):
            truth = find_truth(test, scope)
            if truth:
                return ends_any(body if truth.value else other, scope)
            return ends_any(body, scope) and ends_any(other, scope)
        case ast.With(body=[ast.Return(value=None | ast.Constant()), *_]):
            return True
        case ast.Try(body=body, handlers=handlers, finalbody=last):
            return ends_any(last, scope) or (
                ends_any(body, scope) and all(ends_any(handler.body, scope) for handler in handlers)
            )
        case ast.While(test=test, body=body):
            truth = find_truth(test, scope)
            return bool(truth and truth.value) and not has_break(body)
        case ast.For(iter=ast.Tuple(elts=[_, *_]) | ast.List(elts=[_, *_]), body=[ast.Return(), *_]):
            return True
        case ast.Match(cases=cases):
            last_pattern = cases[-1].pattern
            is_any = isinstance(last_pattern, ast.MatchAs) and last_pattern.pattern is None and not cases[-1].guard
            return is_any and all(ends_any(case.body, scope) for case in cases)
    return isinstance(statement, _ENDS)


def ends_any(body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether nothing after statements is reached."""
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


def only_counts(loop: ast.While, scope: Scope) -> bool:
    """Whether a `while` ends after a number of tries, or at a time, whatever happens in it."""
    if not isinstance(loop.test, ast.Compare):
        return False
    operands = [loop.test.left, *loop.test.comparators]
    names = {part.id for part in operands if isinstance(part, ast.Name)}
    others = [part for part in operands if not isinstance(part, ast.Name | ast.Constant)]
    is_clock = all(isinstance(part, ast.Call) and is_one_of(scope.resolve(part.func), _CLOCKS) for part in others)
    changed = {id(part.target) for part in walk(loop) if isinstance(part, ast.AugAssign)}
    stores = (part for part in walk(loop) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return is_clock and all(part.id not in names or id(part) in changed for part in stores)


def runs_steps(body: Sequence[ast.stmt]) -> bool:
    """Whether statements run steps of the features."""
    return any(isinstance(part, ast.Attribute) and part.attr == "execute_steps" for node in body for part in walk(node))


def swallows_wait(body: Sequence[ast.stmt], handler: ast.ExceptHandler) -> bool:
    """Whether statements only wait or look for something, and a handler catches the error that it did not come."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [getattr(kind, "attr", getattr(kind, "id", "")) for kind in caught]
    for statement in body:
        value = statement.value if isinstance(statement, ast.Expr) else None
        call = value.value if isinstance(value, ast.Await) else value
        method = call.func if isinstance(call, ast.Call) else None
        if not isinstance(method, ast.Attribute):
            return False
        pairs = ((waits.match(method.attr), missed) for waits, missed in _WAITS)
        if not any(found and any(map(missed.search, names)) for found, missed in pairs):
            return False
    return True


def add_unreached(body: Sequence[ast.stmt], scope: Scope) -> None:
    """Remember the first assertion of statements that never run."""
    nodes = (node for statement in body for node in walk(statement))
    unreached = next((node for node in nodes if isinstance(node, ast.Assert)), None)
    if unreached:
        scope.add_weak(unreached, "the assertion is never reached")


def discards_errors(body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Whether the statements of a `finally` end the block, which drops the exception that is on its way."""
    raises = any(isinstance(node, ast.Raise) for statement in body for node in walk(statement))
    return ends_any(body, scope) and not raises


def find_nested_function(call: ast.Call, scope: Scope) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Find the function inside a step that a call runs, if nothing else is bound to its name or decorates it."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in scope.locals or name in scope.imports:
        return None
    nodes = list(walk(scope.node))
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
    classes = [node for node in walk(scope.node) if isinstance(node, ast.ClassDef) and node.name == name]
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
