"""Parse the JSON reports of coverage.py."""

from __future__ import annotations

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.json import find_count, find_object, parse_object
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage, EvidenceKind


class CoverageJsonReader:
    """The reader of `coverage json`."""

    kind = EvidenceKind.COVERAGE

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like a JSON object."""
        return starts_with(content, (b"{",))

    def parse(self, content: bytes) -> Coverage:
        """Parse the totals of a report.

        Raises:
            EvidenceError: it is no such report, or not whole.
        """
        totals = find_object(parse_object(content), "totals")
        lines, covered_lines = find_count(totals, "num_statements"), find_count(totals, "covered_lines")
        if lines is None or covered_lines is None:
            hint = "write it with `coverage json`"
            raise EvidenceError("not a coverage.py JSON report: no `totals` key", hint=hint)
        # Branches are missing where they were not measured.
        branches, covered_branches = (find_count(totals, f"{name}_branches") or 0 for name in ("num", "covered"))
        return Coverage(lines, covered_lines, branches, covered_branches)
