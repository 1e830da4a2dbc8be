"""Name Behave's context in a function that takes all of its arguments as `*args`."""

from __future__ import annotations

import ast
from copy import deepcopy

from spec2bdd.adapters.behave.vacuity.sources import FunctionNode


def unpack_context(node: FunctionNode, *, offset: int) -> FunctionNode:
    """Make a copy of a function in which what is `args[0]` is a parameter; one that names its context stays as it is.

    `offset` is the number of its arguments before the context. The parameter has the name that the function gives to
    `args[0]`, or else that text.
    """
    place = offset - len(node.args.posonlyargs) - len(node.args.args)
    packed = node.args.vararg.arg if node.args.vararg else ""
    if not packed or place < 0:
        return node
    bound = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)]
    if packed in bound:
        return node
    named = _Unpacking(packed, place).visit(deepcopy(node))
    context = f"{packed}[{place}]"
    names = [name for statement in named.body if (name := _find_name(statement, context))]
    # Under a name that is bound twice, it may be something else.
    if len(names) == 1 and bound.count(names[0]) == 1:
        named.body = [part for part in named.body if not _find_name(part, context)] or [ast.Pass()]
        named, context = _Renaming(context, names[0]).visit(named), names[0]
    # What is before it, such as the object of a method, is a parameter, too.
    named.args.args += [*(ast.arg(f"{packed}[{number}]") for number in range(place)), ast.arg(context)]
    made: FunctionNode = ast.fix_missing_locations(named)
    return made


def _find_name(statement: ast.stmt, wanted: str) -> str:
    """Find the name that a statement gives to what has another name; empty if it does anything else."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=value)) if value == wanted:
            return name
    return ""


class _Unpacking(ast.NodeTransformer):
    """Replaces `args[0]` by a name, also where `args` is unpacked."""

    def __init__(self, packed: str, place: int) -> None:
        self._packed, self._place = packed, place

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Replace one element."""
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int() as place), ctx=ast.Load()) if (
                name,
                place,
            ) == (self._packed, self._place):
                return ast.copy_location(ast.Name(f"{name}[{place}]", ast.Load()), node)
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
        """Replace `context, *rest = args` by an assignment for each of its names."""
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=parts) | ast.List(elts=parts)], value=ast.Name(id=name)) if (
                name == self._packed and all(isinstance(part, ast.Name) for part in parts[: self._place + 1])
            ):
                # What is left of them is as unknown as all of them.
                values = [
                    name if isinstance(part, ast.Starred) else f"{name}[{number}]" for number, part in enumerate(parts)
                ]
                targets = [part.value if isinstance(part, ast.Starred) else part for part in parts]
                made = (
                    ast.copy_location(ast.Assign([target], ast.parse(value, mode="eval").body), node)
                    for target, value in zip(targets, values, strict=True)
                )
                return [self.generic_visit(part) for part in made]
        return self.generic_visit(node)


class _Renaming(ast.NodeTransformer):
    """Renames a name."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Rename it."""
        return ast.copy_location(ast.Name(self._new, node.ctx), node) if node.id == self._old else node
