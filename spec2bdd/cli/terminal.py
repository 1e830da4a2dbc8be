"""The terminal: whether there is one, and its width."""

from __future__ import annotations

import os
import sys

# Longer lines are hard to read; where there is no terminal, lines are for logs and diffs.
_MAX_WIDTH = 120
_DEFAULT_WIDTH = 100

# The key of the arguments of the command line among what the contexts of click share.
ARGUMENTS = "spec2bdd.arguments"


def measure_width() -> int:
    """Measure how wide the answer may be: as the terminal, but no wider than reads well."""
    # `shutil.get_terminal_size` does nearly the same, but its module costs a tenth of the start.
    if os.environ.get("COLUMNS", "").isdecimal():
        return max(20, min(int(os.environ["COLUMNS"]), _MAX_WIDTH))
    # The first of the two that is a terminal: the other may be a pipe or closed.
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            return min(os.get_terminal_size(stream.fileno()).columns, _MAX_WIDTH) if stream else _DEFAULT_WIDTH
        except (OSError, ValueError):
            continue
    return _DEFAULT_WIDTH


def has_terminal() -> bool:
    """Whether a debugger in another process can use the terminal of this one; on Windows it cannot."""
    if sys.__stdin__ is None or not sys.__stdin__.isatty() or not hasattr(os, "fork"):
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True
