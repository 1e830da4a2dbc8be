"""Change the code that writes and runs at random, a change at a time, and count how many a test notices.

Usage: python tools/mutants [--count N] [--seconds N] [--jobs N] [--seed N] [--area NAME] [--survivors] [--list]

`mutmut` tries all changes of the code that judges; what writes and runs is tested by processes, which takes longer, so a
sample is drawn there, always the same with one seed. Each change is made in a copy of the repository, and the tests of
its area are run until one fails. What was tried is kept in build/mutants/sample.ndjson, so that the next call goes on;
the survivors are listed in build/mutants/sample.md. The exit status is 1 if fewer than 85 in 100 are noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from changes import Change, is_python, list_changes

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "build" / "mutants"
BAR = 0.85
# The code of each area, and the tests that have to notice its changes, the quick ones first.
AREAS: Mapping[str, tuple[str, str]] = {
    "features": (
        "domain/gherkin domain/planning",
        "domain/gherkin domain/planning domain/steps test_faults_written_whole.py test_outlines.py test_rewording.py",
    ),
    "steps": (
        "domain/steps domain/expressions",
        "domain/steps domain/expressions domain/gherkin domain/planning test_faults_written_whole.py test_pruning.py "
        "test_rewording.py",
    ),
    "edits": (
        "domain/editing text",
        "text domain/editing domain/specs test_byte_exact.py test_byte_exact_marks.py test_decide.py",
    ),
    "files": ("adapters/system", "adapters/system test_other_trees.py test_killed.py"),
    "records": ("adapters/results", "adapters/results test_external_results.py test_merging.py"),
    "running": (
        "adapters/behave",
        "adapters/behave test_aborted.py test_broad_steps.py test_several_definitions.py test_green_but.py test_merging.py",
    ),
    "commands": (
        "commands/gen*.py commands/mark.py commands/run.py commands/ver*.py project/cache project/*.py",
        "project test_pruning.py test_one_answer.py test_output.py test_named_run.py test_merging.py test_other_trees.py",
    ),
}
# Whole commands: they come last.
WHOLE = ("test_pipeline.py",)
# They end processes of others or remove folders, or other tests than those above are for them.
LEFT_OUT = ("process_tree.py", "page_server.py", "debugger.py", "behave/challenges/", "behave/lines/", "project/challenges.py")
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no")
NOTICED, SURVIVED, HUNG = "noticed", "survived", "hung"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a change."""

    key: str
    area: str
    path: str
    line: int
    old: str
    new: str
    outcome: str
    seconds: float


class BaselineError(Exception):
    """The tests of an area fail without any change."""


def main(arguments: list[str]) -> int:
    """Try the changes of the sample that were not tried yet, and print a summary."""
    parser = argparse.ArgumentParser(prog="python tools/mutants")
    parser.add_argument("--count", type=int, default=1500, help="the size of the sample")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("MUTANTS_SECONDS", "7200")))
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", choices=AREAS, help="only changes of this area")
    parser.add_argument("--survivors", action="store_true", help="try those again that no test noticed")
    parser.add_argument("--list", action="store_true", help="list the changes of the sample, and try none")
    options = parser.parse_args(arguments)
    population = [(area, change) for area in AREAS for change in list_area(area)]
    sample = random.Random(options.seed).sample(population, min(options.count, len(population)))
    sample = [pair for pair in sample if options.area in (None, pair[0]) and can_be_parsed(pair[1])]
    if options.list:
        print("\n".join(f"{change.path}:{change.line}: {change.old!r} -> {change.new!r}" for _, change in sample))
        return 0
    known = {trial.key: trial for trial in read_trials() if not (options.survivors and trial.outcome == SURVIVED)}
    left = [pair for pair in sample if pair[1].key not in known]
    print(f"{len(sample)} of {len(population)} changes, {len(sample) - len(left)} of them tried before", flush=True)
    try:
        try_changes(left, options.jobs, time.monotonic() + options.seconds)
    except BaselineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    known = {trial.key: trial for trial in read_trials()}
    return summarize([known[change.key] for _, change in sample if change.key in known], len(sample))


def list_area(area: str) -> Iterator[Change]:
    """List the changes of all modules of an area."""
    for folder in AREAS[area][0].split():
        for place in sorted((ROOT / "spec2bdd").glob(folder)):
            for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
                name = path.relative_to(ROOT).as_posix()
                if not any(left_out in name for left_out in LEFT_OUT):
                    yield from list_changes(name, path.read_bytes())


def can_be_parsed(change: Change) -> bool:
    """Return whether a change leaves a module that Python can parse."""
    return is_python(change.apply((ROOT / change.path).read_bytes()))


