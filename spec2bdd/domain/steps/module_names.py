"""Parse which names a step file uses, and which of them are Behave's own."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from spec2bdd.model.values import dataclass

# The names that stubs use, and the modules that they are imported from (Behave 1.3.3).
SOURCES = {
    "given": "behave",
    "when": "behave",
    "then": "behave",
    "use_step_matcher": "behave",
    "use_step_matcher_for_cucumber_expressions": "behave.cucumber_expression",
    "StepNotImplementedError": "behave.api.pending_step",
    "Context": "behave.runner",
}
# Those of them that `from behave import *` binds.
_STARRED = ("given", "when", "then", "use_step_matcher")


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """The names that occur in a module, those that its top level binds, and its local names of Behave's objects.

    `late` is true if the module holds other code than imports. `matcher` is the step matcher in force at its end: empty
    where it chooses none, `?` where that is unknown. `defined` are the steps that it defines: the name of the decorator
    and the pattern.
    """

    used: frozenset[str]
    bound: frozenset[str]
    provided: Mapping[str, str]
    late: bool
    matcher: str
    defined: frozenset[tuple[str, str]]


def parse_module_names(text: str) -> ModuleNames:
    """Parse the names of a module.

    Raises:
        SyntaxError: the text is not Python.
        ValueError: it holds a NUL.
    """
    module = ast.parse(text.removeprefix("\ufeff"))
    future_imports = [node for node in module.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    # With this import, annotations are not evaluated, and names imported for type checkers are enough for them.
    lazy = any(alias.name == "annotations" for node in future_imports for alias in node.names)
    statements = list(_walk_top_level(module.body, lazy=lazy))
    bound, provided = _find_bound_names(statements)
    docstring = 1 if ast.get_docstring(module, clean=False) is not None else 0
    late = any(not isinstance(node, ast.Import | ast.ImportFrom) for node in module.body[docstring:])
    chosen = [find_matcher(node.value) for node in statements if isinstance(node, ast.Expr)]
    matcher = next((matcher for matcher in reversed(chosen) if matcher is not None), "")
    # Each decorator of a step function whose pattern is a literal, by the name that Behave has for it.
    kinds = {local: name for name, local in provided.items()}
    defined: set[tuple[str, str]] = set()
    for function in statements:
        for call in function.decorator_list if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                decorator = ast.unparse(call.func).rpartition(".")[2].lower()
                defined.add((kinds.get(decorator, decorator), str(call.args[0].value)))
    # Every name that occurs at any depth: a stub that took one of them would hide it.
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            used.add(node.name)
        elif isinstance(node, ast.alias):
            used.add(node.asname or node.name.partition(".")[0])
    return ModuleNames(frozenset(used), frozenset(bound), provided, late, matcher, frozenset(defined))


def find_matcher(call: ast.AST) -> str | None:
    """Find the step matcher that a call chooses: empty for the default, `?` for an unknown one, None for no choice."""
    if not isinstance(call, ast.Call):
        return None
    name = ast.unparse(call.func)
    if name.endswith("step_matcher_for_cucumber_expressions"):
        return "cucumber_expressions"
    if not name.endswith("step_matcher"):
        return None
    if name.endswith("use_default_step_matcher") and not call.args:
        return ""
    if call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return "?"


def _walk_top_level(body: list[ast.stmt], *, lazy: bool) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is loaded, including those inside `if`, `try`, `with` and loops.

    Imports for type checkers only count if annotations are `lazy`: stubs use `Context` in annotations alone.
    """
    for node in body:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_hidden = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not lazy
        for name in ("orelse",) if is_hidden else ("body", "orelse", "finalbody"):
            yield from _walk_top_level(getattr(node, name, []), lazy=lazy)
        for handler in getattr(node, "handlers", []):
            yield from _walk_top_level(handler.body, lazy=lazy)


def _find_bound_names(statements: list[ast.stmt]) -> tuple[set[str], dict[str, str]]:
    """Find the names that statements bind, and under which local name each of Behave's objects is left at the end."""
    bound: set[str] = set()
    provided: dict[str, str] = {}
    for node in statements:
        names: set[str] = set()
        imported: dict[str, str] = {}
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = {node.name}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = (target for target in ast.walk(node) if isinstance(target, ast.Name))
            names = {target.id for target in targets if isinstance(target.ctx, ast.Store)}
        # A relative import takes nothing from Behave, whatever the module is called.
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "behave" and not node.level:
            imported = {alias.name: alias.asname or alias.name for alias in node.names if alias.name in SOURCES}
            imported |= {name: name for name in _STARRED} if node.names[0].name == "*" else {}
        bound |= names
        # A name that is bound again no longer refers to Behave's object.
        provided = {name: local for name, local in provided.items() if local not in names} | imported
    return bound, provided
