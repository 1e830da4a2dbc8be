"""Walk through syntax trees, each once: an analysis asks for the nodes of the same function many times."""

from __future__ import annotations

import ast
from functools import cache

# These fields hold no nodes, or, as how a name is used, are attributes of their node: `ctx` would be a third of all.
_LEFT_OUT = {"attr", "conversion", "ctx", "id", "is_async", "kind", "level", "module", "simple", "type_comment"}


@cache
def walk(node: ast.AST) -> tuple[ast.AST, ...]:
    """List a node and all nodes in it, as `ast.walk` does but in another order, without `Load`, `Store` and `Del`."""
    found: list[ast.AST] = []
    pending = [node]
    while pending:
        inner = pending.pop()
        found.append(inner)
        for name in _list_fields(inner._fields):
            value = getattr(inner, name, None)
            if isinstance(value, list):
                pending += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                pending.append(value)
    return tuple(found)


@cache
def _list_fields(names: tuple[str, ...]) -> tuple[str, ...]:
    """List those of the fields of a node that may hold other nodes."""
    return tuple(name for name in names if name not in _LEFT_OUT)
