"""Find attributes that are methods: without the parentheses of a call they are always true.

No code of the project runs here: properties, `__getattr__` and other descriptors of its own are unknown.
"""

from __future__ import annotations

import ast
import inspect
import logging
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

from behave.runner import Context

from spec2bdd.adapters.behave.vacuity.scope import UNKNOWN, AttributePath, Scope

# Reading an attribute that a class has as one of these gives a method or a function.
_METHODS = (
    FunctionType,
    MethodType,
    BuiltinFunctionType,
    MethodDescriptorType,
    ClassMethodDescriptorType,
    WrapperDescriptorType,
    MethodWrapperType,
    classmethod,
    staticmethod,
)
_LITERALS: tuple[tuple[type[ast.expr], type], ...] = (
    (ast.JoinedStr, str),
    (ast.List, list),
    (ast.ListComp, list),
    (ast.Tuple, tuple),
    (ast.Set, set),
    (ast.SetComp, set),
    (ast.Dict, dict),
    (ast.DictComp, dict),
)


def is_method(node: ast.expr, scope: Scope) -> bool:
    """Whether an attribute is certainly a method.

    What is reached from the context is known only while the features run: the path is noted as a question of the scope,
    and `scope.methods` decides.
    """
    if isinstance(node, ast.Name) and isinstance(alias := scope.aliases.get(node.id), ast.Attribute):
        node = alias
    if not isinstance(node, ast.Attribute):
        return False
    if path := _find_path(node, scope):
        scope.questions.append(path)
        return path in scope.methods
    value = scope.resolve(node.value)
    if value is not UNKNOWN:
        return isinstance(_read_static(value, node.attr), _METHODS)
    owner = find_class(node.value, scope)
    return owner is not None and _is_method_of_class(owner, node.attr)


def is_new_object(call: ast.Call, scope: Scope) -> bool:
    """Whether a call makes an object of a class that does not say when it is false."""
    owner = find_class(call, scope)
    return owner is not None and all(_find_in_class(owner, name) is UNKNOWN for name in ("__bool__", "__len__"))


def find_called_method(node: ast.expr, scope: Scope) -> tuple[FunctionType, int] | None:
    """Find the function that a call of a method runs, of an object that is made there or that the module holds.

    The number is that of the parameters that get no argument of the call.
    """
    if not isinstance(node, ast.Attribute):
        return None
    value = scope.resolve(node.value)
    is_class = type(value) is type
    owner = value if is_class else type(value) if value is not UNKNOWN else find_class(node.value, scope)
    if owner is None or type(owner) is not type or not _has_plain_access(owner):
        return None
    if value is not UNKNOWN and not is_class and node.attr in getattr(value, "__dict__", {}):
        return None
    stored, offset = _find_in_class(owner, node.attr), 1
    if isinstance(stored, classmethod):
        stored = stored.__func__
    elif isinstance(stored, staticmethod):
        stored, offset = stored.__func__, 0
    elif is_class:
        return None
    makers = [vars(parent).get("__init__") for parent in owner.__mro__]
    is_set = any(isinstance(maker, FunctionType) and node.attr in maker.__code__.co_names for maker in makers)
    return (stored, offset) if type(stored) is FunctionType and not is_set else None


def is_method_of_context(context: Any, path: AttributePath) -> bool:
    """Whether a path of attributes, from Behave's context on, leads to a method at this moment."""
    value = context
    for name in path:
        value = _read_static(value, name)
        if value is UNKNOWN:
            return False
    return isinstance(value, _METHODS)


def is_logger_of_context(context: Any, name: str) -> bool:
    """Whether an attribute of Behave's context is a logger of the library at this moment."""
    return type(_read_static(context, name)) in (logging.Logger, logging.RootLogger, logging.LoggerAdapter)


def is_missing(context: Any, name: str) -> bool:
    """Whether Behave's context has no table, or no text, at this moment."""
    return _read_static(context, name) is None


def _find_path(node: ast.expr, scope: Scope) -> AttributePath | None:
    """Find the path of attributes from the context of Behave to an expression."""
    names: list[str] = []
    followed: set[str] = set()
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name) and node.id in scope.contexts:
            return tuple(reversed(names))
        elif isinstance(node, ast.Name) and node.id in scope.aliases and node.id not in followed:
            followed.add(node.id)
            node = scope.aliases[node.id]
        else:
            return None


def _read_static(owner: Any, name: str) -> Any:
    """Read an attribute of an object without running any code of the project; `UNKNOWN` if that cannot be done."""
    kind = type(owner)
    if issubclass(kind, Context):
        # A loop and no generator: this is asked for most steps.
        for frame in vars(owner).get("_stack", ()):
            if name in frame:
                return frame[name]
        return UNKNOWN
    if kind is ModuleType:
        return vars(owner).get(name, UNKNOWN)
    # A metaclass, or `__getattribute__`, may do anything.
    if (issubclass(kind, type) and kind is not type) or not _has_plain_access(kind):
        return UNKNOWN
    value = inspect.getattr_static(owner, name, UNKNOWN)
    is_descriptor = not isinstance(value, _METHODS) and _find_in_class(type(value), "__get__") is not UNKNOWN
    return UNKNOWN if is_descriptor else value


def find_class(node: ast.expr, scope: Scope) -> type | None:
    """Find the class of the value of an expression: of a literal, or of an instance that is made right there."""
    if isinstance(node, ast.Name) and node.id in scope.aliases:
        node = scope.aliases[node.id]
    if isinstance(node, ast.Constant):
        return type(node.value)
    for literal, kind in _LITERALS:
        if isinstance(node, literal):
            return kind
    if not isinstance(node, ast.Call):
        return None
    made = scope.resolve(node.func)
    # A metaclass or `__new__` of its own may return any other object.
    is_plain = type(made) is type and (_find_in_class(made, "__new__") is vars(object)["__new__"])
    return made if is_plain else None


def _is_method_of_class(owner: type, name: str) -> bool:
    """Whether an attribute of a new instance of a class is a method: a class attribute that `__init__` does not set."""
    if not _has_plain_access(owner):
        return False
    makers = [vars(parent).get("__init__") for parent in owner.__mro__]
    is_set = any(isinstance(maker, FunctionType) and name in maker.__code__.co_names for maker in makers)
    return not is_set and isinstance(_find_in_class(owner, name), _METHODS)


def _find_in_class(owner: type, name: str) -> Any:
    """Find an attribute of a class or of its parents as it is stored there."""
    return next((vars(parent)[name] for parent in owner.__mro__ if name in vars(parent)), UNKNOWN)


def _has_plain_access(owner: type) -> bool:
    """Whether no Python code of the class looks up the attributes of its instances."""
    return isinstance(_find_in_class(owner, "__getattribute__"), WrapperDescriptorType)
