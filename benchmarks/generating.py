"""Measure `generate` on a thousand specs and more: cold, warm, its growth and memory, beside a plain marko parse.

The project has 4,000 step definitions already, and stubs are written for what is missing. A machine that does other
things at the same time says little: look at the ratios.

Usage: python benchmarks/generating.py [SPECS ...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from marko import Markdown
from marko.ext.gfm import GFM
from projects import write_project

COMMAND = str(Path(sys.executable).with_name("spec2bdd"))
DEFINITIONS = 4000
MEGABYTE = 1024


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a command took, the processor time of all its processes, and the megabytes of the largest of them."""

    seconds: float
    processor: float
    memory: float


def measure_command(root: Path, *arguments: str) -> Measure:
    """Run spec2bdd in a project and measure it."""
    code = "import json, resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    code += "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    code += "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss])); sys.exit(done.returncode)"
    start = time.perf_counter()
    command = [sys.executable, "-c", code, COMMAND, *arguments]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    processor, memory = map(float, done.stdout.strip("[]\n").split(","))
    return Measure(seconds, processor, memory / MEGABYTE)


def measure_rival(root: Path) -> float:
    """Return the seconds in which marko parses all specs as GitHub would, and nothing else."""
    rival = Markdown(extensions=[GFM])
    start = time.perf_counter()
    for path in sorted((root / "specs").glob("*.md")):
        rival.parse(path.read_text(encoding="utf-8").split("---", 2)[2])
    return time.perf_counter() - start


def main(sizes: list[int]) -> int:
    """Measure each size in turn, print what was found, and return 1 if a thousand specs are over the bar."""
    earlier: tuple[int, float] | None = None
    over = False
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write_project(root, size, definitions=DEFINITIONS)
            rival = measure_rival(root)
            cold = measure_command(root, "generate")
            again = measure_command(root, "generate")
            warm = [measure_command(root, "generate", "--check") for _ in range(5)]
            middle = sorted(warm, key=lambda one: one.seconds)[2]
        growth = f"  growth {cold.processor / earlier[1] / (size / earlier[0]):.2f}" if earlier else ""
        earlier = (size, cold.processor)
        print(f"{size} specs, {len(os.sched_getaffinity(0))} cores; marko alone {rival:.2f} s{growth}")
        for name, one in (("cold", cold), ("again", again), ("warm", middle)):
            figures = f"{one.seconds:7.2f} s  processor {one.processor:6.2f} s  {one.memory:5.0f} MB"
            print(f"  {name:6}{figures}  {one.seconds / rival:.3f} of marko")
        over = over or (size == 1000 and (cold.seconds > 3 or middle.seconds > 0.4))
    return int(over)


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or [100, 1000]))
