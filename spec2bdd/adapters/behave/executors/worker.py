"""Worker side of the pool: receive work units, run their scenarios with Behave's own runner.

The protocol over the connection: the parent sends lists of file numbers, each answered by `("collected", features)`.
Then it sends the first unit, or None. After each unit the worker sends `("idle", durations, request, has_stopped)`, and
gets the next unit or None. At its end it sends `("finished", durations, failed, aborted)`, or `("broken", {}, error)`
if Behave itself raised an error. All other results go into the event log. The module is imported in the processes that
run the features.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from spec2bdd.adapters.behave.executors.channel import Channel
from spec2bdd.adapters.behave.executors.feature_feed import FeatureFeed
from spec2bdd.adapters.behave.executors.pending_lines import PendingLines
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker_state import WorkerState, read_clock
from spec2bdd.adapters.behave.glue.feature_loader import load_features
from spec2bdd.adapters.behave.glue.output_capture import OutputCapture, open_captured, remove_captured
from spec2bdd.adapters.behave.glue.serialize import count_expected, describe_error, find_relative_path, read_tags
from spec2bdd.adapters.results.wire import build_file_diagnostic, run_options_from_json
from spec2bdd.adapters.system.digests import has_changed
from spec2bdd.adapters.system.process_tree import is_running, load_prctl
from spec2bdd.model import Diagnostic
from spec2bdd.text.clean import clean_text

if TYPE_CHECKING:
    from spec2bdd.adapters.behave.plugin.runner import RecordingRunner

# From `linux/prctl.h`: the signal that the kernel sends to a process when its parent has ended.
_PR_SET_PDEATHSIG = 1
# The exit code of a worker whose connection a step has closed.
CONNECTION_CLOSED = 97


class MessageChannel(Protocol):
    """The worker's end of its connection to the pool."""

    def send(self, message: Any) -> None:
        """Send a message."""

    def receive(self) -> Any:
        """Wait for the next message."""


class Worker:
    """Runs units with a runner that has the project loaded, and talks to the pool over a channel."""

    def __init__(self, runner: Any, channel: MessageChannel, *, files: Sequence[Any]) -> None:
        self._runner = runner
        self._channel = channel
        self._files = files
        self._parsed: dict[int, Any] = {}
        self._has_stopped = False
        self._ran: list[tuple[str, int, str]] = []

    def run(self, state: WorkerState, number: int, *, alone: bool, pending: PendingLines | None = None) -> None:
        """Collect the files that are asked for, then run units until there are none left."""
        message = self._channel.receive()
        while isinstance(message, list):
            self._channel.send(("collected", [self.collect_file(file) for file in message]))
            message = self._channel.receive()
        if message is None:
            return
        try:
            recorder = self._runner.make_recorder(alone=alone)
            recorder.enter_worker(number, state, pending)
            if lines := self._runner.lines:
                lines.enter_process()
            failed = self._runner.run_pulled(self._run_units(message))
            if lines:
                lines.write_scenarios(self._ran)
        except Exception as error:
            # Errors of steps and hooks are contained. It may be a reporter whose file cannot be written.
            with suppress(Exception):
                self._channel.send(("broken", {}, describe_error(error)))
            raise
        self._channel.send(("finished", recorder.take_durations(), failed, bool(self._runner.aborted)))

    def collect_file(self, file: int) -> CollectedFeature:
        """Parse one file, and describe what has to be known before anything runs."""
        features, diagnostics = self._parse_file(file)
        path = find_relative_path(self._files[file].filename, self._runner.root)
        if not features:
            return CollectedFeature(file, path, diagnostic=next(iter(diagnostics), None))
        self._parsed[file] = features[0]
        scenarios = features[0].walk_scenarios()
        tags = tuple(tuple(read_tags(scenario)) for scenario in scenarios)
        names = tuple(clean_text(scenario.name) for scenario in scenarios)
        return CollectedFeature(file, path, tags, names, count_expected(features))

    def _parse_file(self, file: int) -> tuple[list[Any], list[Diagnostic]]:
        """Parse one file, if it is still the one whose digest was taken before anything ran."""
        root = self._runner.root
        path = find_relative_path(self._files[file].filename, root)
        here = str(root)
        # A hook or a step may have gone to another folder, and that may be gone by now.
        with suppress(OSError):
            here = os.getcwd()  # noqa: PTH109  As `chdir` takes it.
        os.chdir(root)
        try:
            features, diagnostics = load_features([self._files[file]], language=self._runner.config.lang)
        finally:
            os.chdir(here)
        # Checked after parsing: a change in between is noticed as well.
        if has_changed(root / path, self._runner.files.digests.get(path)):
            message = "the file changed during the run, so the rest of it was not run"
            return [], [build_file_diagnostic(path, 0, code="feature-changed", message=message)]
        return features, diagnostics

    def _run_units(self, unit: WorkUnit | None) -> Iterator[Any]:
        """Yield the features to Behave's loop, each one reduced to the scenarios of the units that come in."""
        runner, recorder = self._runner, self._runner.recorder
        while unit is not None:
            # A feature that has been run holds the statuses of that run, so it is parsed again for the next unit.
            feature = self._parsed.pop(unit.file, None)
            if feature is None:
                features, diagnostics = self._parse_file(unit.file)
                for diagnostic in diagnostics:
                    recorder.write_diagnostic(diagnostic)
                if not features:
                    unit = self._request_unit(WorkRequest())
                    continue
                feature = features[0]
            request_unit = partial(self._request_unit, WorkRequest(unit.file))
            feed = FeatureFeed(feature, request_unit=request_unit, retries=runner.plan.retries)
            path = find_relative_path(feature.filename, runner.root)
            recorder.adopt_feature(feature, path, first=unit.first)
            feed.take_unit(unit)
            yield feature
            self._ran += [(path, scenario.line, clean_text(scenario.name)) for scenario in feed.taken]
            # Behave is done with the feature, hooks included. Hooks may have removed scenarios from it.
            remaining = set(feature.walk_scenarios())
            recorder.write_missed(scenario for scenario in feed.taken if scenario in remaining)
            recorder.write_removed(scenario for scenario in feed.taken if scenario not in remaining)
            self._has_stopped = bool(runner.aborted or (runner.config.stop and feature.status.has_failed()))
            unit = self._request_unit(WorkRequest())

    def _request_unit(self, request: WorkRequest) -> WorkUnit | None:
        """Ask the pool for the next unit; None ends the file, or all if any file would do."""
        runner = self._runner
        try:
            # After an abort the feature ends, but the pool still has to be informed between two features.
            if runner.aborted and request.file is not None:
                return None
            state = runner.recorder.worker_state
            # The wait for a unit is not part of any scenario's time.
            state.pause_clock()
            self._channel.send(("idle", runner.recorder.take_durations(), request, self._has_stopped))
            unit: WorkUnit | None = self._channel.receive()
            if request.file is not None:
                state.resume_clock(read_clock())
        except KeyboardInterrupt:
            runner.abort(reason="KeyboardInterrupt")
            return None
        return unit


