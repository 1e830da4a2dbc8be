"""An `Executor` on the workers of a Dask cluster: each runs a host, which runs units in a worker process of its own.

So a scenario runs as it does in the worker pool of this machine: crashes, time limits and retries are the pool's. Here
is what is new: hosts are given units, what they record is collected, and a lost Dask worker costs nothing but time.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from spec2bdd.adapters.behave.cluster.connection import ClusterConnection, ClusterError
from spec2bdd.adapters.behave.cluster.host_process import (
    Exchange,
    HostOrder,
    ProjectPlugin,
    end_hosts,
    exchange,
    signal_hosts,
    start_host,
)
from spec2bdd.adapters.behave.cluster.host_stream import HostStream
from spec2bdd.adapters.behave.cluster.project_archive import pack_project
from spec2bdd.adapters.behave.cluster.remote_host import RemoteHost
from spec2bdd.adapters.behave.cluster.unit_host import digest_files, list_versions, unit_to_json
from spec2bdd.adapters.behave.executors.executor import ExecutionResult, OnCrash, WorkerCrash
from spec2bdd.adapters.behave.executors.scheduler import LongestFirstScheduler, Scheduler
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker import Worker
from spec2bdd.adapters.behave.glue.serialize import find_relative_path
from spec2bdd.adapters.behave.protocol import RUN_RECORDS
from spec2bdd.adapters.results.wire import diagnostic_to_json, run_options_to_json
from spec2bdd.model import Diagnostic, RunOptions, Severity

_POLL_SECONDS = 0.25
_WATCH_SECONDS = 1.0
# How often an idle host is looked at: it ends itself if it hears nothing for a minute.
_IDLE_SECONDS = 10.0
# All hosts together are asked so often, and each at least once a second.
_EXCHANGES_PER_SECOND = 200
# A scenario that was running on so many workers that were lost is what loses them.
_MOST_LOSSES = 3
# Without any worker for so long, the run gives up.
_SECONDS_WITHOUT_WORKERS = 60.0


# What Dask raises for a function whose worker was lost.
_LOSSES = ("KilledWorker", "CommClosedError", "NoWorkerError")


class DaskExecutor:
    """Runs units on a cluster. `collect` connects to it; where that fails, `run_units` says so, and runs nothing."""

    def __init__(self, runner: Any, files: Sequence[Any], on_crash: OnCrash) -> None:
        self._runner, self._files, self._on_crash = runner, files, on_crash
        self._log = runner.recorder.file
        self._marker = Path(self._log.path).parent / f"shared-{runner.run_id}"
        self._connection: ClusterConnection | None = None
        self._plugin: ProjectPlugin | None = None
        self._result = ExecutionResult()
        self._scheduler: Scheduler = LongestFirstScheduler(workers=2)
        self._hosts: list[RemoteHost] = []
        self._started = 0
        self._losses: Counter[tuple[int, bool]] = Counter()
        self._lost_starts = 0
        self._watched = self._had_workers = time.monotonic()
        self._signal = 0
        self._limit = self.workers = 1

    def collect(self) -> list[CollectedFeature]:
        """Connect to the cluster, and parse all files here."""
        try:
            self._connection = ClusterConnection(self._runner.plan)
            count = len(self._connection.list_workers())
            self._limit = self._runner.plan.cluster_workers or sys.maxsize
            self.workers = max(min(count, self._limit), 1)
        except ClusterError as error:
            self._fail(error)
        collector = Worker(self._runner, _NoChannel(), files=self._files)
        return [collector.collect_file(file) for file in range(len(self._files))]

    def run_units(self, units: Sequence[WorkUnit]) -> ExecutionResult:
        """Run the units, and return when all have been run or the run has been stopped."""
        self._scheduler.add_units(units)
        try:
            if units and self._connection:
                self._marker.write_text(self._runner.run_id, encoding="utf-8")
                self._run_all(self._connection)
        except ClusterError as error:
            self._fail(error)
            self.kill()
        finally:
            self._marker.unlink(missing_ok=True)
            if self._connection:
                if not self._result.error:
                    self._connection.run_everywhere(end_hosts, self._name_hosts())
                    if self._plugin:
                        self._connection.withdraw(self._plugin)
                self._connection.close()
        self._stop()
        for host in self._hosts:
            self._result.durations.update(host.stream.durations)
            self._result.not_run += [unit for unit in [host.rest] if unit]
            host.stream.close()
        return self._result

    def interrupt(self, signal_number: int) -> list[WorkUnit]:
        """Start no further unit; the signal is sent as soon as this handler has ended."""
        self._result.interrupted = True
        self._signal = signal_number
        self._stop()
        return [unit for host in self._hosts if (unit := host.running)]

    def kill(self) -> None:
        """End all hosts at once."""
        if self._connection:
            self._connection.run_everywhere(end_hosts, self._name_hosts())

    def _run_all(self, connection: ClusterConnection) -> None:
        """Exchange messages with all hosts, until they have finished."""
        # A host that has not started has no unit: its worker may be busy with the tasks of others.
        while not self._scheduler.is_done or any(host.started and not host.finished for host in self._hosts):
            if self._signal:
                number, self._signal = self._signal, 0
                connection.run_everywhere(signal_hosts, self._name_hosts(), number)
            if not self._hosts or time.monotonic() - self._watched > _WATCH_SECONDS:
                self._watch_workers(connection)
            self._assign_work()
            for host in self._hosts:
                self._start_exchange(connection, host)
            if future := connection.take_done(_POLL_SECONDS):
                self._finish_exchange(connection, future)

    def _watch_workers(self, connection: ClusterConnection) -> None:
        """Notice which workers are gone, and start a host in each that has none."""
        self._watched = time.monotonic()
        addresses = connection.list_workers()
        for host in [host for host in self._hosts if host.address not in addresses and not host.finished]:
            self._handle_loss(host)
        if addresses:
            self._had_workers = self._watched
        elif self._watched - self._had_workers > _SECONDS_WITHOUT_WORKERS:
            raise ClusterError(f"{connection.name} has no workers left", "start workers, and run again")
        taken = {host.address for host in self._hosts if not host.finished}
        free = [address for address in addresses if address not in taken]
        # A host that has no unit waits for what another one may leave; so none is started without work.
        for address in free[: self._limit - len(taken)] if not self._scheduler.is_done else []:
            self._started += 1
            stream = HostStream(self._log, retries=self._runner.plan.retries)
            host = RemoteHost(f"{self._runner.run_id}-{self._started}", address, stream)
            self._hosts.append(host)
            self._submit_start(connection, host)

    def _submit_start(self, connection: ClusterConnection, host: RemoteHost) -> None:
        """Start a host in its worker."""
        runner, plan, root = self._runner, self._runner.plan, Path(self._runner.root)
        order = HostOrder(
            name=host.name,
            run_id=runner.run_id,
            root=str(root),
            marker=str(self._marker.absolute()),
            features=str(runner.config.paths[0]),
            sources=runner.files.sources,
            plan=run_options_to_json(RunOptions(timeout=plan.timeout, retries=plan.retries, arguments=plan.arguments)),
            number=int(host.name.rpartition("-")[2]),
            files=self._list_paths(),
            records=os.path.relpath(os.environ.get(RUN_RECORDS, ".spec2bdd"), root),
            neighbours=connection.count_neighbours(host.address),
        )
        host.pending = connection.submit(start_host, order, address=host.address)

    def _start_exchange(self, connection: ClusterConnection, host: RemoteHost) -> None:
        """Start to ask a host what is new, unless that goes on already, or it is idle and nothing is to be said."""
        now = time.monotonic()
        is_waiting = host.request is not None and not host.lines and now - host.contact < _IDLE_SECONDS
        if host.pending or not host.started or host.finished or is_waiting:
            return
        seconds = 0.0 if host.request is not None else max(1.0, len(self._hosts) / _EXCHANGES_PER_SECOND)
        lines, host.lines, host.contact = host.lines, [], now
        host.pending = connection.submit(exchange, host.name, lines, seconds, address=host.address)

    def _finish_exchange(self, connection: ClusterConnection, future: Any) -> None:
        """Handle what a host has said."""
        host = next((host for host in self._hosts if host.pending is future), None)
        if host is None:
            # Of a worker that was lost.
            return
        host.pending = None
        error = future.exception() if future.status == "error" else None
        if error and type(error).__name__ not in _LOSSES:
            hint = "install spec2bdd and what the project needs on each worker, in the same versions as here"
            raise ClusterError(f"the worker {host.address} cannot run the project: {error}", hint) from error
        answer = connection.read_result(future, address=host.address) if future.status == "finished" else None
        if answer is None:
            # What the host has said is lost. If the connection is lost as well, the question for the workers says so.
            if host.address in connection.list_workers():
                connection.run_everywhere(end_hosts, {host.address: host.name})
            self._handle_loss(host)
        elif not host.started:
            self._handle_start(connection, host, is_started=answer)
        else:
            self._handle_answer(host, answer)

    def _handle_start(self, connection: ClusterConnection, host: RemoteHost, *, is_started: bool) -> None:
        """Note that a host was started; a worker that does not share the folder of the project is sent its files."""
        if is_started:
            host.started = True
            return
        if self._plugin is None:
            self._plugin = ProjectPlugin(pack_project(Path(self._runner.root)))
            connection.ship(self._plugin)
        self._submit_start(connection, host)

    def _handle_answer(self, host: RemoteHost, answer: Exchange) -> None:
        """Pass on what a host has recorded, and handle what it says itself, and its end."""
        for message in host.stream.feed(answer.content):
            if "ready" in message:
                self._check_ready(host, message["ready"])
            elif "asks" in message:
                host.request = WorkRequest(message["asks"])
            elif "finished" in message:
                self._handle_finished(host, message)
        if host.finished:
            return
        if answer.code is not None and not host.ready:
            last = "\n".join(answer.output.strip().splitlines()[-3:])
            what = f"the project cannot be loaded on {host.address}: Behave exited with code {answer.code}"
            raise ClusterError(what, f"last output: {last}" if last else "")
        if answer.code is not None or answer.is_lost:
            self._handle_loss(host)

    def _check_ready(self, host: RemoteHost, facts: dict[str, Any]) -> None:
        """Check that a host has loaded what this process has."""
        host.ready, self._lost_starts = True, 0
        hint = "install the same versions on each worker as here"
        for name, version in list_versions().items():
            if (other := facts["versions"][name]) != version:
                raise ClusterError(f"{name} is {version} here and {other} on the worker {host.address}", hint)
        known = [diagnostic_to_json(diagnostic) for diagnostic in self._runner.definitions.diagnostics]
        for problem in (problem for problem in facts["diagnostics"] if problem not in known):
            place = f"{problem['path']}:{problem['line']}: {problem['message']}"
            hint = "install on each worker what the project needs"
            raise ClusterError(f"the project cannot be loaded on {host.address}: {place}", hint)
        if facts["missing"] or facts["digest"] != digest_files(self._runner):
            what = str(next(iter(facts["missing"]), "a feature or step file"))
            hint = "do not change files while the run goes on"
            raise ClusterError(f"{what} is not the same on the worker {host.address}", hint)

    def _handle_finished(self, host: RemoteHost, message: dict[str, Any]) -> None:
        """Note what a host says at its end; one that ends by itself stops the run, as it would on one machine."""
        facts, result = message["finished"], self._result
        host.finished = True
        result.failed = result.failed or facts["failed"]
        result.aborted = result.aborted or facts["aborted"]
        result.changed |= set(message["changed"])
        if unit := host.unit:
            places = tuple(place for place in unit.scenarios if unit.first + place in message["not_run"])
            result.not_run += [replace(unit, scenarios=places)] if places else []
        host.unit = None
        if not facts["dismissed"]:
            self._stop()

    def _handle_loss(self, host: RemoteHost) -> None:
        """Give what a lost host left of its unit to another one; only what it had not finished is run again."""
        self._hosts.remove(host)
        self._result.durations.update(host.stream.durations)
        scenario, rest = host.stream.current, host.rest
        if host.finished or host.dismissed or rest is None:
            host.stream.close()
            self._count_start(host)
            return
        # Between two scenarios, it is the next one before which workers are lost.
        place = (rest.first + rest.scenarios[0] if scenario is None else scenario, scenario is None)
        self._losses[place] += 1
        if self._losses[place] < _MOST_LOSSES:
            host.stream.drop()
        elif scenario is None:
            host.stream.close()
            what = f"{_MOST_LOSSES} workers were lost before a scenario of {self._list_paths()[rest.file]}"
            raise ClusterError(what, "check the hooks of that feature, and the logs of the workers")
        else:
            # What it was running ends workers, and would end the next one.
            host.stream.flush()
            self._result.failed = True
            reason = f"{_MOST_LOSSES} Dask workers that ran it were lost"
            self._on_crash(WorkerCrash(reason, scenario, -1, rest))
            rest = replace(
                rest, scenarios=tuple(number for number in rest.scenarios if rest.first + number != scenario)
            )
        host.stream.close()
        if self._result.interrupted:
            self._result.not_run.append(rest)
        elif rest.scenarios:
            self._scheduler.requeue(rest)

    def _count_start(self, host: RemoteHost) -> None:
        """Give up where hosts are lost again and again before one of them has loaded the project."""
        self._lost_starts += not host.ready
        if self._lost_starts >= _MOST_LOSSES * self.workers:
            what = f"{self._lost_starts} workers were lost before they had loaded the project"
            raise ClusterError(what, "check the logs of the workers")

    def _assign_work(self) -> None:
        """Give each idle host a unit, or let it wait; the last ones are dismissed together."""
        for host in self._hosts:
            if (request := host.request) is None or host.dismissed or host.finished:
                continue
            running = [unit for other in self._hosts if other is not host and (unit := other.running)]
            unit = self._scheduler.next_unit(request, parsed=frozenset(), running=running)
            if unit is None and request.file is None:
                if not self._scheduler.is_done or (running and not self._result.interrupted):
                    continue
                host.dismissed = True
            host.unit, host.request = unit, None
            host.lines.append(unit_to_json(unit))

    def _list_paths(self) -> list[str]:
        """List the paths of the feature files, relative to the project."""
        root = Path(self._runner.root)
        return [find_relative_path(file.filename, root) for file in self._files]

    def _stop(self) -> None:
        """Start no further unit; what runs goes on."""
        self._result.not_run += self._scheduler.drain()

    def _name_hosts(self) -> dict[str, str]:
        """Name the hosts by the addresses of their workers."""
        return {host.address: host.name for host in self._hosts}

    def _fail(self, error: ClusterError) -> None:
        """Note why the run cannot go on."""
        self._result.failed = self._result.aborted = True
        self._result.error = Diagnostic("", 0, 0, Severity.ERROR, "cluster", error.message, error.hint)


class _NoChannel:
    """The channel of a worker that only parses."""

    def send(self, message: Any) -> None:
        """Do nothing."""

    def receive(self) -> None:
        """Receive nothing."""
