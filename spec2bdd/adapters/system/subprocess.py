"""Start child processes in the project's folder, wait for them, and stop them with all that they started."""

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

import spec2bdd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

# With `-P`, the project's folder is not on the path until Behave puts it there: a `random.py` in it would break imports
# of the standard library. The folder of spec2bdd comes last, so that its neighbours do not hide a module either.
_LAUNCH = "import sys; sys.path.append(sys.argv.pop(1)); from {module} import main; sys.exit(main(sys.argv[1:]))"
# Without `pathlib`, as this module is imported before all else where features are run.
_PACKAGE_FOLDER = os.path.dirname(os.path.dirname(os.path.realpath(spec2bdd.__file__)))  # noqa: PTH120
# Enough for the end of a traceback.
_MAX_OUTPUT = 100_000
# Most questions are answered at once; what takes longer is looked at less often. With this growth, an answer is noticed
# at most a fifth of its time late.
_SHORTEST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.001, 0.02, 1.2
_SECONDS_TO_FINISH = 10.0
# The signals that would end this process at once; Windows has no SIGHUP.
_ENDING = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def start_python(
    root: Path | None,
    module: str,
    *,
    args: Sequence[str],
    output: IO[bytes],
    source: IO[bytes] | int = subprocess.DEVNULL,
    variables: Mapping[str, str] | None = None,
    channels: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `main` of a module in a new Python process in `root`, or here; both its outputs go into one file.

    `channels` are further file descriptors that the child gets.

    The child has its own process group: Ctrl-C reaches it through us, once, and not from the terminal as well.
    """
    command = [sys.executable, "-P", "-u", "-c", _LAUNCH.format(module=module), _PACKAGE_FOLDER, *args]
    environment = {**os.environ, **(variables or {})}
    # The child has another working directory, so that relative folders have to be made absolute.
    if path := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, path.split(os.pathsep)))
    return subprocess.Popen(
        command,
        cwd=root,
        env=environment,
        stdin=source,
        stdout=output,
        stderr=output,
        process_group=0,
        pass_fds=channels,
    )


def start_command(root: Path, command: Sequence[str], *, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program in `root`, without a shell; `follow_process` waits for it."""
    null = subprocess.DEVNULL
    return subprocess.Popen(list(command), cwd=root, stdin=null, stdout=output, stderr=output, process_group=0)


@contextmanager
def defer_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back until the block ends, for blocks that import modules.

    Python runs callbacks of its own while it imports, and an exception that is raised in one of them is printed and
    ignored: a KeyboardInterrupt at that moment would be lost.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def follow_process(
    process: subprocess.Popen[bytes], look: Callable[[], object], *, meanwhile: Callable[[], None] | None = None
) -> int:
    """Wait for a child and return its exit code; `look` is called at intervals, and once at the end.

    `meanwhile` is called before the wait: it imports what is needed afterwards.

    When it returns something true, the child has done its job: waiting ends, with exit code 0 while it still runs. An
    exception, such as Ctrl-C, stops the child before it is raised again; so do signals that end this process.
    """
    pause = _SHORTEST_PAUSE
    try:
        with exit_on_signals(), _watch_exit(process) as wait:
            if meanwhile:
                with defer_interrupt():
                    meanwhile()
            while process.returncode is None:
                wait(pause)
                pause = min(_GROWTH * pause, _LONGEST_PAUSE)
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
    """Open a temporary file with some content, for the input or output of a child.

    Unlike a pipe it is never full, and reading it does not wait until all processes that inherited it have ended.
    """
    scratch = tempfile.TemporaryFile()  # noqa: SIM115  The caller closes it.
    scratch.write(content)
    scratch.seek(0)
    return scratch


def read_output(output: IO[bytes]) -> str:
    """Read the end of what a child printed."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _MAX_OUTPUT))
    return output.read().decode("utf-8", "replace")


@contextmanager
def exit_on_signals(*others: int) -> Iterator[None]:
    """Turn signals that would end this process at once into `SystemExit`, so that it can stop what it has started.

    These are SIGTERM, SIGHUP, and `others`.
    """
    # Python allows handlers in the main thread only. Signals that are already handled or ignored are left as they are.
    is_main = threading.current_thread() is threading.main_thread()
    ours = [number for number in (*_ENDING, *others) if is_main and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        # The exit code of a shell for a process that a signal ended.
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def stop_process(process: subprocess.Popen[bytes], *, patience: float | None = None) -> None:
    """Interrupt a child as Ctrl-C would, and kill it if it does not finish, or at the next Ctrl-C."""
    # A child that reads its input ends by this alone.
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    # The group is the child with all that it started; Windows knows no groups.
                    if os.name == "posix":
                        os.killpg(process.pid, number)
                    else:
                        process.terminate()
            process.wait(_SECONDS_TO_FINISH if patience is None else patience)
            return
    process.kill()
    process.wait()
