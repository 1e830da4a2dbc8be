"""Record which lines of a project run in each process of a run, next to its event log.

What loading the project runs is written once. Every scenario has a process of its own, forked from the one that has the
project loaded, so that what runs there is what the scenario runs: nothing is cached from an earlier one. The module is
imported by Behave itself, in the processes that run the features.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.lines.accesses import AccessWatch
from spec2bdd.adapters.behave.lines.contents import compute_content_digest
from spec2bdd.adapters.behave.lines.program import describe_program
from spec2bdd.adapters.results.run_lines import CHANGED, LINES_LOG, TRACES, process_to_json
from spec2bdd.adapters.system.file_stamps import Since
from spec2bdd.model import ProcessLines
from spec2bdd.model.files import STEP_KEYWORDS

_QUIET = ("no-data-collected", "module-not-measured", "module-not-imported", "module-not-python", "no-ctracer")


class LineRecorder:
    """Records the lines that run in this process and in those that are forked from it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._started = Since.start(root)
        self._accesses = AccessWatch(root)
        self._coverage: Any = None
        self._tracer: Any = None
        self._thread_tracer: Any = None
        self._process = os.getpid()
        self._path = Path()

    def start(self) -> None:
        """Trace from here on, before anything of the project is loaded; not where something else traces already."""
        self._accesses.start()
        if sys.gettrace() is not None:
            return
        # It takes 50 ms to import, and needs an extra of this package.
        import coverage

        # The fields of `run` that the tool would read from the project's own files do not count here.
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, source=[str(self._root)], messages=False, concurrency=["thread"]
        )
        # Where Python has `sys.monitoring`, that is the default. It loses lines once several processes share it.
        self._coverage.set_option("run:core", "ctrace")
        self._coverage.set_option("run:disable_warnings", list(_QUIET))
        self._coverage.start()
        self._tracer, self._thread_tracer = sys.gettrace(), threading.gettrace()

    def end_loading(self, records: str, modules: Iterable[str], values: Iterable[tuple[str, str]]) -> None:
        """Write what loading the project has run; `modules` are step and hook files, which may have failed to load.

        `values` are those that the command line gives to the steps.
        """
        self._path = Path(records + LINES_LOG)
        self._path.unlink(missing_ok=True)
        process = self._take()
        lines = {**dict.fromkeys(modules, frozenset[int]()), **process.lines}
        self._write("loaded", program=describe_program(dict(values)), **process_to_json(replace(process, lines=lines)))

    def enter_process(self) -> None:
        """Begin a process that was forked."""
        self._process = os.getpid()
        self._accesses.forget()

    def enter_step(self, keyword: str) -> None:
        """Count what runs from here on as run by steps with this keyword, or with an empty one by none."""
        if self._coverage is not None and os.getpid() == self._process:
            # A step may have stopped it.
            with suppress(Exception):
                self._coverage.switch_context(keyword)

    def write_scenarios(self, scenarios: Iterable[tuple[str, int, str]]) -> None:
        """Write what has run in this process, which is that of these scenarios: file, line and name."""
        # A process that a step has forked goes on with the steps.
        if os.getpid() == self._process:
            self._write("scenarios", scenarios=list(scenarios), **process_to_json(self._take(by_step=True)))

    def end(self) -> None:
        """Write the digests of all files that were run or read, as they are after the run."""
        paths: set[str] = set()
        with self._path.open(encoding="ascii") as stream:
            for line in stream:
                event = json.loads(line)
                paths.update(event["lines"], event["read"])
        self._write("end", files={path: self._digest(path) for path in sorted(paths)})

    def _take(self, *, by_step: bool = False) -> ProcessLines:
        """Take what has run in this process since the last call, also `by_step`."""
        lines: dict[str, frozenset[int]] = {}
        steps: dict[str, dict[str, frozenset[int]]] | None = None
        files, doubts = self._accesses.find_modules()
        tracers = (sys.gettrace(), threading.gettrace())
        if self._coverage is None or tracers != (self._tracer, self._thread_tracer):
            doubts.add(TRACES)
        else:
            data = self._coverage.get_data()
            lines = self._find_lines(data)
            if by_step:
                steps = {}
                for keyword in STEP_KEYWORDS:
                    data.set_query_context(keyword)
                    steps[keyword] = self._find_lines(data)
        # A module may have no line of its own, and yet be looked at.
        lines = {**dict.fromkeys(files, frozenset()), **lines}
        read = frozenset(self._accesses.read)
        doubts |= self._accesses.doubts
        self._accesses.forget()
        return ProcessLines(lines, read, tuple(sorted(doubts)), steps)

    def _find_lines(self, data: Any) -> dict[str, frozenset[int]]:
        """Find the lines of each file of the project in the data of coverage.py, of those contexts that it looks at."""
        found = {self._accesses.find_path(name): data.lines(name) for name in data.measured_files()}
        return {path: frozenset(numbers) for path, numbers in found.items() if path and numbers}

    def _digest(self, path: str) -> str:
        """Compute the digest of what was read, unless it was written during the run."""
        with suppress(OSError):
            if self._started.covers((self._root / path).stat().st_mtime_ns):
                return CHANGED
        return compute_content_digest(self._root, path)

    def _write(self, event: str, **facts: Any) -> None:
        """Append one event, by one call, so that those of several processes do not mix."""
        content = (json.dumps({"event": event, **facts}) + "\n").encode("ascii")
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            while content:
                content = content[os.write(descriptor, content) :]
        finally:
            os.close(descriptor)
