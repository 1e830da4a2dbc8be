"""A process that has imported Behave, and forks one that runs the `main` of a module for each request.

The command line keeps such a process on standby while it reads the configuration; `forked.py` keeps this one while
tests run.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

# What records lines imports it; it takes as long as Behave.
import coverage  # noqa: F401

# A forked process has imported what the process on standby imports.
import spec2bdd.adapters.behave.plugin.standby  # noqa: F401


def main() -> int:
    """Serve requests until the other end is closed; in a forked process, be what was requested."""
    channel = socket.socket(fileno=int(sys.argv.pop()))
    while True:
        size, streams, _, _ = socket.recv_fds(channel, 4, 3)
        if not size:
            return 0
        request = json.loads(channel.recv(int.from_bytes(size), socket.MSG_WAITALL))
        reading, writing = os.pipe()
        # The process between ends at once, so that the process that asked adopts the child as its own.
        between = os.fork()
        if not between:
            child = os.fork()
            if not child:
                return _become(request, streams)
            os.setpgid(child, child)
            os.write(writing, child.to_bytes(4))
            os._exit(0)
        os.close(writing)
        number = os.read(reading, 4)
        os.waitpid(between, 0)
        channel.sendall(number + b"\n")
        for opened in (reading, *streams):
            os.close(opened)


def _become(request: dict[str, Any], streams: Sequence[int]) -> int:
    """Be the process that was requested: with its folder, environment, arguments and streams."""
    while os.getppid() != request["parent"]:
        time.sleep(0.0002)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 64)
    os.umask(request["mask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    sys.argv[1:] = request["arguments"]
    gc.enable()
    return int(importlib.import_module(request["module"]).main(request["arguments"]) or 0)
