"""Behave's capture of what is printed and logged, which does cheaply what is done often.

The module is imported by Behave itself, in the process that runs the features.
"""

from __future__ import annotations

from typing import Any

from behave.capture import NO_CAPTURED_DATA, CaptureBookmark, CaptureController


class QuickCapture(CaptureController):  # type: ignore[misc]  # Behave has no types.
    """Behave's controller of captures, which looks first whether there is anything: steps rarely print.

    Behave 1.3.3 joins all that was printed and logged so far after each step.
    """

    def make_captured_delta(self, failed: Any = None, name: Any = None) -> Any:
        """Return what was captured since the last call."""
        return super().make_captured_delta(failed, name) if self.has_output() else NO_CAPTURED_DATA

    def make_bookmark(self) -> Any:
        """Return the place up to which output was captured."""
        return super().make_bookmark() if self.has_output() else CaptureBookmark()