def try_changes(left: list[tuple[str, Change]], jobs: int, end: float) -> None:
    """Try changes in as many copies of the repository as there are jobs, until the time is over.

    Raises:
        BaselineError: the tests fail without a change.
    """
    if not left:
        return
    STATE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(copy_repository(Path(folder) / f"copy{number}"))
        areas = sorted({area for area, _ in left})
        limits = dict(zip(areas, pool.map(lambda area: measure_tests(area, copies), areas), strict=True))
        tasks = [pool.submit(try_change, area, change, copies, limits[area], end) for area, change in left]
        for task in as_completed(tasks):
            if trial := task.result():
                with (STATE / "sample.ndjson").open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps({name: getattr(trial, name) for name in trial.__slots__}) + "\n")
                print(f"{trial.outcome:8} {trial.seconds:5.0f} s  {trial.path}:{trial.line}", flush=True)


def copy_repository(target: Path) -> Path:
    """Copy the files that git knows, and those that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).exists() and not name.startswith("kit/"):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def measure_tests(area: str, copies: SimpleQueue[Path]) -> float:
    """Run the tests of an area without a change, and return how long a change may take until it counts as noticed.

    Raises:
        BaselineError: one of them fails.
    """
    copy = copies.get()
    start = time.monotonic()
    try:
        status, output = run_tests(copy, list_tests(area, None), 3600)
    finally:
        copies.put(copy)
    if status != 0:
        raise BaselineError(f"the tests of `{area}` fail without a change:\n{output[-3000:]}")
    seconds = time.monotonic() - start
    print(f"{area}: its tests take {seconds:.0f} s", flush=True)
    return 60 + 4 * seconds


def try_change(area: str, change: Change, copies: SimpleQueue[Path], limit: float, end: float) -> Trial | None:
    """Make a change in a copy, run the tests of its area, and undo it; `None` if the time is over."""
    if time.monotonic() > end:
        return None
    copy = copies.get()
    start = time.monotonic()
    path = copy / change.path
    content = path.read_bytes()
    try:
        write_module(path, change.apply(content))
        # The tests of the module itself come first: mostly, one of them fails at once.
        status, _ = run_tests(copy, list_tests(area, change), limit)
    finally:
        write_module(path, content)
        copies.put(copy)
    outcome = HUNG if status is None else SURVIVED if status == 0 else NOTICED
    seconds = round(time.monotonic() - start, 1)
    return Trial(change.key, area, change.path, change.line, change.old, change.new, outcome, seconds)


def write_module(path: Path, content: bytes) -> None:
    """Write a module, so that no compiled form of another version of it is taken: those go by seconds and sizes."""
    path.write_bytes(content)
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def list_tests(area: str, change: Change | None) -> list[str]:
    """List the tests of an area; those that are named after the changed module come first."""
    places = [ROOT / "tests" / name for name in (*AREAS[area][1].split(), *WHOLE)]
    files = [path for place in places for path in (sorted(place.rglob("test_*.py")) if place.is_dir() else [place])]
    if change:
        stem = Path(change.path).stem
        files.sort(key=lambda path: stem not in path.stem)
    return [path.relative_to(ROOT).as_posix() for path in files]


def run_tests(copy: Path, tests: list[str], limit: float) -> tuple[int | None, str]:
    """Run tests in a copy and in a world of processes of its own, which ends with them; `None` if they hang."""
    command = [sys.executable, *PYTEST, *tests]
    if os.geteuid() == 0 and shutil.which("unshare"):
        command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", *command]
    environment = {**os.environ, "PYTHONPATH": str(copy), "SPEC2BDD_EXAMPLES": "20"}
    process = subprocess.Popen(
        command,
        cwd=copy,
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None, ""
    return process.returncode, output


def read_trials() -> Iterator[Trial]:
    """Read what was tried before."""
    path = STATE / "sample.ndjson"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        yield Trial(**json.loads(line))


def summarize(trials: list[Trial], count: int) -> int:
    """Print the shares, list the survivors, and return 1 if too few were noticed of a sample that is complete."""
    print(f"\n{'area':10} {'changes':>8} {'noticed':>8}")
    for area in [*AREAS, "all"]:
        own = [trial for trial in trials if area in (trial.area, "all")]
        survivors = sum(trial.outcome == SURVIVED for trial in own)
        if own:
            print(f"{area:10} {len(own):8} {100 * (len(own) - survivors) / len(own):7.1f}%")
    lines = ["# Changes that no test noticed\n"]
    for trial in sorted(trials, key=lambda trial: (trial.path, trial.line)):
        if trial.outcome == SURVIVED:
            lines.append(f"- `{trial.path}:{trial.line}`\n\n  ```diff\n  - {trial.old}\n  + {trial.new}\n  ```\n")
    STATE.mkdir(parents=True, exist_ok=True)
    (STATE / "sample.md").write_text("\n".join(lines), encoding="utf-8")
    share = sum(trial.outcome != SURVIVED for trial in trials) / max(len(trials), 1)
    print(f"{len(trials)} of {count} changes tried, {100 * share:.1f}% noticed; survivors: build/mutants/sample.md")
    return int(share < BAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
