"""A process that has imported pytest and the libraries, and forks to run tests: `python tools/mutants` starts it.

It reads orders from its input, a line of JSON each, and writes a line about each to its output. It has not imported
spec2bdd: each fork does, and so runs the change that the copy of the repository has at that moment.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

# What tests and modules import; what is missing is imported by the forks, if at all.
LIBRARIES = """_pytest.assertion.rewrite behave.runner behave.configuration click.testing concurrent.futures.process
    frontmatter gherkin.parser hypothesis.strategies jinja2 jsonschema marko.ext.gfm multiprocessing.connection nh3
    parse parse_type regex rich.console tomllib unittest.mock xml.etree.ElementTree yaml"""
# The libraries that pytest would rewrite are imported already; plugins that the tests do not use cost time.
OPTIONS = ["-x", "-q", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
OPTIONS += ["-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
# An option of `prctl`: the orphans of a trial become children of this process, which ends them.
_SUBREAPER = 36
# More memory or longer files than any test needs.
_MEMORY, _FILE = 6 << 30, 1 << 29
# A trial is over if it has waited for so long and done nothing, or if it has run for longer than the order allows.
_PATIENCE = 10.0


class Verdict:
    """A plugin of pytest: runs the tests of the order in its order, and notes the first one that does not pass."""

    def __init__(self, tests: list[str]) -> None:
        self.ranks = {test: rank for rank, test in enumerate(tests)}
        self.passed = 0
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what was not ordered: a test whose name a change has altered is no test that fails."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.ranks), key=lambda item: self.ranks[item.nodeid]
        )

    def pytest_collectreport(self, report: Any) -> None:
        """Note a module of tests that cannot be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a test that fails."""
        if report.failed and not self.failed:
            self.failed = report.nodeid
        self.passed += report.when == "call" and report.passed


def main() -> None:
    """Serve orders until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for library in LIBRARIES.split():
        with suppress(ImportError):
            importlib.import_module(library)
    # Imports what pytest imports when it runs.
    with tempfile.TemporaryDirectory() as folder:
        pytest.main([*OPTIONS, "-c", os.devnull, "--rootdir", folder, folder])
    # A collection in a fork would copy all of this memory.
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(run_order(order["tests"], float(order["seconds"]))), file=answers, flush=True)


def run_order(tests: list[str], most: float) -> dict[str, Any]:
    """Run tests in a fork until one fails; `failed` is empty if all of them pass, `hung` true if they do not end."""
    folder = tempfile.mkdtemp()
    answer, ours = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answer)
        run_tests(tests, folder, ours)
    os.close(ours)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        hung = not wait_for(child, most)
    finally:
        while processes := list(list_descendants(os.getpid())):
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(-1, 0)
    with os.fdopen(answer, encoding="utf-8") as stream:
        text = stream.read()
    shutil.rmtree(folder, ignore_errors=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    # Without an answer a test has ended the process itself.
    result: dict[str, Any] = json.loads(text) if text.startswith("{") else {"failed": text or "?", "passed": 0}
    return {**result, "failed": result["failed"] or "?" * hung, "hung": hung, "seconds": round(seconds, 3)}


def run_tests(tests: list[str], folder: str, answer: int) -> NoReturn:
    """Run tests in this process, and write which one fails first."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    verdict = Verdict(tests)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    code = 0
    try:
        code = int(pytest.main([*OPTIONS, f"--basetemp={folder}/base", *files], plugins=[verdict]))
    except BaseException as error:  # noqa: BLE001  Whatever ends the tests, they have failed.
        verdict.failed = verdict.failed or f"? {type(error).__name__}"
    # 5: no test was collected, for a change has altered all names.
    if code not in (0, 5) and not verdict.failed:
        verdict.failed = f"? {code}"
    os.write(answer, json.dumps({"failed": verdict.failed, "passed": verdict.passed}).encode())
    os._exit(0)


def wait_for(child: int, most: float) -> bool:
    """Wait until a process ends; false if it and its children ran for longer than `most`, or do nothing for a while.

    Neither depends on what else the machine does: what counts is processor time, and time when none was needed.
    """
    pause, idle, needed, start = 0.002, 0.0, 0.0, time.monotonic()
    known: dict[int, int] = {}
    looked = start
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(pause)
        pause = min(1.3 * pause, 0.2)
        now = time.monotonic()
        if now - looked < 0.5:
            continue
        ran, wanted, known = measure_processes(known)
        needed += ran
        idle += max(0.0, now - looked - wanted)
        looked = now
        if needed > most or idle > _PATIENCE + most:
            return False
    return True


def measure_processes(known: dict[int, int]) -> tuple[float, float, dict[int, int]]:
    """Measure for how long our processes ran since the last look, and for how long they ran or wanted to."""
    ran, wanted, values = 0, 0, {}
    for process in list_descendants(os.getpid()):
        with suppress(OSError, ValueError):
            running, waiting, _ = map(int, Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split())
            values[process], values[-process] = running, waiting
            ran += running - known.get(process, 0)
            wanted += running + waiting - known.get(process, 0) - known.get(-process, 0)
    return ran / 1e9, wanted / 1e9, values


def list_descendants(process: int) -> Iterator[int]:
    """List the processes that a process has started, and theirs."""
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text(encoding="ascii").split():
                yield int(child)
                yield from list_descendants(int(child))


if __name__ == "__main__":
    main()
