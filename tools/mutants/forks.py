"""Run tests in a copy of the repository, in forks of a process that has pytest and the libraries ready (`warm.py`)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from changes import Change
from reach import MappedTest


def copy_repository(root: Path, target: Path) -> Path:
    """Copy the files of a repository that git knows, and those that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    for name in listed.stdout.split("\0"):
        if name and (root / name).exists() and not name.startswith("kit/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    return target


@contextmanager
def start_forks(copy: Path, *, margin: float = 5.0) -> Iterator[Forks]:
    """Start the process that forks, where possible in a world of processes of its own, which ends with it.

    Tests may take three times as long as they did for the map, and `margin` seconds more.
    """
    command = [sys.executable, str(Path(__file__).with_name("warm.py"))]
    if os.geteuid() == 0 and shutil.which("unshare"):
        command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", *command]
    environment = {**os.environ, "PYTHONPATH": str(copy), "SPEC2BDD_EXAMPLES": "20"}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=copy, env=environment, text=True, stdin=pipe, stdout=pipe, start_new_session=True
    ) as process:
        try:
            yield Forks(copy, process, margin)
        finally:
            process.kill()


class Forks:
    """A copy of the repository, and the process that forks to run tests there; `seconds` are those of a processor."""

    def __init__(self, copy: Path, process: subprocess.Popen[str], margin: float) -> None:
        self.seconds = 0.0
        self.copy = copy
        self._process = process
        self._margin = margin
        # The runs of tests that were found to pass, and the tests that were found to fail, without a change.
        self._sound: set[tuple[str, ...]] = set()
        self._unsound: set[str] = set()
        # Compiled modules go by seconds and sizes: each version of a module is from a second of its own.
        self._clock = int(time.time())

    def find_notice(self, stages: Iterable[Sequence[MappedTest]], change: Change | None) -> str:
        """Find the test that notices a change; without one, a test that fails only sometimes."""
        for stage in stages:
            tests = [test for test in stage if test.name not in self._unsound]
            while tests:
                with self._changed(change):
                    failed = self._run(tests)
                if not failed:
                    break
                # A module of tests that cannot be imported is all of its tests, and a process that has ended all tests.
                blamed = [test for test in tests if failed in (test.name, test.file)]
                suspects = blamed or tests
                # A test may fail because of those before it in the same process, so these run as well.
                if self._pass(tests[: tests.index(blamed[0]) + 1] if blamed else tests):
                    return failed
                print(f"left out, for it fails without a change: {failed}", flush=True)
                # Where no test is to blame, as where the time was over, all of them may notice the next change.
                self._unsound.update(test.name for test in blamed)
                tests = [test for test in tests if test not in suspects]
        return ""

    def _pass(self, tests: Sequence[MappedTest]) -> bool:
        """Return whether tests pass without a change; of the same tests, this is found out once."""
        names = tuple(test.name for test in tests)
        if names not in self._sound and not self._run(tests):
            self._sound.add(names)
        return names in self._sound

    def _run(self, tests: Sequence[MappedTest]) -> str:
        """Run tests in a fork; return the first one that fails."""
        orders, answers = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        limit = self._margin + 3 * sum(test.seconds for test in tests)
        orders.write(json.dumps({"tests": [test.name for test in tests], "seconds": limit}) + "\n")
        orders.flush()
        answer = json.loads(answers.readline())
        self.seconds += answer["seconds"]
        return str(answer["failed"])

    @contextmanager
    def _changed(self, change: Change | None) -> Iterator[None]:
        """Make a change in the copy, and undo it."""
        if change is None:
            yield
            return
        path = self.copy / change.path
        content = path.read_bytes()
        self._write(path, change.apply(content))
        try:
            yield
        finally:
            self._write(path, content)

    def _write(self, path: Path, content: bytes) -> None:
        self._clock += 1
        path.write_bytes(content)
        os.utime(path, (self._clock, self._clock))
