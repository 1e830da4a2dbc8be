"""Write docs/performance.md from the results of `make bench`."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from measuring import Case, Result

Results = Mapping[str, Result]

HEAD = """\
# Performance

<!-- Written by `make bench`. -->

`make bench` measures whole commands, from the start of Python to the last line, on projects that it writes. The
commands of a table are run in turn, so that a machine that is busy is busy for all of them. Seconds are medians, with
the fastest and the slowest run; *ratio* is the part of the first command's median; *memory* is that of the largest
process. Other machines have other seconds, but similar ratios.

`make bench BENCH="--only run-tiny"` measures one table, and `make bench BENCH=--quick` all of them on a twentieth of
the size in a few minutes, into `build/bench/quick/performance.md`.
"""
PARTS = {
    "run": "Running",
    "generate": "Generating",
    "requirements": "Other tools of requirements",
    "mark": "Marking",
    "start": "Small projects",
    "example": "Small projects",
    "challenge": "Small projects",
    "status": "Status",
}
NOTES = {
    "Running": (
        "Each scenario has three steps. *Only the runner* leaves out what `run` does before and after: it reads specs, "
        "compares fingerprints, and judges the results. behavex is measured on the small suites only."
    ),
    "Generating": "The two loops parse the same specs in one process and do nothing else.",
    "Other tools of requirements": (
        "strictdoc exports JSON without its cache, doorstop checks all documents; each of them reads its own format. "
        "`generate` reads as many criteria and writes a scenario for each."
    ),
    "Marking": "All specs change. The loop edits by patterns, and syncs and replaces each file, as `mark` does.",
    "Small projects": "",
    "Status": "",
}
_LINEAR = 1.2


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure that is to be at most `limit`; it is missing until its case was measured."""

    text: str
    limit: float
    figure: Callable[[Results], float | None]
    unit: str = ""


def make_ratio(case: str, name: str, rival: str) -> Callable[[Results], float | None]:
    """Return a function that divides the median seconds of two commands of a case."""

    def divide(results: Results) -> float | None:
        """Divide them."""
        if case not in results:
            return None
        ours, theirs = results[case].median(name), results[case].median(rival)
        return ours / theirs if ours and theirs else None

    return divide


def make_growth(kind: str, name: str) -> Callable[[Results], float | None]:
    """Return a function that compares the processor time for each spec of 10,000 with that for each of 1,000."""

    def compare(results: Results) -> float | None:
        """Compare them."""
        sizes = (10_000, 1000)
        found = [results[f"{kind}-{size}"] for size in sizes if f"{kind}-{size}" in results]
        times = [result.median(name, "processor") for result in found]
        return times[0] / 10 / times[1] if len(times) == 2 and times[0] and times[1] else None

    return compare


def make_median(case: str, name: str, value: str) -> Callable[[Results], float | None]:
    """Return a function that finds the median of a value of a command, such as its memory."""
    return lambda results: results[case].median(name, value) if case in results else None


COLD, AGAIN, UNCHANGED = (f"spec2bdd generate, {when}" for when in ("the first time", "all again", "nothing changed"))
_SHOWN = ("spec2bdd status", "spec2bdd report")
_LOOP = "a marko loop that only parses"
AIMS = (
    Aim("4,000 tiny scenarios with `-j 2`, of behave", 0.40, make_ratio("run-tiny", "spec2bdd run -j 2", "behave")),
    Aim("2,050 step definitions with `-j 2`, of behave", 0.19, make_ratio("run-wide", "spec2bdd run -j 2", "behave")),
    Aim("waiting scenarios with `-j 2`, of behave", 0.52, make_ratio("run-waiting", "spec2bdd run -j 2", "behave")),
    Aim("8,200 step definitions with `-j 2`, of behave", 0.06, make_ratio("run-huge", "spec2bdd run -j 2", "behave")),
    Aim("the first `generate` of 1,000 specs, of the marko loop", 0.16, make_ratio("generate-1000", COLD, _LOOP)),
    Aim("`generate` of 10,000 specs: time for each, of that with 1,000", _LINEAR, make_growth("generate", COLD)),
    Aim("`generate` of 10,000 specs: largest process", 400, make_median("generate-10000", COLD, "memory"), " MB"),
    Aim(
        "`generate` of 10,000 specs, all again: largest process",
        400,
        make_median("generate-10000", AGAIN, "memory"),
        " MB",
    ),
    Aim("`mark` of 10,000 specs: time for each, of that with 1,000", _LINEAR, make_growth("mark", "spec2bdd mark")),
    Aim("`--help`, of a bare Python", 6, make_ratio("start", "spec2bdd --help", "python -c pass")),
    Aim("`verify` of the chat example, of behave", 2.2, make_ratio("example", "spec2bdd verify", "behave")),
    Aim(
        "`challenge` of the chat example, of its `run`",
        3,
        make_ratio("challenge", "spec2bdd challenge -j 2", "spec2bdd run -j 2"),
    ),
    Aim("`generate` with nothing to do, of behave", 0.7, make_ratio("example", UNCHANGED, "behave")),
    Aim("the page of 1,000 specs after a run", 5, make_median("status", f"{_SHOWN[1]}, after a run", "seconds"), " s"),
    Aim(
        "`status` of 1,000 specs, nothing changed",
        0.3,
        make_median("status", f"{_SHOWN[0]}, nothing changed", "seconds"),
        " s",
    ),
    Aim(
        "`status` of 1,000 specs, without its cache",
        1,
        make_median("status", f"{_SHOWN[0]}, without its cache", "seconds"),
        " s",
    ),
)


