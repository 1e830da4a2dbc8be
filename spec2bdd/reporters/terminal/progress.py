"""Show the progress of a run: on a terminal a bar, with failures above it, and plain lines anywhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from spec2bdd.model import Verdict
from spec2bdd.reporters.terminal.progress_state import RunProgress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

# Without a bar, a run of at least so many scenarios prints a line for each quarter of it but the last, which is in the
# summary.
_MANY = 20
_SHARES = 4
# The code of a warning that is shown at once.
_WORKER_STOPPED = "worker-stopped"


class Progress:
    """Show how far a run is, and failures as they happen.

    Where the stream is no UTF-8 terminal, or a dumb one, and in CI, there are plain lines and no bar.
    """

    def __init__(self, stream: TextIO, *, environ: Mapping[str, str] | None = None) -> None:
        self._stream = stream
        self._environ = os.environ if environ is None else environ
        self._state = RunProgress()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._shares = 0

    def __enter__(self) -> Self:
        """Draw the bar, if the stream is a terminal that can show it."""
        # The spinner and the names of scenarios need an encoding that has all characters.
        unicode = (self._stream.encoding or "").lower().startswith("utf")
        dumb = self._environ.get("CI") or self._environ.get("TERM") == "dumb"
        if unicode and self._stream.isatty() and not dumb:
            self._bar = _build_bar(self._stream, self._environ)
            self._task = self._bar.add_task("", total=None, counts="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar and show the cursor again, whatever happened."""
        bar, self._bar = self._bar, None
        if bar:
            bar.stop()

    def update(self, event: Mapping[str, object]) -> None:
        """Process one event of the run; unknown ones are ignored."""
        if event.get("event") == "wait":
            self._show("waiting for another run in this project", style="dim")
        if event.get("event") == "diagnostic" and event.get("code") == _WORKER_STOPPED:
            # The run may wait without an end, and what it reports at its end would come too late.
            self._show(f"{event.get('message')}: {event.get('hint')}", style="yellow")
        finished = self._state.read_event(event)
        if finished and finished.verdict is Verdict.FAILED:
            self._show(finished.line, style="red")
        total, done = self._state.total, self._state.done
        if self._bar is None or self._task is None:
            share = done * _SHARES // total if total and total >= _MANY else 0
            if finished and self._shares < share < _SHARES:
                self._shares = share
                self._write(self._state.summary)
            return
        # A run without scenarios has nothing to count: its bar moves without an end.
        counts = self._state.summary if total else ""
        self._bar.update(self._task, total=total or None, completed=done, description=self._state.name, counts=counts)

    def _show(self, line: str, *, style: str) -> None:
        """Show a line: above the bar, cut at the width of the terminal, or else as it is."""
        if self._bar is None:
            self._write(line)
            return
        from rich.text import Text  # rich costs start-up time

        self._bar.console.print(Text(line, style=style), no_wrap=True, overflow="ellipsis", highlight=False)

    def _write(self, line: str) -> None:
        """Write a line at once, for people who follow the log."""
        self._stream.write(f"{line}\n")
        self._stream.flush()


def _build_bar(stream: TextIO, environ: Mapping[str, str]) -> Bar:
    """Build the line: a spinner, a bar, how many scenarios have ended and how, and the one at work."""
    # rich costs start-up time, and is not needed where the bar is not shown.
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    return Bar(
        SpinnerColumn(),
        BarColumn(bar_width=24, complete_style="cyan", finished_style="green"),
        # Names of scenarios are text, never markup.
        TextColumn("{task.fields[counts]}", markup=False),
        TextColumn("{task.description}", style="dim", markup=False, table_column=name),
        console=Console(file=stream, _environ=environ),
        transient=True,
        expand=True,
        # What Behave prints in this process must reach the streams as it is.
        redirect_stdout=False,
        redirect_stderr=False,
    )
