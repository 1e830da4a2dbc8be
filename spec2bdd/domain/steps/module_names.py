"""The text of a step file in, its names out: which are in use, and which of them are Behave's own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SOURCES = {
    "given": "behave",
    "when": "behave",
    "then": "behave",
    "use_step_matcher": "behave",
    "use_step_matcher_for_cucumber_expressions": "behave.cucumber_expression",
    "StepNotImplementedError": "behave.api.pending_step",
    "Context": "behave.runner",
}
_STARRED = ("given", "when", "then", "use_step_matcher")


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """The names of one module: all that occur in it, those that its top binds, and the local ones of Behave's own.

    `late` tells that other code than imports stands in it; `matcher` reads step patterns at its end: nothing where it
    chooses none, and `?` where that is not known; `defined` are the steps that it defines, as the name of the decorator
    and the pattern.
    """

    used: frozenset[str]
    bound: frozenset[str]
    provided: Mapping[str, str]
    late: bool
    matcher: str
    defined: frozenset[tuple[str, str]]


def parse_module_names(text: str) -> ModuleNames:
    """Return the names of a module.

    Raises:
        SyntaxError: the text is not Python.
        ValueError: it holds a NUL.
    """
    module = ast.parse(text.removeprefix("\ufeff"))
    statements = list(_walk_top(module.body, lazy=_tell_lazy(module)))
    provided: dict[str, str] = {}
    bound: set[str] = set()
    for statement in statements:
        names = set(_find_bound(statement))
        bound |= names
        # A name that is bound anew is Behave's no more.
        provided = {name: local for name, local in provided.items() if local not in names}
        provided |= _find_provided(statement)
    late = any(not isinstance(node, ast.Import | ast.ImportFrom) for node in module.body[_count_docstring(module) :])
    chosen = [find_matcher(node.value) for node in statements if isinstance(node, ast.Expr)]
    last = next((matcher for matcher in reversed(chosen) if matcher is not None), "")
    kinds = {local: name for name, local in provided.items()}
    defined = frozenset((kinds.get(name, name), pattern) for name, pattern in _find_defined(statements))
    return ModuleNames(frozenset(_find_used(module)), frozenset(bound), provided, late, last, defined)


def _walk_top(body: list[ast.stmt], *, lazy: bool) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is loaded, those inside others too.

    What is imported for type checkers only counts if annotations are `lazy`, since our stubs use it in nothing else.
    """
    for node in body:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        hidden = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not lazy
        for name in ("orelse",) if hidden else ("body", "orelse", "finalbody"):
            yield from _walk_top(getattr(node, name, []), lazy=lazy)
        for handler in getattr(node, "handlers", []):
            yield from _walk_top(handler.body, lazy=lazy)


def _tell_lazy(module: ast.Module) -> bool:
    """Tell whether annotations in a module are not evaluated."""
    imports = (node for node in module.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return any(alias.name == "annotations" for node in imports for alias in node.names)


def _count_docstring(module: ast.Module) -> int:
    """Return 1 for a module with a docstring, else 0."""
    return int(ast.get_docstring(module, clean=False) is not None)


def _find_bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that one statement binds itself."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        yield from (found.id for found in ast.walk(node) if isinstance(found, ast.Name) and _stores(found))


def _find_provided(node: ast.stmt) -> dict[str, str]:
    """Return which of Behave's names an import binds, and to what."""
    if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] != "behave" or node.level:
        return {}
    names = {alias.name: alias.asname or alias.name for alias in node.names if alias.name in SOURCES}
    return names | ({name: name for name in _STARRED} if node.names[0].name == "*" else {})


def find_matcher(call: ast.AST) -> str | None:
    """Return the step matcher that a call chooses: `?` for one that nobody knows, nothing where it chooses none."""
    if not isinstance(call, ast.Call):
        return None
    name = ast.unparse(call.func)
    if name.endswith("step_matcher_for_cucumber_expressions"):
        return "cucumber_expressions"
    if not name.endswith("step_matcher"):
        return None
    if name.endswith("use_default_step_matcher") and not call.args:
        return ""
    known = bool(call.args) and isinstance(call.args[0], ast.Constant)
    return str(call.args[0].value) if known else "?"  # type: ignore[attr-defined]


def _find_defined(statements: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the decorator and the pattern of each step definition whose pattern is written out."""
    for function in statements:
        for call in function.decorator_list if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                yield ast.unparse(call.func).rpartition(".")[2].lower(), str(call.args[0].value)


def _find_used(module: ast.Module) -> Iterator[str]:
    """Yield every name that occurs in a module, wherever it is; a stub that took one of them would hide it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]


def _stores(node: ast.Name) -> bool:
    """Tell whether a node is a name that is being bound."""
    return isinstance(node.ctx, ast.Store)
