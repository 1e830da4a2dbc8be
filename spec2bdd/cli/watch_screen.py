"""What `watch` shows: in a terminal the last answer and a line with the keys, elsewhere one answer after the other."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

from spec2bdd.adapters.watching.message_process import Message
from spec2bdd.cli.output import has_color
from spec2bdd.cli.terminal import measure_width
from spec2bdd.domain.watching.orders import KEY_NAMES, Action, Order
from spec2bdd.model import Verdict
from spec2bdd.reporters.terminal.escape import render_visible
from spec2bdd.reporters.terminal.layout import render_cell
from spec2bdd.reporters.terminal.progress_state import RunProgress

_CLEAR, _CLEAR_LINE = "\x1b[H\x1b[2J", "\r\x1b[2K"
_KEYS = " · ".join(KEY_NAMES.values())
_WAITING = "waiting for the next save; Ctrl-C ends"
# What an order does while it is at work, what it has done, and to what.
_VERBS = {Action.MARK: ("marking", "marked")}
_OBJECTS = {
    Action.ALL: "everything",
    Action.FAILED: "what did not pass",
    Action.CHANGED: "what it affects",
    Action.MARK: "the specs",
}


class WatchScreen:
    """Shows one order after the other; `is_live` is whether the stream is a terminal with keys."""

    def __init__(self, stream: TextIO, *, is_live: bool) -> None:
        self._stream = stream
        self._is_live = is_live
        self._order = Order(Action.ALL)
        self._body = ""
        self._progress: RunProgress | None = None

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables with which a process prints for this stream."""
        color = {"FORCE_COLOR": "1"} if has_color(self._stream) else {"NO_COLOR": "1"}
        return {"COLUMNS": str(measure_width()), **color}

    def show_start(self, order: Order) -> None:
        """Show what has begun, and why; failures are added as they happen."""
        self._order, self._body, self._progress = order, "", RunProgress()
        self._draw(self._render_title())

    def show_event(self, event: Message) -> None:
        """Show the progress of a run in the last line, and each failure above it."""
        if self._progress is None:
            return
        finished = self._progress.read_event(event)
        if not self._is_live:
            return
        failure = f"{finished.line}\n" if finished and finished.verdict is Verdict.FAILED else ""
        self._body += failure
        self._write(f"{_CLEAR_LINE}{failure}{self._render_last_line()}")

    def show_answer(self, answer: str) -> None:
        """Show how a run has ended, in the place of its progress."""
        self._body, self._progress = answer, None
        self._draw(self._render_title() if self._is_live else "")
        if not self._is_live:
            self._write(f"{_WAITING}\n")

    def show_again(self) -> None:
        """Show what was shown last, after the terminal had been given to another program."""
        self._draw(self._render_title())

    def show_end(self) -> None:
        """Leave the last line, for what comes after."""
        if self._is_live:
            self._write("\n")

    def _render_title(self) -> str:
        """Render what is at work, or has ended, and which file it was for."""
        verb = _VERBS.get(self._order.action, ("running", "ran"))[self._progress is None]
        if self._order.saved:
            return f"{render_visible(self._order.saved)} was saved: {verb} {_OBJECTS[self._order.action]}"
        of_several = self._order.action is Action.CHANGED
        return f"{verb} {'the same again' if of_several else _OBJECTS[self._order.action]}"

    def _draw(self, title: str) -> None:
        """Clear the terminal, and show everything; elsewhere, go on below what was printed before."""
        if self._is_live:
            self._write(f"{_CLEAR}{title}\n\n{self._body}\n{self._render_last_line()}")
        else:
            self._write("".join(f"{text.rstrip()}\n" for text in (title, self._body) if text))

    def _render_last_line(self) -> str:
        """Render the keys, and before them how far a run is; no longer than the line."""
        progress = self._progress.summary if self._progress and self._progress.total is not None else ""
        line = f"{progress} · {_KEYS}" if progress else _KEYS
        return render_cell(line, measure_width() - 1).rstrip()

    def _write(self, text: str) -> None:
        """Write at once, also in a signal handler: a buffer could be busy then."""
        self._stream.flush()
        data = text.encode(self._stream.encoding or "utf-8", "backslashreplace")
        # A terminal may be closed; a signal is about to say so.
        with suppress(*([OSError] if self._is_live else [])):
            while data:
                data = data[os.write(self._stream.fileno(), data) :]
