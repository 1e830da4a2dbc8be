"""The bytes of a coverage report in, its counts out; which of the formats it has is told by its content."""

from __future__ import annotations

from spec2bdd.adapters.evidence.cobertura import parse_cobertura
from spec2bdd.adapters.evidence.coverage_json import parse_coverage_json
from spec2bdd.adapters.evidence.lcov import parse_lcov
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage

_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff")
_LCOV_STARTS = (b"TN:", b"SF:", b"#")


def parse_coverage(content: bytes) -> Coverage:
    """Return the counts of a report: Cobertura XML, JSON of coverage.py, or LCOV.

    Raises:
        EvidenceError: it is none of them, is not whole, or speaks of no line.
    """
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_XML_STARTS):
        found = parse_cobertura(content)
    elif start.startswith(b"{"):
        found = parse_coverage_json(start)
    elif start.startswith(_LCOV_STARTS):
        found = parse_lcov(start)
    else:
        raise EvidenceError("it is no coverage report", hint="name a Cobertura XML, coverage.py JSON or LCOV file")
    if found.lines < 1:
        raise EvidenceError("it speaks of no line of code", hint="see what was measured: `coverage report`")
    if found.covered_lines > found.lines or found.covered_branches > found.branches:
        raise EvidenceError("it counts more as covered than there is", hint="write the report again")
    return found
