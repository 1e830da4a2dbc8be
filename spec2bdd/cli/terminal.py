"""What is known of the terminal."""

from __future__ import annotations

import os
import sys

_WIDEST = 120
_NARROW = 100


def measure_width() -> int:
    """Return how wide the answer may be: the terminal, but no wider than reads well."""
    # `shutil.get_terminal_size` does nearly the same, but its module costs a tenth of the start.
    if os.environ.get("COLUMNS", "").isdecimal():
        return max(20, min(int(os.environ["COLUMNS"]), _WIDEST))
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            return min(os.get_terminal_size(stream.fileno()).columns, _WIDEST) if stream else _NARROW
        except (OSError, ValueError):
            continue
    return _NARROW
