"""Run Behave in a process of its own, which writes the event log of the run."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from spec2bdd.adapters.behave.arguments import check_arguments
from spec2bdd.adapters.behave.protocol import DEBUGGER, LINES, PARENT, RUN_ID, RUN_RECORDS, SOURCES
from spec2bdd.adapters.results.wire import run_options_to_json
from spec2bdd.adapters.system.subprocess import defer_interrupt, follow_process, open_scratch, read_output, start_python
from spec2bdd.errors import RunError
from spec2bdd.model import DEFAULT_RUN, Diagnostic, RunOptions, Severity, ignore_event
from spec2bdd.model.values import dataclass

if TYPE_CHECKING:
    from spec2bdd.adapters.behave.preloaded import PreloadedBehave

# Lines of a crashed Behave's output that say nothing about the cause; indented ones are frames of a traceback.
_NOISE = re.compile(r"\s|Traceback \(most recent|USING RUNNER:|During handling of|The above exception")
_MOST_LINES = 3

# About this many bytes of a growing log are read at once.
_BYTES_AT_ONCE = 65_536

_RUNNER = "spec2bdd.adapters.behave.plugin.runner:RecordingRunner"
_FORMATTER = "spec2bdd.adapters.behave.plugin.formatter:RecordFormatter"

OnEvent = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class BehaveExit:
    """How Behave exited: its code, which proves nothing about the scenarios, and the end of what it printed."""

    code: int
    output: str


def run_behave(
    root: Path,
    *,
    features: str,
    record_path: Path,
    run_id: str,
    on_event: OnEvent,
    plan: RunOptions = DEFAULT_RUN,
    sources: Sequence[str] = (),
    lines: bool = False,
    preloaded: PreloadedBehave | None = None,
    meanwhile: Callable[[], None] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> BehaveExit:
    """Run with Behave what the plan selects, and write the events to `record_path` while they happen.

    A `preloaded` Behave runs it if it can; otherwise a new process is started. `meanwhile` is called once Behave has
    begun. `sources` are those of the configuration, for a project without git; `environment` adds variables. With
    `lines`, those that the scenarios run are recorded next to the events. `on_event` is called with each new event
    except for steps that passed, which are most of them. An interruption stops Behave, which runs its last hooks and
    clean-ups first if it can, and is raised again; the events up to then are kept.

    Raises:
        ConfigError: an argument cannot be passed to Behave.
        RunError: Python runs without `assert`, coverage.py is needed and not installed, or Behave cannot be started.
    """
    refuse_optimization()
    if lines and find_spec("coverage") is None:
        hint = "install it next to spec2bdd: `python -m pip install coverage`"
        raise RunError("`record-lines` needs the library coverage", hint=hint)
    if plan.executor == "dask" and find_spec("distributed") is None:
        hint = "install it next to spec2bdd: `python -m pip install distributed`"
        raise RunError("`--executor dask` needs the library distributed", hint=hint)
    check_arguments(plan.arguments)
    record_path = record_path.absolute()
    look = (lambda: None) if on_event is ignore_event else LogFollower(record_path, on_event).read_on
    if preloaded is not None and _start_preloaded(preloaded, plan, features=features, path=record_path, run_id=run_id):
        code = follow_process(preloaded.process, look, meanwhile=meanwhile)
        return BehaveExit(code, read_output(preloaded.output))
    arguments = build_arguments(plan, features=features, record_path=record_path)
    asked = json.dumps(run_options_to_json(plan)).encode("ascii")
    with open_scratch() as output, open_scratch(asked) as source:
        try:
            _remove_records(record_path)
            folder = os.path.realpath(record_path.parent)
            variables = {**environment, RUN_ID: run_id, RUN_RECORDS: folder, SOURCES: json.dumps(list(sources))}
            variables[PARENT] = str(os.getpid())
            variables |= {DEBUGGER: "1"} if plan.debugger else {LINES: "1"} if lines else {}
            process = start_python(
                root, "behave.__main__", args=arguments, output=output, source=source, variables=variables
            )
        except OSError as error:
            raise RunError(f"Behave could not be started: {error}") from error
        code = follow_process(process, look, meanwhile=meanwhile)
        return BehaveExit(code, read_output(output))


def build_arguments(plan: RunOptions, *, features: str, record_path: Path) -> list[str]:
    """Build the command line of Behave for a run."""
    return ["-r", _RUNNER, "-f", _FORMATTER, "-o", str(record_path), "--no-color", *plan.arguments, "--", features]


def _remove_records(path: Path) -> None:
    """Remove the log of an earlier run, which must not be read as that of the next one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    except OSError as error:
        message = f"cannot write the records of a run: {error.strerror or error}"
        raise RunError(message, path=f"{path.parent.name}/{path.name}", hint="make this folder writable") from error


