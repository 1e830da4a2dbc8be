"""Start a host in a Dask worker, and pass messages between it and the run.

The module is imported in Dask workers. Its functions are called as tasks; they keep the host from one call to the next.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from distributed import WorkerPlugin, get_worker

from spec2bdd.adapters.behave.cluster.project_archive import ProjectArchive, remove_project, unpack_project
from spec2bdd.adapters.behave.launcher import build_arguments
from spec2bdd.adapters.behave.protocol import HOST, RUN_ID, RUN_RECORDS, SOURCES
from spec2bdd.adapters.results.wire import run_options_from_json
from spec2bdd.adapters.system.memory import find_memory_limit
from spec2bdd.adapters.system.subprocess import read_output, start_python
from spec2bdd.model.values import dataclass

# How much of the log one exchange returns at most, so that neither end holds more of it in memory.
MOST_BYTES = 256_000
# Without a word from the run for so long, it is gone, and the host is ended.
_SECONDS_ALONE = 60.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.002, 0.02
_HOST_LINE = b'{"event": "host"'


@dataclass(frozen=True, slots=True)
class HostOrder:
    """What a host needs: `name` is unique, `root` the folder of the project where the run is.

    `marker` is a file next to the records with the name of the run: a worker that can read it shares the folder.
    `neighbours` is the number of workers on the same machine. The other fields are as for a run.
    """

    name: str
    run_id: str
    root: str
    marker: str
    features: str
    sources: Sequence[str]
    plan: dict[str, Any]
    number: int
    files: Sequence[str]
    records: str
    neighbours: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came from a host: bytes of its log, and how it ended, if it did. A lost host is one of an earlier worker."""

    content: bytes = b""
    code: int | None = None
    output: str = ""
    is_lost: bool = False


class ProjectPlugin(WorkerPlugin):  # type: ignore[misc]  # Dask has no types.
    """Unpacks the project in each worker of the cluster, and removes it again."""

    def __init__(self, archive: ProjectArchive) -> None:
        self.name = f"spec2bdd-{archive.digest}"
        self._archive = archive

    def setup(self, worker: Any) -> None:
        """Unpack the project. Called by Dask in each worker, also in those that come later."""
        _projects.append(str(unpack_project(self._archive, Path(worker.local_directory))))

    def teardown(self, worker: Any) -> None:
        """Remove the project. Called by Dask."""
        _projects.clear()
        remove_project(self._archive, Path(worker.local_directory))


# Where the project was unpacked in this worker, and the hosts that it has started.
_projects: list[str] = []
_hosts: dict[str, _HostProcess] = {}


class _HostProcess:
    """One host: its process, its event log, and a thread that starts it and waits for its end."""

    def __init__(self, order: HostOrder, root: str) -> None:
        folder = None
        with suppress(ValueError):
            # Dask removes the folder of a worker that was killed.
            folder = get_worker().local_directory
        self.folder = Path(tempfile.mkdtemp(prefix="spec2bdd-host-", dir=folder))
        self.log = self.folder / "records.ndjson"
        self.last_contact = time.monotonic()
        self.output: IO[bytes] = (self.folder / "output").open("w+b")
        self.process: subprocess.Popen[bytes] | None = None
        self._order, self._root = order, root
        self._error: OSError | None = None
        self._offset = 0
        self._started = threading.Event()
        # Of its own: on Linux, a process ends with the thread that has started it.
        threading.Thread(target=self._run, daemon=True).start()
        self._started.wait()
        if self._error:
            raise self._error

    def send(self, line: str) -> None:
        """Send one line to the host."""
        # It may have ended, which the next exchange shows.
        with suppress(OSError):
            stream = cast("IO[bytes]", cast("subprocess.Popen[bytes]", self.process).stdin)
            stream.write(line.encode("ascii") + b"\n")
            stream.flush()

    def read_on(self) -> bytes:
        """Read what was added to the log, up to the limit."""
        with suppress(FileNotFoundError), self.log.open("rb") as stream:
            stream.seek(self._offset)
            content = stream.read(MOST_BYTES)
            self._offset += len(content)
            return content
        return b""

    def remove(self) -> None:
        """Remove the files of a host that has ended."""
        self.output.close()
        with suppress(OSError):
            cast("IO[bytes]", cast("subprocess.Popen[bytes]", self.process).stdin).close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self) -> None:
        """Start the host, and wait for its end, or for that of the run."""
        order, plan = self._order, run_options_from_json(self._order.plan)
        arguments = build_arguments(plan, features=order.features, record_path=self.log)
        variables = {RUN_ID: order.run_id, HOST: "1", SOURCES: json.dumps(list(order.sources))}
        variables[RUN_RECORDS] = os.path.realpath(Path(self._root) / order.records)
        if limit := find_memory_limit() // order.neighbours // 1_000_000:
            variables["SPEC2BDD_MEMORY"] = str(limit)
        try:
            self.process = process = start_python(
                Path(self._root),
                "behave.__main__",
                args=arguments,
                output=self.output,
                source=subprocess.PIPE,
                variables=variables,
            )
        except OSError as error:
            self._error = error
            return
        finally:
            self._started.set()
        facts = {"number": order.number, "files": list(order.files), "shared": self._root == order.root}
        self.send(json.dumps({**facts, "plan": order.plan}))
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
            if time.monotonic() - self.last_contact > _SECONDS_ALONE:
                end_process(process)


def start_host(order: HostOrder) -> bool:
    """Start a host; False if this worker has no files of the project yet."""
    root = order.root
    with suppress(OSError):
        if Path(order.marker).read_text(encoding="utf-8") == order.run_id:
            _hosts[order.name] = _HostProcess(order, root)
            return True
    if not _projects:
        return False
    _hosts[order.name] = _HostProcess(order, _projects[-1])
    return True


def exchange(name: str, lines: Sequence[str], seconds: float) -> Exchange:
    """Send lines to a host, and return what it has recorded: at once if it asks for something, else after a while."""
    host = _hosts.get(name)
    if host is None or host.process is None:
        return Exchange(is_lost=True)
    host.last_contact = time.monotonic()
    for line in lines:
        host.send(line)
    content, pause, end = b"", _SHORTEST_PAUSE, time.monotonic() + seconds
    while True:
        code = host.process.poll()
        added = host.read_on()
        content += added
        if len(content) >= MOST_BYTES or _HOST_LINE in content or time.monotonic() > end:
            break
        if code is not None and not added:
            output = read_output(host.output)
            host.remove()
            del _hosts[name]
            return Exchange(content, code, output)
        if not added:
            time.sleep(pause)
            pause = min(1.2 * pause, _LONGEST_PAUSE)
    host.last_contact = time.monotonic()
    return Exchange(content)


def signal_hosts(names: Sequence[str], number: int) -> None:
    """Send a signal to hosts, which pass it on to their workers."""
    for name in names:
        if (host := _hosts.get(name)) and host.process:
            with suppress(ProcessLookupError):
                host.process.send_signal(number)


def end_hosts(names: Sequence[str]) -> None:
    """End hosts, with all that they have started."""
    for name in names:
        if (host := _hosts.pop(name, None)) and host.process:
            end_process(host.process)
            host.remove()


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a host at once: by SIGTERM it kills its worker with all that it has started, and ends."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        process.send_signal(signal.SIGTERM)
        process.wait(5.0)
    if process.poll() is None:
        process.kill()
