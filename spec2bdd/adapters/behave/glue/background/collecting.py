"""Find the attributes in which a class collects failed checks, by what its methods do.

What failed is added to a list in the handler of an exception, under a condition, or as the outcome of a comparison; and
a method without arguments raises an error, or fails an assertion, if the list has something.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import NamedTuple

from spec2bdd.adapters.behave.glue.background.additions import (
    Addition,
    find_helpers,
    find_own_name,
    list_added,
    list_blocks,
)
from spec2bdd.adapters.behave.glue.background.fluent import FluentMethod, name_set_values
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode

# So many failures are counted where only their number is stored.
_MOST = 1000


class CheckList(NamedTuple):
    """An attribute that collects failed checks: its name, how, and the methods that add to it and that look at it.

    `finalizer` is the method that raises what was collected; it is empty if there is none, and nothing looks at it.
    `answers` are those methods that add to it and return something: who uses that has got the answer. `makers` are
    those that return an object whose methods add to it.
    """

    name: str
    addition: Addition
    adders: tuple[str, ...]
    readers: tuple[str, ...]
    finalizer: str
    answers: frozenset[str]
    makers: frozenset[str] = frozenset()

    def list_failed(self, value: object) -> list[object] | None:
        """List what failed of what the attribute holds; None if that is no collection."""
        if self.addition is Addition.OUTCOME and isinstance(value, bool):
            return [] if value else [value]
        if isinstance(value, int) and self.addition is not Addition.OUTCOME:
            return [value] * min(value, _MOST)
        if isinstance(value, BaseException):
            return [value] if _has_failed(value, self.addition) else []
        values = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(values, list | set | tuple):
            return None
        return [item for item in values if _has_failed(item, self.addition)]


def find_check_list(
    nodes: Mapping[str, FunctionNode],
    class_name: str,
    *,
    errors: Collection[str],
    fluent: Mapping[str, FluentMethod] = MappingProxyType({}),
) -> CheckList | None:
    """Find the attribute in which a class with these methods collects failed checks; None if there is none.

    `errors` are the names of `AssertionError`, and of classes that are derived from it, in the module of the class.
    `fluent` are the methods of objects that it makes: where these add something, the method that makes them may do so.
    """
    nodes = {**name_set_values(nodes), **{name: method.node for name, method in fluent.items()}}
    added: dict[str, dict[str, Addition]] = {}
    helpers = find_helpers(nodes)
    for method, node in nodes.items():
        for attribute, addition in list_added(node, class_name, helpers):
            added.setdefault(attribute, {}).setdefault(method, addition)
    for attribute, adders in added.items():
        addition = next(iter(adders.values()))
        is_outcome = addition is Addition.OUTCOME
        raising = (
            name for name, node in nodes.items() if attribute in _list_raised(node, errors, is_outcome=is_outcome)
        )
        finalizer = next((name for name in raising if name not in adders), "")
        makers = {fluent[name].factory for name in adders if name in fluent}
        others = {name: node for name, node in nodes.items() if name not in {*adders, *makers} and name != "__init__"}
        readers = tuple(name for name, node in others.items() if attribute in _list_loaded(node))
        is_lost = not readers and addition in (Addition.ASSERTION, Addition.OUTCOME)
        answers = frozenset(name for name in adders if name != "__exit__" and _returns(nodes[name]))
        # Whether something uses what these return, or what they have looked at, is not known of the maker.
        is_unclear = not fluent.keys().isdisjoint({*answers, *readers, finalizer})
        if (finalizer or is_lost) and not is_unclear:
            known = dict.fromkeys(fluent[name].factory if name in fluent else name for name in adders)
            return CheckList(attribute, addition, tuple(known), readers, finalizer, answers, frozenset(makers))
    return None


def _returns(node: FunctionNode) -> bool:
    """Whether a method returns something other than its own object."""
    own = find_own_name(node)
    values = (part.value for part in ast.walk(node) if isinstance(part, ast.Return))
    return any(
        value is not None and not (isinstance(value, ast.Name) and value.id == own) and ast.unparse(value) != "None"
        for value in values
    )


def _has_failed(item: object, addition: Addition) -> bool:
    """Whether something that was added is a failed check, or holds one."""
    if addition is Addition.CAUGHT:
        return isinstance(item, AssertionError)
    if addition is not Addition.OUTCOME:
        return True
    parts = item.values() if isinstance(item, dict) else item if isinstance(item, tuple | list) else (item,)
    return any(part is False for part in parts)


def _list_loaded(node: FunctionNode) -> Iterator[str]:
    """List the attributes of its own object that a method reads."""
    own = find_own_name(node)
    for part in ast.walk(node):
        match part:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()) if name == own:
                yield attribute


def _list_raised(node: FunctionNode, errors: Collection[str], *, is_outcome: bool) -> Iterator[str]:
    """List the attributes whose content a method without arguments raises, or asserts to be empty.

    With `is_outcome`, they hold outcomes, and any condition on them counts.
    """
    if len(node.args.args) - len(node.args.defaults) != 1 or node.args.posonlyargs:
        return
    own = node.args.args[0].arg
    locals_ = _Locals({name: value for part in ast.walk(node) for name, value in _list_bound(part)})
    list_tested = _list_asked if is_outcome else _list_filled
    for block in list_blocks(node):
        for number, part in enumerate(block, 1):
            match part:
                case ast.Assert(test=test):
                    yield from list_tested(locals_.replace_in(test), own, wanted=False)
                case ast.If(test=test, body=body) if any(_is_failure(statement, errors, own) for statement in body):
                    yield from list_tested(locals_.replace_in(test), own, wanted=True)
                case ast.If(test=test, body=[*_, ast.Return()]) if any(
                    _is_failure(statement, errors, own) for statement in block[number:]
                ):
                    yield from list_tested(locals_.replace_in(test), own, wanted=False)
                case ast.For(iter=collection, body=body) if any(_is_failure(part, errors, own) for part in body):
                    yield from _list_filled(locals_.replace_in(collection), own, wanted=True)


class _Locals(ast.NodeTransformer):
    """Replaces local names by the expressions that they were bound to."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def replace_in(self, node: ast.expr) -> ast.expr:
        """Make a copy of an expression with the names replaced; others use the tree that it is part of."""
        copy: ast.expr = self.visit(deepcopy(node))
        return copy

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Find what a name was bound to."""
        return self._values.get(node.id, node)


def _list_bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """List the names that a statement binds, each with its expression."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from (
                (part.id, value) for part, value in zip(targets, values, strict=False) if isinstance(part, ast.Name)
            )


