"""Decide whether statements are harmless, which means that none of them can fail.

Harmless are `pass`, docstrings, constants, `global`, a return of or an assignment from a constant or parameter, the
same into an attribute of the context, an `assert` of a constant that is true, an `if` on a constant or parameter, and
`print` of them. Calls, attributes, subscripts, comparisons, `await`, `with`, loops, `raise` and arithmetic are not.
Whatever is not known to be harmless can fail.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

# `file` is none of them: the `write` of what it names may raise.
_PRINT_OPTIONS = {"sep": str, "end": str, "flush": bool}


def is_harmless(statements: Sequence[ast.stmt], plain: set[str], *, context: str) -> bool:
    """Whether no statement can fail, up to the first `return`.

    `plain` are the names that can be read, and gets those that are assigned; `context` is the name of the parameter
    whose attributes may be set.
    """
    for statement in statements:
        if not _is_harmless_statement(statement, plain, context):
            return False
        if isinstance(statement, ast.Return):
            return True
    return True


def _is_harmless_statement(statement: ast.stmt, plain: set[str], context: str) -> bool:
    """Whether one statement cannot fail."""
    match statement:
        case ast.Pass() | ast.Global() | ast.Return(value=None):
            return True
        case ast.Expr(value=ast.Call() as call):
            return _is_harmless_print(call, plain)
        case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
            return _is_plain(value, plain)
        case ast.Assert(test=test):
            return _is_literal(test) and bool(ast.literal_eval(test))
        case ast.Assign(targets=targets, value=value):
            return _is_plain(value, plain) and all(_can_be_stored(target, plain, context) for target in targets)
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            return _is_plain(value, plain) and _can_be_stored(target, plain, context)
        case ast.If(test=test, body=body, orelse=other):
            # A name that is assigned in one branch may be undefined afterwards, so each branch gets a copy.
            branches = (is_harmless(branch, set(plain), context=context) for branch in (body, other))
            return _is_plain(test, plain) and all(branches)
    return False


def _is_harmless_print(call: ast.Call, plain: set[str]) -> bool:
    """Whether a call is the builtin `print` of constants and parameters, with options of the right type."""
    # `print` is among the plain names if the project has replaced it.
    if not isinstance(call.func, ast.Name) or call.func.id != "print" or "print" in plain:
        return False
    for keyword in call.keywords:
        expected_type = _PRINT_OPTIONS.get(keyword.arg or "")
        value = keyword.value
        if expected_type is None or not isinstance(value, ast.Constant) or not isinstance(value.value, expected_type):
            return False
    return all(_is_plain(argument, plain) for argument in call.args)


def _can_be_stored(target: ast.expr, plain: set[str], context: str) -> bool:
    """Whether storing a value in a target cannot fail; a name can be read from there on."""
    match target:
        case ast.Name(id=name):
            plain.add(name)
            return True
        case ast.Attribute(value=ast.Name(id=name)):
            return name == context
    return False


def _is_plain(node: ast.expr, plain: set[str]) -> bool:
    """Whether an expression is a constant or a plain name, or a list, tuple or f-string of nothing else."""
    match node:
        case ast.Name(id=name):
            return name in plain
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.JoinedStr(values=parts):
            return all(_is_plain(part, plain) for part in parts)
        case ast.FormattedValue(value=value, format_spec=None):
            return _is_plain(value, plain)
    return _is_literal(node)


def _is_literal(node: ast.expr) -> bool:
    """Whether an expression is a constant, such as `-1` or `{"a": [1]}`."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError):
        return False
    return True
