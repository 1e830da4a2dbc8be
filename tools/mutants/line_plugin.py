"""A plugin of pytest: note for each test that passes which lines of spec2bdd it and its children run, and its time.

The lines and the time of a fixture that several tests share count for each of them. Of a test with many cases, some are
taken: the others would hardly notice another change.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

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
# The lines that the test at hand has run so far, and those and the seconds of fixtures by their ids.
_lines: defaultdict[str, set[int]] = defaultdict(set)
_shared: dict[int, tuple[Mapping[str, set[int]], float]] = {}


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
    known = set(_shared)
    _trace.take()
    _lines.clear()
    _trace.start()
    try:
        result = yield
    finally:
        _gather()
        seconds = _measure() - used
    _slow_cases[item.nodeid.partition("[")[0]] += seconds > SLOW
    for definitions in cast("pytest.Function", item)._fixtureinfo.name2fixturedefs.values():
        for lines, spent in (_shared[id(one)] for one in definitions if id(one) in _shared):
            _add(_lines, lines)
            seconds += spent
    # Of those that this test was the first to use, the time has been measured already.
    seconds -= sum(spent for one, (_, spent) in _shared.items() if one not in known)
    _modules.update(_lines)
    if item.nodeid not in _failed:
        ran = {path: f"{sum(1 << number for number in numbers):x}" for path, numbers in _lines.items()}
        _write({"test": item.nodeid, "seconds": round(seconds, 4), "lines": ran})
    if nextitem is None or nextitem.path != item.path:
        # Lines count as long as the modules are the same.
        digests = {path: digest_file(Path(os.environ[PACKAGE]).parent / path) for path in sorted(_modules)}
        _write({"file": item.nodeid.partition("::")[0], "digest": digest_tests(item.path), "modules": digests})
        _modules.clear()
    shutil.rmtree(_folder)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """Remember what a fixture runs that other tests may use again."""
    if fixturedef.scope == "function":
        return (yield)
    _gather()
    used = _measure()
    try:
        return (yield)
    finally:
        spent = _measure() - used
        _shared[id(fixturedef)] = _gather(), spent


def _gather() -> Mapping[str, set[int]]:
    """Gather the lines that were run since the last time, by this process and its children, and return them."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    _add(lines, _trace.take())
    for place in _folder.iterdir():
        for line in place.read_text(encoding="utf-8").splitlines():
            path, separator, numbers = line.partition("\t")
            if separator:
                lines[path].update(map(int, numbers.split()))
    _add(_lines, lines)
    return lines


def _add(lines: defaultdict[str, set[int]], others: Mapping[str, Iterable[int]]) -> None:
    """Add lines to others."""
    for path, numbers in others.items():
        lines[path].update(numbers)


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
