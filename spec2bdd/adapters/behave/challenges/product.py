"""The product as it is loaded in the process that forks the probes."""

from __future__ import annotations

import gc
import importlib
import inspect
import sys
from collections.abc import Iterable
from contextlib import suppress
from types import FunctionType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import AnswerPlace
from spec2bdd.adapters.behave.challenges.clients.interception import find_clients
from spec2bdd.adapters.behave.challenges.functions import find_source
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex


class LoadedProduct:
    """The functions of the product by the file that they are from, and the sources of files."""

    __slots__ = ("_loaded", "_modules", "_named", "functions", "namespaces", "origins", "signatures", "sources")

    def __init__(self, origins: OriginIndex) -> None:
        self.origins = origins
        self.functions: dict[str, list[FunctionType]] = {}
        self._named: dict[str, list[FunctionType]] = {}
        self.sources: dict[str, str] = {}
        # By identity; computing them takes longer than all else that is done to a function.
        self.signatures: dict[int, inspect.Signature] = {}
        # The names in the modules of the project, apart from those that Behave keeps to itself.
        self.namespaces: list[dict[str, Any]] = []
        self._modules = frozenset(sys.modules)
        self._loaded: frozenset[str] = frozenset()
        self._collect()

    def load(self, modules: Iterable[str]) -> None:
        """Load modules that steps import when they run; then there is more to intercept."""
        for name in modules:
            # Whatever the product's code raises, the steps import it again.
            with suppress(Exception):
                importlib.import_module(name)
        self._collect()

    def find_functions(self, place: AnswerPlace | None) -> list[FunctionType]:
        """Find the functions that gave the answer at a place, or all."""
        if place is None:
            return [function for group in self._named.values() for function in group]
        named = self._named.get(place.function, [])
        return [function for function in named if self.origins.show(find_source(function)) == place.path]

    def read_sources(self, filenames: Iterable[str]) -> None:
        """Read the files with these names that can be read and have not been read, such as those of other processes."""
        for filename in filenames:
            if filename not in self.sources:
                with suppress(OSError, UnicodeDecodeError):
                    self.sources[filename] = (self.origins.root / filename).read_text(encoding="utf-8")

    def list_new_checks(self) -> list[str]:
        """List the files of the modules that only check the product and were not imported before any scenario ran."""
        new = self.origins.list_modules(Origin.STEPS).keys() - self._modules
        return sorted(self.origins.show(str(sys.modules[name].__file__)) for name in new)

    def list_new_modules(self) -> list[str]:
        """List the modules of the product and of clients that were loaded since `load`."""
        return sorted({*self.origins.list_modules(Origin.PRODUCT), *find_clients()} - self._loaded)

    def list_names(self) -> set[tuple[str, str]]:
        """List the functions by their path and their qualified name."""
        loaded = (function for group in self.functions.values() for function in group)
        return {(self.origins.show(find_source(each)), each.__code__.co_qualname) for each in loaded}

    def _collect(self) -> None:
        """Collect the functions that are loaded, and their sources."""
        self.functions, self._named = {}, {}
        gc.unfreeze()
        # Objects that `gc.freeze` has set aside are not listed.
        for function in gc.get_objects():
            if type(function) is FunctionType and self.origins.find(source := find_source(function)) is Origin.PRODUCT:
                self.functions.setdefault(source, []).append(function)
                self._named.setdefault(function.__code__.co_qualname, []).append(function)
        self.read_sources(self.functions)
        for function in self.find_functions(None):
            if id(function) not in self.signatures:
                with suppress(ValueError, TypeError, NameError):
                    self.signatures[id(function)] = inspect.signature(function)
        own = self.origins.list_modules(Origin.PRODUCT)
        self._loaded = frozenset([*own, *find_clients()])
        self.namespaces = [vars(each) for each in (*own.values(), *self.origins.list_modules(Origin.STEPS).values())]
        # The forked processes then share the memory of what is loaded.
        gc.freeze()