def _list_asked(test: ast.expr, own: str, *, wanted: bool) -> Iterator[str]:  # noqa: ARG001  As `_list_filled`.
    """List the attributes of an object that a condition names."""
    for part in ast.walk(test):
        match part:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == own:
                yield attribute


def _list_filled(test: ast.expr, own: str, *, wanted: bool) -> Iterator[str]:
    """List the attributes that have something, or with `wanted` false nothing, where a condition is true."""
    match test:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if wanted and name == own:
            yield attribute
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _list_filled(operand, own, wanted=not wanted)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _list_filled(value, own, wanted=wanted)
        case ast.Call(func=ast.Name(id="len" | "bool" | "any" | "list" | "sorted"), args=[argument]):
            yield from _list_filled(argument, own, wanted=wanted)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[argument]):
            yield from _list_filled(argument, own, wanted=wanted)
        case ast.NamedExpr(value=value):
            yield from _list_filled(value, own, wanted=wanted)
        case ast.Compare(left=left, ops=[operator], comparators=[other]) if _is_nothing(other):
            is_filled = isinstance(operator, ast.NotEq | ast.Gt)
            if is_filled or isinstance(operator, ast.Eq):
                yield from _list_filled(left, own, wanted=wanted is is_filled)


def _is_nothing(node: ast.expr) -> bool:
    """Whether an expression is zero, or an empty collection."""
    match node:
        case ast.Constant(value=0) | ast.List(elts=[]) | ast.Tuple(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list"), args=[]):
            return True
    return False


def _is_failure(statement: ast.stmt, errors: Collection[str], own: str) -> bool:
    """Whether a statement raises one of these errors, or what an object has stored, or calls `fail`."""
    match statement:
        case ast.Raise(
            exc=ast.Attribute(value=ast.Name(id=name)) | ast.Subscript(value=ast.Attribute(value=ast.Name(id=name)))
        ):
            return name == own
        case ast.Raise():
            names = (part for part in ast.walk(statement) if isinstance(part, ast.Name))
            return any(name.id in errors for name in names)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="fail") | ast.Name(id="fail"))):
            return True
    return False
