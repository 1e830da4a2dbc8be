"""A Python process that gets one request, sends messages while it works, and prints its answer at the end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from spec2bdd.adapters.system.subprocess import open_scratch, read_output, start_python, stop_process

Message = Mapping[str, Any]

# Longer than the process needs to end what it has started itself.
_SECONDS_TO_FINISH = 30.0


class MessageProcess:
    """The process; its `fileno` is readable when there are messages, and when it has closed its end."""

    def __init__(self, module: str, request: Message, *, variables: Mapping[str, str]) -> None:
        self._read, write = os.pipe()
        self._output = open_scratch()
        self._rest = b""
        try:
            with open_scratch(json.dumps(request).encode("ascii")) as source:
                self._process = start_python(
                    None,
                    module,
                    args=(str(write),),
                    output=self._output,
                    source=source,
                    variables=variables,
                    channels=(write,),
                )
        except BaseException:
            os.close(self._read)
            self._output.close()
            raise
        finally:
            os.close(write)

    def fileno(self) -> int:
        """Return what can be waited for with `select`."""
        return self._read

    def read_messages(self) -> list[Message] | None:
        """Read the messages that have come; `None` once there are no further ones."""
        data = os.read(self._read, 1 << 16)
        if not data:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def finish(self) -> str:
        """Wait for the end of the process, and return what it printed."""
        self._process.wait()
        return read_output(self._output)

    def stop(self) -> None:
        """Interrupt the process, if it is still there, and let go of it."""
        try:
            stop_process(self._process, patience=_SECONDS_TO_FINISH)
        finally:
            os.close(self._read)
            self._output.close()


@contextmanager
def open_request(channel: int) -> Iterator[tuple[Message, Callable[[Message], None]]]:
    """Read the request, in the process itself; also give a function that sends a message."""
    request = json.loads(sys.stdin.read())

    def send(message: Message) -> None:
        # Who started this process may have been killed.
        with suppress(BrokenPipeError):
            os.write(channel, json.dumps(message).encode("ascii") + b"\n")

    try:
        yield request, send
    finally:
        os.close(channel)
