"""Measure runs on a local Dask cluster of two workers: how fast they are, and what a killed worker changes.

Usage: python benchmarks/cluster.py speed|kills [COUNT]

`speed` runs 200 scenarios of 200 ms with one and with two workers, and 100 units that do nothing, for the time that a
unit costs. `kills` verifies a project on this machine, and then COUNT times on a cluster, each time with a Dask worker
that is killed at a random moment; the specs have to have the same bytes each time.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from suites import Shape, write_suite

import spec2bdd
from spec2bdd.adapters.behave.launcher import run_behave
from spec2bdd.adapters.results.event_log import parse_run
from spec2bdd.adapters.system.process_tree import list_descendants
from spec2bdd.config import read_config
from spec2bdd.model import RunOptions

BAR = 0.60
CRITERIA = 24
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = """\
import time
from behave import then
from product import is_right


@then("number {number:d} is {state}")
def step(context, number, state):
    time.sleep(0.15)
    assert is_right(number), number
"""
PRODUCT = """\
def is_right(number):
    return number % 4 > 0
"""


def run_suite(root: Path, plan: RunOptions) -> tuple[float, float]:
    """Run a suite, and return the seconds that it took, and those from its first scenario to the last one."""
    records = root / ".spec2bdd/records.ndjson"
    seen: list[float] = []

    def listen(event: Mapping[str, object]) -> None:
        if str(event["event"]).startswith("scenario"):
            seen.append(time.perf_counter())

    began = time.perf_counter()
    run_behave(root, features="features", record_path=records, run_id="r", on_event=listen, plan=plan)
    took = time.perf_counter() - began
    run = parse_run(records.read_text(encoding="utf-8"), path=records.name)
    assert run.complete, records
    assert {result.status for result in run.results} == {"passed"}, run.diagnostics
    return took, seen[-1] - seen[0]


def measure_speed(folder: Path) -> bool:
    """Measure what a second worker saves, and what a unit costs."""
    for name, shape in {
        "wait": Shape(20, 10, 3, wait=0.2),
        "tiny": Shape(100, 1, 3),
        "one": Shape(1, 1, 3),
    }.items():
        write_suite(folder / name, shape)
    # Only the first step of each scenario waits.
    texts = [path.read_text() for path in sorted((folder / "wait/features").iterdir())]
    waits = sum(text.count("page number 0\n") for text in texts) * 0.2
    took = {workers: run_suite(folder / "wait", make_plan(workers)) for workers in (1, 2)}
    for place, what in enumerate(("whole runs", "from the first scenario to the last")):
        one, two = took[1][place], took[2][place]
        print(f"200 scenarios that wait {waits:.0f} s, {what}: one worker {one:.1f} s, two {two:.1f} s", end=", ")
        print(f"ratio {two / one:.2f} (bar {BAR})", flush=True)
    many, one = (run_suite(folder / name, make_plan(1))[0] for name in ("tiny", "one"))
    local = run_suite(folder / "tiny", RunOptions(jobs=2))[0] - run_suite(folder / "one", RunOptions(jobs=2))[0]
    print(f"start and end of a cluster with one unit: {one:.1f} s")
    print(
        f"each further unit: {(many - one) / 99 * 1000:.0f} ms; on this machine without Dask {local / 99 * 1000:.0f} ms"
    )
    return took[2][0] <= BAR * took[1][0]


def make_plan(workers: int) -> RunOptions:
    """Return the options of a run on a local cluster."""
    return RunOptions(executor="dask", cluster_workers=workers)


def write_project(root: Path) -> None:
    """Write a project with one spec, a quarter of whose criteria fail, and generate its features."""
    boxes = "\n".join(f"- [ ] number {n} is {'wrong' if n % 4 == 0 else 'right'}" for n in range(CRITERIA))
    front = "---\nfeature_id: 1\nname: Numbers\nstatus: Draft\nupdated: 2026-01-01T00:00:00+00:00\n---\n"
    (root / "specs").mkdir(parents=True)
    (root / "specs/1-numbers.md").write_text(f"{front}\n# Numbers\n\n### Must Have\n\n{boxes}\n")
    (root / "steps").mkdir()
    (root / "steps/number_steps.py").write_text(STEPS)
    (root / "product.py").write_text(PRODUCT)
    (root / "spec2bdd.toml").write_text('specs = "specs"\n')
    spec2bdd.generate(read_config(root))


def verify(root: Path, plan: RunOptions, *, kill_after: int = -1, delay: float = 0.0) -> tuple[bytes, int]:
    """Verify a project, and kill a worker some time after so many scenarios; return the spec and what was killed."""
    ended, killed = 0, 0

    def kill() -> None:
        nonlocal killed
        time.sleep(delay)
        workers = [process for process in list_descendants(os.getpid()) if is_dask_worker(process)]
        if workers:
            killed = random.choice(workers)
            os.kill(killed, signal.SIGKILL)

    def listen(event: Mapping[str, object]) -> None:
        nonlocal ended
        ended += event["event"] == "scenario_end"
        if event["event"] == "scenario_end" and ended == kill_after:
            threading.Thread(target=kill).start()

    report = spec2bdd.verify(read_config(root), run_options=plan, on_event=listen, now=NOW)
    assert report.run, report.diagnostics
    numbers = [result.line for result in report.run.results]
    assert len(numbers) == len(set(numbers)) == CRITERIA, numbers
    assert not any(result.tries for result in report.run.results)
    for diagnostic in report.diagnostics:
        if diagnostic.code == "cluster":
            print(diagnostic.message, flush=True)
    return (root / "specs/1-numbers.md").read_bytes(), killed


def is_dask_worker(process: int) -> bool:
    """Whether a process is one of the workers of a local cluster."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"multiprocessing.spawn" in command


def measure_kills(folder: Path, count: int) -> bool:
    """Kill a worker of each of `count` runs, and compare what is marked."""
    write_project(folder / "project")
    shutil.copytree(folder / "project", folder / "local")
    expected, _ = verify(folder / "local", RunOptions(jobs=2))
    assert expected.count(b"[x]") == CRITERIA * 3 // 4, expected
    same = kills = 0
    for number in range(count):
        root = folder / f"run-{number}"
        shutil.copytree(folder / "project", root)
        began = time.perf_counter()
        after, delay = random.randint(1, CRITERIA - 2), random.uniform(0, 0.3)
        actual, killed = verify(root, make_plan(2), kill_after=after, delay=delay)
        same, kills = same + (actual == expected), kills + bool(killed)
        took = time.perf_counter() - began
        print(
            f"{number + 1}: killed {delay:.2f} s after scenario {after}: {actual == expected} in {took:.1f} s",
            flush=True,
        )
    print(f"{same} of {count} runs marked the same bytes; {kills} workers were killed")
    return same == count


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        what, *rest = sys.argv[1:]
        is_good = measure_speed(Path(name)) if what == "speed" else measure_kills(Path(name), int(*rest or ["20"]))
    sys.exit(not is_good)
