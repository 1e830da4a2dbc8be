"""The server's side of the exchange with the registry client: its input, and the lines of its answer."""

from __future__ import annotations

import json
import os
from typing import IO

from spec2bdd.adapters.results.wire import JsonObject


def detach_stdin() -> IO[bytes]:
    """Keep standard input for ourselves; a step module that reads it sees its end."""
    ours = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return os.fdopen(ours, "rb")


def write_line(answer: IO[str], line: JsonObject) -> None:
    """Write one line of the answer and flush it: what runs next is the user's code, which may end the process."""
    answer.write(json.dumps(line) + "\n")
    answer.flush()
