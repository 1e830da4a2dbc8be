"""Intercept functions: their byte code is exchanged for a call of what decides about the answers of steps.

A function that was imported under another name is intercepted as well, because it is the same object. Only forked
processes that end after one scenario do this.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import Alter, AnswerControl
from spec2bdd.adapters.behave.challenges.origins import Origin
from spec2bdd.adapters.behave.challenges.values.alterations import list_alterations

# Their results are no answers to a step, or are needed for an object to exist at all.
_LEFT_ALONE = frozenset(
    {"__init__", "__new__", "__post_init__", "__del__", "__init_subclass__", "__set_name__", "__enter__", "__aenter__"}
    | {"__exit__", "__aexit__", "__repr__", "__hash__", "__class_getitem__", "__getattr__", "__getattribute__"}
)
# In the templates, in place of the object that the exchanged code calls.
_PLACE = 824_117


def find_source(function: FunctionType) -> str:
    """Find the file of a function; of one that was generated for a class, such as a dataclass, that of its module."""
    filename = function.__code__.co_filename
    return str(function.__globals__.get("__file__", filename)) if filename.startswith("<") else filename


def intercept_product(
    functions: Iterable[FunctionType], control: AnswerControl, signatures: Mapping[int, inspect.Signature]
) -> None:
    """Intercept functions of the product, whose signatures are known by their identities."""
    alter = _build_alter(control)
    for function in functions:
        code = function.__code__
        # What asks for the parameters, such as a framework, has to see those of the function.
        if id(function) in signatures and not hasattr(function, "__signature__"):
            function.__signature__ = signatures[id(function)]  # type: ignore[attr-defined]
        if code.co_name not in _LEFT_ALONE or _is_dataclass_init(code):
            key = control.origins.show(find_source(function)), code.co_qualname, code.co_firstlineno
            _exchange(function, _Target(control, _copy(function), key, alter=alter, is_init=_is_dataclass_init(code)))


def intercept_native(steps: Iterable[FunctionType], control: AnswerControl, *, only: str) -> None:
    """Intercept the functions of the product that are no Python, in all modules that have them, and in those of steps.

    These are the functions of its extension modules, and what its modules import of others, such as `math.sqrt`.
    """
    alter = _build_alter(control)
    own = list(control.origins.list_modules(Origin.PRODUCT).values())
    targets: dict[int, Any] = {}
    extensions: set[int] = set()
    for module in own:
        for name, value in vars(module).items():
            if isinstance(value, BuiltinFunctionType) and only in ("", name) and not name.startswith("__"):
                key = control.origins.show(str(module.__file__)), name, 0
                targets.setdefault(id(value), _wrap(value, _Target(control, value, key, alter=alter)))
                if not str(module.__file__).endswith(".py"):
                    extensions.add(id(value))
    for namespace, known in (
        *((vars(module), targets.keys()) for module in own),
        *((step.__globals__, extensions) for step in steps),
    ):
        for name, value in list(namespace.items()):
            if isinstance(value, BuiltinFunctionType) and id(value) in known:
                namespace[name] = targets[id(value)]


def intercept_client(function: FunctionType, name: str, control: AnswerControl, alter: Alter) -> None:
    """Intercept the function of a library by which steps reach a product elsewhere."""
    _exchange(function, _Target(control, _copy(function), ("", name, 0), alter=alter, is_client=True))


def _build_alter(control: AnswerControl) -> Alter:
    """Build what alters the answers of the product."""

    def is_product_class(kind: type) -> bool:
        """Whether a class is one of the product's."""
        return control.origins.find_module(sys.modules.get(kind.__module__)) is Origin.PRODUCT

    return partial(list_alterations, is_product=is_product_class)


