"""A module of ours in, a fresh Python out that runs it in the project's folder and can be stopped."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import spec2bdd

# The project's folder stays off the path until Behave itself puts it there: a `random.py` in it would break Python's
# own imports. Where spec2bdd stands comes last, so that nothing beside it hides a module either.
_LAUNCH = "import sys; sys.path.append(sys.argv.pop(1)); from {module} import main; sys.exit(main(sys.argv[1:]))"
_PACKAGE_FOLDER = str(Path(spec2bdd.__file__).resolve().parents[1])
_LONGEST_OUTPUT = 100_000
# Most questions are answered at once; what takes longer is looked at less often.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02
_SECONDS_TO_FINISH = 10.0
_ENDING = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def start_python(
    root: Path,
    module: str,
    *,
    args: Sequence[str],
    output: IO[bytes],
    source: IO[bytes] | int = subprocess.DEVNULL,
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `main` of a module in a fresh Python in `root`; both its outputs go into one file.

    The child has a process group of its own: Ctrl-C reaches it through us, once, and not from the terminal as well.
    """
    command = [sys.executable, "-P", "-u", "-c", _LAUNCH.format(module=module), _PACKAGE_FOLDER, *args]
    environment = {**os.environ, **_derive_search_path(os.environ), **(variables or {})}
    return subprocess.Popen(
        command, cwd=root, env=environment, stdin=source, stdout=output, stderr=output, process_group=0
    )


def start_command(root: Path, command: Sequence[str], *, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program in `root`, without a shell; it can be followed like a child of our own."""
    null = subprocess.DEVNULL
    return subprocess.Popen(list(command), cwd=root, stdin=null, stdout=output, stderr=output, process_group=0)


def follow_process(process: subprocess.Popen[bytes], look: Callable[[], object]) -> int:
    """Wait for a child and return its exit code; `look` is called meanwhile, and once at the end.

    Once it returns something true, the child has done what is wanted, and what is returned is that it went well. An
    exception, Ctrl-C among them, stops the child before it goes on its way; so do the signals that end us.
    """
    pause = _SHORTEST_PAUSE
    try:
        with _exit_on_signals(), _watch_exit(process) as wait:
            while process.returncode is None:
                wait(pause)
                pause = min(1.5 * pause, _LONGEST_PAUSE)
                if look():
                    return process.poll() or 0
    except BaseException:
        stop_process(process)
        raise
    return process.returncode


@contextmanager
def _watch_exit(process: subprocess.Popen[bytes]) -> Iterator[Callable[[float], None]]:
    """Give a function that waits some seconds at most for a child's end; on Linux it returns at the moment of the end.

    `Popen.wait` with a timeout polls with pauses that grow to 50 ms, so a child's end would be noticed late.
    """
    handle = -1
    if sys.platform == "linux":
        with suppress(OSError):
            handle = os.pidfd_open(process.pid)
    if handle < 0:

        def wait(seconds: float) -> None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)

        yield wait
        return
    poll = select.poll()
    poll.register(handle, select.POLLIN)

    def wait_by_handle(seconds: float) -> None:
        if poll.poll(1000 * seconds):
            process.wait()

    try:
        yield wait_by_handle
    finally:
        os.close(handle)


def open_scratch(content: bytes = b"") -> IO[bytes]:
    """Return a nameless file with that content; unlike a pipe it is never full, and nobody waits for its end."""
    scratch = tempfile.TemporaryFile()  # noqa: SIM115  The caller closes it.
    scratch.write(content)
    scratch.seek(0)
    return scratch


def read_output(output: IO[bytes]) -> str:
    """Return the end of what a child printed."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _LONGEST_OUTPUT))
    return output.read().decode("utf-8", "replace")


def _derive_search_path(environment: Mapping[str, str]) -> dict[str, str]:
    """Return PYTHONPATH with its folders as they are meant from here, if it is set: the child stands elsewhere."""
    value = environment.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, value.split(os.pathsep)))} if value else {}


@contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Make the signals that would end us at once an exit that can be seen coming: the child must not go on alone."""
    # Python allows handlers in the main thread only; a signal that somebody ignores or handles stays theirs.
    main = threading.current_thread() is threading.main_thread()
    ours = [number for number in _ENDING if main and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """Interrupt a child as Ctrl-C would, and end it if it does not finish, or at the next Ctrl-C."""
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            _send(process, number)
            process.wait(_SECONDS_TO_FINISH)
            return
    process.kill()
    process.wait()


def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a child and to what it started, where the system knows process groups."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, number)
        else:
            process.terminate()
