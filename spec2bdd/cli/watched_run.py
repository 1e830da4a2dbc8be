"""The process that `watch` starts for each order: it runs what was asked for, or marks, and prints the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spec2bdd.adapters.system.subprocess import exit_on_signals
from spec2bdd.adapters.watching.message_process import open_request
from spec2bdd.cli.output import exit_on_error, print_answer
from spec2bdd.cli.run_options import RunFlags
from spec2bdd.config import Config, read_config
from spec2bdd.domain.watching.orders import Action
from spec2bdd.model import Report, Selection


def main(arguments: list[str]) -> None:
    """Do what the request on standard input asks for; messages go to the file descriptor that is named."""
    with open_request(int(arguments[0])) as (request, send), exit_on_signals(), exit_on_error():

        def listen(event: Mapping[str, Any]) -> None:
            """Send an event of the run, or which files were written."""
            send(_describe_written(event["changes"]) if event["event"] == "generated" else event)

        report = _run(request, listen)
        from spec2bdd.reporters.registry import Answer

        print_answer(Answer("judgement", report, report.diagnostics), (), quiet=True)
        if request["action"] == Action.MARK:
            send(_describe_written(report.changes))


def _run(request: Mapping[str, Any], listen: Any) -> Report:
    """Run or mark."""
    import spec2bdd

    if request["action"] == Action.MARK:
        return spec2bdd.mark(_read_config(request))
    flags = RunFlags(**{**request["flags"], "behave_args": tuple(request["flags"]["behave_args"])})
    with flags.keep_standby():
        config = _read_config(request)
        selection = Selection(
            tuple(request["names"]),
            failed=request["action"] == Action.FAILED,
            changed=tuple(request["paths"]),
            failed_first=True,
        )
        return spec2bdd.verify(
            config,
            selection=selection,
            run_options=flags.build_run_options(config),
            marks=False,
            on_event=listen,
        )


def _read_config(request: Mapping[str, Any]) -> Config:
    """Read the configuration as it is now; `watch` has said which folder it is about."""
    explicit = request["config"]
    return read_config(Path.cwd(), explicit=Path(explicit) if explicit else None)


def _describe_written(changes: Iterable[Any]) -> dict[str, Any]:
    """Describe the files that were written, each with a digest, or nothing for one that was deleted."""
    from spec2bdd.adapters.system.digests import compute_digest

    digests = {change.path: None if change.after is None else compute_digest(change.after) for change in changes}
    return {"event": "written", "digests": digests}
