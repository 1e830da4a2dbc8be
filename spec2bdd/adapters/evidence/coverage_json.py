"""The bytes of coverage.py's JSON report in, its counts out."""

from __future__ import annotations

from spec2bdd.adapters.formats.json import find_count, find_object, parse_object
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage


def parse_coverage_json(content: bytes) -> Coverage:
    """Return the counts of a report.

    Raises:
        EvidenceError: it is no such report, or not whole.
    """
    totals = find_object(parse_object(content), "totals")
    lines, covered = find_count(totals, "num_statements"), find_count(totals, "covered_lines")
    if lines is None or covered is None:
        hint = "write it with `coverage json`"
        raise EvidenceError("it is no JSON report of coverage.py: it has no `totals`", hint=hint)
    branches, taken = find_count(totals, "num_branches") or 0, find_count(totals, "covered_branches") or 0
    return Coverage(lines, covered, branches, taken)
