"""A plugin of pytest: note for each test that passes which lines of spec2bdd it and its children run, and its time.

Of a test with many cases, some are taken: the others would hardly notice another change.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from changes import digest_file, digest_tests
from line_trace import FOLDER, PACKAGE, LineTrace, write_at_end

# Where the notes go: a line of JSON for each test.
NOTES = "MUTANTS_NOTES"
CASES = 500
# And of one whose cases take longer than so many seconds, this many.
SLOW, SLOW_CASES = 0.3, 3

_folder = Path(os.environ[NOTES]).with_suffix(f".{os.getpid()}")
_trace = LineTrace(os.environ[PACKAGE])
_failed: set[str] = set()
_modules: set[str] = set()
_slow_cases: Counter[str] = Counter()


def _trace_fork() -> None:
    """Let a fork of this process write what it runs itself."""
    _trace.take()
    write_at_end(_trace)


os.register_at_fork(after_in_child=_trace_fork)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take some of the cases of each test, from all of its table."""
    functions = defaultdict(list)
    for item in items:
        functions[item.nodeid.partition("[")[0]].append(item)
    kept = {
        id(cases[place * len(cases) // min(CASES, len(cases))])
        for cases in functions.values()
        for place in range(min(CASES, len(cases)))
    }
    items[:] = [item for item in items if id(item) in kept]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip further cases of a slow test."""
    if _slow_cases[item.nodeid.partition("[")[0]] >= SLOW_CASES:
        pytest.skip("enough of its cases were noted")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Trace a test, and write what it ran; after the last one of a file, write that the file is complete."""
    shutil.rmtree(_folder, ignore_errors=True)
    _folder.mkdir(parents=True)
    os.environ[FOLDER] = str(_folder)
    used = _measure()
    _trace.take()
    _trace.start()
    try:
        result = yield
    finally:
        lines = defaultdict(set)
        for path, numbers in _trace.take().items():
            lines[path].update(numbers)
        seconds = _measure() - used
    for place in _folder.iterdir():
        for line in place.read_text(encoding="utf-8").splitlines():
            path, separator, numbers_text = line.partition("\t")
            if separator:
                lines[path].update(map(int, numbers_text.split()))
    _modules.update(lines)
    _slow_cases[item.nodeid.partition("[")[0]] += seconds > SLOW
    if item.nodeid not in _failed:
        ran = {path: f"{sum(1 << number for number in numbers):x}" for path, numbers in lines.items()}
        _write({"test": item.nodeid, "seconds": round(seconds, 4), "lines": ran})
    if nextitem is None or nextitem.path != item.path:
        # Lines count as long as the modules are the same.
        digests = {path: digest_file(Path(os.environ[PACKAGE]).parent / path) for path in sorted(_modules)}
        _write({"file": item.nodeid.partition("::")[0], "digest": digest_tests(item.path), "modules": digests})
        _modules.clear()
    shutil.rmtree(_folder)
    return result


def _write(note: dict[str, object]) -> None:
    """Write a note."""
    with Path(os.environ[NOTES]).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(note) + "\n")


def pytest_runtest_logreport(report: Any) -> None:
    """Remember the tests that fail or are skipped: they cannot notice anything."""
    if report.outcome != "passed":
        _failed.add(report.nodeid)


def _measure() -> float:
    """Measure the processor time of this process and of its children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
