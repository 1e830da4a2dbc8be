"""Behave's capture of what is printed and logged, which does cheaply what is done often, and what is kept of it.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

import sys
from io import StringIO
from types import SimpleNamespace
from typing import Any

from behave.capture import NO_CAPTURED_DATA, CaptureBookmark, CaptureController
from behave.log_capture import LoggingCapture

from spec2bdd.adapters.behave.glue.serialize import LONGEST_OUTPUT
from spec2bdd.text.clean import keep_ends


def _count_references(controller: Any) -> int:
    """Count what refers to the handler of a controller."""
    handler = controller.capture_log
    return sys.getrefcount(handler)


# The count where nothing else has the handler; it depends on the version of Python.
_OWN_REFERENCES = _count_references(SimpleNamespace(capture_log=object()))
# In characters: about fifty outputs of the greatest length are kept, and both ends of each further one.
_MOST_KEPT = 10_000_000
_SHORT = 2_000


class QuickCapture(CaptureController):  # type: ignore[misc]  # Behave has no types.
    """Behave's controller of captures, with the same results.

    Behave 1.3.3 joins all that was printed and logged so far after each step, and makes a handler and a formatter of
    logging for each scenario.
    """

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        # What the handler of this controller was made from, and was then.
        self._made: tuple[Any, ...] = ()

    def setup_capture(self, context: Any = None, name: Any = None) -> None:
        """Begin to capture, with the handler of the scenario before if it is as it was made and nothing else has it."""
        config = self.config
        is_spare = bool(config.capture_log and self._made) and _count_references(self) == _OWN_REFERENCES
        if context is not None or not is_spare or self._describe(self.capture_log) != self._made:
            super().setup_capture(context, name)
            self._made = self._describe(self.capture_log) if type(self.capture_log) is LoggingCapture else ()
            return
        if name is not None:
            self.name = name
        if config.capture_stdout:
            self.capture_stdout = StringIO()
        if config.capture_stderr:
            self.capture_stderr = StringIO()
        self.capture_log.buffer, self.capture_log.old_handlers = [], []
        self.capture_log.inveigle()

    def make_captured_delta(self, failed: Any = None, name: Any = None) -> Any:
        """Return what was captured since the last call."""
        return super().make_captured_delta(failed, name) if self.has_output() else NO_CAPTURED_DATA

    def make_bookmark(self) -> Any:
        """Return the place up to which output was captured."""
        return super().make_bookmark() if self.has_output() else CaptureBookmark()

    def _describe(self, handler: Any) -> tuple[Any, ...]:
        """Describe what a handler is made from, and all that can be changed of it."""
        config, formatter = self.config, handler.formatter
        made_from = config.logging_format, config.logging_datefmt, config.logging_level, config.logging_filter
        # What it has captured, and found when it was installed, is of one scenario.
        of_scenario = dict.fromkeys(("buffer", "old_handlers", "old_level"))
        facts = {**vars(handler), **of_scenario, "filters": [*handler.filters]}
        return made_from, facts, dict(vars(formatter)), dict(vars(formatter._style))


class KeptOutput:
    """Bounds what a process keeps of the output of scenarios that have ended.

    Behave 1.3.3 keeps all of it until the run ends, twice, for the reports that it can write itself.
    """

    def __init__(self) -> None:
        self._left = _MOST_KEPT

    def shorten(self, scenario: Any) -> None:
        """Leave out the middle of each long text that a scenario and its steps keep, and say how much that is."""
        for item in (scenario, *scenario.all_steps):
            for captured in item.captured.captures:
                for name in ("stdout", "stderr", "log"):
                    setattr(captured, name, self._keep(getattr(captured, name)))
                captured._reset_cached()
            item.captured._reset_cached()

    def _keep(self, text: str) -> str:
        """Keep a text, or both ends of it, and count what is kept."""
        kept = keep_ends(text, LONGEST_OUTPUT if self._left > 0 else _SHORT)
        self._left -= len(kept)
        return kept