def _copy(function: FunctionType) -> FunctionType:
    """Copy a function, whose byte code is exchanged afterwards."""
    code = function.__code__
    copy = FunctionType(code, function.__globals__, code.co_name, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _wrap(function: Callable[..., Any], target: _Target) -> Callable[..., Any]:
    """Wrap a function that has no byte code."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return target.call(args, kwargs)

    return call


class _Target:
    """What the exchanged byte code of one function calls, or what takes the place of a function without any."""

    __slots__ = ("_alter", "_control", "_is_client", "_is_init", "_key", "_original")

    def __init__(
        self,
        control: AnswerControl,
        original: Callable[..., Any],
        key: tuple[str, str, int],
        *,
        alter: Alter,
        is_client: bool = False,
        is_init: bool = False,
    ) -> None:
        self._control, self._original, self._key, self._alter = control, original, key, alter
        self._is_client, self._is_init = is_client, is_init

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a plain function."""
        control, call = self._control, partial(self._original, *args, **kwargs)
        if self._is_client:
            if control.is_inside_client:
                return call()
            call = partial(control.run_outermost, call)
        else:
            control.has_run = True
        # The frame of the exchanged code, whose caller is the one that counts.
        place = control.begin(*self._key, sys._getframe(1).f_back)
        if place is None:
            return call()
        if control.skips(place):
            return None
        try:
            value = call()
        except Exception as error:
            if control.swallows(place, error):
                return None
            raise
        if not self._is_init:
            return control.end(place, value, self._alter)
        changed = control.end(place, args[0], self._alter)
        if changed is not args[0]:
            for each in dataclasses.fields(changed):
                object.__setattr__(args[0], each.name, getattr(changed, each.name))
        return None

    async def wait(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Await a coroutine function."""
        control = self._control
        control.has_run = control.has_run or not self._is_client
        place = control.begin(*self._key, sys._getframe(1).f_back)
        if place is None:
            return await self._original(*args, **kwargs)
        if control.skips(place):
            return None
        try:
            value = await self._original(*args, **kwargs)
        except Exception as error:
            if control.swallows(place, error):
                return None
            raise
        return control.end(place, value, self._alter)

    def iterate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Iterate over a generator function."""
        self._control.has_run = True
        place = self._control.begin(*self._key, sys._getframe(1).f_back)
        source = self._original(*args, **kwargs)
        return (yield from source if place is None else self._control.end(place, source, self._alter))

    async def stream(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> AsyncIterator[Any]:
        """Iterate over an asynchronous generator function."""
        self._control.has_run = True
        place = self._control.begin(*self._key, sys._getframe(1).f_back)
        source = self._original(*args, **kwargs)
        async for item in source if place is None else self._control.end(place, source, self._alter):
            yield item


def _is_dataclass_init(code: CodeType) -> bool:
    """Whether code makes an object of a dataclass: a value. Other objects act, and an attribute may be a path."""
    return code.co_name == "__init__" and code.co_filename.startswith("<")


def _exchange(function: FunctionType, target: _Target) -> None:
    """Exchange the byte code of a function for a call of the target."""
    code = function.__code__
    # Of the same kind as the function: frameworks ask which kind it is.
    template = _call_template.__code__
    if code.co_flags & inspect.CO_COROUTINE:
        template = _wait_template.__code__
    elif code.co_flags & inspect.CO_ASYNC_GENERATOR:
        template = _stream_template.__code__
    elif code.co_flags & inspect.CO_GENERATOR:
        template = _iterate_template.__code__
    function.__code__ = template.replace(
        co_name=code.co_name,
        co_qualname=code.co_qualname,
        co_filename=code.co_filename,
        co_firstlineno=code.co_firstlineno,
        co_consts=tuple(target if const == _PLACE else const for const in template.co_consts),
        co_freevars=code.co_freevars,
    )


def _call_template(*args: Any, **kwargs: Any) -> Any:
    """Become the byte code of a plain function; the number is replaced by its target."""
    target: Any = 824_117
    return target.call(args, kwargs)


async def _wait_template(*args: Any, **kwargs: Any) -> Any:
    """Become the byte code of a coroutine function."""
    target: Any = 824_117
    return await target.wait(args, kwargs)


async def _stream_template(*args: Any, **kwargs: Any) -> Any:
    """Become the byte code of an asynchronous generator function."""
    target: Any = 824_117
    async for item in target.stream(args, kwargs):
        yield item


def _iterate_template(*args: Any, **kwargs: Any) -> Any:
    """Become the byte code of a generator function."""
    target: Any = 824_117
    return (yield from target.iterate(args, kwargs))
