"""Evidence for done items: what the configuration requires, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import ClassVar

from spec2bdd.model.spec import DoneItem, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import Verdict


class EvidenceKind(StrEnum):
    """The kinds of evidence; each value is the key of the configuration that requires it."""

    COVERAGE = "coverage"
    JUNIT = "junit"
    TAGS = "tags"
    CRITERIA = "criteria"
    BENCHMARK = "benchmark"
    FILE = "file"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class EvidenceRequirement:
    """One entry of the table `done`: the items that it applies to, and all the evidence that they need."""

    # The text of an item, or a regular expression between slashes.
    key: str
    coverage: str = ""
    # `line`, `branch` or `combined`; the minimum is in percent.
    rate: str = ""
    minimum: float | None = None
    junit: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    criteria: tuple[Tier, ...] = ()
    benchmark: str = ""
    # A pattern of benchmark names, and what is compared with the maximum, in seconds.
    name: str = "*"
    statistic: str = ""
    maximum: float | None = None
    file: tuple[str, ...] = ()
    # The revision that files are compared with.
    since: str = ""
    command: tuple[str, ...] = ()
    # Seconds for the command.
    timeout: float = 60.0
    # Patterns of the source files that reports are about: a report that is older than one of them is refused.
    sources: tuple[str, ...] = ()
    # Patterns of the specs that the entry applies to; all if there are none.
    specs: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[EvidenceKind, ...]:
        """The kinds of evidence that are required."""
        return tuple(kind for kind in EvidenceKind if getattr(self, kind))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of lines and branches, and of those that were executed."""

    lines: int
    covered_lines: int
    branches: int = 0
    covered_branches: int = 0


@dataclass(frozen=True, slots=True)
class TestCounts:
    """Counts of the tests in reports, with the names of those that failed."""

    # The name is Cucumber's and JUnit's; pytest must not collect it as a class of tests.
    __test__: ClassVar[bool] = False

    count: int
    failed: tuple[str, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark: its names, and its statistics in seconds by their names, such as `mean` and `p95`."""

    name: str
    fullname: str
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """The benchmarks of one report; `commit` is the one that was measured, `""` where that is not certain."""

    timings: tuple[Benchmark, ...]
    commit: str = ""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file: whether it exists, is not empty, and has changed since the revision."""

    path: str
    there: bool
    filled: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class FileChecks:
    """Files, and the revision that they were compared with."""

    documents: tuple[FileCheck, ...]
    since: str


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The exit code of a command, and the last line that it printed."""

    code: int
    last_line: str = ""


Measurement = Coverage | TestCounts | BenchmarkReport | FileChecks | CommandResult


@dataclass(frozen=True, slots=True)
class EvidenceResult:
    """The measurement of one kind of evidence, or why it was refused.

    `old` is set where it was refused because the code is newer; `quiet` where no diagnostic is due.
    """

    fact: Measurement | None = None
    refusal: str = ""
    hint: str = ""
    old: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class DoneItemVerdict:
    """The verdict of one done item, the reason in words, and the kinds of evidence that it requires, if any.

    An item without evidence is ticked by a person: its verdict is manual. `refused` is the evidence for lack of which
    the box stays as it is.
    """

    item: DoneItem
    verdict: Verdict
    reason: str = ""
    kinds: tuple[EvidenceKind, ...] = ()
    mark: str = " "
    refused: tuple[EvidenceResult, ...] = ()

    @property
    def label(self) -> str:
        """The verdict in words; a stale one is of outdated evidence."""
        return "stale (outdated)" if self.verdict is Verdict.STALE else str(self.verdict)

    @property
    def box_ticked(self) -> bool:
        """Whether the box is ticked after this mark, by a person or by it."""
        return self.mark in ("x", "X")

    @property
    def fulfilled(self) -> bool:
        """Whether its evidence supports it."""
        return self.verdict is Verdict.PASSED

    @property
    def is_unproved(self) -> bool:
        """Whether it requires evidence that does not hold today; its box may still be ticked."""
        return bool(self.kinds) and self.verdict is not Verdict.PASSED

    @property
    def ticked(self) -> bool:
        """Whether this mark ticks the box."""
        return self.mark == "x" and not self.item.box.ticked

    @property
    def unticked(self) -> bool:
        """Whether this mark unticks the box."""
        return self.item.box.ticked and self.mark == " "
