"""Import Behave and our plugin, then wait for the order to start Behave in a project.

The other side is `spec2bdd.adapters.behave.standby`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from importlib import import_module

# All that is imported here lives as long as the process: a collection would find nothing.
gc.disable()

import behave.__main__  # noqa: E402

# Behave would import it once it has read its configuration.
import behave.reporter.summary  # noqa: E402

import spec2bdd.adapters.behave.plugin.preload  # noqa: E402
import spec2bdd.adapters.behave.plugin.runner  # noqa: E402, F401


def main(args: list[str]) -> int:
    """Wait for the order, and be what a Behave is that was started with its arguments; do nothing without one.

    `args` are the names of further modules to import meanwhile.
    """
    for name in args:
        import_module(name)
    # The collections of the project need not look at it either.
    gc.freeze()
    # Unbuffered: the next lines are for the server of the preloaded project.
    with open(0, "rb", buffering=0, closefd=False) as source:
        line = source.readline()
    if not line:
        return 0
    order = json.loads(line)
    os.chdir(order["root"])
    os.environ.update(order["variables"])
    sys.argv[1:] = order["arguments"]
    gc.enable()
    return int(behave.__main__.main(order["arguments"]))