def render_page(cases: Sequence[Case], results: Results, versions: Mapping[str, str], *, quick: bool = False) -> str:
    """Render the page from the results that there are."""
    aims = [] if quick else ["\n## Aims\n", *_render_aims(results)]
    lines = [HEAD, *_render_machine(results, versions), *aims]
    last = ""
    for case in cases:
        part = PARTS[case.name.partition("-")[0]]
        if case.name not in results:
            continue
        if part != last:
            lines += [f"\n## {part}\n", *([f"{NOTES[part]}\n"] if NOTES[part] else [])]
            last = part
        lines += [f"### {case.title}\n", *render_table(results[case.name]), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"


def render_table(result: Result) -> Iterator[str]:
    """Render the table of one case."""
    first = next((median for name in result.samples if (median := result.median(name))), None)
    yield "| command | seconds | from, to | ratio | memory |"
    yield "|---|---|---|---|---|"
    for name, samples in result.samples.items():
        if name in result.failures:
            yield f"| {name} | {result.failures[name]} | | | |"
        elif samples and first:
            seconds = [sample.seconds for sample in samples]
            median = result.median(name) or 0.0
            memory = result.median(name, "memory")
            spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
            yield f"| {name} | {median:.2f} | {spread} | {median / first:.2f} | {memory:.0f} MB |"


def _render_aims(results: Results) -> Iterator[str]:
    """Render the table of the aims."""
    yield "| aim | at most | measured | |"
    yield "|---|---|---|---|"
    for aim in AIMS:
        figure = aim.figure(results)
        form = "{:.0f}" if aim.unit == " MB" else "{:.2f}"
        limit = (form if aim.limit != int(aim.limit) else "{:.0f}").format(aim.limit)
        if figure is None:
            yield f"| {aim.text} | {limit}{aim.unit} | not measured | |"
        else:
            verdict = "met" if figure <= aim.limit else "**missed**"
            yield f"| {aim.text} | {limit}{aim.unit} | {form.format(figure)}{aim.unit} | {verdict} |"


def _render_machine(results: Results, versions: Mapping[str, str]) -> Iterator[str]:
    """Render what was measured where and when."""
    if not results:
        return
    dates = sorted({result.date for result in results.values()})
    commits = sorted({result.commit[:12] for result in results.values()})
    loads = [result.load for result in results.values()]
    yield f"- **Machine**: {describe_machine()}"
    yield f"- **Versions**: {', '.join(f'{name} {version}' for name, version in versions.items())}"
    yield f"- **Date**: {' to '.join(sorted({dates[0], dates[-1]}))}, commit {', '.join(commits)}"
    yield f"- **Load** before each table: {min(loads):.1f} to {max(loads):.1f}"


def describe_machine() -> str:
    """Describe the cores, the processor and the memory of this machine, and its system."""
    model = _find_value("/proc/cpuinfo", r"(?m)^model name\s*: (.*)$") or platform.machine()
    memory = _find_value("/proc/meminfo", r"(?m)^MemTotal:\s+(\d+) kB$")
    size = f", {int(memory) / 1024**2:.0f} GB of memory" if memory else ""
    return f"{len(os.sched_getaffinity(0))} cores of {model}{size}, {platform.system()}"


def find_versions(programs: Path) -> dict[str, str]:
    """Find the versions of Python, of spec2bdd and of what it is compared with."""
    versions = {"Python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in ("spec2bdd", "behave", "marko", "markdown-it-py")}
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    names = ("behave-pool", "behavex", "doorstop", "strictdoc")
    if (programs / "python").exists():
        command = [str(programs / "python"), "-c", code, *names]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        versions |= dict(zip(names, done.stdout.split(), strict=True))
    return versions


def _find_value(path: str, pattern: str) -> str:
    """Find a value in a file of the system, `""` if there is none."""
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[1].strip() if found else ""
