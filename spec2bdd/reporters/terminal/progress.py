"""Events of a run in, a bar and what fails above it on a terminal out, and plain lines anywhere else: an edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from spec2bdd.reporters.terminal.progress_state import FAILED, FinishedScenario, RunProgress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

# Below that nobody has to be told how far a run is where there is no bar.
_FEW = 20
_SHARES = 10


class Progress:
    """Show how far a run is, and what fails at once; `verbose` names every scenario that ends.

    Where the stream is no UTF-8 terminal, or a dumb one, and in CI, there are lines that stay, and no bar.
    """

    def __init__(self, stream: TextIO, *, environ: Mapping[str, str] | None = None, verbose: bool = False) -> None:
        self._stream = stream
        self._environ = os.environ if environ is None else environ
        self._verbose = verbose
        self._tally = RunProgress()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._told = 0

    def __enter__(self) -> Self:
        """Draw the bar, if anybody sees it."""
        if _is_watched(self._stream, self._environ):
            self._bar = _build_bar(self._stream, self._environ)
            self._task = self._bar.add_task("", total=None, counts="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away and show the cursor again, whatever happened."""
        bar, self._bar = self._bar, None
        if bar:
            bar.stop()

    def update(self, event: Mapping[str, object]) -> None:
        """Follow one event of the run; what is not known is passed over."""
        if event.get("event") == "wait":
            self._show("another run is at work in this project: waiting for its end", style="dim")
        ended = self._tally.read_event(event)
        if ended and (self._verbose or ended.word == FAILED):
            self._print(ended)
        if self._bar is None or self._task is None:
            if ended:
                self._tell_share()
            return
        tally = self._tally
        # A run without scenarios has nothing to wait for: its bar goes on without an end.
        counts = tally.standing if tally.total else ""
        self._bar.update(
            self._task, total=tally.total or None, completed=tally.done, description=tally.name, counts=counts
        )

    def _print(self, ended: FinishedScenario) -> None:
        """Show a scenario that ended: above the bar, no longer than a line of the terminal, or on a line of its own."""
        self._show(ended.line, style="red" if ended.word == FAILED else "dim")

    def _show(self, line: str, *, style: str) -> None:
        """Show a line, above the bar if there is one."""
        if self._bar is None:
            self._write(line)
            return
        from rich.text import Text  # rich costs start-up time

        self._bar.console.print(Text(line, style=style), no_wrap=True, overflow="ellipsis", highlight=False)

    def _tell_share(self) -> None:
        """Say how far a long run is, each time that one more tenth of it is done."""
        tally = self._tally
        if not tally.total or tally.total < _FEW:
            return
        share = tally.done * _SHARES // tally.total
        if share > self._told:
            self._told = share
            self._write(tally.standing)

    def _write(self, line: str) -> None:
        """Write a line at once: somebody may be watching the log."""
        self._stream.write(f"{line}\n")
        self._stream.flush()


def _is_watched(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether a bar can be drawn here, and whether anybody sees it."""
    # The spinner and the names of scenarios need an encoding that has all characters.
    complete = (stream.encoding or "").lower().startswith("utf")
    return complete and stream.isatty() and not environ.get("CI") and environ.get("TERM") != "dumb"


def _build_bar(stream: TextIO, environ: Mapping[str, str]) -> Bar:
    """Build the line: a spinner, a bar, how many passed, failed, are pending and done, and the scenario at work."""
    # rich costs start-up time, and nobody needs it where the bar is not shown.
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    return Bar(
        SpinnerColumn(),
        BarColumn(bar_width=24, complete_style="cyan", finished_style="green"),
        TextColumn("{task.fields[counts]}", markup=False),
        TextColumn("{task.description}", style="dim", markup=False, table_column=name),
        console=Console(file=stream, _environ=environ),
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
