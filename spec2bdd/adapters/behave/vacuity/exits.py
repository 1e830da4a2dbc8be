"""Find what the end of a `with` block does with a failed check: whether an `__exit__` or a generator swallows it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from spec2bdd.adapters.behave.vacuity.nodes import walk

_ERRORS = ("AssertionError", "Exception", "BaseException")
# They do nothing that matters here.
_QUIET = ("print", "debug", "info", "warning", "error", "exception", "critical", "log", "append", "write")


def swallows_at_exit(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether an `__exit__` returns something true whenever an `AssertionError` is on its way."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)][1:]
    return bool(_find_answer(function.body, names))


def _find_answer(body: Sequence[ast.stmt], names: Sequence[str]) -> bool | None:
    """Find what statements return for an `AssertionError`; None if they go on, or if unsure they return false."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                continue
            case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))) if name in _QUIET:
                continue
            case ast.If(test=test, body=inner):
                if not _holds_for_assertions(test, names):
                    return False
                if (answer := _find_answer(inner, names)) is not None:
                    return answer
            case ast.Return(value=ast.expr() as value):
                return _holds_for_assertions(value, names)
            case _:
                return False
    return None


def _holds_for_assertions(node: ast.expr, names: Sequence[str]) -> bool:
    """Whether a condition is true for an `AssertionError`; `names` are the parameters for class, error and trace."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            return name in names
        case ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return name in names
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Is() | ast.Eq()], comparators=[ast.Name(id=kind)]):
            return name in names[:1] and kind == "AssertionError"
        case ast.Call(func=ast.Name(id="issubclass"), args=[ast.Name(id=name), classes]):
            return name in names[:1] and includes_assertions(classes)
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes]):
            return name in names[1:2] and includes_assertions(classes)
        case ast.Call(func=ast.Name(id="bool"), args=[value]):
            return _holds_for_assertions(value, names)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_holds_for_assertions(value, names) for value in values)
    return False


def includes_assertions(node: ast.expr) -> bool:
    """Whether a class, or one of a tuple, is `AssertionError` or a class above it, by name."""
    # The names are those of another module: what they hold there is not looked up.
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(part, ast.Name) and part.id in _ERRORS for part in parts)


def swallows_at_yield(body: Sequence[ast.stmt]) -> bool:
    """Whether the body of a generator for `contextmanager` swallows a failed assertion that it gets at its `yield`."""
    for statement in body:
        if not any(isinstance(node, ast.Yield) for node in walk(statement)):
            continue
        if isinstance(statement, ast.Try):
            if any(isinstance(last, ast.Return) for last in statement.finalbody):
                return True
            for handler in statement.handlers:
                if handler.type is None or includes_assertions(handler.type):
                    return not any(isinstance(node, ast.Raise) for node in walk(handler))
            return swallows_at_yield(statement.body)
        if isinstance(statement, ast.With):
            calls = [item.context_expr for item in statement.items if isinstance(item.context_expr, ast.Call)]
            names = [call.func.attr if isinstance(call.func, ast.Attribute) else call.func for call in calls]
            shown = [name.id if isinstance(name, ast.Name) else name for name in names]
            for call, name in zip(calls, shown, strict=True):
                if name == "suppress" and any(map(includes_assertions, call.args)):
                    return True
            return swallows_at_yield(statement.body)
        return False
    return False
