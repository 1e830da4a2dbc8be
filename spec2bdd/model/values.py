"""A `dataclass` that makes frozen, slotted classes in a fifth of the time that the standard library takes.

The standard library compiles six methods for each class: half a millisecond (Python 3.11), for more than a hundred
classes in a `verify`. Here only `__init__` is compiled, because it runs for each of many thousand values, and only when
the first value is made. The classes are dataclasses of the standard library in all else: its `fields`, `replace` and
`asdict` take them.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Make a dataclass, as the decorator of the standard library does."""
        if options != {"frozen": True, "slots": True}:
            return dataclasses.dataclass(cls, **options)
        return _make_frozen if cls is None else _make_frozen(cls)


__all__ = ["dataclass"]

_make_slotted = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)


def _make_frozen(given: type) -> Any:
    """Make a frozen dataclass with slots; methods that the class defines stay."""
    cls: Any = _make_slotted(given)
    methods = _build_methods(cls) | {
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
        "__getstate__": _get_state,
        "__setstate__": _set_state,
    }
    for name, method in methods.items():
        if name not in given.__dict__:
            setattr(cls, name, method)
    cls.__init__ = _LazyInit(cls)
    return cls


class _LazyInit:
    """The `__init__` of a class until it is first used or looked at: most commands make no value of most classes."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        self._cls.__init__ = init = _compile_init(self._cls)
        return init.__get__(instance, owner)


def _build_methods(cls: Any) -> dict[str, Any]:
    """Build the methods that go through the fields, as closures over the names of the fields."""
    fields = dataclasses.fields(cls)
    compared = [field.name for field in fields if field.compare]
    shown = [field.name for field in fields if field.repr]
    read = attrgetter(*compared) if compared else lambda _: ()

    def is_equal(self: Any, other: Any) -> Any:
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    def compute_hash(self: Any) -> int:
        return hash(read(self))

    def describe(self: Any) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({values})"

    return {"__eq__": is_equal, "__hash__": compute_hash, "__repr__": describe}


def _compile_init(cls: Any) -> Any:
    """Compile `__init__`; it sets the slots directly, because `__setattr__` refuses."""
    names: dict[str, Any] = {"_missing": dataclasses.MISSING}
    parameters, by_name, lines = ["self"], list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name = field.name
        names[f"_set_{name}"] = getattr(cls, name).__set__
        parameter = value = name
        if field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.default_factory
            parameter, value = f"{name}=_missing", f"_make_{name}() if {name} is _missing else {name}"
        (by_name if field.kw_only else parameters).append(parameter)
        lines.append(f"    _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    signature = ", ".join([*parameters, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({signature}):\n" + "\n".join(lines or ["    pass"]), names)  # noqa: S102  Names of fields only.
    init = names["__init__"]
    init.__annotations__ = {field.name: field.type for field in dataclasses.fields(cls)} | {"return": None}
    return init


def _refuse_to_set(_: object, name: str, __: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    """Return the values of all fields, for `copy` and `pickle`."""
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    """Set the values of all fields."""
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
