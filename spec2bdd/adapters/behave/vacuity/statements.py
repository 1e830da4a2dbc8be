"""Statements in, whether none of them can fail out; whatever is not known to be harmless can fail.

Harmless are `pass`, docstrings, constants, `global`, a return of or an assignment from a constant or parameter, the
same into an attribute of the context, an `assert` of a constant that is true, an `if` on a constant or parameter, and
`print` of them. Calls, attributes, subscripts, comparisons, `await`, `with`, loops, `raise` and arithmetic are not.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

_PRINT_OPTIONS = {"sep": str, "end": str, "flush": bool}


def is_harmless(statements: Sequence[ast.stmt], plain: set[str], *, context: str) -> bool:
    """Tell whether no statement can fail, up to the first `return`.

    `plain` are the names that can be read, and gets those that are assigned; `context` is the name of the parameter
    whose attributes may be set.
    """
    for statement in statements:
        if not _is_harmless(statement, plain, context):
            return False
        if isinstance(statement, ast.Return):
            return True
    return True


def _is_harmless(statement: ast.stmt, plain: set[str], context: str) -> bool:
    """Tell whether one statement cannot fail."""
    match statement:
        case ast.Pass() | ast.Global() | ast.Return(value=None):
            return True
        case ast.Expr(value=ast.Call() as call):
            return _is_print(call, plain)
        case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
            return _is_plain(value, plain)
        case ast.Assert(test=test):
            return _is_true(test)
        case ast.Assign(targets=targets, value=value):
            return _is_plain(value, plain) and all(_is_stored(target, plain, context) for target in targets)
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            return _is_plain(value, plain) and _is_stored(target, plain, context)
        case ast.If(test=test, body=body, orelse=other):
            # What is assigned on one of the ways may not be there afterwards, so each has names of its own.
            ways = (is_harmless(way, set(plain), context=context) for way in (body, other))
            return _is_plain(test, plain) and all(ways)
    return False


def _is_print(call: ast.Call, plain: set[str]) -> bool:
    """Tell whether a call is the builtin `print` of constants and parameters."""
    if not isinstance(call.func, ast.Name) or call.func.id != "print" or "print" in plain:
        return False
    return all(_is_plain(arg, plain) for arg in call.args) and all(_is_print_option(word) for word in call.keywords)


def _is_print_option(keyword: ast.keyword) -> bool:
    """Tell whether an option of `print` is one that it takes."""
    kind = _PRINT_OPTIONS.get(keyword.arg or "")
    return kind is not None and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, kind)


def _is_stored(target: ast.expr, plain: set[str], context: str) -> bool:
    """Tell whether a value can be stored in a target without fail; a name can be read from there on."""
    match target:
        case ast.Name(id=name):
            plain.add(name)
            return True
        case ast.Attribute(value=ast.Name(id=name)):
            return name == context
    return False


def _is_plain(node: ast.expr, plain: set[str]) -> bool:
    """Tell whether an expression is a constant or a plain name, or a list, tuple or f-string of nothing else."""
    match node:
        case ast.Name(id=name):
            return name in plain
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.JoinedStr(values=parts):
            return all(_is_plain(part, plain) for part in parts)
        case ast.FormattedValue(value=value, format_spec=None):
            return _is_plain(value, plain)
    return _is_literal(node)


def _is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is a constant, such as `-1` or `{"a": [1]}`."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True


def _is_true(test: ast.expr) -> bool:
    """Tell whether an `assert` is of a constant that is true."""
    return _is_literal(test) and bool(ast.literal_eval(test))
