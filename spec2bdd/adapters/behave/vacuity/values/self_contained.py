"""Find functions that use nothing but themselves: whatever they check, it is nothing of the product."""

from __future__ import annotations

import ast
import builtins
import sys
import unittest
from types import ModuleType
from typing import Any

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, Scope
from spec2bdd.adapters.behave.vacuity.values.own_values import find_constant

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


def is_self_contained(scope: Scope) -> bool:
    """Whether nothing in a function comes from the project, not even from its own module."""
    # Without its decorators, which are Behave's.
    nodes = [node for statement in scope.node.body for node in walk(statement)]
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
        # It fails, and is to.
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and not node.test.value:
            return False
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        # What a method finds in its own object was put there elsewhere.
        if node.id in scope.bound:
            return False
        if node.id in scope.contexts or node.id in scope.arguments:
            is_own = node.id in scope.contexts and id(node) in stored
        else:
            # Other names of the module that hold a number or a text may hold another one later.
            is_constant = find_constant(node.id, scope) is not UNKNOWN
            value = scope.resolve(node)
            # `__name__` is a text; `__import__` and `__builtins__` reach anything.
            is_plain = node.id.startswith("__") and isinstance(value, str | bool | None)
            is_own = node.id in scope.locals or is_constant or is_plain or _is_own(value)
        if not is_own:
            return False
    return True


def _is_own(value: Any) -> bool:
    """Whether an object that a function names brings nothing of a product in."""
    if isinstance(value, unittest.TestCase):
        return True
    if isinstance(value, ModuleType):
        return value.__name__ in _MODULES
    name = getattr(value, "__name__", "")
    if vars(builtins).get(name) is value:
        return name not in _REACHING
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    return module is not None and module.__name__ in _MODULES and vars(module).get(name) is value
