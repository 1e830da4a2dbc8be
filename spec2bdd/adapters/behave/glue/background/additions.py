"""Find what methods of a class add to its attributes where a check has failed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from spec2bdd.adapters.behave.vacuity.exits import includes_assertions, swallows_at_exit
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode

_ADDING = frozenset({"append", "extend", "add"})
# What a list of failed checks, or a class that has one, is called.
_FAILING = re.compile(
    r"error|fail|problem|violation|mismatch|wrong|broken|invalid|defect|(?<!de)fault|differen|discrepan|unmet|soft|assert"
    r"|check|verif|expect",
    re.IGNORECASE,
)
# What it is called where it surely collects failed checks, and not all errors that there are.
_CHECKING = re.compile("soft|assert|check|verif|expect", re.IGNORECASE)


# The attributes to which each of some methods adds something whenever it is called.
Helpers = Mapping[str, frozenset[str]]


class Addition(StrEnum):
    """How a method adds to an attribute what failed."""

    # In the handler of all exceptions, of which only failed assertions count; where a name says so, all of them.
    CAUGHT = "caught"
    CHECKED = "checked"
    # In the handler of a failed assertion.
    ASSERTION = "assertion"
    # Under a condition, where a name says what the list is for.
    NAMED = "named"
    # Where two arguments differ, or a text where one is false.
    DIFFERENT = "different"
    # The outcome of a comparison of an argument, whether it has failed or not.
    OUTCOME = "outcome"


def list_added(node: FunctionNode, class_name: str, helpers: Helpers) -> Iterator[tuple[str, Addition]]:
    """List the attributes to which a method adds what failed, and how; `helpers` are methods that only add to some."""
    own = find_own_name(node)
    others = {argument.arg for argument in (*node.args.args[1:], *node.args.kwonlyargs)}
    for handler in (part for part in ast.walk(node) if isinstance(part, ast.ExceptHandler)):
        is_assertion = isinstance(handler.type, ast.Name) and handler.type.id == "AssertionError"
        if handler.type is None or is_assertion or includes_assertions(handler.type):
            added = chain(
                (name for name, _ in _list_additions(handler.body, own, helpers)),
                _list_caught(handler, own),
                (name for name in _list_flags(handler.body, own) if is_assertion or _is_checking(name, class_name)),
            )
            for attribute in added:
                is_checked = _is_checking(attribute, class_name)
                caught = Addition.CHECKED if is_checked else Addition.CAUGHT
                yield attribute, Addition.ASSERTION if is_assertion else caught
    for test, body, other in _list_branches(node):
        yield from _list_decided(test, body, other, _Method(own, class_name, helpers, others, _list_texts(node)))
    if isinstance(node, ast.FunctionDef) and node.name == "__exit__" and swallows_at_exit(node):
        yield from ((attribute, Addition.CAUGHT) for attribute, _ in _list_additions(node.body, own, helpers))
    yield from ((attribute, Addition.OUTCOME) for attribute in _list_outcomes(node, own, others))


def find_helpers(nodes: Mapping[str, FunctionNode]) -> Helpers:
    """Find the attributes to which methods add something whenever they are called."""
    plain = (ast.Expr, ast.Assign, ast.AugAssign)
    return {
        name: frozenset(
            attribute
            for attribute, _ in _list_additions(
                [part for part in node.body if isinstance(part, plain)], find_own_name(node), {}
            )
        )
        for name, node in nodes.items()
    }


def find_own_name(node: FunctionNode) -> str:
    """Find the name of the object of a method."""
    return node.args.args[0].arg if node.args.args else ""


def list_blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """List the statements of a function, and of everything in it that has some of its own."""
    for part in ast.walk(node):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(block := getattr(part, name, None), list):
                yield block


class _Method(NamedTuple):
    """A method: the name of its object, that of its class, its helpers, its other parameters and those with a text."""

    own: str
    class_name: str
    helpers: Helpers
    others: set[str]
    texts: set[str]


def _is_checking(attribute: str, class_name: str) -> bool:
    """Whether an attribute or its class is called after checks."""
    return bool(_CHECKING.search(attribute) or _CHECKING.search(class_name))


def _asks_argument(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition asks for an argument, and does not only compare it with a constant to see what it is."""
    match test:
        case ast.UnaryOp(operand=operand):
            return _asks_argument(operand, others)
        case ast.BoolOp(values=values):
            return any(_asks_argument(value, others) for value in values)
        case ast.Compare(left=left, comparators=compared) if any(
            isinstance(part, ast.Constant) and part.value is not None for part in (left, *compared)
        ):
            return False
    return any(isinstance(part, ast.Name) and part.id in others for part in ast.walk(test))


def _list_branches(node: FunctionNode) -> Iterator[tuple[ast.expr, list[ast.stmt], list[ast.stmt]]]:
    """List the conditions of a function, each with the statements that run where it is true, and where it is false."""
    for block in list_blocks(node):
        for number, part in enumerate(block, 1):
            match part:
                case ast.If(test=test, body=[*_, ast.Return()] as body, orelse=[]):
                    yield test, body, block[number:]
                case ast.If(test=test, body=body, orelse=other):
                    yield test, body, other
                case ast.Expr(value=ast.BoolOp(op=operation, values=[test, last])):
                    decided: list[ast.stmt] = [ast.Expr(last)]
                    yield (test, decided, []) if isinstance(operation, ast.And) else (test, [], decided)


