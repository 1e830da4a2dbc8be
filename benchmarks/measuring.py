"""Measure commands in turn on one project: seconds, processor time, and the memory of the largest process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# It starts the command from a small process of its own: what a process inherits before it becomes another program
# counts as its memory.
_TIMER = """\
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
error = done.stderr[-2000:].decode(errors="replace")
print(json.dumps([done.returncode, error, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run of a command took: seconds, seconds of all processors, and megabytes of the largest process."""

    seconds: float
    processor: float
    memory: float


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a case; `prepare` is called before each run, unmeasured, and `tool` is the package that it needs."""

    name: str
    arguments: tuple[str, ...]
    tool: str = ""
    prepare: Callable[[Path], object] | None = None
    statuses: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Case:
    """Commands that are run in turn on one project: so many rounds, of which none begins after `seconds`.

    Ratios are those to the first command. With `warm`, an additional first round is not counted.
    """

    name: str
    title: str
    write: Callable[[Path], object]
    commands: tuple[Command, ...]
    rounds: int = 5
    seconds: float = 120
    warm: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """The samples of a case by the names of its commands, when they were taken, and how busy the machine was before."""

    case: str
    title: str
    commit: str
    date: str
    load: float
    samples: Mapping[str, list[Sample]]
    failures: Mapping[str, str]

    def median(self, name: str, value: str = "seconds") -> float | None:
        """Return the median of the samples of a command, if there are any; `value` is one of their fields."""
        values = [float(getattr(sample, value)) for sample in self.samples.get(name, ())]
        return statistics.median(values) if values else None


class BenchError(Exception):
    """A command of ours failed, so that its time says nothing."""


def run_case(case: Case, *, commit: str, date: str) -> Result:
    """Write the project of a case, run its commands in turn, and return the samples."""
    samples: dict[str, list[Sample]] = {command.name: [] for command in case.commands}
    failures: dict[str, str] = {}
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        root.mkdir()
        case.write(root)
        start = time.monotonic()
        for number in range(-case.warm, case.rounds):
            if number > 0 and time.monotonic() - start > case.seconds:
                break
            for command in case.commands:
                if command.name in failures:
                    continue
                sample = measure_command(root, command, failures)
                if sample and number >= 0:
                    samples[command.name].append(sample)
    return Result(case.name, case.title, commit, date, load, samples, failures)


def measure_command(root: Path, command: Command, failures: dict[str, str]) -> Sample | None:
    """Measure one run; a tool of others that fails is noted and not measured.

    Raises:
        BenchError: one of our commands failed.
    """
    if command.prepare:
        command.prepare(root)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = Path(command.arguments[0])
    if command.tool:
        environment.pop("PYTHONPATH")
        environment["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", _TIMER, *command.arguments],
        cwd=root,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    status, error, *figures = json.loads(done.stdout)
    if status in command.statuses:
        return Sample(*figures)
    if not command.tool:
        raise BenchError(f"`{command.name}` exited with {status}: {error}")
    failures[command.name] = f"exited with {status}"
    return None


def write_result(path: Path, result: Result) -> None:
    """Write a result as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")


def read_result(path: Path) -> Result | None:
    """Read a result, if there is one."""
    if not path.exists():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    samples = {name: [Sample(**sample) for sample in taken] for name, taken in data.pop("samples").items()}
    return Result(samples=samples, **data)
