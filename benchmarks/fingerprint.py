"""Measure the fingerprint of a repository of 10,000 files: clean, with changed files, and with new modification times.

Usage: python benchmarks/fingerprint.py [FILES [RUNS]]

The bar holds for a clean repository and for one with 100 changed files. The best of several runs counts, so that a busy
machine changes little.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
from spec2bdd.adapters.system.trees.differences import find_change

BAR = 0.3
PER_FOLDER = 100


def make_repository(root: Path, count: int) -> list[Path]:
    """Commit that many files, and return their paths."""
    paths = [root / f"src/part{number // PER_FOLDER}/module{number}.py" for number in range(count)]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"NUMBER = {number}\n" * 20, encoding="utf-8")
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*identity, "commit", "--quiet", "-m", "a")):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return paths


def measure(root: Path, work: Callable[[Path], object], runs: int) -> float:
    """Return the seconds of the fastest of some runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work(root)
        times.append(time.perf_counter() - start)
    return min(times)


def take_fingerprint(root: Path) -> object:
    """Take a fingerprint as a run does at its beginning."""
    return read_tree(ask_tree(root), features="features").fingerprint


def main(count: int, runs: int) -> int:
    """Print the times, and return 1 if one is over the bar."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        paths = make_repository(root, count)
        times = {"clean": measure(root, take_fingerprint, runs)}
        before = read_tree(ask_tree(root), features="features")
        times["unchanged since"] = measure(root, lambda root: find_change(root, before, features="features"), runs)
        for path in paths[:100]:
            path.write_text("CHANGED = True\n", encoding="utf-8")
        times["100 changed files"] = measure(root, take_fingerprint, runs)
        within = max(times.values()) <= BAR
        for path in paths:
            path.touch()
        # Git has to read files whose times changed, as long as nothing refreshes its index: no bar.
        times["all modification times changed"] = measure(root, take_fingerprint, runs)
    for name, seconds in times.items():
        print(f"{name:34} {1000 * seconds:7.1f} ms")
    return int(not within)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(numbers + [10_000, 7][len(numbers) :])))
