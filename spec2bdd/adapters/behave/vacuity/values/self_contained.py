"""Find functions that use nothing but themselves: whatever they check, it is nothing of the product."""

from __future__ import annotations

import ast
import builtins
import sys
import unittest
from types import FunctionType, ModuleType
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope, build_scope

# What is in these depends on nothing outside of the process, and no product can change it.
_MODULES = frozenset(
    {"base64", "binascii", "collections", "copy", "dataclasses", "decimal", "enum", "fractions", "hashlib", "html"}
    | {"itertools", "json", "math", "operator", "random", "re", "statistics", "string", "textwrap", "types", "uuid"}
)
# With these a function reaches what is not in its source.
_REACHING = frozenset(
    {"open", "input", "eval", "exec", "compile", "getattr", "setattr", "vars", "globals", "locals", "dir", "__import__"}
    | {"breakpoint", "super", "delattr", "id"}
)
_PLAIN = (str, bytes, int, float, bool, type(None))
_DEEPEST = 4


def is_self_contained(scope: Scope, *, depth: int = 0) -> bool:
    """Whether nothing in a function comes from anywhere else, but for its arguments where another one calls it."""
    nodes = list(walk(scope.node))
    # It may set attributes of the context.
    stored = {
        id(node.value) for node in nodes if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    }
    for node in nodes:
        # What it raises may be what it checks; what it imports may be anything.
        if isinstance(
            node, ast.Raise | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal | ast.Yield | ast.Await
        ):
            return False
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        if node.id in scope.contexts or node.id in scope.arguments:
            is_own = node.id in scope.contexts and id(node) in stored
        else:
            is_own = node.id in scope.locals or _is_own(scope.resolve(node), scope, depth)
        if not is_own:
            return False
    return True


def _is_own(value: Any, scope: Scope, depth: int) -> bool:
    """Whether an object that a function names brings nothing of a product in."""
    if value is UNKNOWN or depth > _DEEPEST:
        return False
    if isinstance(value, (*_PLAIN, unittest.TestCase)):
        return True
    if isinstance(value, ModuleType):
        return value.__name__ in _MODULES
    name = getattr(value, "__name__", "")
    if vars(builtins).get(name) is value:
        return name not in _REACHING
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    if module and module.__name__ in _MODULES and vars(module).get(name) is value:
        return True
    if type(value) is type and value.__bases__ == (object,):
        # What Python adds to each class is no function.
        parts = [part for key, part in vars(value).items() if key not in ("__dict__", "__weakref__")]
        return all(isinstance(part, _PLAIN) or _is_own(part, scope, depth + 1) for part in parts)
    if not isinstance(value, FunctionType):
        return False
    source = scope.sources.find_function(value.__code__)
    is_here = value.__code__.co_filename == scope.function.__code__.co_filename
    if source is None or source.marked or not is_here:
        return False
    inner = build_scope(source.node, value, scope.sources)
    inner.contexts = frozenset()
    return is_self_contained(inner, depth=depth + 1)
