"""Notice failed checks that an object of the project has collected, if it was never asked to raise them.

Such a class has a method that adds to a list what failed, and another one that raises an `AssertionError` if that list
has anything. A list of something else, such as the mails that a fake has sent, may have such a method as well. So what
is added counts only in the handler of an exception, or where a condition decides and a name says what the list is for.
The classes in step modules are looked at, and those that step modules import from the project.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import wraps
from itertools import chain
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode, SourceCache

_ADDING = frozenset({"append", "extend", "add"})
_LONGEST_TEXT = 200
# What a list of failed checks, or a class that has one, is called.
_FAILING = re.compile(
    r"error|fail|problem|violation|mismatch|wrong|broken|invalid|defect|(?<!de)fault|differen|discrepan|unmet|soft|assert"
    r"|check|verif|expect",
    re.IGNORECASE,
)


def describe_collected(value: Any) -> str:
    """Describe in one line what was collected, which may be anything."""
    text = type(value).__name__
    with suppress(Exception):
        text = describe_error(value) if isinstance(value, BaseException) else str(value)
    return " ".join(text.split())[:_LONGEST_TEXT]


class _Collected(NamedTuple):
    """An object, the scenario that it was used in, and the names of its list and of the method that raises."""

    holder: Any
    scenario: Any
    name: str
    finalizer: str


class CollectorWatch:
    """The objects that collected something in scenarios, and how much of it their methods have looked at.

    `find_scenario` is that of `FutureWatch`.
    """

    def __init__(self, find_scenario: Callable[[], Any]) -> None:
        self._find_scenario = find_scenario
        self._used: dict[int, _Collected] = {}
        # What had been collected when it was last looked at; an object that lives longer is not reported twice.
        self._known: dict[int, tuple[Any, int]] = {}
        self._patched: set[type] = set()

    def install(self) -> None:
        """Do nothing: the classes are known once the project is loaded."""

    def watch_classes(self, functions: Iterable[Any], sources: SourceCache, origins: OriginIndex) -> None:
        """Watch the collecting classes that the modules of these step functions hold or import.

        A class of the product may collect what is wrong with its data, so only those of code that checks it count.
        """
        namespaces = {id(names): names for function in functions if (names := getattr(function, "__globals__", None))}
        for cls in chain.from_iterable(map(_list_classes, namespaces.values())):
            if cls not in self._patched and _find_origin(cls, origins) is Origin.STEPS:
                self._patched.add(cls)
                self._patch(cls, sources)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not self._used

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what was collected in scenarios and never raised."""
        used, self._used = self._used, {}
        for key, (holder, scenario, name, finalizer) in used.items():
            collected = vars(holder).get(name)
            _, known = self._known.pop(key, (None, 0))
            if scenario is None or not isinstance(collected, list | set) or len(collected) <= known:
                continue
            # With the object, so that no other one can get the same id.
            self._known[key] = holder, len(collected)
            # A step that failed may be why nothing after it has looked at the object.
            if not scenario.status.has_failed():
                # A set has no order.
                first = next(iter(list(collected)[known:]), "")
                what = f"`{type(holder).__name__}` collected a failed check, and `{finalizer}` was not called after it"
                yield scenario, f"{what}: {describe_collected(first)}"

    def _patch(self, cls: type, sources: SourceCache) -> None:
        """Let the methods of a class that collects failed checks report what they do."""
        methods = {name: value for name, value in vars(cls).items() if type(value) is FunctionType}
        nodes = {
            name: source.node for name, value in methods.items() if (source := sources.find_function(value.__code__))
        }
        raised = {attribute: name for name, node in nodes.items() for attribute in _list_raised(node)}
        for name, node in nodes.items():
            attribute = next(
                (part for part in _list_added(node, cls.__name__) if part in raised and raised[part] != name), ""
            )
            if attribute and not sources.mentions(re.compile(rb"(?<!self)\.%s\b" % re.escape(attribute).encode())):
                self._watch_adding(cls, methods[name], attribute, raised[attribute])
                self._watch_raising(cls, methods[raised[attribute]], attribute)

    def _watch_adding(self, cls: type, method: FunctionType, attribute: str, finalizer: str) -> None:
        """Remember each object that a method adds to the list of."""

        @wraps(method)
        def add(holder: Any, *args: Any, **kwargs: Any) -> Any:
            """Call the method."""
            if hasattr(holder, "__dict__"):
                self._used[id(holder)] = _Collected(holder, self._find_scenario(), attribute, finalizer)
            return method(holder, *args, **kwargs)

        setattr(cls, method.__name__, add)

    def _watch_raising(self, cls: type, method: FunctionType, attribute: str) -> None:
        """Remember how much of the list of an object a method has looked at."""

        @wraps(method)
        def look(holder: Any, *args: Any, **kwargs: Any) -> Any:
            """Call the method."""
            collected = getattr(holder, "__dict__", {}).get(attribute)
            self._known[id(holder)] = holder, len(collected) if isinstance(collected, list | set) else 0
            return method(holder, *args, **kwargs)

        if vars(cls).get(method.__name__) is method:
            setattr(cls, method.__name__, look)


