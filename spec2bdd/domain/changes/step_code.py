"""Find the step definitions whose code a branch has changed, also in the functions that they call."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from spec2bdd.domain.changes.statements import list_nodes

_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# A helper that calls a helper and so on is followed this far.
_DEEPEST_CALL = 4


class UsedStep(NamedTuple):
    """A step that a scenario has run: its text, and the file and line of its definition."""

    text: str
    path: str
    line: int


class _Function(NamedTuple):
    """A function: its file, name, lines, what it does, the texts of its decorators, and the names that it uses."""

    path: str
    name: str
    first: int
    line: int
    last: int
    code: str
    patterns: frozenset[str]
    names: frozenset[str]


def find_changed_code(
    before: Mapping[str, bytes], after: Mapping[str, bytes], steps: Iterable[UsedStep]
) -> dict[UsedStep, str]:
    """Describe each of the steps whose code is another one than before, by the contents of the files that differ.

    Comments, docstrings and formatting are no difference; nor is a new name or place of a step definition.
    """
    then = [function for path, content in sorted(before.items()) for function in _read_functions(path, content)]
    now = [function for path, content in sorted(after.items()) for function in _read_functions(path, content)]
    known = {(function.path, function.name): function for function in then}
    by_pattern = {pattern: function for function in then for pattern in function.patterns}
    by_name: dict[str, list[_Function]] = {}
    for function in now:
        by_name.setdefault(function.name, []).append(function)

    def is_changed(function: _Function) -> bool:
        former = known.get((function.path, function.name))
        if former is None or former.patterns != function.patterns:
            named = (by_pattern[pattern] for pattern in sorted(function.patterns) if pattern in by_pattern)
            former = next(named, former)
        return former is None or former.code != function.code

    changes: dict[UsedStep, str] = {}
    for step in steps:
        definition = next(
            (item for item in now if item.path == step.path and item.first <= step.line <= item.last), None
        )
        if definition is None:
            continue
        if is_changed(definition):
            changes[step] = f"its step `{step.text}` at {step.path}:{definition.line} was changed on this branch"
        elif called := next(filter(is_changed, _list_called(definition, by_name)), None):
            place = f"{called.path}:{called.line}"
            changes[step] = f"its step `{step.text}` calls `{called.name}` at {place}, which was changed on this branch"
    return changes


def _list_called(function: _Function, by_name: Mapping[str, list[_Function]]) -> Iterator[_Function]:
    """List the functions that a function may call by their names: of its own file, else of the others."""
    seen = {function.name}
    level = [function]
    for _ in range(_DEEPEST_CALL):
        names = {name: caller for caller in level for name in sorted(caller.names)}
        level = []
        for name, caller in names.items():
            found = by_name.get(name, []) if name not in seen else []
            seen.add(name)
            level += [item for item in found if item.path == caller.path] or found
        yield from level


def _read_functions(path: str, content: bytes) -> Iterator[_Function]:
    """Read the functions of a file; none if Python cannot read it."""
    try:
        for node in list_nodes(content):
            if not isinstance(node, _FunctionNode):
                continue
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            texts = (part for decorator in node.decorator_list for part in ast.walk(decorator))
            patterns = (part.value for part in texts if isinstance(part, ast.Constant) and isinstance(part.value, str))
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            names |= {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
            own = (path, node.name, first, node.lineno, node.end_lineno or node.lineno)
            yield _Function(*own, _dump(node), frozenset(patterns), frozenset(names))
    except (ValueError, RecursionError):
        # Too deep, or a number with so many digits that Python does not write it.
        return


def _dump(node: _FunctionNode) -> str:
    """Write what a function does as one text, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    kind = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    return "\n".join([f"{kind}{ast.dump(node.args)}", *map(ast.dump, body)])