def _start_preloaded(preloaded: PreloadedBehave, plan: RunOptions, *, features: str, path: Path, run_id: str) -> bool:
    """Let a preloaded Behave begin the run; if it cannot, end it, so that nothing of it runs next to another one."""
    _remove_records(path)
    if preloaded.start_run(plan, features=features, record_path=path, run_id=run_id):
        return True
    preloaded.stop()
    return False


def refuse_optimization() -> None:
    """Refuse to run if Python skips every `assert`, since everything would pass.

    Raises:
        RunError: `-O` or PYTHONOPTIMIZE is in effect.
    """
    if os.environ.get("PYTHONOPTIMIZE", "0") not in ("", "0"):
        # Read here, because the Python that runs Behave inherits it even if this one was started with `-E`.
        hint = "run `unset PYTHONOPTIMIZE`, then rerun the command"
        raise RunError("PYTHONOPTIMIZE is set, which removes every `assert` from the steps", hint=hint)
    if sys.flags.optimize:
        hint = "run spec2bdd without `python -O`"
        raise RunError("Python runs with `-O`, which removes every `assert` from the steps", hint=hint)


class LogFollower:
    """Passes each whole line of a growing event log to a callback once."""

    __slots__ = ("_offset", "_on_event", "_path")

    def __init__(self, path: Path, on_event: OnEvent) -> None:
        self._path = path
        self._on_event = on_event
        self._offset = 0

    def read_on(self) -> None:
        """Pass on what was written since the last call, up to its last line end."""
        for line in self._read_lines():
            # Parsing the many steps that passed would be slow. Inside a JSON string every quote follows a backslash, so
            # this can only be the field itself.
            if line.startswith(b'{"event": "step"') and b', "status": "passed"' in line:
                continue
            try:
                event = json.loads(line)
            except ValueError:
                # `parse_run` reports a malformed file; progress can do without one line.
                continue
            if isinstance(event, dict):
                self._on_event(event)

    def _read_lines(self) -> Iterator[bytes]:
        """Yield the whole lines that are new."""
        while lines := self._read_some():
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield line

    def _read_some(self) -> list[bytes]:
        """Read a few of the lines that are new, the last one perhaps in part: nothing that runs waits for this."""
        # There are none before Behave has created the file. Ctrl-C while the file is open would not close it.
        with suppress(FileNotFoundError), defer_interrupt(), self._path.open("rb") as stream:
            stream.seek(self._offset)
            return stream.readlines(_BYTES_AT_ONCE)
        return []


def diagnose_crash(*, code: int, output: str) -> Diagnostic:
    """Build the error for a Behave that exited before the end of its run, with its last output."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip() and not _NOISE.match(line)]
    message = f"Behave exited with code {code} before finishing; unfinished criteria were left unchanged"
    last = "\n".join(lines[-_MOST_LINES:])
    return Diagnostic("", 0, 0, Severity.ERROR, "run-crashed", message, f"last output: {last}" if last else "")


def is_nested_run(folder: Path) -> bool:
    """Whether this process was started by a step of a run that writes its records in that folder."""
    return os.environ.get(RUN_RECORDS) == os.path.realpath(folder)
