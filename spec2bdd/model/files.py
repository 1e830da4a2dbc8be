"""Values about the files of a project: a planned change of one, and the content of all of them at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to be created, replaced or removed; `path` is relative to the root."""

    path: str
    # The content that was read: a file that has another one by now is not overwritten. `None` creates the file.
    before: bytes | None
    # `None` removes the file.
    after: bytes | None
    # The paths without whose changes this one is not made, as where it drops what another file is to hold.
    needs: frozenset[str] = frozenset()


class FileState(StrEnum):
    """What has become of a file since a run."""

    CHANGED = "changed"
    DELETED = "deleted"
    NEW = "new"

    @property
    def phrase(self) -> str:
        """Say it after the name of the file."""
        match self:
            case FileState.DELETED:
                return "has been deleted"
            case FileState.NEW:
                return "is new"
        return "has changed"


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


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A part of a Python file that runs as one: the body of a function, or with an empty name the module around them.

    `first` and `last` are its lines, and `digest` that of its syntax tree: comments and the places of lines do not
    count, and neither do the bodies of functions in it, which are blocks of their own.
    """

    name: str
    first: int
    last: int
    digest: str


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A Python file as a run had it: the digest of its bytes and its blocks, the module first.

    Without blocks, it could not be parsed, and nothing is known of its parts.
    """

    digest: str
    blocks: tuple[CodeBlock, ...] = ()


STEP_KEYWORDS = ("given", "when", "then")
"""The keywords of steps; `And` and `But` count as the one before."""


@dataclass(frozen=True, slots=True)
class ProcessLines:
    """What ran in one process: lines by path, the files that were read, and why this may not be all of it.

    `steps` are the lines of the product that steps ran, by their keywords; None where that was not recorded.
    """

    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()
    steps: Mapping[str, Mapping[str, frozenset[int]]] | None = None


@dataclass(frozen=True, slots=True)
class ScenarioLines:
    """What ran in the process of a scenario, in addition to what loading the project had run."""

    feature: str
    line: int
    name: str
    process: ProcessLines


@dataclass(frozen=True, slots=True)
class RunLines:
    """What the scenarios of a run ran and read.

    `program` describes Python and everything that is installed, `loaded` is what loading the project ran, `files` are
    the Python files among them, and `read` holds the digests of the other files: empty for one that was not there after
    the run, and `changed` for one that was written during it. `untracked` are all other files that git did not track.
    """

    run: str
    program: str = ""
    loaded: ProcessLines = field(default_factory=ProcessLines)
    files: Mapping[str, CodeFile] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    scenarios: tuple[ScenarioLines, ...] = ()
    untracked: tuple[str, ...] = ()
