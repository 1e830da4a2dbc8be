"""Find out which tool wrote a file of results, by its content, and parse it."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.adapters.results.external.feature_list import UNKNOWN_REPORT
from spec2bdd.adapters.results.external.readers import READERS, ResultReader
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport


def is_external_report(content: bytes, *, readers: Sequence[ResultReader] = READERS) -> bool:
    """Whether a file is a report of another tool, and not one of our event logs."""
    return any(reader.detects(content) for reader in readers)


def parse_external_report(content: bytes, *, path: str, readers: Sequence[ResultReader] = READERS) -> ExternalReport:
    """Parse a report with the first reader that detects its format.

    Raises:
        EvidenceError: it is of no known format, is not whole, or holds no results.
    """
    for reader in readers:
        if reader.detects(content):
            return reader.parse(content, path)
    raise EvidenceError(UNKNOWN_REPORT)
