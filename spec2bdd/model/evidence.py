"""What done items are judged by: what the configuration asks for, and what reports and the project say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from spec2bdd.model.spec import DoneItem, Tier
from spec2bdd.model.verdict import Verdict


class EvidenceKind(StrEnum):
    """The kinds of evidence, each by the key that asks for it."""

    COVERAGE = "coverage"
    JUNIT = "junit"
    TAGS = "tags"
    CRITERIA = "criteria"
    BENCHMARK = "benchmark"
    FILE = "file"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class EvidenceRequirement:
    """One entry of the table `done`: the items that it speaks of, and all the evidence that they need.

    `key` is the text of an item, or a regular expression between slashes; `specs` are patterns of paths, all if there
    are none. `rate` and `minimum` (in percent) belong to coverage, `name`, `statistic` and `maximum` (in seconds) to
    benchmarks, `since` to files, `timeout` (in seconds) to commands, `sources` to all reports.
    """

    key: str
    coverage: str = ""
    rate: str = ""
    minimum: float | None = None
    junit: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    criteria: tuple[Tier, ...] = ()
    benchmark: str = ""
    name: str = "*"
    statistic: str = ""
    maximum: float | None = None
    file: tuple[str, ...] = ()
    since: str = ""
    command: tuple[str, ...] = ()
    timeout: float = 60.0
    sources: tuple[str, ...] = ()
    specs: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[EvidenceKind, ...]:
        """Return the kinds of evidence that are asked for."""
        return tuple(kind for kind in EvidenceKind if getattr(self, kind))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many lines and branches there are, and how many of them were reached."""

    lines: int
    covered_lines: int
    branches: int = 0
    covered_branches: int = 0


@dataclass(frozen=True, slots=True)
class TestCounts:
    """How many tests reports speak of, the names of those that failed, and how many were left out."""

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
    """The benchmarks of one report; `commit` is the one that was measured, `""` where something else may have been."""

    timings: tuple[Benchmark, ...]
    commit: str = ""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file: whether it is there, holds anything, and is another than at the revision."""

    path: str
    there: bool
    filled: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class FileChecks:
    """Some files, and the revision that they were compared with."""

    documents: tuple[FileCheck, ...]
    since: str


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended, and the last line that it printed."""

    code: int
    last_line: str = ""


Measurement = Coverage | TestCounts | BenchmarkReport | FileChecks | CommandResult


@dataclass(frozen=True, slots=True)
class EvidenceResult:
    """What the world says of one kind of evidence: a fact, or why it is refused.

    `old` is set where the evidence is refused because the code is newer; `quiet` where nobody needs to be told.
    """

    fact: Measurement | None = None
    refusal: str = ""
    hint: str = ""
    old: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class DoneItemVerdict:
    """The verdict of one done item, the reason in words, and the kinds of evidence that it is judged by, if any.

    An item without evidence is a person's: its verdict is manual. `refused` is what keeps the box without a verdict.
    """

    item: DoneItem
    verdict: Verdict
    reason: str = ""
    kinds: tuple[EvidenceKind, ...] = ()
    mark: str = " "
    refused: tuple[EvidenceResult, ...] = ()

    @property
    def ticked(self) -> bool:
        """Tell whether the box is to be ticked by this mark and was not."""
        return self.mark == "x" and not self.item.box.ticked

    @property
    def unticked(self) -> bool:
        """Tell whether the box was ticked and is not to be."""
        return self.item.box.ticked and self.mark == " "
