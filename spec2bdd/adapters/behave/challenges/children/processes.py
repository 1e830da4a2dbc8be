"""Reach the product in the Python processes that steps start, by the environment that they inherit."""

from __future__ import annotations

import json
import marshal
import os
import shutil
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

from spec2bdd.adapters.behave.challenges import origins
from spec2bdd.adapters.behave.challenges.children import hook
from spec2bdd.adapters.behave.challenges.origins import OriginIndex


class ChildProcesses:
    """The Python processes that the steps of this process start; `folder` is one that nothing else uses."""

    def __init__(self, index: OriginIndex, folder: Path) -> None:
        self._index, self._folder = index, Path(os.path.realpath(folder))

    def trace(self) -> None:
        """Trace the lines of the product in those that are started from here on."""
        self._hook()

    def mutate(self, module: CodeType, path: str) -> None:
        """Have those that are started from here on load this code in place of that of a file."""
        self._hook(path=os.path.realpath(self._index.root / path), code=marshal.dumps(module).hex())

    @property
    def has_mutant(self) -> bool:
        """Whether one of them has loaded the mutant."""
        return (self._folder / "put-in").exists()

    def read_lines(self) -> dict[str, list[int]]:
        """Read the lines of the product that those have run that came to an end, by the path of the file."""
        root = os.path.realpath(self._index.root)
        lines: dict[str, set[int]] = {}
        for path in sorted(self._folder.glob("lines-*")):
            # One that was killed while it wrote.
            with suppress(OSError, ValueError):
                for name, numbers in json.loads(path.read_text(encoding="ascii")).items():
                    path_here = str(self._index.root / os.path.relpath(name, root))
                    lines.setdefault(path_here, set()).update(numbers)
        return {name: sorted(numbers) for name, numbers in lines.items()}

    def _hook(self, *, path: str = "", code: str = "") -> None:
        """Write the request, and set the environment."""
        self._folder.mkdir(exist_ok=True)
        shutil.copyfile(hook.__file__, self._folder / "sitecustomize.py")
        request: dict[str, object] = {
            "path": path,
            "code": code,
            "magic": MAGIC_NUMBER.hex(),
            "origins": origins.__file__,
        }
        request |= {"root": os.path.realpath(self._index.root), "steps": list(map(os.path.realpath, self._index.steps))}
        request["helpers"] = self._index.helpers
        (self._folder / "request.json").write_text(json.dumps(request), encoding="ascii")
        others = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = str(self._folder) + (os.pathsep + others if others else "")
        os.environ[hook.VARIABLE] = str(self._folder)
