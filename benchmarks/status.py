"""Measure `status` on a project of a thousand specs: without its cache, and with it.

Usage: python benchmarks/status.py [SPECS [RUNS]]

A part of the project has been run, so that there are records. Each command runs as a process of its own.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from projects import write_project

COMMAND = [sys.executable, "-m", "spec2bdd"]
COLD, WARM = 1.0, 0.3


def measure(folder: Path) -> tuple[float, float]:
    """Return the seconds that `status` takes, and those that it keeps processors busy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([*COMMAND, "status"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(specs: int, runs: int) -> int:
    """Print the medians, and return 1 if one of them is over its bar."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, specs, definitions=2 * specs)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        (folder / ".gitignore").write_text(".spec2bdd/\n__pycache__/\n", encoding="utf-8")
        subprocess.run([*COMMAND, "generate", "--quiet"], cwd=folder, check=True, capture_output=True)
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
            subprocess.run([*git, *command], cwd=folder, check=True)
        # A part of the scenarios is enough for records that have to be compared with the files of today.
        subprocess.run([*COMMAND, "run", "--quiet", "--shard", "1/40"], cwd=folder, check=False, capture_output=True)
        within = True
        for label, bar in (("without the cache", COLD), ("nothing changed", WARM)):
            times = []
            for _ in range(runs):
                if bar == COLD:
                    (folder / ".spec2bdd" / "status.json").unlink(missing_ok=True)
                times.append(measure(folder))
            wall, busy = (statistics.median(values) for values in zip(*times, strict=True))
            within &= wall <= bar
            load = os.getloadavg()[0]
            print(f"{label:20} {wall:6.2f} s (at most {bar}), {busy:6.2f} s of processors, load {load:.1f}")
        shutil.rmtree(folder / ".spec2bdd", ignore_errors=True)
    return int(not within)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 3))
