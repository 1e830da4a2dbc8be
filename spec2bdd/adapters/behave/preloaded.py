"""A Behave process that loads a project early, answers the step registry's questions, and then runs the features.

Loading Behave and the project takes most of the time of a small run. One process that does it once replaces two: the
registry server and the run. It is an ordinary run (see `launcher.py`) that pauses between loading and running, so hooks
and step modules are loaded just as in any other run. If a file that it loaded changes before the order to run, for
example because stubs were written, it refuses the order, and a new process is started.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from spec2bdd.adapters.behave.launcher import build_arguments, refuse_optimization
from spec2bdd.adapters.behave.protocol import ANSWER, LINES, PRELOAD, RUN_ID, RUN_RECORDS, SOURCES
from spec2bdd.adapters.behave.registry.client import RegistryClient
from spec2bdd.adapters.behave.standby import start_behave
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.adapters.system.subprocess import follow_process, open_scratch, stop_process
from spec2bdd.errors import Spec2bddError
from spec2bdd.model import RunOptions


class PreloadedBehave(RegistryClient):
    """A Behave process that is loading a project: it answers one question, and then runs the features on demand."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: Path, output: IO[bytes], arguments: Sequence[str]
    ) -> None:
        super().__init__(process, folder, output, keep_open=True)
        self.process = process
        self.output = output
        self._arguments = tuple(arguments)
        self._files_written = False

    def has_loaded(self, digests: Mapping[str, str]) -> bool:
        """Whether it has loaded the step and hook files with these digests; waits until everything is loaded."""
        follow_process(self.process, lambda: self._find_line("loaded"))
        loaded = self._find_line("loaded").get("loaded")
        return loaded is not None and loaded == {
            path: digest for path, digest in digests.items() if path.endswith(".py")
        }

    def note_files_written(self) -> None:
        """Remember that files of the project were written since git was asked: they may differ from its commit."""
        self._files_written = True

    def start_run(self, options: RunOptions, *, features: str, record_path: Path, run_id: str) -> bool:
        """Order a run; whether it has begun. It does not begin if what was loaded is out of date."""
        if self.process.poll() is not None or options.arguments != self._arguments:
            return False
        order = {
            "id": run_id,
            "files_written": self._files_written,
            "options": run_options_to_json(options),
            "records": str(record_path),
            "arguments": build_arguments(options, features=features, record_path=record_path),
        }
        # The process may have ended meanwhile; then there is no line about the start.
        with suppress(OSError), cast("IO[bytes]", self.process.stdin) as order_stream:
            order_stream.write(json.dumps(order).encode("ascii") + b"\n")
        follow_process(self.process, lambda: self._find_line("started"))
        return bool(self._find_line("started").get("started"))

    def stop(self) -> None:
        """End the process if it is still there; of the project only its modules have been run by then."""
        stop_process(self.process)


@contextmanager
def preload_behave(
    root: Path,
    *,
    features: str,
    steps: str,
    records: Path | None,
    options: RunOptions,
    sources: Sequence[str] = (),
    lines: bool = False,
) -> Iterator[PreloadedBehave | None]:
    """Start to load a project in a Behave that can run it later; `None` where that cannot work or save time.

    `records` is the folder for the records, if they are to be kept; `sources`, and whether `lines` are recorded, are
    those of the configuration.
    """
    if not _is_useful(root / features, root / steps, options):
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, open_scratch() as output:
        arguments = build_arguments(options, features=features, record_path=Path(folder) / "records")
        variables = {RUN_ID: "preloaded", PRELOAD: folder, SOURCES: json.dumps(list(sources))}
        if records is not None:
            variables[RUN_RECORDS] = os.path.realpath(records)
            variables |= {LINES: "1"} if lines else {}
        (Path(folder) / ANSWER).touch()
        try:
            behave = start_behave(root, arguments=arguments, variables=variables, output=output)
        except OSError:
            # The run that follows reports that Python cannot be started.
            yield None
            return
        try:
            yield PreloadedBehave(behave.process, Path(folder), behave.output, options.arguments)
        finally:
            stop_process(behave.process)


def _is_useful(features: Path, steps: Path, options: RunOptions) -> bool:
    """Whether Behave would find something to load and to run, and can be started with these options."""
    try:
        refuse_optimization()
    except Spec2bddError:
        # Reported by the run itself.
        return False
    # Checking arguments for Behave would load Behave in this process as well. With a
    # debugger or a cluster, time does not matter.
    if options.arguments or options.debugger or options.executor != "local":
        return False
    return steps.is_dir() and next(features.rglob("*.feature"), None) is not None
