"""Measure how long `spec2bdd --help` and `--version` take, as multiples of a bare `python -c pass` in the same run.

Usage: python benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

BAR = 6.0
COMMAND = str(Path(sys.executable).with_name("spec2bdd"))
RIVALS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "spec2bdd --help": [COMMAND, "--help"],
    "spec2bdd --version": [COMMAND, "--version"],
}


def measure_once(command: list[str]) -> float:
    """Return the seconds that a command takes as a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(runs: int) -> int:
    """Time the commands in turn, print their medians and ratios, and return 1 if one is over the bar."""
    times: dict[str, list[float]] = {name: [] for name in RIVALS}
    for _ in range(runs + 1):
        for name, command in RIVALS.items():
            times[name].append(measure_once(command))
    # The first round only warms the caches.
    medians = {name: statistics.median(values[1:]) for name, values in times.items()}
    bare = medians["python -c pass"]
    for name, median in medians.items():
        print(f"{name:20} {1000 * median:7.1f} ms  {median / bare:5.2f} x")
    return int(any(median > BAR * bare for median in medians.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
