"""Events of a run in, one live line on a terminal out: an edge that leaves the terminal as it was."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from spec2bdd.reporting.visible import render_visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_FAILED = frozenset({"failed", "error", "hook_error", "cleanup_error"})


class Progress:
    """Show how far a run is; silent where the stream is no UTF-8 terminal, or a dumb one, and in CI."""

    def __init__(self, stream: TextIO, *, environ: Mapping[str, str] | None = None) -> None:
        self._stream = stream
        self._environ = os.environ if environ is None else environ
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._failed = 0

    def __enter__(self) -> Self:
        """Draw the line, if anybody sees it."""
        if _is_watched(self._stream, self._environ):
            self._bar = _build_bar(self._stream, self._environ)
            self._task = self._bar.add_task("", total=None, failed="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away and show the cursor again, whatever happened."""
        bar, self._bar = self._bar, None
        if bar:
            bar.stop()

    def update(self, event: Mapping[str, object]) -> None:
        """Follow one event of the run; what is not known is passed over."""
        if self._bar is None or self._task is None:
            return
        match event:
            case {"event": "run", "expected_scenarios": int(total)}:
                self._bar.update(self._task, total=total)
            case {"event": "scenario_start", "name": str(name)}:
                self._bar.update(self._task, description=render_visible(name))
            case {"event": "scenario_end"}:
                self._count(event.get("status"))

    def _count(self, status: object) -> None:
        """Count one scenario that ended."""
        if self._bar is None or self._task is None:
            return
        self._failed += str(status) in _FAILED
        self._bar.update(self._task, advance=1, failed=f"{self._failed} failed" if self._failed else "")


def _is_watched(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether a live line can be drawn here, and whether anybody sees it."""
    # The spinner and the names of scenarios need an encoding that has all characters.
    complete = (stream.encoding or "").lower().startswith("utf")
    return complete and stream.isatty() and not environ.get("CI") and environ.get("TERM") != "dumb"


def _build_bar(stream: TextIO, environ: Mapping[str, str]) -> Bar:
    """Build the line: a spinner, a bar, how many are done and failed, and the scenario at work."""
    # rich costs start-up time, and nobody needs it where the line is not shown.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    return Bar(
        SpinnerColumn(),
        BarColumn(bar_width=24, complete_style="cyan", finished_style="green"),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}", style="bold red", markup=False),
        TextColumn("{task.description}", style="dim", markup=False, table_column=name),
        console=Console(file=stream, _environ=environ),
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
