"""Entry point of a worker that was spawned and not forked."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from spec2bdd.adapters.behave.executors.worker import Worker, set_up_worker_process
from spec2bdd.adapters.behave.executors.worker_state import WorkerState
from spec2bdd.adapters.results.wire import run_options_from_json

if TYPE_CHECKING:
    from spec2bdd.adapters.behave.plugin.runner import RecordingRunner


def spawn_worker(
    runner_type: type[RecordingRunner],
    arguments: list[str],
    plan: dict[str, Any],
    number: int,
    connection: Any,
    fields: Any,
) -> None:
    """Be a worker in a process that has nothing loaded yet; `arguments` are those of Behave."""
    # Only a process that is started like this needs a configuration of its own.
    from behave.configuration import Configuration

    set_up_worker_process({signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL})
    runner = runner_type(Configuration(arguments), plan=run_options_from_json(plan))
    with suppress(EOFError):
        runner.serve(
            lambda files: Worker(runner, connection, files=files).serve(WorkerState(fields), number, alone=False)
        )
