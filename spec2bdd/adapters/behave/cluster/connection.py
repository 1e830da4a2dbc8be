"""The cluster of a run: its scheduler and its workers, or a local cluster where there is no scheduler.

The module is imported in the process of the run, and only where a cluster executes it.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from typing import Any

import dask
from distributed import Client, LocalCluster, WorkerPlugin
from distributed.comm.addressing import parse_address
from distributed.comm.registry import get_backend

from spec2bdd.model import RunOptions

_SECONDS_TO_CONNECT = 15
_SECONDS_TO_START = 60
_SECONDS_TO_END = 2.0
_SECONDS_FOR_RESULT = 2.0
# A scheduler that hangs, or a network that drops everything, closes no connection.
_SECONDS_FOR_ANSWER = 60.0
# What Dask raises where the network or the scheduler fails.
_FAILURES = (OSError, TimeoutError, RuntimeError, ValueError)


class ClusterError(Exception):
    """The cluster cannot run the scenarios; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class _LocalWorker(WorkerPlugin):  # type: ignore[misc]  # Dask has no types.
    """Takes a worker of a local cluster out of reach of Ctrl-C, which the run forwards to its hosts."""

    name = "spec2bdd-local"

    def setup(self, worker: Any) -> None:  # noqa: ARG002
        """Give the worker a process group of its own. Called by Dask in each worker."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if hasattr(os, "setpgid"):
            with suppress(OSError):
                os.setpgid(0, 0)


class ClusterConnection:
    """A connection to the scheduler of a plan, or of Dask's own settings, or to a local cluster."""

    def __init__(self, plan: RunOptions) -> None:
        """Connect.

        Raises:
            ClusterError: there is no scheduler at the address, or it has no workers.
        """
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._client: Any = None
        self._cluster: Any = None
        address = plan.scheduler or dask.config.get("scheduler-address", None)
        self.name = address or "the local cluster"
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        try:
            if not address:
                count = plan.cluster_workers or _count_processors()
                self._cluster = LocalCluster(
                    n_workers=count, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
                )
            else:
                # Dask would try to connect again and again.
                get_backend(parse_address(address)[0])
            self._client = Client(
                self._cluster or address, timeout=_SECONDS_TO_CONNECT, set_as_default=False, name="spec2bdd"
            )
            if self._cluster:
                self._client.register_plugin(_LocalWorker())
            else:
                self._client.wait_for_workers(1, timeout=_SECONDS_TO_START)
        except _FAILURES as error:
            self.close()
            hint = "check that it runs, and has workers" if address else ""
            raise ClusterError(f"cannot connect to {self.name}: {error}", hint) from error

    def list_workers(self) -> dict[str, str]:
        """List the machines of the workers by their addresses.

        Raises:
            ClusterError: the connection is lost, or the scheduler does not answer for a minute.
        """
        # While the client tries to connect again, a question would wait for the answer.
        if self._client.status != "running":
            raise self.describe_loss()
        workers = self._ask(lambda: self._client.scheduler_info(n_workers=-1)["workers"])
        return {address: str(workers[address].get("host", address)) for address in sorted(workers)}

    def count_neighbours(self, address: str) -> int:
        """Count the workers on the machine of one of them."""
        workers = self.list_workers()
        return Counter(workers.values())[workers.get(address, "")] or 1

    def submit(self, function: Callable[..., Any], *arguments: Any, address: str) -> Any:
        """Start a function in a worker; `take_done` returns its future when it has ended.

        Raises:
            ClusterError: the connection is lost.
        """
        future = self._guard(
            lambda: self._client.submit(
                function, *arguments, workers=[address], allow_other_workers=False, pure=False, retries=0
            )
        )
        future.add_done_callback(self._done.put)
        return future

    def take_done(self, seconds: float) -> Any:
        """Take a future that has ended, or None if none does so within some seconds."""
        try:
            return self._done.get(timeout=seconds)
        except queue.Empty:
            return None

    def read_result(self, future: Any, *, address: str) -> Any:
        """Read what a function has returned; None if the result is lost, as with its worker.

        Where the worker is gone, Dask would call the function again, and wait for a worker at the same address.

        Raises:
            ClusterError: the connection is lost.
        """
        while True:
            try:
                return future.result(timeout=_SECONDS_FOR_RESULT)
            except TimeoutError:
                if address not in self.list_workers():
                    return None
            except (*_FAILURES, CancelledError):
                # Of the worker, unless the question for the workers fails as well.
                self.list_workers()
                return None

    def run_everywhere(self, function: Callable[..., Any], names: Mapping[str, str], *arguments: Any) -> None:
        """Call a function in the workers that have hosts, at once, also if all their threads are busy.

        `names` are those of the hosts by the addresses of their workers. What fails is gone already.
        """
        hosts, workers = sorted(names.values()), sorted(names)
        _attempt(lambda: self._client.run(function, hosts, *arguments, workers=workers, on_error="ignore"))

    def ship(self, plugin: WorkerPlugin) -> None:
        """Add a plug-in to all workers, and to those that come later.

        Raises:
            ClusterError: it cannot be added.
        """
        self._ask(lambda: self._client.register_plugin(plugin))

    def withdraw(self, plugin: WorkerPlugin) -> None:
        """Remove a plug-in again, if the workers are still there."""
        _attempt(lambda: self._client.unregister_worker_plugin(plugin.name))

    def describe_loss(self) -> ClusterError:
        """Describe that the connection is lost."""
        hint = "check the scheduler and the network, and run again"
        return ClusterError(f"the connection to {self.name} was lost; what was not finished was not run", hint)

    def close(self) -> None:
        """Close the connection, and end a local cluster."""
        for part in (self._client, self._cluster):
            if part:
                _attempt(partial(part.close, timeout=_SECONDS_TO_END))

    def _guard(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except _FAILURES as error:
            raise self.describe_loss() from error

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Ask the scheduler something, and wait for the answer for a while."""
        return self._guard(lambda: _wait_for(question, _SECONDS_FOR_ANSWER))


def _attempt(action: Callable[[], object]) -> None:
    """Do something that may fail, or take long where the network fails; wait a moment for it."""
    with suppress(Exception):
        _wait_for(action, 2 * _SECONDS_TO_END)


def _wait_for(action: Callable[[], Any], seconds: float) -> Any:
    """Do something in a thread, and return its result, or raise its error.

    Raises:
        TimeoutError: it takes longer than so many seconds; it goes on.
    """
    done: Future[Any] = Future()

    def act() -> None:
        try:
            done.set_result(action())
        except Exception as error:  # noqa: BLE001  Raised again in the thread that waits.
            done.set_exception(error)

    threading.Thread(target=act, daemon=True).start()
    return done.result(seconds)


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
