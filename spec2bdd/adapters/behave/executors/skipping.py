"""Find out whether code of a project skips the rest of a feature or a rule while its scenarios run.

Behave skips what of the feature has not begun. Each worker has a copy of its own of the feature, so that has the same
meaning only where one worker runs all of it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from typing import Any

_SKIPPING = re.compile(rb"\b(?:skip|mark_skipped)\b")
_CONTAINER = re.compile(rb"\b(?:feature|rule)\b")
_METHODS = ("skip", "mark_skipped")
# Each worker calls these hooks before it runs anything of the feature or rule.
_BEFORE = ("before_feature", "before_rule")


def skips_running_features(contents: Iterable[bytes]) -> bool:
    """Whether any of these files may skip a feature or a rule in a step, or in a hook other than those before it."""
    return any(_SKIPPING.search(content) and _CONTAINER.search(content) and _may_skip(content) for content in contents)


def _may_skip(content: bytes) -> bool:
    """Whether a file has code outside of the hooks before features that may skip one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return False
    pending: list[ast.AST] = [module]
    names: set[str] = set()
    owners: list[ast.expr] = []
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) if name in _BEFORE:
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_container(value):
                names.add(name)
            case ast.Attribute(value=owner, attr=method) if method in _METHODS:
                owners.append(owner)
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=method), *_]) if (
                method in _METHODS
            ):
                owners.append(owner)
        pending += ast.iter_child_nodes(node)
    return any(_is_container(owner) or getattr(owner, "id", "") in names for owner in owners)


def _is_container(node: Any) -> bool:
    """Whether an expression is a feature or a rule by its name."""
    return getattr(node, "attr", getattr(node, "id", "")) in ("feature", "rule")
