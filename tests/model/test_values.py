"""Our `dataclass` makes the same classes as that of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from spec2bdd.model import values


@values.dataclass(frozen=True, slots=True)
class Ours:
    """A value."""

    name: str
    size: int = 3
    words: list[str] = dataclasses.field(default_factory=list)
    note: str = dataclasses.field(default="", compare=False)
    secret: str = dataclasses.field(default="x", repr=False)
    last: bool = dataclasses.field(default=False, kw_only=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """A value."""

    name: str
    size: int = 3
    words: list[str] = dataclasses.field(default_factory=list)
    note: str = dataclasses.field(default="", compare=False)
    secret: str = dataclasses.field(default="x", repr=False)
    last: bool = dataclasses.field(default=False, kw_only=True)


@values.dataclass(frozen=True, slots=True)
class Checked:
    """A value that refuses some values, and is shown in its own way."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("negative")

    def __repr__(self) -> str:
        return f"<{self.size}>"


@values.dataclass(frozen=True, slots=True)
class Empty:
    """A value without fields."""


USES: dict[str, Callable[[Any], object]] = {
    "repr": lambda cls: repr(cls("a", 4, ["b"], last=True)).replace(cls.__name__, "C"),
    "fields": lambda cls: [(field.name, field.type, field.kw_only) for field in dataclasses.fields(cls)],
    "parameters": lambda cls: [(p.name, p.kind, p.annotation) for p in inspect.signature(cls).parameters.values()],
    "match arguments": lambda cls: cls.__match_args__,
    "slots": lambda cls: cls.__slots__,
    "dict": lambda cls: dataclasses.asdict(cls("a", words=["b"])),
    "equal": lambda cls: (cls("a", note="1") == cls("a", note="2"), cls("a") == cls("b"), cls("a") == "a"),
    "hash": lambda cls: hash(cls("a", words=(), note="1")) == hash(cls("a", words=(), note="2")),
    "replaced": lambda cls: dataclasses.astuple(dataclasses.replace(cls("a"), size=5)),
    "copied": lambda cls: dataclasses.astuple(copy.deepcopy(cls("a", words=["b"]))),
    "pickled": lambda cls: dataclasses.astuple(pickle.loads(pickle.dumps(cls("a", words=["b"])))),
    "a list of its own": lambda cls: cls("a").words is cls("a").words,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_frozen_class_is_what_the_standard_library_makes(use: Callable[[Any], object]) -> None:
    assert use(Theirs) == use(Ours)


@pytest.mark.parametrize("call", [lambda cls: cls(), lambda cls: cls("a", 1, [], "", "", True), lambda cls: cls(x=1)])
def test_wrong_arguments_are_refused(call: Callable[[Any], object]) -> None:
    for cls in (Theirs, Ours):
        with pytest.raises(TypeError):
            call(cls)


def test_fields_cannot_be_set_or_deleted() -> None:
    value = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        value.other = "b"  # type: ignore[attr-defined]


def test_the_methods_of_a_class_stay() -> None:
    assert repr(Checked(2)) == "<2>"
    with pytest.raises(ValueError, match="negative"):
        Checked(-1)


def test_a_class_may_have_no_fields() -> None:
    assert {Empty()} == {Empty(), Empty()}


def test_other_options_are_those_of_the_standard_library() -> None:
    @values.dataclass(slots=True)
    class Mutable:
        size: int = 1

    value = Mutable()
    value.size = 2
    assert Mutable(2) == value


def test_an_init_is_compiled_when_the_first_value_is_made() -> None:
    @values.dataclass(frozen=True, slots=True)
    class Lamp:
        name: str

    before = type(vars(Lamp)["__init__"])
    assert Lamp("a").name == "a"
    assert (values._LazyInit, type(lambda: None)) == (before, type(vars(Lamp)["__init__"]))
