"""Measure start-up: `--help` against a bare Python, and whole commands on the chat example against plain `behave`.

Usage: python benchmarks/startup.py [RUNS]

All commands of a round run one after the other, so that a busy machine is busy for all of them; the ratios are the
medians of the ratios of each round. The first round only warms the caches.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "chat"
BIN = Path(sys.executable).parent
COMMAND = str(BIN / "spec2bdd")

# Each command with the most that it may take, as a multiple of the first one of its table.
BARE = {
    "python -c pass": ([sys.executable, "-c", "pass"], 1.0),
    "spec2bdd --help": ([COMMAND, "--help"], 6.0),
    "spec2bdd --version": ([COMMAND, "--version"], 6.0),
}
ON_THE_EXAMPLE = {
    "behave": ([str(BIN / "behave")], 1.0),
    "spec2bdd verify": ([COMMAND, "verify"], 2.2),
    "spec2bdd verify --check": ([COMMAND, "verify", "--check"], 2.2),
    "spec2bdd generate, nothing to do": ([COMMAND, "generate"], 0.7),
}


def measure_once(command: Sequence[str], folder: Path) -> float:
    """Return the seconds that a command takes as a whole process; a failing example may make it exit with 1."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} exited with {done.returncode}")
    return seconds


def compare(commands: Mapping[str, tuple[list[str], float]], folder: Path, *, runs: int) -> bool:
    """Time the commands in turn and print medians and ratios; whether all are within their bars."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, (command, _) in commands.items():
            times[name].append(measure_once(command, folder))
    first = next(iter(times.values()))[1:]
    within = True
    for name, (_, bar) in commands.items():
        values = times[name][1:]
        ratio = statistics.median(value / rival for value, rival in zip(values, first, strict=True))
        within &= ratio <= bar
        print(f"{name:34} {1000 * statistics.median(values):7.1f} ms  {ratio:5.2f} x  (at most {bar:.1f})")
    return within


def main(runs: int) -> int:
    """Print both tables, and return 1 if a command is over its bar."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "chat"
        shutil.copytree(EXAMPLE, root)
        # A repository, because every run asks git for the commit that it runs from.
        for arguments in (
            ["init", "-q"],
            ["add", "-A"],
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
        ):
            subprocess.run(["git", *arguments], cwd=root, check=True)
        within = compare(BARE, root, runs=runs)
        return int(not (compare(ON_THE_EXAMPLE, root, runs=runs) and within))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
