"""Walk through syntax trees, each once: an analysis asks for the nodes of the same function many times."""

from __future__ import annotations

import ast
from functools import cache

# How a name is used is an attribute of its node; as nodes of their own, these would be a third of all.
_LEFT_OUT = ast.expr_context


@cache
def walk(node: ast.AST) -> tuple[ast.AST, ...]:
    """List a node and all nodes in it, as `ast.walk` does but in another order, without `Load`, `Store` and `Del`."""
    found: list[ast.AST] = []
    pending = [node]
    while pending:
        inner = pending.pop()
        found.append(inner)
        for name in inner._fields:
            value = getattr(inner, name, None)
            if isinstance(value, list):
                pending += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, _LEFT_OUT):
                pending.append(value)
    return tuple(found)
