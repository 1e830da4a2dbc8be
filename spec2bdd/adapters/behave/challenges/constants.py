"""Alter the constants of the product that steps read: variables of its modules and attributes of its classes."""

from __future__ import annotations

import ast
import enum
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import Answer, AnswerFault, AnswerFaultKind, AnswerPlace
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration, list_alterations

# The faults that are tried of one constant; and, where the step does not name its module or class, the constants.
_MOST_FAULTS = 4
_MOST_UNSURE = 3
_NO_CONSTANTS = (type, ModuleType, FunctionType, property, classmethod, staticmethod)


def list_constants(steps: Sequence[FunctionType | None], origins: OriginIndex) -> list[Answer]:
    """List the constants whose names the code of steps contains, with the faults that can be put into each.

    Found by name, since Python reports no reading of an attribute. One that the step does not read, but the product
    does, is a fault of the product as well.
    """
    answers = []
    modules = origins.list_modules(Origin.PRODUCT).values()
    for place, step in enumerate(steps):
        if step is None:
            continue
        names = set(list_names(step, origins, set()))
        imported = set(list_imports(str(step.__globals__.get("__file__", ""))).values())
        unsure = 0
        for constant, owner, name in _find_constants(names, modules, origins):
            # `Store.LIMIT`, `store.LIMIT` of a module, or what was imported from there. An object may be of any class.
            most = _MOST_FAULTS
            if owner.__name__.rpartition(".")[2] not in names and name not in imported:
                most, unsure = 1, unsure + 1
            alterations = _alter(vars(owner)[name])[:most]
            if alterations and unsure <= _MOST_UNSURE:
                faults = (
                    AnswerFault(constant, AnswerFaultKind.CONSTANT, index, alteration.description)
                    for index, alteration in enumerate(alterations)
                )
                answers.append(Answer(place, tuple(faults)))
    return answers


def names_extension(steps: Iterable[FunctionType], origins: OriginIndex) -> bool:
    """Whether the code of steps names something of an extension module of the product, such as a class.

    Its functions can be altered; the methods of its classes cannot.
    """
    modules = [
        module for module in origins.list_modules(Origin.PRODUCT).values() if not str(module.__file__).endswith(".py")
    ]
    return any(
        not name.startswith("__") and any(name in vars(module) for module in modules)
        for step in steps
        for name in (list_names(step, origins, set()) if modules else ())
    )


def alter_constant(fault: AnswerFault, origins: OriginIndex, functions: Iterable[FunctionType]) -> bool:
    """Put a fault into a constant, and into what other modules have imported of it; whether it was found.

    `functions` are those of the steps, whose modules Behave keeps to itself.
    """
    name = fault.place.function.rpartition(".")[2]
    for place, owner, _ in _find_constants({name}, origins.list_modules(Origin.PRODUCT).values(), origins):
        if place != fault.place:
            continue
        value = vars(owner)[name]
        changed = _alter(value)[fault.index].make()
        setattr(owner, name, changed)
        modules = (vars(module) for module in list(sys.modules.values()) if isinstance(module, ModuleType))
        for namespace in (*modules, *(function.__globals__ for function in functions)):
            file = namespace.get("__file__")
            if isinstance(file, str) and origins.find(file) is not Origin.LIBRARY:
                # Known by the import: a step may have an equal value of its own, which must not change.
                for bound, imported in list_imports(file).items():
                    if imported == name and namespace.get(bound) is value:
                        namespace[bound] = changed
        return True
    return False


@cache
def list_imports(filename: str) -> Mapping[str, str]:
    """List what a file imports from modules: by the name that it is bound to, the name that it has there."""
    with suppress(OSError, SyntaxError, ValueError, RecursionError):
        nodes = ast.walk(ast.parse(Path(filename).read_bytes()))
        names = [name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names]
        return {name.asname or name.name: name.name for name in names}
    return {}


def _find_constants(
    names: set[str], modules: Iterable[Any], origins: OriginIndex
) -> Iterator[tuple[AnswerPlace, Any, str]]:
    """Find the constants with these names: the place of each, the module or class that holds it, and its name."""
    for module in modules:
        path = origins.show(str(module.__file__))
        for name, value in list(vars(module).items()):
            # The members of an enumeration cannot be exchanged, and defaults of fields are those of `__init__`.
            if isinstance(value, type) and value.__module__ == module.__name__ and not issubclass(value, enum.Enum):
                fields = getattr(value, "__dataclass_fields__", {})
                for inner in sorted(names.intersection(vars(value)).difference(fields)):
                    if _is_constant(inner, vars(value)[inner]):
                        yield AnswerPlace(path, f"{value.__qualname__}.{inner}", 0, 0), value, inner
            elif name in names and _is_constant(name, value):
                yield AnswerPlace(path, name, 0, 0), module, name


def _is_constant(name: str, value: Any) -> bool:
    """Whether the variable of a module or class is a value."""
    return not name.startswith("__") and not isinstance(value, _NO_CONSTANTS)


def _alter(value: Any) -> Sequence[Alteration]:
    """List the alterations of a constant."""
    with suppress(Exception):
        return list_alterations(value, is_product=lambda _: False)
    return []


def list_names(function: FunctionType, origins: OriginIndex, known: set[CodeType]) -> Iterator[str]:
    """List the names in the code of a step, and in that of the functions of its module that it names."""
    imported = list_imports(str(function.__globals__.get("__file__", "")))
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        if code in known:
            continue
        known.add(code)
        waiting += [const for const in code.co_consts if isinstance(const, CodeType)]
        for name in code.co_names:
            yield imported.get(name, name)
            called = function.__globals__.get(name)
            if isinstance(called, FunctionType) and origins.find(called.__code__.co_filename) is Origin.STEPS:
                yield from list_names(called, origins, known)
