"""Every error that spec2bdd raises; `cli` catches the root and nothing else.

Spec2bddError              any failure that a user can cause: a message, and a hint that says what to do
├── ConfigError            the configuration cannot be used, or there are no specs
├── UsageError             the arguments of a command cannot be used
│   ├── NotFoundError      a name matches no spec, criterion or feature file
│   │   └── LeftOutError   a name matches a spec that an error keeps from being used
│   └── AmbiguousNameError a name matches several specs or criteria
├── SpecError              a spec cannot be read as text
│   └── MergeConflictError a spec has a merge conflict
├── EditError              an edit would touch more than it may
├── FileChangedError       a file changed since it was read
├── WriteError             a file could not be written
├── RunError               Behave could not be started, or broke
├── RecordError            a record file is invalid or incomplete
├── SystemCallError        the operating system refused to read, write or start something
├── BaselineError          `spec2bdd.lock` is missing, or has lines that are no ids
├── MergeBaseError         the commit at which a branch left its base cannot be found or checked out
│   └── UnknownBaseError   no branch, tag or commit has the name of the base
├── RepositoryError        git cannot read the repository of the project
├── EvidenceError          a report is invalid or incomplete
├── TemplateError          the template of new specs cannot be rendered
└── HistoryError           the history of earlier runs cannot be used

WriteInterrupted           Ctrl-C while files were written; a KeyboardInterrupt, for `except Exception` to miss
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Spec2bddError(Exception):
    """Root of all errors, with a message, a position and a hint; `code` is that of its diagnostic.

    `others` are further errors that were found with it.
    """

    code: str = ""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        path: str = "",
        line: int = 0,
        column: int = 0,
        others: Sequence[Spec2bddError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
        self.column = column
        self.others = tuple(others)


class ConfigError(Spec2bddError):
    """The configuration cannot be used, or there are no specs."""

    code = "config"
    keys: tuple[str, ...] = ()
    """The path of the key that it is about in the configuration, if it is about one."""

    def inside(self, *keys: str) -> ConfigError:
        """Put the error, and those that it holds, into a table."""
        for nested in (self, *self.others):
            if isinstance(nested, ConfigError):
                nested.keys = (*keys, *nested.keys)
        return self


class UsageError(Spec2bddError):
    """The arguments of a command cannot be used."""

    code = "usage"


class NotFoundError(UsageError):
    """A name matches no spec, criterion or feature file."""

    code = "not-found"


class LeftOutError(NotFoundError):
    """A name matches a spec that an error keeps from being used; it has the place and the code of that error."""

    def __init__(self, message: str, *, code: str = "duplicate-id", **place: Any) -> None:
        super().__init__(message, **place)
        self.code = code


class AmbiguousNameError(UsageError):
    """A name matches several specs or criteria."""


class SpecError(Spec2bddError):
    """A spec cannot be read as text."""

    code = "spec-encoding"


class MergeConflictError(SpecError):
    """A spec has a merge conflict, so it is unknown what it says."""

    code = "conflict-marker"


class EditError(Spec2bddError):
    """An edit would touch more than it may."""

    code = "edit-refused"


class FileChangedError(Spec2bddError):
    """A file changed since it was read."""

    code = "file-changed"


class WriteError(Spec2bddError):
    """A file could not be written."""

    code = "write-failed"


class RunError(Spec2bddError):
    """Behave could not be started, or broke."""

    code = "run-not-started"


class RecordError(Spec2bddError):
    """A record file is invalid or incomplete."""

    code = "record"


class SystemCallError(Spec2bddError):
    """The operating system refused to read, write or start something."""

    code = "system"


class BaselineError(Spec2bddError):
    """The baseline `spec2bdd.lock` is missing, or has lines that are no ids of criteria."""

    code = "baseline"


class MergeBaseError(Spec2bddError):
    """The commit at which a branch left its base cannot be found, or its files cannot be checked out.

    `setting` is what to set in the configuration, where that is another way out than the hint.
    """

    code = "no-base"

    def __init__(self, message: str, *, hint: str = "", setting: str = "") -> None:
        super().__init__(message, hint=hint)
        self.setting = setting


class UnknownBaseError(MergeBaseError):
    """No branch, tag or commit has the name that a base was given."""


class RepositoryError(Spec2bddError):
    """Git cannot read the repository that the project is in, so it is unknown which files a result depends on."""

    code = "git"


class EvidenceError(Spec2bddError):
    """A report is invalid or incomplete."""

    code = "missing-evidence"


class TemplateError(Spec2bddError):
    """The template of new specs cannot be rendered."""

    code = "template"


class HistoryError(Spec2bddError):
    """The history of earlier runs cannot be used; no verdict depends on it, except with `require-red = "history"`."""

    code = "history"


class WriteInterrupted(KeyboardInterrupt):
    """Ctrl-C came while files were written: some of them may be written, and none is half written."""
