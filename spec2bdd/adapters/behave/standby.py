"""A process that imports Behave while this one still reads options and configuration, and imports what plans.

Importing Behave takes about as long as all that. The process knows no project, and runs no code of one, before it gets
its order: see `plugin/standby.py`. What this module imports delays its start, and so the whole run.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from spec2bdd.adapters.system.subprocess import open_scratch, start_python, stop_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

_SERVER = "spec2bdd.adapters.behave.plugin.standby"


class Standby:
    """A process on standby, and the file with what it prints."""

    __slots__ = ("output", "process")

    def __init__(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        self.process = process
        self.output = output


# At most one: the process that the next run in this process takes.
_waiting: list[Standby] = []


@contextmanager
def keep_standby(*modules: str) -> Iterator[None]:
    """Keep a process on standby for a run that is started in the block; if there is none, the process is stopped.

    One that is on standby already is that process. Otherwise, it imports these `modules`, too.
    """
    if _waiting:
        yield
        return
    with open_scratch() as output:
        try:
            # The folder does not matter before the order.
            process = start_python(None, _SERVER, args=modules, output=output, source=subprocess.PIPE)
        except OSError:
            # The run reports that Python cannot be started.
            yield
            return
        _waiting.append(Standby(process, output))
        try:
            yield
        finally:
            _waiting.clear()
            stop_process(process)


def start_behave(
    root: Path,
    *,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    output: IO[bytes],
    source: bytes | None = None,
) -> Standby:
    """Start Behave with these arguments in the folder `root`: in the process on standby, or else in a new one.

    A new one prints to `output`. With `source`, that is all that Behave finds on its standard input, which otherwise
    stays open.

    Raises:
        OSError: no process can be started.
    """
    content = b""
    if _waiting:
        # Not before the process has been started.
        import json

        standby = _waiting.pop()
        order = {"root": str(root), "arguments": list(arguments), "variables": dict(variables)}
        content = json.dumps(order).encode("ascii") + b"\n"
    else:
        standby = Standby(
            start_python(
                root, "behave.__main__", args=arguments, output=output, source=subprocess.PIPE, variables=variables
            ),
            output,
        )
    # If it has ended, that is reported as for any process that loads a project.
    with suppress(OSError):
        stdin: IO[bytes] = standby.process.stdin  # type: ignore[assignment]  # Both are started with a pipe.
        stdin.write(content + (source or b""))
        stdin.flush()
        if source is not None:
            stdin.close()
    return standby
