"""Make mutants: one small change of the product's code, in the lines that a scenario runs.

A mutant is never written to a file: the changed syntax tree is compiled, and loaded functions get the new byte code.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.values.leaves import change_text
from spec2bdd.model.values import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
# Fields of functions and assignments that are not run with the body; a call's `args` are another thing.
_NOT_RUN = frozenset({"annotation", "returns", "decorator_list", "args", "type_params", "type_comment"})


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a file: the node by its position in the walk of the tree, and which of the node's changes."""

    path: str
    line: int
    node: int
    change: int


def list_mutants(path: str, source: str, lines: frozenset[int]) -> list[Mutant]:
    """List the mutants of a file in these lines, in the order of the file; none if it cannot be parsed."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    statements = _find_statements(tree)
    mutants = [
        Mutant(path, line, number, change)
        for number, node in enumerate(ast.walk(tree))
        if id(node) in statements and (line := getattr(node, "lineno", 0)) in lines
        for change in range(len(list(_list_changes(node))))
    ]
    return sorted(mutants, key=lambda mutant: (mutant.line, mutant.node, mutant.change))


def describe_mutant(mutant: Mutant, source: str) -> tuple[str, str]:
    """Show the statement that a mutant changes, before and after; of one with a block, its head."""
    tree = ast.parse(source)
    statements = _find_statements(tree)
    target = list(ast.walk(tree))[mutant.node]
    statement = statements[id(target)]
    before = _show(statement)
    changed = _change_node(target, mutant.change, [*ast.walk(statement)], statement)
    return before, _show(changed)


def compile_mutant(mutant: Mutant, source: str, filename: str) -> CodeType:
    """Compile a file with the change of a mutant, under the name that the file was compiled with."""
    nodes = list(ast.walk(tree := ast.parse(source)))
    changed = _change_node(nodes[mutant.node], mutant.change, nodes, tree)
    return compile(ast.fix_missing_locations(changed), filename, "exec", dont_inherit=True)


def exchange_code(module: CodeType, functions: Iterable[FunctionType], line: int) -> bool:
    """Give the functions around this line the byte code of a module that was compiled again; whether any got it."""
    compiled = {(code.co_qualname, code.co_firstlineno): code for code in _walk_code(module)}
    has_changed = False
    for function in functions:
        code = function.__code__
        replacement = compiled.get((code.co_qualname, code.co_firstlineno))
        # A change that removes the last use of an outer variable leaves another number of cells. An inner function is a
        # constant of the outer one: both hold the line, and both get theirs.
        lines = {number for inner in _walk_code(code) for *_, number in inner.co_lines()}
        if replacement and len(replacement.co_freevars) == len(code.co_freevars) and line in lines:
            function.__code__ = replacement
            has_changed = True
    return has_changed


def _walk_code(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and all that are compiled into it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _walk_code(const)


def _find_statements(tree: ast.Module) -> dict[int, ast.AST]:
    """Find for each node inside of functions, by `id`, the simple statement or the head that it belongs to."""
    statements: dict[int, ast.AST] = {}

    def visit(node: ast.AST, statement: ast.AST | None, *, inside: bool) -> None:
        """Visit a node under a statement; annotations, decorators, docstrings and defaults change nothing that runs."""
        if isinstance(node, (ast.stmt, ast.match_case)):
            statement = node
        if inside and statement is not None:
            statements[id(node)] = statement
        is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for name, field in ast.iter_fields(node):
            if name in _NOT_RUN and not isinstance(node, ast.Call):
                continue
            children: Sequence[Any] = field if isinstance(field, list) else [field]
            for place, child in enumerate(children):
                match child:
                    case ast.Expr(value=ast.Constant(value=str())) if is_function and place == 0 and name == "body":
                        continue
                if isinstance(child, ast.AST):
                    visit(child, statement, inside=inside or is_function)

    visit(tree, None, inside=False)
    return statements


def _list_changes(node: ast.AST) -> Iterator[Callable[[Any], ast.AST]]:
    """Yield the changes of a node, each as a function that changes it in place, or returns what takes its place."""
    match node:
        case ast.Constant(value=value):
            yield from (_set("value", other) for other in _change_constant(value))
        case ast.Compare(ops=ops):
            yield from (_set_item("ops", place, _COMPARISONS[type(op)]()) for place, op in enumerate(ops))
        case ast.BoolOp(op=op):
            yield _set("op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield lambda _: operand
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _OPERATORS:
            yield _set("op", _OPERATORS[type(operator)]())
        # The comparison, or the `not`, has changes of its own that do the same.
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if not _is_negated_by_change(test):
            yield _set("test", ast.UnaryOp(op=ast.Not(), operand=test))
        case ast.Return(value=value) | ast.Assign(value=value) if (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield _set("value", ast.Constant(value="x"))
        case ast.Return(value=ast.expr()) | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield _set("value", ast.Constant(value=None))
        case ast.Raise() | ast.Expr(value=ast.Call() | ast.Await()):
            yield lambda changed: ast.copy_location(ast.Pass(), changed)


def _change_constant(value: Any) -> Iterator[Any]:
    """Yield another constant of the same type."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield value + 1
    elif isinstance(value, (str, bytes)):
        yield change_text(value)


def _is_negated_by_change(test: ast.expr) -> bool:
    """Whether one of the changes of a condition itself is its negation."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            return True
    return False


def _set(name: str, value: Any) -> Callable[[Any], ast.AST]:
    """Make a change that sets a field of a node."""

    def change(node: Any) -> Any:
        setattr(node, name, value)
        return node

    return change


def _set_item(name: str, place: int, value: Any) -> Callable[[Any], ast.AST]:
    """Make a change that sets one item of a field that is a list."""

    def change(node: Any) -> Any:
        getattr(node, name)[place] = value
        return node

    return change


def _change_node(target: ast.AST, change: int, nodes: Sequence[ast.AST], root: Any) -> Any:
    """Change a node among those of a tree, in place; the root of the changed tree is returned."""
    changed = list(_list_changes(target))[change](target)
    if changed is target:
        return root
    if root is target:
        return changed
    for parent in nodes:
        for name, field in ast.iter_fields(parent):
            if field is target:
                setattr(parent, name, changed)
            elif isinstance(field, list):
                setattr(parent, name, [changed if child is target else child for child in field])
    return root


def _show(statement: ast.AST) -> str:
    """Show the first line of a statement: of one with a block, that is its head."""
    return ast.unparse(ast.fix_missing_locations(statement)).split("\n", 1)[0]
