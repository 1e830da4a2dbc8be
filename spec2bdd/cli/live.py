"""A command that starts Behave in, its report out, with its progress on stderr meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from spec2bdd.model import Report


def run_live(command: Callable[[Callable[..., None]], Report], *, quiet: bool) -> Report:
    """Run a command that starts Behave, with its progress on stderr."""
    if quiet:
        return command(lambda _: None)
    from spec2bdd.reporters.terminal.progress import Progress

    verbose = bool(click.get_current_context().params.get("verbose"))
    with Progress(sys.stderr, verbose=verbose) as progress:
        return command(progress.update)
