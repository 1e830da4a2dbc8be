"""A project that `watch` watches, and the process that does, without a terminal: its output is read as it comes."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from small_project import write_files

from spec2bdd.adapters.system.process_tree import kill_processes, list_descendants

ROOT = Path(__file__).resolve().parents[1]
LAMP, DOOR = "specs/1-lamp.md", "specs/2-door.md"
LAMP_FEATURE, DOOR_FEATURE = "features/1_lamp.feature", "features/2_door.feature"
STEPS = "steps/lamp_steps.py"
PRODUCT = "product.py"

SPEC = """\
---
feature_id: {number}
name: {name}
status: Draft
---

## Acceptance Criteria

### Must Have
- [ ] The {noun} opens
- [ ] The {noun} shuts
"""
# What each criterion finds is in the product, so that a test breaks and fixes it there.
STEP_FILE = """\
import product
from behave import then


@then("the lamp {verb}")
def lamp_does(context, verb, noun="lamp"):
    assert verb in product.DOES[noun], f"the {noun} never {verb}"


@then("the door {verb}")
def door_does(context, verb, noun="door"):
    assert verb in product.DOES[noun], f"the {noun} never {verb}"
"""
WORKS = 'DOES = {"lamp": ["opens", "shuts"], "door": ["opens", "shuts"]}\n'
BROKEN = 'DOES = {"lamp": ["opens", "shuts"], "door": ["opens"]}\n'
HOOKS = "import sys\nfrom pathlib import Path\n\nsys.path.insert(0, str(Path(__file__).parent))\n"
SUMMARY = r"^(Passed|Failed|Error|Nothing failed|Nothing was run): .*"

FILES: Mapping[str, str] = {
    LAMP: SPEC.format(number=1, name="Lamp", noun="lamp"),
    DOOR: SPEC.format(number=2, name="Door", noun="door"),
    STEPS: STEP_FILE,
    PRODUCT: WORKS,
    "environment.py": HOOKS,
    ".gitignore": ".spec2bdd/\n__pycache__/\n*.log\n",
}


def write_project(root: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write the project, with some other files."""
    return write_files(root, {**FILES, **(files or {})})


def build_environment() -> dict[str, str]:
    """Build the environment in which `spec2bdd` is the one of this checkout."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "COLUMNS": "100"}


class WatchProcess:
    """A `spec2bdd watch` without a terminal."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spec2bdd", "watch", *arguments],
            cwd=root,
            env=build_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        """Read all lines, and close the pipe."""
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)

    def read_until(self, pattern: str, *, seconds: float = 120) -> str:
        """Read what is printed, up to the line that a pattern matches; fail where none comes."""
        text = ""
        while not re.search(pattern, text, re.MULTILINE):
            try:
                text += self._lines.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"no `{pattern}` in:\n{text}") from None
        return text

    def read_run(self) -> str:
        """Read up to the end of what is printed of the next run that comes to its end."""
        # All of that is printed at once.
        return self.read_until(SUMMARY) + self.read_rest(seconds=0.3)

    def read_rest(self, *, seconds: float) -> str:
        """Read what is printed within some time."""
        text = ""
        try:
            while True:
                text += self._lines.get(timeout=seconds)
        except queue.Empty:
            return text

    def end(self, number: int = signal.SIGINT) -> int:
        """End it by a signal, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def close(self) -> None:
        """End it, also if it hangs."""
        processes = list_descendants(self.process.pid)
        self.process.kill()
        self.process.wait()
        kill_processes(processes)
        self._reader.join()


@contextmanager
def watch(root: Path, *arguments: str) -> Iterator[WatchProcess]:
    """Watch a project until the block ends."""
    watched = WatchProcess(root, *arguments)
    try:
        yield watched
    finally:
        watched.close()
