"""Run the units of a run elsewhere: the host's end of the connection to it, with a worker pool of one worker.

A host is a Behave process that a Dask worker has started (`host_process.py`). It gets one JSON object per line on its
standard input, first the order (`HostOrder`), then the units that it asks for. All that it says is lines of its event
log, between those of the scenarios and in order with them:

    {"event": "host", "ready": {...}}       the project is loaded; versions, digest, and what cannot be used
    {"event": "host", "asks": FILE}         it is idle: a unit of this file, or with null any unit, or null for none
    {"event": "host", "finished": {...}}    it has run its last hooks

The module is imported in the process that has the project loaded.
"""

from __future__ import annotations

import hashlib
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, Any

from behave import __version__ as behave_version

from spec2bdd import __version__
from spec2bdd.adapters.behave.executors.parsed_features import ParsedFeatures
from spec2bdd.adapters.behave.executors.process_pool import WorkerPool
from spec2bdd.adapters.behave.executors.session import find_files, handle_signals
from spec2bdd.adapters.behave.executors.work_units import WorkRequest, WorkUnit
from spec2bdd.adapters.behave.executors.worker import exit_now
from spec2bdd.adapters.behave.glue.serialize import find_relative_path
from spec2bdd.adapters.behave.registry.channel import detach_stdin
from spec2bdd.adapters.results.wire import diagnostic_to_json, run_options_from_json
from spec2bdd.model import RunOptions

# Workers are numbered from a multiple of this, so that no two of a run have the same number.
_NUMBERS_PER_HOST = 1000


class HostOrders:
    """The standard input of a host: the order of the run, and then units."""

    def __init__(self) -> None:
        # A Dask worker may ignore Ctrl-C, and what it starts inherits that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._input: IO[bytes] = detach_stdin()
        order = self.read()
        self.number: int = order["number"]
        self.files: list[str] = order["files"]
        self.is_shared: bool = order["shared"]
        self.plan: RunOptions = run_options_from_json(order["plan"])

    def read(self) -> Any:
        """Read the next line.

        Raises:
            EOFError: the Dask worker is gone.
        """
        line = self._input.readline()
        if not line:
            raise EOFError("the Dask worker has ended")
        return json.loads(line)


class RemoteScheduler:
    """A `Scheduler` of one worker whose queue is elsewhere: it asks for each unit when the worker is idle."""

    def __init__(self, orders: HostOrders, events: Any) -> None:
        self._orders, self._events = orders, events
        # What is left of a unit after a crash, and so is run next.
        self._rest: list[WorkUnit] = []
        # Whether the run has no further unit, or this host has stopped by itself.
        self.is_dismissed = self._has_stopped = False

    @property
    def is_done(self) -> bool:
        """Whether there is no further unit for this host."""
        return not self._rest and (self.is_dismissed or self._has_stopped)

    def add_units(self, units: Sequence[WorkUnit]) -> None:
        """Queue the first unit."""
        self._rest += units

    def next_unit(
        self,
        request: WorkRequest,
        *,
        parsed: frozenset[int],  # noqa: ARG002  The only worker has parsed what it has run.
        running: Sequence[WorkUnit],  # noqa: ARG002  Only the run knows what runs elsewhere.
    ) -> WorkUnit | None:
        """Ask for a unit, and wait for it."""
        if self._rest and request.file in (None, self._rest[0].file):
            return self._rest.pop(0)
        if self._rest or self.is_done:
            return None
        self._events.write_event("host", asks=request.file)
        unit = self._orders.read()
        self.is_dismissed = unit is None and request.file is None
        return WorkUnit(**{**unit, "scenarios": tuple(unit["scenarios"])}) if unit else None

    def requeue(self, unit: WorkUnit) -> None:
        """Put the rest of a unit first."""
        self._rest.insert(0, unit)

    def drain(self) -> list[WorkUnit]:
        """Ask for no further unit."""
        self._has_stopped = True
        units, self._rest = self._rest, []
        return units


def serve_units(runner: Any, locations: Sequence[Any]) -> bool:
    """Run the units that the run gives to this host; whether anything failed."""
    orders: HostOrders = runner.orders
    recorder = runner.make_recorder(alone=False)
    events = recorder.file
    events.create()
    by_path = {find_relative_path(file.filename, runner.root): file for file in find_files(locations)}
    diagnostics = [diagnostic_to_json(diagnostic) for diagnostic in runner.definitions.diagnostics]
    missing = [path for path in orders.files if path not in by_path]
    facts = {"versions": list_versions(), "digest": digest_files(runner), "missing": missing[:1]}
    events.write_event("host", ready={**facts, "broken": bool(runner.broken), "diagnostics": diagnostics})
    if runner.broken or missing:
        exit_now(1)
    # Before there are workers: what one of them reads of git's answer is gone for this process.
    runner.modules.remove_outdated(runner.files.list_own())
    files = [by_path[path] for path in orders.files]
    scheduler = RemoteScheduler(orders, events)
    crashes = ParsedFeatures(runner, files, recorder)
    number = orders.number * _NUMBERS_PER_HOST
    pool = WorkerPool(runner, files, crashes.record_crash, scheduler=scheduler, first_number=number)

    handle_signals(kill=pool.kill, interrupt=pool.interrupt)
    try:
        first = scheduler.next_unit(WorkRequest(), parsed=frozenset(), running=())
        result = pool.run_units([first] if first else [])
    except EOFError:
        pool.kill()
        exit_now(1)
    not_run = [unit.first + place for unit in result.not_run for place in unit.scenarios]
    ends = {"failed": result.failed, "aborted": result.aborted, "interrupted": result.interrupted}
    events.write_event(
        "host",
        finished={**ends, "dismissed": scheduler.is_dismissed},
        not_run=not_run,
        # The run itself looks at its own folder.
        changed=[] if orders.is_shared else runner.files.find_changed(),
    )
    exit_now(0)


def list_versions() -> dict[str, str]:
    """List the versions that have to be the same in all processes of a run."""
    return {"spec2bdd": __version__, "Behave": behave_version, "Python": sys.version.split()[0]}


def digest_files(runner: Any) -> str:
    """Digest the feature and step files that a runner has loaded."""
    return hashlib.sha256(json.dumps(sorted(runner.files.digests.items())).encode("ascii")).hexdigest()


def unit_to_json(unit: WorkUnit | None) -> str:
    """Convert a unit to the line that a host reads."""
    return json.dumps(asdict(unit) if unit else None)
