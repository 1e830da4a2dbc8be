"""What the commands have in common: whether they may write, and who listens to a run."""

from __future__ import annotations

from enum import StrEnum


class WriteMode(StrEnum):
    """What a command does with the changes it has planned."""

    WRITE = "write"
    """Write the files."""

    CHECK = "check"
    """Write nothing; the exit code is 1 if something would change."""

    PLAN = "plan"
    """Write nothing and only report the changes, for example as a patch that is applied later."""

    @property
    def writes(self) -> bool:
        """Whether files are written."""
        return self is WriteMode.WRITE
