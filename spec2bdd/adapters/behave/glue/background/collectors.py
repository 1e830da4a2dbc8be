"""Notice failed checks that an object of the project has collected, if it was never asked to raise them.

Such a class has a method that adds to a list what failed, and another one that raises an `AssertionError` if that list
has anything. A list of something else, such as the mails that a fake has sent, may have such a method as well. So what
is added counts only in the handler of an exception, or where a condition decides and a name says what the list is for;
or, where a step calls the method itself, if what is added is the outcome of a comparison, or that two arguments differ.
The classes in step modules are looked at, and those that step modules import from the project.
"""

from __future__ import annotations

import inspect
import re
import sys
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial, wraps
from itertools import chain
from types import FrameType, FunctionType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.glue.background.frames import drops_chain, drops_result
from spec2bdd.adapters.behave.glue.serialize import describe_error
from spec2bdd.adapters.behave.vacuity.sources import FunctionNode, SourceCache

if TYPE_CHECKING:
    from spec2bdd.adapters.behave.glue.background.collecting import CheckList

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
        # The classes that were looked at, and those that collect failed checks.
        self._patched: set[type] = set()
        self._watched: set[type] = set()

    def install(self) -> None:
        """Do nothing: the classes are known once the project is loaded."""

    def watch_classes(self, functions: Iterable[Any], sources: SourceCache, origins: OriginIndex) -> None:
        """Watch the collecting classes that the modules of these step functions hold or import.

        A class of the product may collect what is wrong with its data, so only those of code that checks it count.
        """
        namespaces = {id(names): names for function in functions if (names := getattr(function, "__globals__", None))}
        listed = (_list_classes(names, origins) for names in namespaces.values())
        classes = dict.fromkeys(chain.from_iterable(listed))
        # A class that another one is derived from is before it.
        for cls in sorted(classes, key=lambda cls: len(cls.__mro__)):
            if cls not in self._patched and _find_origin(cls, origins) is Origin.STEPS:
                self._patched.add(cls)
                own = [cls]
                parents = [parent for parent in cls.__mro__[1:-1] if _find_origin(parent, origins) is Origin.STEPS]
                if not self._patch(cls, own, sources, origins) and self._watched.isdisjoint(parents):
                    self._patch(cls, [cls, *parents], sources, origins)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to take, which is so after nearly all scenarios."""
        return not self._used

    def take_unread(self) -> Iterator[tuple[Any, str]]:
        """Take what was collected in scenarios and never raised."""
        used, self._used = self._used, {}
        for holder, scenario, checks in used.values():
            owner, value = _find_owner(holder, checks.name)
            failed = checks.list_failed(value)
            _, known = self._known.pop(id(owner), (None, 0))
            if scenario is None or failed is None or len(failed) <= known:
                continue
            # With the object, so that no other one can get the same id.
            self._known[id(owner)] = owner, len(failed)
            # A step that failed may be why nothing after it has looked at the object.
            if not scenario.status.has_failed():
                name = (holder if isinstance(holder, type) else type(holder)).__name__
                yield scenario, _describe_unread(name, checks, failed[known])

    def _patch(self, cls: type, owners: Sequence[type], sources: SourceCache, origins: OriginIndex) -> bool:
        """Let the methods of a class that collects failed checks report what they do; whether it is such a class.

        `owners` are the classes whose methods count: itself, and those that it is derived from.
        """
        # Most steps come without classes.
        from spec2bdd.adapters.behave.glue.background.collecting import find_check_list
        from spec2bdd.adapters.behave.glue.background.fluent import find_fluent_methods

        methods = {name: method for owner in reversed(owners) for name, method in _list_methods(owner)}
        found = {name: sources.find_function(_unwrap(method).__code__) for name, method in methods.items()}
        nodes = {name: source.node for name, source in found.items() if source}
        names = next((method.__globals__ for method in methods.values()), {})
        errors = [name for name, value in names.items() if isinstance(value, type) and AssertionError in value.__mro__]
        fluent = find_fluent_methods(nodes, names, lambda made: _find_nodes(made, sources, origins))
        kinds = ("AssertionError", "ExceptionGroup", *errors)
        checks = find_check_list(nodes, cls.__name__, errors=kinds, fluent=fluent)
        # Those of a dataclass have no source.
        is_known = all(name in nodes or value.__code__.co_filename == "<string>" for name, value in methods.items())
        if checks is None or not (checks.finalizer or is_known):
            return False
        name = checks.name
        # What the objects that it makes do with the list is known.
        holders = {"self", "cls", *(holder for method in fluent.values() for holder in method.holders)}
        elsewhere = "".join(rf"(?<!\b{re.escape(holder)})" for holder in sorted(holders))
        is_read = (
            sources.mentions(re.compile(rf"{elsewhere}\.{re.escape(name)}\b".encode()))
            if checks.finalizer
            else sources.reads(name, is_collection=True)
        )
        if not is_read:
            self._watched.add(cls)
            for owner in owners:
                for adder in checks.adders:
                    self._watch_method(owner, adder, partial(self._note_adding, cls, checks, origins, adder))
                for reader in {*checks.readers, checks.finalizer} - {""}:
                    self._watch_method(owner, reader, partial(self._note_reading, cls, checks))
        return True

    def _watch_method(self, owner: type, name: str, note: Callable[[Any, FrameType], None]) -> None:
        """Let a method or property of a class note the object that it is called with, and by which code."""
        method = dict(_list_methods(owner)).get(name)
        if method is None:
            return

        @wraps(method)
        def call(holder: Any, *args: Any, **kwargs: Any) -> Any:
            """Call the method."""
            note(holder, sys._getframe(1))
            return method(holder, *args, **kwargs)

        known = vars(owner)[name]
        if isinstance(known, property):
            setattr(owner, name, known.getter(call))
        else:
            setattr(owner, name, classmethod(call) if isinstance(known, classmethod) else call)

    def _note_adding(
        self, cls: type, checks: CheckList, origins: OriginIndex, adder: str, /, holder: Any, caller: FrameType
    ) -> None:
        """Remember an object to whose list a method may add something."""
        # What the product or a library calls may be a fake, or a listener, which collects what they do.
        is_check = _is_holder(holder, cls) and origins.find(caller.f_code.co_filename) is Origin.STEPS
        is_dropped = adder not in checks.answers or drops_result(caller)
        if is_check and is_dropped and (adder not in checks.makers or drops_chain(caller)):
            self._used[id(holder)] = _Collected(holder, self._find_scenario(), checks)

    def _note_reading(self, cls: type, checks: CheckList, holder: Any, caller: FrameType) -> None:  # noqa: ARG002
        """Remember how much of the list of an object a method or property has looked at."""
        if _is_holder(holder, cls):
            owner, value = _find_owner(holder, checks.name)
            self._known[id(owner)] = owner, len(checks.list_failed(value) or ())


def _list_methods(cls: type) -> Iterator[tuple[str, FunctionType]]:
    """List the methods, class methods and properties of a class itself, with their functions."""
    for name, value in list(vars(cls).items()):
        function = value.fget if type(value) is property else value.__func__ if type(value) is classmethod else value
        if type(function) is FunctionType:
            yield name, function


def _find_nodes(made: Any, sources: SourceCache, origins: OriginIndex) -> dict[str, FunctionNode]:
    """Find the methods of a class of the steps as they are written; none for any other object."""
    if type(made) not in (type, ABCMeta) or _find_origin(made, origins) is not Origin.STEPS:
        return {}
    methods = {name: method for cls in reversed(made.__mro__[:-1]) for name, method in _list_methods(cls)}
    found = {name: sources.find_function(_unwrap(method).__code__) for name, method in methods.items()}
    return {name: source.node for name, source in found.items() if source}


def _unwrap(method: FunctionType) -> FunctionType:
    """Find the function that a decorator such as `contextmanager` has wrapped."""
    wrapped = inspect.unwrap(method)
    return wrapped if type(wrapped) is FunctionType else method


def _is_holder(holder: Any, cls: type) -> bool:
    """Whether an object is one of a class, or the class itself or one derived from it."""
    return cls in (holder.__mro__ if isinstance(holder, type) else type(holder).__mro__)


def _find_owner(holder: Any, name: str) -> tuple[Any, Any]:
    """Find what has an attribute, the object or a class of it, and the value; no code of the project runs."""
    is_class = isinstance(holder, type)
    own: dict[str, Any] = {}
    with suppress(AttributeError):
        own = {} if is_class else object.__getattribute__(holder, "__dict__")
    if name in own:
        return holder, own[name]
    for cls in holder.__mro__ if is_class else type(holder).__mro__:
        if name in vars(cls):
            value = vars(cls)[name]
            if isinstance(value, MemberDescriptorType):
                with suppress(AttributeError):
                    return holder, value.__get__(holder)
                return holder, None
            return cls, value
    return holder, None


def _describe_unread(name: str, checks: CheckList, failed: Any) -> str:
    """Describe a failed check that an object of a class has collected and that nothing has looked at."""
    lost = f"`{checks.finalizer}` was not called after it"
    lost = lost if checks.finalizer else f"nothing reads its `{checks.name}`"
    return f"`{name}` collected a failed check, and {lost}: {describe_collected(failed)}"


def _list_classes(names: dict[str, Any], origins: OriginIndex) -> Iterator[type]:
    """List the classes of a module, and of the modules of the project that it holds, with those they derive from."""
    modules = (value for value in list(names.values()) if isinstance(value, ModuleType))
    # Not `vars(module)`, which would import one that is to be imported when it is used.
    facts = (object.__getattribute__(module, "__dict__") for module in modules)
    # A library has hundreds of classes, none of which belongs to the steps.
    own = (held for held in facts if origins.find(str(held.get("__file__", ""))) is not Origin.LIBRARY)
    for value in chain(list(names.values()), chain.from_iterable(list(held.values()) for held in own)):
        if type(value) in (type, ABCMeta):
            yield from value.__mro__[:-1]


def _find_origin(cls: type, origins: OriginIndex) -> Origin:
    """Find where the methods of a class come from; one without methods is as good as a library's."""
    method = next((method for _, method in _list_methods(cls)), None)
    return origins.find(method.__code__.co_filename) if method else Origin.LIBRARY
