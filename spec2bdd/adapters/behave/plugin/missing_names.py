"""Load steps and hooks although the product of another commit lacks names that they import at their top.

Otherwise one import that a branch adds would make every scenario fail whose steps are in that file, also those that use
nothing of it. What is missing is replaced by an object that fails when it is used.

The module is imported by Behave itself, in the process that runs the features of another commit.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex


class MissingName:
    """Takes the place of a name that the product does not have: its attributes are missing as well, all else raises."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> MissingName:
        if name.startswith("__"):
            raise AttributeError(name)
        return MissingName(f"{self._name}.{name}")

    def __getitem__(self, key: object) -> MissingName:
        # As in an annotation.
        return self

    def __or__(self, other: object) -> MissingName:
        return self

    def __ror__(self, other: object) -> MissingName:
        return self

    def _fail(self, *_: object, **__: object) -> NoReturn:
        raise ImportError(f"the product has no `{self._name}`")

    __call__ = __bool__ = __iter__ = __len__ = __contains__ = __enter__ = __str__ = __format__ = _fail
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __mul__ = __int__ = __float__ = _fail
    __eq__ = __ne__ = __setitem__ = _fail
    __hash__ = object.__hash__


class PartialModule:
    """A module with names that it lacks; the module itself stays as it is for everything else that imports it."""

    def __init__(self, module: Any, missing: Mapping[str, MissingName]) -> None:
        self.__dict__.update(missing)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def replace_missing_names(origins: OriginIndex, top: Path, tree: Path) -> None:
    """Replace what step modules, hooks and tests import at their top and the product below `tree` lacks.

    `top` is the folder with the files of today. An import in a `try` statement is left as it is.
    """
    import_module = builtins.__import__

    def import_or_replace(name: str, *arguments: Any, **keywords: Any) -> Any:
        frame = sys._getframe(1)
        code = frame.f_code
        names = keywords.get("fromlist", arguments[2] if len(arguments) > 2 else None) or ()
        is_ours = code.co_name == "<module>" and origins.find(code.co_filename) is Origin.STEPS
        if not is_ours or "*" in names or frame.f_lineno in _find_guarded_lines(code.co_filename):
            return import_module(name, *arguments, **keywords)
        try:
            module = import_module(name, *arguments, **keywords)
        except ModuleNotFoundError as error:
            missing = error.name or ""
            if not f"{name}.".startswith(f"{missing}.") or not _has_today(missing, top, tree):
                raise
            return MissingName(name) if names else _add_module(name, missing)
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and origins.find(file) is Origin.PRODUCT:
            lacking = {item: MissingName(f"{name}.{item}") for item in names if not hasattr(module, item)}
            return PartialModule(module, lacking) if lacking else module
        return module

    builtins.__import__ = import_or_replace


def _add_module(name: str, missing: str) -> Any:
    """Build what `import a.b` gives where `a.b`, or `a` itself, is missing: `a`."""
    first, _, rest = name.partition(".")
    package = sys.modules.get(first)
    if missing == first or package is None:
        return MissingName(first)
    inner = rest.partition(".")[0]
    # A module further in is reached through those on the way, which are there.
    return PartialModule(package, {inner: MissingName(f"{first}.{inner}")})


def _has_today(name: str, top: Path, tree: Path) -> bool:
    """Whether the files of today have a module with that name."""
    inner = [Path(entry).relative_to(tree) for entry in sys.path if entry and Path(entry).is_relative_to(tree)]
    places = [top / folder / Path(*name.split(".")) for folder in inner]
    return any(place.is_dir() or place.with_name(f"{place.name}.py").is_file() for place in places)


@cache
def _find_guarded_lines(filename: str) -> Sequence[int]:
    """Find the lines of imports in a `try` statement, whose error is expected."""
    with suppress(OSError, ValueError, SyntaxError):
        tree = ast.parse(Path(filename).read_bytes())
        tries = [node for node in ast.walk(tree) if isinstance(node, ast.Try) and node.handlers]
        return [
            node.lineno
            for attempt in tries
            for part in attempt.body
            for node in ast.walk(part)
            if hasattr(node, "lineno")
        ]
    return ()
