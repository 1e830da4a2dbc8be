"""A planned change of one file."""

from __future__ import annotations

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to be created, replaced or removed; `path` is relative to the root."""

    path: str
    # The content that was read: a file that has another one by now is not overwritten. `None` creates the file.
    before: bytes | None
    # `None` removes the file.
    after: bytes | None