def run_forked_worker(
    runner: Any,
    number: int,
    connection: Connection,
    state: WorkerState,
    files: Sequence[Any],
    inherited: Sequence[Connection],
    handlers: Mapping[signal.Signals, Any],
    output: int,
    pending: PendingLines,
) -> None:
    """Run a worker; entry point of a forked process, which has the project loaded.

    `inherited` are the parent's ends of connections. As long as this process held them open, neither the parent nor
    another worker could notice that the other end is gone. `output` is the file for what the scenarios print, or -1.
    """
    set_up_worker_process(handlers)
    for parent_end in inherited:
        parent_end.close()
    # Other formatters than ours would overwrite each other's files, so only a worker that is the only one has them.
    alone = runner.plan.jobs == 1 and number == 1
    code = 1
    try:
        # The end of the connection is that of the parent.
        with suppress(EOFError):
            channel = Channel(connection)
            channel.move_out_of_reach()
            if output >= 0:
                runner.capture = OutputCapture(output)
            runner.watch.on_scenario_end = partial(_exit_if_closed, channel)
            if runner.has_debugger:
                # Needed by `run --pdb` alone: pdb starts where a step fails or asks for it. `quit` there ends the run
                # after the scenario.
                from spec2bdd.adapters.behave.glue.debugger import attach_debugger

                debugger = attach_debugger(lambda: setattr(runner.config, "stop", True))
                runner.watch.on_error = debugger.debug_error
            Worker(runner, channel, files=files).run(state, number, alone=alone, pending=pending)
        code = 0
    except BaseException:  # noqa: BLE001  Whatever ends a worker, the parent process restarts it.
        traceback.print_exc()
    exit_now(code)


def spawn_worker(
    runner_type: type[RecordingRunner],
    arguments: list[str],
    plan: dict[str, Any],
    number: int,
    connection: Any,
    fields: Any,
    files: Sequence[Any],
    digests: dict[str, str],
    output: str,
) -> None:
    """Run a worker; entry point of a spawned process, which loads the project first.

    `arguments` are those of Behave, `fields` the memory of the worker's state. `files` and `digests` are those of the
    parent: what was added or changed since the run began is not run. `output` is the path of the file for what the
    scenarios print, if there is one.
    """
    # Only a process that is started like this needs a configuration of its own.
    from behave.configuration import Configuration

    set_up_worker_process({signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL})
    runner = runner_type(Configuration(arguments), plan=run_options_from_json(plan))

    def work(_: list[Any]) -> None:
        """Run units of the files that the parent knows."""
        runner.files.digests = digests
        with suppress(OSError):
            runner.capture = OutputCapture(open_captured(output))
            remove_captured(output)
        Worker(runner, Channel(connection), files=files).run(WorkerState(fields), number, alone=False)

    with suppress(EOFError):
        runner.serve(work)
    exit_now(0)


def _exit_if_closed(channel: Channel) -> None:
    """End this process in the scenario that has closed its connection: nothing else can be said about that."""
    if not channel.is_open:
        exit_now(CONNECTION_CLOSED)


def exit_now(code: int) -> NoReturn:
    """End this process without waiting for threads and child processes that the project has left running."""
    for stream in (sys.stdout, sys.stderr):
        # A project may have replaced or closed it.
        with suppress(Exception):
            stream.flush()
    os._exit(code)


def set_up_worker_process(handlers: Mapping[signal.Signals, Any]) -> None:
    """Prepare this process to be stopped together with all that it starts, and to print where it crashes."""
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(0, 0)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    exit_with_parent(getattr(signal, "SIGKILL", signal.SIGTERM))
    if not faulthandler.is_enabled():
        # A project may have replaced or closed `sys.stderr`.
        with suppress(OSError, ValueError, AttributeError):
            faulthandler.enable(sys.__stderr__ or sys.stderr)


def exit_with_parent(number: signal.Signals, *, parent: int = 0) -> None:
    """Ask the system to send this process a signal when its parent has ended (Linux only).

    `parent` is the id of the process that started this one: if it has ended before, the signal is sent now.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        load_prctl()(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    # With a wrapper around Python, it is the parent of our parent.
    if parent and os.getppid() != parent and not is_running(parent):
        signal.raise_signal(number)
