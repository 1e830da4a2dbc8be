"""Every error that spec2bdd raises; `cli` catches the root and nothing else.

Spec2bddError              anything a user can cause: a message, and a hint that says what to type
├── ConfigError            the configuration or the command line cannot be used
│   └── AmbiguousNameError a name matches several specs or criteria
├── SpecError              a spec cannot be read as text
├── EditError              an edit would touch more than it may
├── FileChangedError       a file is not what it was when it was read
├── WriteError             a file could not be written
├── RunError               Behave could not be started, or broke
├── RecordError            a record file is not one, or not whole
├── EvidenceError          a report is not one, or not whole
└── HistoryError           the memory of earlier runs cannot be used
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Spec2bddError(Exception):
    """Root of all errors, with a located message and a hint for the reader."""

    def __init__(self, message: str, *, hint: str = "", path: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
        self.column = column


class ConfigError(Spec2bddError):
    """The configuration or the command line cannot be used; `others` are further errors that were found with it."""

    def __init__(self, message: str, *, others: Sequence[ConfigError] = (), **place: Any) -> None:
        super().__init__(message, **place)
        self.others = tuple(others)


class AmbiguousNameError(ConfigError):
    """A name matches several specs or criteria."""


class SpecError(Spec2bddError):
    """A spec cannot be read as text."""


class EditError(Spec2bddError):
    """An edit would touch more than it may."""


class FileChangedError(Spec2bddError):
    """A file is not what it was when it was read."""


class WriteError(Spec2bddError):
    """A file could not be written."""


class RunError(Spec2bddError):
    """Behave could not be started, or broke."""


class RecordError(Spec2bddError):
    """A record file is not one, or not whole."""


class EvidenceError(Spec2bddError):
    """A report is not one, or not whole."""


class HistoryError(Spec2bddError):
    """The memory of earlier runs cannot be used; nothing else depends on it."""


class WriteInterrupted(KeyboardInterrupt):
    """Ctrl-C came while files were written: some of them may be done, and each is whole."""
