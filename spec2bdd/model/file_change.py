"""A planned change of one file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to be written: its path from the root, what was read (`None`: no file yet), what is to stand.

    Where nothing is to stand, the file is to be removed.
    """

    path: str
    before: bytes | None
    after: bytes | None
