"""Which tests run which lines, and so which of them can notice a change, the quick ones first."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from changes import Change, digest_tests

TOOLS = Path(__file__).parent
# What pytest takes for each test, in seconds.
OVERHEAD = 0.01
# How long the tests of a fork may take together, and how many files they are from: most changes are noticed by the
# first fork, and importing tests takes as long as running them.
STAGES = ((0.5, 3), (3.0, 8), (math.inf, 1000))


@dataclass(frozen=True, slots=True)
class MappedTest:
    """A test that passes: its processor time, the lines that it runs of each module, and the digests of the modules.

    Lines are the bits of a number.
    """

    name: str
    seconds: float
    lines: Mapping[str, int]
    modules: Mapping[str, str]

    @property
    def file(self) -> str:
        """The path of its module."""
        return self.name.partition("::")[0]

    @property
    def function(self) -> str:
        """Its name without the case."""
        return self.name.partition("[")[0]

    def reaches(self, change: Change) -> bool:
        """Return whether it runs the changed lines, or the module, if they are not known or have moved."""
        lines = self.lines.get(change.path, 0)
        is_known = change.lines and self.modules.get(change.path) == change.digest
        return bool(lines & sum(1 << line for line in change.lines) if is_known else lines)

    def is_near(self, change: Change) -> bool:
        """Whether it runs a module of the same folder, as those do that need a module without functions."""
        folder = Path(change.path).parent
        return any(Path(path).parent == folder for path in self.lines)


def read_map(path: Path, root: Path) -> dict[str, list[MappedTest]]:
    """Read the tests of each file; those of a file that has changed since are left out."""
    files: dict[str, list[MappedTest]] = {}
    notes: dict[str, dict[str, Any]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        note = json.loads(line)
        if "test" in note:
            # Where the map of a file was interrupted and begun again, there are two notes.
            notes[note["test"].partition("::")[0]][note["test"]] = note
            continue
        name, modules = note["file"], note["modules"]
        files.pop(name, None)
        tests = notes.pop(name, {})
        if (root / name).exists() and digest_tests(root / name) == note["digest"]:
            files[name] = [
                MappedTest(test, one["seconds"], {path: int(bits, 16) for path, bits in one["lines"].items()}, modules)
                for test, one in tests.items()
            ]
    return files


def map_tests(root: Path, path: Path, files: Sequence[str]) -> None:
    """Run the tests of some files in a copy of the repository, and note in the map what they run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (root, TOOLS, TOOLS / "traced"))),
        "MUTANTS_NOTES": str(path),
        "MUTANTS_PACKAGE": str(root / "spec2bdd"),
        "SPEC2BDD_EXAMPLES": "20",
    }
    command = ("-m", "pytest", "-q", "-p", "line_plugin", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line")
    subprocess.run([sys.executable, *command, *files], cwd=root, env=environment, check=False)


def list_stages(
    tests: Iterable[MappedTest], change: Change, *, budget: float, noticed: Mapping[str, Collection[str]]
) -> Iterator[list[MappedTest]]:
    """Order the tests that reach a change, and part them into those of the first fork, the second, and the last.

    They take at most `budget` seconds together. Those come early that have `noticed` other changes of the module, or of
    one in its folder; they are given by the paths of the modules.
    """
    tests = list(tests)
    reaching = [test for test in tests if test.reaches(change)]
    if not (reaching or change.lines):
        reaching = [test for test in tests if test.is_near(change)]
    left = _rank(reaching, Path(change.path), budget, noticed=noticed)
    for most, most_files in STAGES:
        taken: list[MappedTest] = []
        later, files, seconds = [], set[str](), 0.0
        for test in left:
            is_near = test.file in files or len(files) < most_files
            if not taken or (is_near and seconds + test.seconds <= most):
                taken.append(test)
                files.add(test.file)
                seconds += test.seconds
            else:
                later.append(test)
        left = later
        if taken:
            yield taken


def _rank(
    tests: Sequence[MappedTest], module: Path, budget: float, *, noticed: Mapping[str, Collection[str]]
) -> list[MappedTest]:
    """Order tests by what they cost, first a case of each of them, and leave out what is too much."""
    own = noticed.get(module.as_posix(), ())
    near = {name for path, names in noticed.items() if Path(path).parent == module.parent for name in names}
    seen: Counter[str] = Counter()
    ranks: dict[str, float] = {}
    for test in sorted(tests, key=lambda test: (test.seconds, test.name)):
        seen[test.function] += 1
        # Another case of a test comes as late as a test of the double time, one named after the module much earlier.
        cost = (test.seconds + OVERHEAD) * seen[test.function]
        signs = (module.stem in Path(test.file).stem, test.name in own, test.name in near)
        ranks[test.name] = cost / 4 ** sum(signs)
    kept: list[MappedTest] = []
    spent = 0.0
    for test in sorted(tests, key=lambda test: ranks[test.name]):
        if not kept or spent + test.seconds + OVERHEAD <= budget:
            kept.append(test)
            spent += test.seconds + OVERHEAD
    return kept
