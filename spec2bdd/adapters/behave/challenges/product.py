"""The product as it is loaded in the process that forks the probes."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterable
from contextlib import suppress
from types import FunctionType

from spec2bdd.adapters.behave.challenges.functions import find_source
from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex


class LoadedProduct:
    """The functions of the product by the file that they are from, and the sources of files."""

    __slots__ = ("functions", "origins", "sources")

    def __init__(self, origins: OriginIndex) -> None:
        self.origins = origins
        self.functions: dict[str, list[FunctionType]] = {}
        self.sources: dict[str, str] = {}
        self._collect()
        # Remembered by the forked processes.
        origins.list_product_modules()

    def load(self, modules: Iterable[str]) -> None:
        """Load modules that steps import when they run; then there is more to intercept."""
        for name in modules:
            # Whatever the product's code raises, the steps import it again.
            with suppress(Exception):
                importlib.import_module(name)
        self._collect()

    def read_sources(self, filenames: Iterable[str]) -> None:
        """Read the files with these names that can be read and have not been read, such as those of other processes."""
        for filename in filenames:
            if filename not in self.sources:
                with suppress(OSError, UnicodeDecodeError):
                    self.sources[filename] = (self.origins.root / filename).read_text(encoding="utf-8")

    def list_names(self) -> set[tuple[str, str]]:
        """List the functions by their path and their qualified name."""
        loaded = (function for group in self.functions.values() for function in group)
        return {(self.origins.show(find_source(each)), each.__code__.co_qualname) for each in loaded}

    def _collect(self) -> None:
        """Collect the functions that are loaded, and their sources."""
        self.functions = {}
        gc.unfreeze()
        # Objects that `gc.freeze` has set aside are not listed.
        for function in gc.get_objects():
            if type(function) is FunctionType and self.origins.find(source := find_source(function)) is Origin.PRODUCT:
                self.functions.setdefault(source, []).append(function)
        self.read_sources(self.functions)
        # The forked processes then share the memory of what is loaded.
        gc.freeze()
