"""A command that starts Behave in, its report out, with its progress on a terminal meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec2bdd.model import Report


def run_live(command: Callable[[Callable[..., None]], Report], *, quiet: bool) -> Report:
    """Run a command that starts Behave, with a line of progress on a terminal."""
    if quiet:
        return command(lambda _: None)
    from spec2bdd.reporting.progress import Progress

    with Progress(sys.stderr) as progress:
        return command(progress.update)
