"""Find the steps that functions of the project run themselves, by `context.execute_steps`.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from behave.parser import parse_steps

_CALL = "execute_steps"
# What is put in place of a value that is known only when the step runs: it matches texts and numbers.
_VALUE = "1"
# A place for a value in a text that is formatted by `format` or `%`.
_PLACE = re.compile(r"\{[^{}\n]*\}|%[sd]")

SubStep = tuple[str, str, str]
"""The place of the function that runs a step, as `path:line`, and the kind and text of the step."""


def find_sub_steps(paths: Iterable[str]) -> Iterator[SubStep]:
    """Yield the sub-steps in all texts of functions that run some; steps from elsewhere are not known."""
    for path in paths:
        try:
            source = Path(path).read_text(encoding="utf-8")
            # Few files run steps, and parsing takes time.
            tree = ast.parse(source) if _CALL in source else None
        except (OSError, ValueError, SyntaxError, RecursionError):
            continue
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] if tree else []
        for function in functions:
            if not any(isinstance(node, ast.Attribute) and node.attr == _CALL for node in ast.walk(function)):
                continue
            # As Python counts: from the first decorator.
            line = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
            for text in _find_texts(function):
                try:
                    steps = parse_steps(text)
                except Exception:  # noqa: BLE001, S112  The parser may raise anything at a text that is no steps.
                    continue
                yield from ((f"{path}:{line}", step.step_type, step.name) for step in steps)


def _find_texts(function: ast.FunctionDef) -> Iterator[str]:
    """Find the texts in a function but its docstring, with a value in each place that is filled in later."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    nodes = [node for statement in body for node in ast.walk(statement)]
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for text in joined for part in text.values}
    for text in joined:
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else _VALUE for part in text.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield _PLACE.sub(_VALUE, node.value)
