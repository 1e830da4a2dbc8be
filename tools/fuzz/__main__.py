"""Try far more random inputs than `make check` does, for a bounded time, and summarize what was tried.

Usage: python tools/fuzz [--seconds N] [--only AREA] [--atheris PYTHON]

The properties are the tests that have them. What fails is printed with its smallest example and joins the named cases
of that test; Hypothesis keeps it in `.hypothesis/`, so that `SPEC2BDD_EXPLORE=1 make test` tries it first. PYTHON is an
interpreter that has spec2bdd and atheris, which looks for inputs that reach new code. The exit code is 1 if something
was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
STATE = ROOT / "build" / "fuzz"
# The tests of each area; only those with the marker of Hypothesis are run.
AREAS = {
    "reading": ("tests/domain/specs", "tests/text", "tests/domain/trace", "tests/domain/drafts"),
    "editing": ("tests/domain/editing", "tests/domain/lint", "tests/domain/steps", "tests/domain/tracking"),
    "phrasing": ("tests/domain/gherkin", "tests/domain/expressions"),
    "records": ("tests/adapters/results", "tests/adapters/behave", "tests/adapters/system", "tests/domain/verdicts"),
    "reports": ("tests/reporters", "tests/adapters/evidence"),
}
DOCUMENTS, BYTES = "documents", "bytes"
# What atheris starts from: whatever looks like an input of one of the readers.
SEEDS = ("tests/domain/specs/cases", "tests/adapters/results/data", "tests/adapters/evidence/data")
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an area: how many properties were tried on how many inputs, and what was found."""

    area: str
    properties: int
    inputs: int
    seconds: float
    found: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Share the time among the areas, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python tools/fuzz")
    default = int(os.environ.get("FUZZ_SECONDS", "600"))
    parser.add_argument("--seconds", type=int, default=default, help="for all areas together")
    parser.add_argument("--only", action="append", choices=[*AREAS, DOCUMENTS, BYTES], help="only this area")
    parser.add_argument("--atheris", type=Path, metavar="PYTHON", help="an interpreter with atheris and spec2bdd")
    options = parser.parse_args(arguments)
    chosen = options.only or [*AREAS, DOCUMENTS, BYTES]
    if BYTES in chosen and not (options.atheris and options.atheris.exists()):
        print(f"{BYTES}: skipped, because atheris is not installed")
        chosen.remove(BYTES)
    STATE.mkdir(parents=True, exist_ok=True)
    outcomes = [run_area(area, options.seconds / len(chosen), options.atheris) for area in chosen]
    print(f"\n{'area':10} {'properties':>10} {'inputs':>10} {'seconds':>8}  found")
    for outcome in outcomes:
        figures = f"{outcome.properties:10} {outcome.inputs:10,} {outcome.seconds:8.0f}"
        print(f"{outcome.area:10} {figures}  {len(outcome.found)}")
    for outcome in outcomes:
        for name in outcome.found:
            print(f"found: {name}")
    return int(any(outcome.found for outcome in outcomes))


def run_area(area: str, seconds: float, interpreter: Path) -> Outcome:
    """Try one area for some seconds."""
    print(f"{area}: {seconds:.0f} s ...", flush=True)
    start = time.monotonic()
    if area == DOCUMENTS:
        properties, inputs, found = try_documents(seconds)
    elif area == BYTES:
        properties, inputs, found = try_bytes(seconds, interpreter)
    else:
        properties, inputs, found = try_properties(area, seconds)
    return Outcome(area, properties, inputs, time.monotonic() - start, tuple(found))


def try_properties(area: str, seconds: float) -> tuple[int, int, list[str]]:
    """Repeat the properties of an area with new random examples."""
    report = STATE / f"{area}.json"
    for path in (report, report.with_suffix(".running")):
        path.unlink(missing_ok=True)
    variables = {"SPEC2BDD_EXPLORE": "1", "SPEC2BDD_FUZZ_REPORT": str(report), "SPEC2BDD_FUZZ_SECONDS": str(seconds)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "fuzz_plugin", "-m", "hypothesis"]
    done = call([*command, *AREAS[area]], variables, seconds)
    if not report.exists():
        return 0, 0, [f"{area}: {describe_end(done, report.with_suffix('.running'))}"]
    data = json.loads(report.read_text(encoding="utf-8"))
    if data["failed"]:
        print(done.stdout)
    return data["properties"], data["examples"], data["failed"]


def describe_end(done: subprocess.CompletedProcess[str], running: Path) -> str:
    """Describe why pytest has written no report; `running` names the property that it had begun."""
    if done.returncode == STOPPED:
        what = running.read_text(encoding="utf-8") if running.exists() else "the collection of the tests"
        return f"{what} did not end within {GRACE} s after the time was over"
    return f"pytest exited with {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def try_documents(seconds: float) -> tuple[int, int, list[str]]:
    """Read the next random documents, going on where the last run stopped."""
    state = STATE / "next-document"
    first = int(state.read_text(encoding="utf-8")) if state.exists() else 1_000_000
    found, tried, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        numbers = {"SPEC2BDD_INPUTS": _BATCH, "SPEC2BDD_DOCUMENTS": _BATCH // 2, "SPEC2BDD_FIRST": first + tried}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = call(
            [*command, "tests/domain/specs/test_specs_random.py"],
            {name: str(number) for name, number in numbers.items()},
            end - time.monotonic(),
        )
        if done.returncode == STOPPED:
            break
        tried += _BATCH
        state.write_text(str(first + tried), encoding="utf-8")
        if done.returncode:
            print(done.stdout)
            found += [line for line in done.stderr.splitlines() if line.startswith("document ")] or ["documents"]
    return 2, tried, found


def try_bytes(seconds: float, interpreter: Path) -> tuple[int, int, list[str]]:
    """Let atheris change files until they reach new code of the readers."""
    corpus, crashes = STATE / "corpus", STATE / "crashes"
    for folder in (corpus, crashes):
        folder.mkdir(exist_ok=True)
    places = [str(ROOT / place) for place in SEEDS if (ROOT / place).is_dir()]
    options = [f"-max_total_time={seconds:.0f}", f"-artifact_prefix={crashes}/", "-timeout=20", "-rss_limit_mb=4096"]
    command = [str(interpreter), str(FOLDER / "bytes_harness.py"), *options, "-max_len=20000", str(corpus), *places]
    done = call(command, {}, seconds)
    inputs = [int(line.split()[0][1:]) for line in done.stderr.splitlines() if line.startswith("#") and "\t" in line]
    found = [f"{path.relative_to(ROOT)}" for path in sorted(crashes.iterdir())]
    if done.returncode and not found:
        found = [f"atheris exited with {done.returncode}: {done.stderr[-2000:]}"]
    return 1, max(inputs, default=0), found


STOPPED = -9
# Seconds for collecting the tests, and for the property that runs when the time is over, on a machine that is busy.
GRACE = 180


def call(command: list[str], variables: dict[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command, and stop it if it takes far longer than it may."""
    paths = [str(ROOT), str(FOLDER), str(ROOT / "tests")]
    environment = {**os.environ, **variables, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=seconds + GRACE
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, STOPPED, "", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
