"""Find the table or the doc string of a `Then` step that its definition never reads, so that it is not checked."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any

from behave.async_step import AsyncStepFunction

from spec2bdd.adapters.behave.vacuity.nodes import walk
from spec2bdd.adapters.behave.vacuity.sources import SourceCache

# The attributes of Behave's context that hold them.
_ARGUMENTS = {"table": "table", "text": "doc string"}


def find_unread_argument(step: Any, function: Any, sources: SourceCache) -> str:
    """Name what a step has under its text and its function does not read; empty if there is nothing, or if unsure."""
    given = [name for name in _ARGUMENTS if getattr(step, name, None)]
    if step.step_type != "then" or not given:
        return ""
    function = function.coro_func if isinstance(function, AsyncStepFunction) else function
    if type(function) is not FunctionType or hasattr(function, "__wrapped__") or not function.__code__.co_argcount:
        return ""
    source = sources.find_function(function.__code__)
    if source is None or source.marked:
        return ""
    # A stub, or what is not finished yet: it never passes.
    if isinstance(source.node, ast.FunctionDef | ast.AsyncFunctionDef) and isinstance(source.node.body[-1], ast.Raise):
        return ""
    context, nodes = function.__code__.co_varnames[0], list(walk(source.node))
    read = [node for node in nodes if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == context]
    known = {id(node.value) for node in read}
    # Code that gets the context may read any attribute of it.
    if any(isinstance(node, ast.Name) and node.id == context and id(node) not in known for node in nodes):
        return ""
    names = {node.attr for node in read}
    return next((_ARGUMENTS[name] for name in given if name not in names), "")
