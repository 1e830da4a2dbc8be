"""Find how `soft.expect(total).to_equal(5)` adds to a list of `soft`: by the methods of what `expect` returns."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Set
from copy import deepcopy
from typing import Any, NamedTuple

from spec2bdd.adapters.behave.glue.background.additions import find_own_name
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode

# Finds the methods of a class of the steps, by their names; none for any other object.
FindMethods = Callable[[Any], Mapping[str, FunctionNode]]


class FluentMethod(NamedTuple):
    """A method of an object that a method `factory` of a class makes, written as if it were one of that class.

    `holders` are the names by which it has the object of that class, such as `self.soft`.
    """

    node: FunctionNode
    factory: str
    holders: tuple[str, ...] = ()


def find_fluent_methods(
    nodes: Mapping[str, FunctionNode], names: Mapping[str, Any], find_methods: FindMethods
) -> dict[str, FluentMethod]:
    """Find the methods of the objects that the methods of a class make and give itself, or an attribute of it.

    `names` are those of its module. The methods of one class alone that set a value and return its object are found by
    `name_set_values`.
    """
    found: dict[str, FluentMethod] = {}
    for factory, node in nodes.items():
        own = find_own_name(node)
        for call in (part for part in ast.walk(node) if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            inner = find_methods(names.get(name))
            attributes = dict(_list_given(call, inner["__init__"])) if "__init__" in inner else {}
            owned = {key: value for key, value in attributes.items() if _is_owned(value, own)}
            values = attributes.keys() - owned.keys()
            for method, body in inner.items() if owned else ():
                if method != "__init__":
                    makers = [key for key, value in owned.items() if isinstance(value, ast.Name)]
                    holders = tuple(f"{find_own_name(body)}.{key}" for key in makers)
                    found[f"{name}.{method}"] = FluentMethod(_Rewriting(body, owned, values).write(), factory, holders)
    return found


def name_set_values(nodes: Mapping[str, FunctionNode]) -> dict[str, FunctionNode]:
    """Make arguments of the attributes that a method sets to an argument of its own before it returns its object."""
    values: set[str] = set()
    for node in nodes.values():
        own = find_own_name(node)
        returned = [part.value for part in ast.walk(node) if isinstance(part, ast.Return)]
        if returned and all(isinstance(value, ast.Name) and value.id == own for value in returned):
            values.update(name for name, value in _list_stored(node) if isinstance(value, ast.Name))
    if not values:
        return dict(nodes)
    return {name: _Rewriting(node, {}, values).write() for name, node in nodes.items()}


def _list_given(call: ast.Call, init: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """List the attributes that the making of an object sets to arguments of the call, with these."""
    parameters = [argument.arg for argument in (*init.args.posonlyargs, *init.args.args)][1:]
    given = dict(zip(parameters, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for attribute, value in _list_stored(init):
        if isinstance(value, ast.Name) and value.id in given:
            yield attribute, given[value.id]


def _list_stored(node: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """List the attributes that a method sets to one of its parameters, each with that."""
    own = find_own_name(node)
    parameters = {argument.arg for argument in (*node.args.args[1:], *node.args.kwonlyargs)}
    for statement in ast.walk(node):
        pairs: list[tuple[ast.expr, ast.expr]] = []
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                pairs = list(zip(targets, values, strict=False))
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                pairs = [(target, value)]
        for target, value in pairs:
            match target, value:
                case ast.Attribute(value=ast.Name(id=owner), attr=attribute), ast.Name(id=name):
                    if owner == own and name in parameters:
                        yield attribute, value


def _is_owned(node: ast.expr, own: str) -> bool:
    """Whether an expression is the object of a method, or an attribute of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)):
            return name == own
    return False


class _Rewriting(ast.NodeTransformer):
    """Rewrites a method of an object: what it holds of its maker becomes that, and other values become arguments."""

    def __init__(self, node: FunctionNode, owned: Mapping[str, ast.expr], values: Set[str]) -> None:
        self._node, self._own = deepcopy(node), find_own_name(node)
        self._owned, self._values = owned, values

    def write(self) -> FunctionNode:
        """Write the method."""
        node = self._node
        node.args.kwonlyargs += [ast.arg(f"{self._own}.{name}") for name in sorted(self._values)]
        node.args.kw_defaults += [None] * len(self._values)
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Replace an attribute of the object."""
        if isinstance(node.value, ast.Name) and node.value.id == self._own and isinstance(node.ctx, ast.Load):
            held = self._owned.get(node.attr)
            if isinstance(held, ast.Name):
                return ast.Name(self._own, ast.Load())
            if isinstance(held, ast.Attribute):
                return ast.Attribute(ast.Name(self._own, ast.Load()), held.attr, ast.Load())
            if node.attr in self._values:
                return ast.Name(f"{self._own}.{node.attr}", ast.Load())
        return self.generic_visit(node)
