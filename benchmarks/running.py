"""Measure runs against plain `behave -f json`, behave-pool and behavex, in turn on the same generated projects.

Usage: python benchmarks/running.py [RUNS] [--rivals FOLDER]

FOLDER is a virtual environment with behave, behave-pool and behavex; without it only Behave is the rival. Each round
runs everybody once, so that a busy machine is busy for all; the ratios are those of the medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from suites import SHAPES, Shape, write_suite

from spec2bdd.adapters.behave.launcher import run_behave
from spec2bdd.model import RunOptions

# The most that we may take, as a part of Behave's time, with one worker and with two.
BARS = {
    "4,000 scenarios, 3 definitions": (0.95, 0.48),
    "1,000 scenarios, 2,050 definitions": (0.95, 0.25),
    "100 scenarios of 50 ms": (1.03, 0.54),
}
MANY = {
    "4,000 scenarios, 1,025 definitions": Shape(100, 40, 1025),
    "4,000 scenarios, 8,200 definitions": Shape(100, 40, 8200),
}
BAR_OF_MANY = 1 / 12

Call = Callable[[Path], None]


def run_ours(jobs: int) -> Call:
    """Return a call that runs a project with that many workers."""
    plan = RunOptions(jobs=jobs)

    def call(root: Path) -> None:
        records = root / "records"
        run_behave(root, features="features", record_path=records, run_id="r", on_event=lambda _: None, plan=plan)

    return call


def run_command(*command: str) -> Call:
    """Return a call that runs a command in a project."""

    def call(root: Path) -> None:
        environment = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)

    return call


def list_contestants(rivals: Path | None) -> dict[str, Call]:
    """Return everybody who runs."""
    found = {
        "behave": run_command(sys.executable, "-m", "behave", "-f", "json", "-o", "behave.json", "features"),
        "spec2bdd -j1": run_ours(1),
        "spec2bdd -j2": run_ours(2),
    }
    if rivals:
        bin_folder = rivals / "bin"
        found["behave-pool, 2"] = run_command(str(bin_folder / "behave-pool"), "-j", "2", "features")
        found["behavex, 2"] = run_command(
            str(bin_folder / "behavex"), "features", "--parallel-processes", "2", "--parallel-scheme", "scenario"
        )
    return found


def measure(root: Path, contestants: dict[str, Call], *, runs: int) -> dict[str, float]:
    """Return the median of the seconds that each one takes."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(runs):
        for name, call in contestants.items():
            start = time.perf_counter()
            call(root)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def print_row(shape: str, medians: dict[str, float]) -> None:
    """Print the medians, each as a part of Behave's."""
    told = (f"{name} {median:.2f} s = {median / medians['behave']:.3f}" for name, median in medians.items())
    print(f"{shape}: {', '.join(told)}", flush=True)


def main(runs: int, rivals: Path | None) -> int:
    """Measure every shape, and return 1 if a bar is missed."""
    missed: list[str] = []
    everybody = list_contestants(rivals)
    with tempfile.TemporaryDirectory() as folder:
        for shape, (alone, both) in BARS.items():
            root = Path(folder) / shape.replace(" ", "_")
            write_suite(root, SHAPES[shape])
            medians = measure(root, everybody, runs=runs)
            print_row(shape, medians)
            first, second = medians["spec2bdd -j1"], medians["spec2bdd -j2"]
            others = [median for name, median in medians.items() if not name.startswith("spec2bdd")]
            if first > alone * medians["behave"] or second > both * medians["behave"] or second > min(others):
                missed.append(shape)
        found = {}
        for shape, many in MANY.items():
            root = Path(folder) / shape.replace(" ", "_")
            write_suite(root, many)
            found[shape] = measure(
                root, {name: everybody[name] for name in ("behave", "spec2bdd -j1")}, runs=max(1, runs // 3)
            )
            print_row(shape, found[shape])
        few, lots = (medians["spec2bdd -j1"] for medians in found.values())
        print(f"8 times as many definitions: {lots / few:.2f} x as long")
        last = found["4,000 scenarios, 8,200 definitions"]
        missed += ["8,200 definitions"] if last["spec2bdd -j1"] > BAR_OF_MANY * last["behave"] else []
    print("missed:" if missed else "all bars are met", *missed)
    return int(bool(missed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=5)
    parser.add_argument("--rivals", type=Path)
    asked = parser.parse_args()
    sys.exit(main(asked.runs, asked.rivals))
