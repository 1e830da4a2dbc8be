"""Notice failed checks that an object of the project has collected, if it was never asked to raise them.

Such a class has a method that adds to a list what failed, and another one that raises an `AssertionError` if that list
has anything. A list of something else, such as the mails that a fake has sent, may have such a method as well. So what
is added counts only in the handler of an exception, or where a condition decides and a name says what the list is for;
or, where a step calls the method itself, if what is added is the outcome of a comparison, or that two arguments differ.
The classes in step modules are looked at, and those that step modules import from the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import wraps
from itertools import chain
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.glue.background.collecting import Addition, CheckList, find_check_list, list_failed
from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.vacuity.sources import SourceCache

_LONGEST_TEXT = 200


def describe_collected(value: Any) -> str:
    """Describe in one line what was collected, which may be anything."""
    text = type(value).__name__
    with suppress(Exception):
        text = describe_error(value) if isinstance(value, BaseException) else str(value)
    return " ".join(text.split())[:_LONGEST_TEXT]


class _Collected(NamedTuple):
    """An object, the scenario that it was used in, and what it collects."""

    holder: Any
    scenario: Any
    checks: CheckList


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
                self._patch(cls, sources, origins)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not self._used

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what was collected in scenarios and never raised."""
        used, self._used = self._used, {}
        for key, (holder, scenario, checks) in used.items():
            failed = list_failed(vars(holder).get(checks.name), checks.addition)
            _, known = self._known.pop(key, (None, 0))
            if scenario is None or failed is None or len(failed) <= known:
                continue
            # With the object, so that no other one can get the same id.
            self._known[key] = holder, len(failed)
            # A step that failed may be why nothing after it has looked at the object.
            if not scenario.status.has_failed():
                yield scenario, _describe_unread(type(holder).__name__, checks, failed[known])

    def _patch(self, cls: type, sources: SourceCache, origins: OriginIndex) -> None:
        """Let the methods of a class that collects failed checks report what they do."""
        methods = {name: value for name, value in vars(cls).items() if type(value) is FunctionType}
        methods |= {
            name: value.fget
            for name, value in vars(cls).items()
            if type(value) is property and type(value.fget) is FunctionType
        }
        nodes = {
            name: source.node for name, value in methods.items() if (source := sources.find_function(value.__code__))
        }
        names = next((method.__globals__ for method in methods.values()), {})
        errors = [name for name, value in names.items() if isinstance(value, type) and AssertionError in value.__mro__]
        checks = find_check_list(nodes, cls.__name__, errors=("AssertionError", *errors))
        # Those of a dataclass have no source.
        is_known = all(name in nodes or value.__code__.co_filename == "<string>" for name, value in methods.items())
        if checks is None or not (checks.finalizer or is_known):
            return
        name = checks.name
        is_read = (
            sources.mentions(re.compile(rb"(?<!self)\.%s\b" % re.escape(name).encode()))
            if checks.finalizer
            else sources.reads(name, is_collection=True)
        )
        if not is_read:
            for adder in checks.adders:
                self._watch_adding(cls, adder, methods[adder], checks, origins)
            for reader in {*checks.readers, checks.finalizer} - {""}:
                self._watch_reading(cls, reader, methods[reader], checks)

    def _watch_adding(
        self, cls: type, name: str, method: FunctionType, checks: CheckList, origins: OriginIndex
    ) -> None:
        """Remember each object that a method adds to the list of."""
        is_named = checks.addition in (Addition.CAUGHT, Addition.NAMED)

        @wraps(method)
        def add(holder: Any, *args: Any, **kwargs: Any) -> Any:
            """Call the method."""
            # What the product calls may be a fake, which collects what the product does.
            is_check = is_named or origins.find(sys._getframe(1).f_code.co_filename) is Origin.STEPS
            if is_check and hasattr(holder, "__dict__"):
                self._used[id(holder)] = _Collected(holder, self._find_scenario(), checks)
            return method(holder, *args, **kwargs)

        if vars(cls).get(name) is method:
            setattr(cls, name, add)

    def _watch_reading(self, cls: type, name: str, method: FunctionType, checks: CheckList) -> None:
        """Remember how much of the list of an object a method or property has looked at."""

        @wraps(method)
        def look(holder: Any, *args: Any, **kwargs: Any) -> Any:
            """Call the method."""
            failed = list_failed(getattr(holder, "__dict__", {}).get(checks.name), checks.addition)
            self._known[id(holder)] = holder, len(failed or ())
            return method(holder, *args, **kwargs)

        known = vars(cls).get(name)
        if known is method:
            setattr(cls, name, look)
        elif isinstance(known, property):
            setattr(cls, name, known.getter(look))


def _describe_unread(name: str, checks: CheckList, failed: Any) -> str:
    """Describe a failed check that an object of a class has collected and that nothing has looked at."""
    lost = f"`{checks.finalizer}` was not called after it"
    lost = lost if checks.finalizer else f"nothing reads its `{checks.name}`"
    return f"`{name}` collected a failed check, and {lost}: {describe_collected(failed)}"


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
