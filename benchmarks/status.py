"""Measure commands that read a whole project of a thousand specs: with no cache at all, after an edit, and again.

Usage: python benchmarks/status.py [SPECS [RUNS [LABEL]]]

A part of the project has been run, so that there are records. Each command runs as a process of its own. With LABEL,
only the cases whose label has it are measured.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from projects import write_project

COMMAND = [sys.executable, "-m", "spec2bdd"]
STATUS, TRACE = ["status"], ["trace", "--format", "json:../trace.json"]
REPORT = ["report", "--format", "html:../report.html"]
# The caches that `status`, `trace` and `report` read; the others belong to the records.
CACHES = ["features", "pages", "plans", "readings", "rendered", "status"]


def forget_all(folder: Path) -> None:
    """Delete every cache."""
    for name in CACHES:
        (folder / ".spec2bdd" / f"{name}.json").unlink(missing_ok=True)


def forget_overview(folder: Path) -> None:
    """Delete the overview, which does not hold after a run."""
    (folder / ".spec2bdd" / "status.json").unlink(missing_ok=True)


def edit_spec(folder: Path) -> None:
    """Add a line to one spec."""
    with (folder / "specs" / "1.1.md").open("a", encoding="utf-8") as stream:
        stream.write("One more line.\n")


def change_nothing(_: Path) -> None:
    """Leave everything as it is."""


# What is measured, the seconds that it may take where there is a bar, the command, and what comes before it.
CASES: list[tuple[str, float | None, Sequence[str], Callable[[Path], None]]] = [
    ("status, no cache", 1.0, STATUS, forget_all),
    ("status, new records", None, STATUS, forget_overview),
    ("status, one edit", 1.0, STATUS, edit_spec),
    ("status, no change", 0.3, STATUS, change_nothing),
    ("report, no cache", 5.0, REPORT, forget_all),
    ("report, one edit", 5.0, REPORT, edit_spec),
    ("trace, no cache", None, TRACE, forget_all),
    ("trace, one edit", None, TRACE, edit_spec),
]


def measure(folder: Path, command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds that a command takes, and those that it keeps processors busy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([*COMMAND, *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare(folder: Path, specs: int) -> None:
    """Write the project, generate its features, commit all, and run a part of it."""
    write_project(folder, specs, definitions=2 * specs)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    (folder / ".gitignore").write_text(".spec2bdd/\n__pycache__/\n", encoding="utf-8")
    subprocess.run([*COMMAND, "generate", "--quiet"], cwd=folder, check=True, capture_output=True)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    # A part of the scenarios is enough for records that have to be compared with the files of today.
    subprocess.run([*COMMAND, "run", "--quiet", "--shard", "1/40"], cwd=folder, check=False, capture_output=True)


def main(specs: int, runs: int, wanted: str) -> int:
    """Print the medians, and return 1 if one of them is over its bar."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        folder.mkdir()
        prepare(folder, specs)
        within = True
        for label, bar, command, before in CASES:
            if wanted not in label:
                continue
            # What the case starts from was read before.
            measure(folder, command)
            times = []
            for _ in range(runs):
                before(folder)
                times.append(measure(folder, command))
            wall, busy = (statistics.median(values) for values in zip(*times, strict=True))
            within &= bar is None or wall <= bar
            limit = f" (at most {bar})" if bar else ""
            print(f"{label:20} {wall:6.2f} s{limit:16} {busy:6.2f} s of processors, load {os.getloadavg()[0]:.1f}")
    return int(not within)


if __name__ == "__main__":
    size, rounds, label = (*sys.argv[1:], *["1000", "3", ""][len(sys.argv) - 1 :])
    sys.exit(main(int(size), int(rounds), label))
