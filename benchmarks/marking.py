"""Measure how long `mark` takes on a thousand specs with 12,000 criteria, and whether its cost grows as they do.

The rival reads, edits by one pattern, and writes the same files one after the other, each synced as ours are: what no
tool that makes the same promise of its files can do without.

Usage: python benchmarks/marking.py [RUNS] [SPECS ...]
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from marking_project import write_marking_project, write_records

SECONDS, SPECS = 3.0, 1000
LINEAR = 1.2
MARK = [sys.executable, "-m", "spec2bdd", "mark", "--quiet"]


def measure_once(call: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def mark(root: Path) -> None:
    """Mark a project by the installed command, as a whole process."""
    subprocess.run(MARK, cwd=root, check=False, stdout=subprocess.DEVNULL)


def mark_naively(root: Path) -> None:
    """Tick every box and set the status by patterns, and write each file beside itself, synced, and move it."""
    for path in sorted((root / "specs").rglob("*.md")):
        text = re.sub(r"(?m)^- \[ \]", "- [x]", path.read_bytes().decode())
        text = re.sub(r"(?m)^status: .*$", "status: Review", text, count=1)
        beside = path.with_suffix(".tmp")
        with beside.open("wb") as stream:
            stream.write(text.encode())
            os.fsync(stream.fileno())
        beside.replace(path)


def measure(specs: int, runs: int) -> tuple[float, float]:
    """Return the median seconds of ours and of the rival on so many specs, tried in turn."""
    pairs: list[tuple[float, float]] = []
    with TemporaryDirectory() as folder:
        root = Path(folder)
        project = write_marking_project(root, specs=specs)
        write_records(root, project, lambda _: ("passed", ""))
        before = {path: path.read_bytes() for path in (root / "specs").rglob("*.md")}
        for _ in range(runs):
            pair = []
            for call in (mark, mark_naively):
                for path, content in before.items():
                    path.write_bytes(content)
                os.sync()
                pair.append(measure_once(lambda: call(root)))  # noqa: B023
                assert all(path.read_bytes() != content for path, content in before.items())
            pairs.append((pair[0], pair[1]))
    ours, theirs = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(theirs)


def main(runs: int, sizes: list[int]) -> int:
    """Print the medians for each size, the growth from one to the next, and return 1 if something is over its bar."""
    bad = False
    last = (0, 0.0)
    for specs in sizes:
        ours, theirs = measure(specs, runs)
        growth = (ours / last[1]) / (specs / last[0]) if last[0] else 1.0
        print(
            f"{specs:6} specs  ours {ours:7.2f} s  rival {theirs:7.2f} s  {ours / theirs:5.2f} x  growth {growth:.2f}"
        )
        bad |= growth > LINEAR or (specs == SPECS and ours > SECONDS)
        last = (specs, ours)
    return int(bad)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(numbers[0] if numbers else 5, numbers[1:] or [100, SPECS, 10_000]))
