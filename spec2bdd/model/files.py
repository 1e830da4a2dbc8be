"""Values about the files of a project: a planned change of one, and the content of all of them at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to be created, replaced or removed; `path` is relative to the root."""

    path: str
    # The content that was read: a file that has another one by now is not overwritten. `None` creates the file.
    before: bytes | None
    # `None` removes the file.
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A digest of the files that a run depends on, and what is needed to name a file that differs.

    It is the short form that the records of a run hold. Paths are those in the repository. Without git, `commit` is
    empty and `changed` holds every file.
    """

    digest: str = ""
    # The folder of the project in its repository, with a final `/`, or nothing.
    root: str = ""
    # The commit that the files are those of, apart from `changed`.
    commit: str = ""
    # The content ids of the files that differ from the commit; empty for a file that is gone.
    changed: Mapping[str, str] = field(default_factory=dict)
    # A digest for each name at the top of the repository; folders end with `/`.
    folders: Mapping[str, str] = field(default_factory=dict)