def _list_classes(names: dict[str, Any]) -> Iterator[type]:
    """List the classes of a module, and of the modules that it holds, with the classes that they derive from."""
    modules = (vars(value) for value in list(names.values()) if isinstance(value, ModuleType))
    for value in chain(list(names.values()), chain.from_iterable(list(module.values()) for module in modules)):
        if type(value) is type:
            yield from value.__mro__[:-1]


def _find_origin(cls: type, origins: OriginIndex) -> Origin:
    """Find where the methods of a class come from; one without methods is as good as a library's."""
    method = next((value for value in vars(cls).values() if type(value) is FunctionType), None)
    return origins.find(method.__code__.co_filename) if method else Origin.LIBRARY


def _list_raised(node: FunctionNode) -> Iterator[str]:
    """List the attributes whose content a method without arguments raises, or asserts to be empty."""
    if len(node.args.args) - len(node.args.defaults) != 1 or node.args.posonlyargs:
        return
    own = node.args.args[0].arg
    for part in ast.walk(node):
        match part:
            case ast.Assert(test=test):
                yield from _list_filled(test, own, wanted=False)
            case ast.If(test=test, body=body) if any(_is_failure(statement) for statement in body):
                yield from _list_filled(test, own, wanted=True)


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


def _is_failure(statement: ast.stmt) -> bool:
    """Whether a statement raises an `AssertionError`."""
    names = (part for part in ast.walk(statement) if isinstance(part, ast.Name))
    return isinstance(statement, ast.Raise) and any(name.id == "AssertionError" for name in names)


def _list_added(node: FunctionNode, class_name: str) -> Iterator[str]:
    """List the attributes to which a method adds what failed."""
    own = node.args.args[0].arg if node.args.args else ""
    for part in ast.walk(node):
        match part:
            case ast.ExceptHandler(body=body):
                yield from (attribute for attribute, _ in _list_additions(body, own))
            case ast.If(test=test, body=body, orelse=other):
                tested = {name.id for name in ast.walk(test) if isinstance(name, ast.Name)}
                for attribute, added in _list_additions([*body, *other], own):
                    # Of a thing that is only added where it is wanted, the condition asks.
                    is_thing = isinstance(added, ast.Name) and added.id in tested
                    if not is_thing and (_FAILING.search(attribute) or _FAILING.search(class_name)):
                        yield attribute


def _list_additions(body: Sequence[ast.stmt], own: str) -> Iterator[tuple[str, ast.expr | None]]:
    """List the attributes of an object to which statements add something, and what they add."""
    for part in chain.from_iterable(map(ast.walk, body)):
        match part:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=attribute), attr=method), args=args
            ):
                if name == own and method in _ADDING:
                    yield attribute, next(iter(args), None)