def _list_decided(
    test: ast.expr, body: list[ast.stmt], other: list[ast.stmt], method: _Method
) -> Iterator[tuple[str, Addition]]:
    """List the attributes to which a method adds what failed under a condition, and how."""
    own, class_name, helpers, others, texts = method
    tested = {name.id for name in ast.walk(test) if isinstance(name, ast.Name)}
    is_other = _compares(test, others, same=True)
    failing = body if _compares(test, others, same=False) else other if is_other else []
    certain = {attribute for attribute, _ in _list_additions(failing, own, helpers)}
    negated = body if _is_negated(test, others) else other if _is_argument(test, others) else []
    certain |= {name for name, added in _list_additions(negated, own, helpers) if _is_text(added, texts)}
    # That something has changed, or was missed once, is no failed check.
    flags = filter(_FAILING.search, _list_flags([*failing, *negated], own))
    yield from ((attribute, Addition.DIFFERENT) for attribute in flags)
    for attribute, added in _list_additions([*body, *other], own, helpers):
        # Of a thing that is only added where it is wanted, the condition asks.
        is_thing = isinstance(added, ast.Name) and added.id in tested
        is_failing = _FAILING.search(attribute) or _FAILING.search(class_name)
        if not is_thing and ((is_failing and _asks_argument(test, others)) or _is_checking(attribute, class_name)):
            yield attribute, Addition.NAMED
        elif attribute in certain:
            yield attribute, Addition.DIFFERENT


def _list_caught(handler: ast.ExceptHandler, own: str) -> Iterator[str]:
    """List the attributes of an object in which the handler of an exception stores it."""
    for part in handler.body:
        match part:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=attribute)], value=ast.Name(id=name)):
                if owner == own and name == handler.name:
                    yield attribute


def _list_flags(body: Sequence[ast.stmt], own: str) -> Iterator[str]:
    """List the attributes of an object that statements set to true, or by which they count."""
    for part in body:
        match part:
            case (
                ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id=name), attr=attribute)], value=ast.Constant(value=True)
                )
                | ast.AugAssign(
                    target=ast.Attribute(value=ast.Name(id=name), attr=attribute),
                    op=ast.Add(),
                    value=ast.Constant(value=1),
                )
            ):
                if name == own:
                    yield attribute


def _list_outcomes(node: FunctionNode, own: str, others: set[str]) -> Iterator[str]:
    """List the attributes in which a method stores the outcome of a comparison of one of its arguments."""
    for attribute, added in _list_additions(node.body, own, {}):
        if added is not None and _has_outcome(added, others):
            yield attribute
    for part in ast.walk(node):
        match part:
            case (
                ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr=attribute)], value=value)
                | ast.Assign(
                    targets=[ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=attribute))], value=value
                )
                | ast.AugAssign(target=ast.Attribute(value=ast.Name(id=name), attr=attribute), value=value)
            ):
                if name == own and _has_outcome(value, others):
                    yield attribute


def _has_outcome(node: ast.expr, others: set[str]) -> bool:
    """Whether an expression is a comparison of an argument, or holds one."""
    match node:
        case ast.Compare():
            return any(isinstance(part, ast.Name) and part.id in others for part in ast.walk(node))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            return any(_has_outcome(part, others) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _has_outcome(operand, others)
    return False


def _compares(test: ast.expr, others: set[str], *, same: bool) -> bool:
    """Whether a condition holds where two arguments are equal, or with `same` false, where they differ."""
    match test:
        case ast.Compare(left=ast.Name(id=left), ops=[operator], comparators=[ast.Name(id=right)]):
            return isinstance(operator, ast.Eq if same else ast.NotEq) and {left, right} <= others
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _compares(operand, others, same=not same)
    return False


def _is_negated(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition holds where an argument is false."""
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _is_argument(test.operand, others)


def _is_argument(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition holds where an argument is true."""
    return isinstance(test, ast.Name) and test.id in others


def _list_texts(node: FunctionNode) -> set[str]:
    """List the parameters that have a text as default."""
    defaults: Iterable[tuple[ast.arg, ast.expr | None]] = chain(
        zip(reversed(node.args.args), reversed(node.args.defaults), strict=False),
        zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    )
    return {
        argument.arg
        for argument, default in defaults
        if isinstance(default, ast.Constant) and isinstance(default.value, str)
    }


def _is_text(node: ast.expr | None, texts: set[str]) -> bool:
    """Whether an expression is certainly a text."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Name) and node.id in texts)


def _list_additions(body: Sequence[ast.stmt], own: str, helpers: Helpers) -> Iterator[tuple[str, ast.expr | None]]:
    """List the attributes of an object to which statements add something, and what they add."""
    for part in chain.from_iterable(map(ast.walk, body)):
        match part:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=attribute), attr=method), args=args
            ):
                if name == own and method in _ADDING:
                    yield attribute, next(iter(args), None)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=args) if name == own:
                yield from ((attribute, next(iter(args), None)) for attribute in helpers.get(method, ()))
            case ast.AugAssign(
                target=ast.Attribute(value=ast.Name(id=name), attr=attribute),
                op=ast.Add(),
                value=ast.List(elts=[added]) | ast.Tuple(elts=[added]),
            ):
                if name == own:
                    yield attribute, added
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=attribute))], value=added
            ):
                if name == own:
                    yield attribute, added
