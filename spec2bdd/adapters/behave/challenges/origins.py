"""Distinguish the product's code from that of its steps and tests, and from libraries, by the names of files."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

# Folders under the project that hold installed libraries.
_INSTALLED = frozenset({"site-packages", "dist-packages", "node_modules", ".tox", ".nox"})
# Those that hold copies of the project that a build makes, unless they are packages.
_BUILT = frozenset({"build", "dist"})
# Folders and modules of tests, as pytest and unittest find them.
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_TEST_MODULE = re.compile(r"(?:test_.*|.*_test|conftest)\.py")
# The module of Behave's hooks, which is next to the steps or in a folder above.
_HOOKS = "environment.py"
# What Python itself opens where a module is imported.
CODE_SUFFIXES = (".py", ".pyc", ".so", ".pyd")
# What runs the challenges: where spec2bdd is itself the product, a fault in it would change how faults are put in.
_MACHINERY = Path(__file__).resolve().parents[1]


class Origin(StrEnum):
    """Where code comes from."""

    PRODUCT = "product"
    # Steps, hooks, and everything else that only checks the product.
    STEPS = "steps"
    LIBRARY = "library"


# The lines of code that have not been seen to run, by the identity of the code, which is kept with them.
LinesLeft = dict[int, tuple[CodeType, set[int]]]


class OriginIndex:
    """The origin of each file of a project, remembered by the name that its code was compiled with."""

    __slots__ = ("_helpers", "_known", "_others", "_shown", "helpers", "root", "steps")

    def __init__(self, root: Path, *, steps: Sequence[Path], helpers: str = "") -> None:
        """Look under `root`; `steps` are the folders of the features and of the step modules.

        `helpers` is the regular expression of the paths, from the root, of other code that only checks the product.
        """
        self.root = root
        self.steps = tuple(folder.absolute() for folder in steps)
        self.helpers = helpers
        self._helpers = re.compile(helpers or "(?!)")
        self._known: dict[str, Origin] = {}
        self._shown: dict[str, str] = {}
        # The names of modules of libraries: nearly all of hundreds.
        self._others: set[str] = set()

    def find(self, filename: str) -> Origin:
        """Find the origin of the code that was compiled under this name."""
        origin = self._known.get(filename)
        if origin is None:
            origin = self._known[filename] = self._decide(filename)
        return origin

    def find_module(self, module: Any) -> Origin:
        """Find the origin of a module that is loaded."""
        file = getattr(module, "__file__", None)
        return self.find(file) if isinstance(file, str) else Origin.LIBRARY

    def list_modules(self, origin: Origin) -> dict[str, Any]:
        """List the modules that are loaded and come from there, steps or product, by their names.

        Behave keeps those that it loads itself to itself.
        """
        own = {}
        for name in [name for name in sys.modules if name not in self._others]:
            module = sys.modules.get(name)
            found = self.find_module(module)
            if found is origin:
                own[name] = module
            elif found is Origin.LIBRARY:
                self._others.add(name)
        return own

    def _decide(self, filename: str) -> Origin:
        """Decide by the path; text that was compiled without a file, such as `<string>`, is a library's."""
        if filename.startswith("<") or self._is_elsewhere(filename):
            return Origin.LIBRARY
        path = self.root / filename
        if path.is_relative_to(_MACHINERY):
            return Origin.LIBRARY
        if path.is_relative_to(sys.prefix) and not self.root.is_relative_to(sys.prefix):
            return Origin.LIBRARY
        try:
            inner = path.relative_to(self.root)
        except ValueError:
            return Origin.LIBRARY
        if any(path.is_relative_to(folder) for folder in self.steps) or self._helpers.fullmatch(inner.as_posix()):
            return Origin.STEPS
        folders = inner.parts[:-1]
        if not _INSTALLED.isdisjoint(folders) or any(folder.startswith(".") for folder in folders):
            return Origin.LIBRARY
        built = [folder for folder in path.parents if folder.name in _BUILT and self.root in folder.parents]
        if not all((folder / "__init__.py").exists() for folder in built):
            return Origin.LIBRARY
        is_hooks = path.name == _HOOKS and any(steps.is_relative_to(path.parent) for steps in self.steps)
        is_test = is_hooks or not _TEST_FOLDERS.isdisjoint(folders) or _TEST_MODULE.fullmatch(path.name)
        return Origin.STEPS if is_test else Origin.PRODUCT

    def _is_elsewhere(self, filename: str) -> bool:
        """Whether an absolute path shows at a glance that it is not below the root; most are those of libraries."""
        is_plain = "//" not in filename and "/." not in filename
        return is_plain and filename.startswith("/") and not filename.startswith(str(self.root))

    def find_step(self, frame: FrameType | None) -> FrameType | None:
        """Find the project's own code nearest to this frame, going outwards; None if it is not that of steps."""
        while frame is not None:
            origin = self.find(frame.f_code.co_filename)
            if origin is not Origin.LIBRARY:
                return frame if origin is Origin.STEPS else None
            frame = frame.f_back
        return None

    def is_of_product(self, frame: FrameType | None) -> bool:
        """Whether the project's own code nearest to this frame, going outwards, is that of the product."""
        while frame is not None:
            origin = self.find(frame.f_code.co_filename)
            if origin is not Origin.LIBRARY:
                return origin is Origin.PRODUCT
            frame = frame.f_back
        return False

    def is_data(self, path: str) -> bool:
        """Whether a file, by its real path, is one of the project that is neither code nor hidden."""
        # Not by `Path`: this is asked of every file that is opened.
        inner = path.removeprefix(os.path.realpath(self.root))
        return inner != path and not path.endswith(CODE_SUFFIXES) and f"{os.sep}." not in inner

    def show(self, filename: str) -> str:
        """Show the path of a file relative to the root, with `/`."""
        shown = self._shown.get(filename)
        if shown is None:
            path = Path(os.path.relpath(self.root / filename, self.root))
            shown = self._shown[filename] = path.as_posix()
        return shown


def find_lines(code: CodeType, left: LinesLeft) -> set[int]:
    """Find the lines of code that are left to trace, all but that of its `def` where it has others."""
    known = left.get(id(code))
    if known is None:
        lines = {line for _, _, line in code.co_lines() if line}
        known = left[id(code)] = (code, lines - {code.co_firstlineno} or lines)
    return known[1]
