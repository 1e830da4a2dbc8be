"""The `report --serve` command: the page of a project, always as it is now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from spec2bdd.adapters.system.page_server import PageServer
from spec2bdd.commands.reporting.report import report
from spec2bdd.config import Config
from spec2bdd.model import Documentation
from spec2bdd.project.runs import find_last_run_files
from spec2bdd.project.spec_files import find_specs, list_specs


def create_report_server(config: Config, render: Callable[[Documentation], str], *, port: int) -> PageServer:
    """Create the server of a project's page, which is made again when a run has ended or a spec has changed.

    Raises:
        ConfigError: there are no specs.
        UsageError: the port cannot be used.
    """
    find_specs(config)

    def stamp() -> object:
        """Find when the records and the specs were written, and how long they are."""
        stamps = []
        for path in (*find_last_run_files(config), *(config.root / path for path in list_specs(config))):
            # A file may be removed at the same moment.
            with suppress(OSError):
                status = path.stat()
                stamps.append((path, status.st_mtime_ns, status.st_size))
        return stamps

    return PageServer(lambda: render(report(config, texts=True)), stamp, port=port)
