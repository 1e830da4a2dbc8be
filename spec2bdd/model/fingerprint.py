"""The content of a project's files at one moment, in the short form that the records of a run hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A digest of the files that a run depends on, and what is needed to name a file that differs.

    Paths are those in the repository. Without git, `commit` is empty and `changed` holds every file.
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
