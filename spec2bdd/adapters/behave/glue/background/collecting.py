"""Find the attributes in which a class collects failed checks, by what its methods do.

What failed is added to a list in the handler of an exception, under a condition, or as the outcome of a comparison; and
a method without arguments raises an error, or fails an assertion, if the list has something.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from spec2bdd.adapters.behave.vacuity.sources import FunctionNode

_ADDING = frozenset({"append", "extend", "add"})
# What a list of failed checks, or a class that has one, is called.
_FAILING = re.compile(
    r"error|fail|problem|violation|mismatch|wrong|broken|invalid|defect|(?<!de)fault|differen|discrepan|unmet|soft|assert"
    r"|check|verif|expect",
    re.IGNORECASE,
)


class Addition(StrEnum):
    """How a method adds to an attribute what failed."""

    # In the handler of an exception; in that of a failed assertion.
    CAUGHT = "caught"
    ASSERTION = "assertion"
    # Under a condition, where a name says what the list is for.
    NAMED = "named"
    # Where two arguments differ, or a text where one is false.
    DIFFERENT = "different"
    # The outcome of a comparison of an argument, whether it has failed or not.
    OUTCOME = "outcome"


class CheckList(NamedTuple):
    """An attribute that collects failed checks: its name, how, and the methods that add to it and that look at it.

    `finalizer` is the method that raises what was collected; it is empty if there is none, and nothing looks at it.
    """

    name: str
    addition: Addition
    adders: tuple[str, ...]
    readers: tuple[str, ...]
    finalizer: str


def find_check_list(nodes: Mapping[str, FunctionNode], class_name: str, *, errors: Collection[str]) -> CheckList | None:
    """Find the attribute in which a class with these methods collects failed checks; None if there is none.

    `errors` are the names of `AssertionError`, and of classes that are derived from it, in the module of the class.
    """
    added: dict[str, dict[str, Addition]] = {}
    for method, node in nodes.items():
        for attribute, addition in _list_added(node, class_name):
            added.setdefault(attribute, {}).setdefault(method, addition)
    for attribute, adders in added.items():
        addition = next(iter(adders.values()))
        is_outcome = addition is Addition.OUTCOME
        raising = (
            name for name, node in nodes.items() if attribute in _list_raised(node, errors, is_outcome=is_outcome)
        )
        finalizer = next((name for name in raising if name not in adders), "")
        others = {name: node for name, node in nodes.items() if name not in adders and name != "__init__"}
        readers = tuple(name for name, node in others.items() if attribute in _list_loaded(node))
        is_lost = not readers and addition in (Addition.ASSERTION, Addition.OUTCOME)
        if finalizer or is_lost:
            return CheckList(attribute, addition, tuple(adders), readers, finalizer)
    return None


def list_failed(value: object, addition: Addition) -> list[object] | None:
    """List what failed of what an attribute holds; None if it holds no collection."""
    if addition is Addition.OUTCOME and isinstance(value, bool):
        return [] if value else [value]
    values = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(values, list | set | tuple):
        return None
    return [item for item in values if addition is not Addition.OUTCOME or _has_failed(item)]


def _has_failed(item: object) -> bool:
    """Whether an outcome, or something that holds one, is that of a comparison that failed."""
    parts = item.values() if isinstance(item, dict) else item if isinstance(item, tuple | list) else (item,)
    return any(part is False for part in parts)


def _list_loaded(node: FunctionNode) -> Iterator[str]:
    """List the attributes of its own object that a method reads."""
    own = node.args.args[0].arg if node.args.args else ""
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
    for part in ast.walk(node):
        match part:
            case ast.Assert(test=test):
                yield from _list_asked(test, own) if is_outcome else _list_filled(test, own, wanted=False)
            case ast.If(test=test, body=body) if any(_is_failure(statement, errors) for statement in body):
                yield from _list_asked(test, own) if is_outcome else _list_filled(test, own, wanted=True)


def _list_asked(test: ast.expr, own: str) -> Iterator[str]:
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


def _is_failure(statement: ast.stmt, errors: Collection[str]) -> bool:
    """Whether a statement raises one of these errors."""
    names = (part for part in ast.walk(statement) if isinstance(part, ast.Name))
    return isinstance(statement, ast.Raise) and any(name.id in errors for name in names)


def _list_added(node: FunctionNode, class_name: str) -> Iterator[tuple[str, Addition]]:
    """List the attributes to which a method adds what failed, and how."""
    own = node.args.args[0].arg if node.args.args else ""
    texts = _list_texts(node)
    others = {argument.arg for argument in (*node.args.args[1:], *node.args.kwonlyargs)}
    for part in ast.walk(node):
        match part:
            case ast.ExceptHandler(body=body):
                is_assertion = isinstance(part.type, ast.Name) and part.type.id == "AssertionError"
                addition = Addition.ASSERTION if is_assertion else Addition.CAUGHT
                yield from ((attribute, addition) for attribute, _ in _list_additions(body, own))
            case ast.If(test=test, body=body, orelse=other):
                tested = {name.id for name in ast.walk(test) if isinstance(name, ast.Name)}
                failing = body if _differs(test, others) else other if _is_same(test, others) else []
                certain = {attribute for attribute, _ in _list_additions(failing, own)}
                negated = body if _is_negated(test, others) else []
                certain |= {name for name, added in _list_additions(negated, own) if _is_text(added, texts)}
                for attribute, added in _list_additions([*body, *other], own):
                    # Of a thing that is only added where it is wanted, the condition asks.
                    is_thing = isinstance(added, ast.Name) and added.id in tested
                    if not is_thing and (_FAILING.search(attribute) or _FAILING.search(class_name)):
                        yield attribute, Addition.NAMED
                    elif attribute in certain:
                        yield attribute, Addition.DIFFERENT
    yield from ((attribute, Addition.OUTCOME) for attribute in _list_outcomes(node, own, others))


def _list_outcomes(node: FunctionNode, own: str, others: set[str]) -> Iterator[str]:
    """List the attributes in which a method stores the outcome of a comparison of one of its arguments."""
    for attribute, added in _list_additions(node.body, own):
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


def _differs(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition holds where two arguments differ."""
    match test:
        case ast.Compare(left=ast.Name(id=left), ops=[ast.NotEq()], comparators=[ast.Name(id=right)]):
            return {left, right} <= others
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_same(operand, others)
    return False


def _is_same(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition holds where two arguments are equal."""
    match test:
        case ast.Compare(left=ast.Name(id=left), ops=[ast.Eq()], comparators=[ast.Name(id=right)]):
            return {left, right} <= others
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _differs(operand, others)
    return False


def _is_negated(test: ast.expr, others: set[str]) -> bool:
    """Whether a condition holds where an argument is false."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return name in others
    return False


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


def _list_additions(body: Sequence[ast.stmt], own: str) -> Iterator[tuple[str, ast.expr | None]]:
    """List the attributes of an object to which statements add something, and what they add."""
    for part in chain.from_iterable(map(ast.walk, body)):
        match part:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=attribute), attr=method), args=args
            ):
                if name == own and method in _ADDING:
                    yield attribute, next(iter(args), None)
