"""Start the Behave of a test as a fork of a process that has imported it: to import it takes longer than most runs.

The tests start thousands of them. From its `main` on, a forked process runs what a new one does: see `fork_server.py`.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, cast

import pytest

from spec2bdd.adapters.system import subprocess as starts

_SERVER = (
    "import sys; sys.path += sys.argv[1:3]; del sys.argv[1:3]; from fork_server import main; sys.path.pop(); "
    "sys.exit(main())"
)
_MODULES = (
    "behave.__main__",
    "spec2bdd.adapters.behave.plugin.standby",
    "spec2bdd.adapters.behave.registry.server",
)
_LAUNCHES = {starts._LAUNCH.format(module=module): module for module in _MODULES}
# Python reads these when it starts.
_EARLY = ("PYTHON", "LC_", "LANG", "LD_")
_HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37


class ForkServer:
    """A process that forks others, which become children of this process."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._executable = sys.executable
        self._environment = dict(os.environ)
        if path := os.environ.get("PYTHONPATH"):
            self._environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, path.split(os.pathsep)))
        self._folder = Path.cwd()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @cached_property
    def _channel(self) -> socket.socket:
        """Start the process, which takes as long as many tests that need none."""
        ours, theirs = socket.socketpair()
        paths = [starts._PACKAGE_FOLDER, str(Path(__file__).parent)]
        with theirs, tempfile.TemporaryFile() as output:
            self._process = subprocess.Popen(
                [self._executable, "-P", "-u", "-c", _SERVER, *paths, str(theirs.fileno())],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                process_group=0,
                pass_fds=[theirs.fileno()],
            )
        return ours

    def start(self, command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
        """Do what `Popen` does, with a fork where nothing could be seen of the difference."""
        root, env = options["cwd"] or Path.cwd(), options.get("env")
        if not (
            command[0] == self._executable
            and command[4:5]
            and command[4] in _LAUNCHES
            and os.getpid() == self._owner
            and env is not None
            and _list_early(env) == _list_early(self._environment)
            and not options.get("pass_fds")
            and Path(root).is_dir()
            and all(signal.getsignal(number) is not signal.SIG_IGN for number in _HANDLED)
        ):
            return subprocess.Popen(command, **options)
        mask = os.umask(0)
        os.umask(mask)
        request = {
            "module": _LAUNCHES[command[4]],
            "arguments": list(command[6:]),
            "folder": str(Path(root).absolute()),
            "environment": dict(env),
            "mask": mask,
            "parent": self._owner,
        }
        with ExitStack() as stack:
            stdin, writer = options["stdin"], None
            if stdin == subprocess.PIPE:
                source, target = os.pipe()
                stack.callback(os.close, source)
                writer = open(target, "wb")  # noqa: SIM115, PTH123  The caller closes it.
            elif stdin == subprocess.DEVNULL:
                source = stack.enter_context(Path(os.devnull).open("rb")).fileno()
            else:
                source = stdin.fileno()
            child = self._fork(request, [source, options["stdout"].fileno(), options["stderr"].fileno()])
        return cast("subprocess.Popen[bytes]", _ForkedProcess(child, writer))

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, if it was started."""
        if self._process is not None:
            self._channel.close()
            self._process.wait()

    def _fork(self, request: Mapping[str, Any], streams: Sequence[int]) -> int:
        content = json.dumps(request).encode()
        libc = ctypes.CDLL(None)
        adopts = ctypes.c_int()
        with self._lock:
            libc.prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(adopts), 0, 0, 0)
            libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            try:
                socket.send_fds(self._channel, [len(content).to_bytes(4)], streams)
                self._channel.sendall(content)
                answer = self._channel.recv(5, socket.MSG_WAITALL)
            finally:
                libc.prctl(_PR_SET_CHILD_SUBREAPER, adopts.value, 0, 0, 0)
        assert len(answer) == 5, "the server of forks has ended"
        return int.from_bytes(answer[:4])


class _ForkedProcess:
    """What is used of `Popen`."""

    def __init__(self, pid: int, stdin: IO[bytes] | None) -> None:
        self.pid = pid
        self.stdin = stdin
        self.returncode: int | None = None
        # Two threads may wait for it.
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            try:
                handle = os.pidfd_open(self.pid)
            except ProcessLookupError:
                # Another thread has waited for it.
                with self._lock:
                    return self.returncode or 0
            try:
                poll = select.poll()
                poll.register(handle, select.POLLIN)
                if not poll.poll(None if timeout is None else 1000 * timeout):
                    raise subprocess.TimeoutExpired("Behave", timeout or 0)
            finally:
                os.close(handle)
            with self._lock:
                if self.returncode is None:
                    self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _list_early(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_EARLY)}


@contextmanager
def fork_behave(server: ForkServer) -> Iterator[None]:
    """Fork what `start_python` starts; where a fork could differ, a new process is started as always."""
    with _replace(SimpleNamespace(**{**vars(subprocess), "Popen": server.start})):
        yield


def start_behave() -> AbstractContextManager[None]:
    """Start in a new process what is forked otherwise."""
    return _replace(subprocess)


@contextmanager
def _replace(module: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(starts, "subprocess", module)
        yield
