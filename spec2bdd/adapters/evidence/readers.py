"""The formats of reports that count as evidence, and where another format docks.

A new format is a class with the members of `EvidenceReader` and an entry in `READERS`; nothing else has to know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spec2bdd.adapters.evidence.benchmark import BenchmarkReader
from spec2bdd.adapters.evidence.cobertura import CoberturaReader
from spec2bdd.adapters.evidence.coverage_json import CoverageJsonReader
from spec2bdd.adapters.evidence.junit import JunitReader
from spec2bdd.adapters.evidence.lcov import LcovReader
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage, EvidenceKind, Measurement


class EvidenceReader(Protocol):
    """Reads one format of the reports of one kind."""

    @property
    def kind(self) -> EvidenceKind:
        """The kind of evidence that the reports are."""

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like this format by its first bytes; it may still turn out not to be one."""

    def parse(self, content: bytes) -> Measurement:
        """Parse a report.

        Raises:
            EvidenceError: it is not of this format, or not whole.
        """


READERS: tuple[EvidenceReader, ...] = (
    CoberturaReader(),
    CoverageJsonReader(),
    LcovReader(),
    JunitReader(),
    BenchmarkReader(),
)
# What to say of a file that no reader of its kind detects.
_UNKNOWN = {
    EvidenceKind.COVERAGE: ("not a coverage report", "use a Cobertura XML, coverage.py JSON or LCOV file"),
    EvidenceKind.JUNIT: ("not a JUnit report", "use a JUnit XML file"),
    EvidenceKind.BENCHMARK: ("not a pytest-benchmark report", "write it with `pytest --benchmark-json FILE`"),
}


def parse_evidence(kind: EvidenceKind, content: bytes, *, readers: Sequence[EvidenceReader] = READERS) -> Measurement:
    """Parse a report of one kind with the first reader that detects its format.

    Raises:
        EvidenceError: it is of no known format, is not whole, or its numbers cannot be right.
    """
    reader = next((reader for reader in readers if reader.kind is kind and reader.detects(content)), None)
    if reader is None:
        message, hint = _UNKNOWN[kind]
        raise EvidenceError(message, hint=hint)
    measurement = reader.parse(content)
    # Every format can hold these two mistakes, and either would make a threshold pass or fail by accident.
    if isinstance(measurement, Coverage):
        if measurement.lines < 1:
            raise EvidenceError("the report covers no lines of code", hint="check what was measured: `coverage report`")
        if measurement.covered_lines > measurement.lines or measurement.covered_branches > measurement.branches:
            raise EvidenceError("more is covered than exists", hint="regenerate the report")
    return measurement
