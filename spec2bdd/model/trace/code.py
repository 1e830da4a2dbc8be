"""Lines of the product in a trace: which criteria run one and notice a change there, and which lines none runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field

from spec2bdd.model.challenge import Challenge, ChallengeOutcome
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class LineUse:
    """A criterion that runs a line, and the faults that were put there; `challenged` is unset where none is known.

    `steps` are the keywords of the steps that run it, such as `when`, and empty where only hooks and fixtures do; None
    where that is not known.
    """

    criterion: str
    challenges: tuple[Challenge, ...] = ()
    challenged: bool = False
    steps: tuple[str, ...] | None = None

    @property
    def notices(self) -> bool:
        """Whether a check of the criterion noticed one of the faults."""
        return any(challenge.outcome is ChallengeOutcome.NOTICED for challenge in self.challenges)


@dataclass(frozen=True, slots=True)
class TracedLine:
    """A line of code and the scenarios that run it, by the places of these, and the criteria that they prove.

    `statement` has the lines that run as one with it. `functions` are the names of those that it is in. `loaded` is set
    where loading the module runs it, and so every scenario does. `steps` are the keywords of the steps that run it, for
    each of the scenarios where that is known.
    """

    path: str
    line: int
    functions: tuple[str, ...] = ()
    statement: range = range(0)
    scenarios: tuple[tuple[str, int], ...] = ()
    loaded: bool = False
    uses: tuple[LineUse, ...] = ()
    steps: Mapping[tuple[str, int], Collection[str]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class UntestedRange:
    """Lines of one function, or with an empty name of a module, that no criterion runs; `count` of them hold code."""

    first: int
    last: int
    function: str
    count: int

    @property
    def label(self) -> str:
        """The lines as a text, such as `3-8`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class UntestedFile:
    """A file of the product with lines that no criterion runs; `loaded` is unset where no scenario loads it at all."""

    path: str
    ranges: tuple[UntestedRange, ...]
    loaded: bool = True

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(part.count for part in self.ranges)


@dataclass(frozen=True, slots=True)
class Untested:
    """The lines that no criterion runs, in the files of the product, or in those that changed since a revision.

    `checked` counts the files that were looked at. `elsewhere` counts the scenarios some of whose lines run where they
    are not recorded, such as in another process.
    """

    files: tuple[UntestedFile, ...] = ()
    checked: int = 0
    since: str = ""
    elsewhere: int = 0

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(file.count for file in self.files)
