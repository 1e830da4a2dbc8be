"""Reports that were cut, doubled or changed anywhere: they are counted or refused, and nothing else is raised."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.adapters.evidence.readers import parse_evidence
from spec2bdd.adapters.results.external.detect import parse_external_report
from spec2bdd.errors import Spec2bddError
from spec2bdd.model import EvidenceKind

HERE = Path(__file__).parent
SAMPLES = [
    path.read_bytes()
    for folder in (HERE / "data", HERE.parent / "results" / "data" / "external")
    for path in sorted(folder.rglob("*"))
    if path.is_file() and path.stat().st_size < 20_000
]
PIECES = [
    b"",
    b"\0",
    b"\xff",
    b"<",
    b"&x;",
    b'"',
    b"{",
    b"[",
    b"]",
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"\r",
    b"<a>",
    b",",
]


@st.composite
def changed_reports(draw: st.DrawFn) -> bytes:
    """Draw a sample of a report with some stretches replaced by others."""
    content = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        content = content[:start] + draw(st.sampled_from([*PIECES, content[start:end] * 2])) + content[end:]
    return content


@given(changed_reports())
def test_a_changed_report_of_tests_coverage_or_times_is_counted_or_refused(content: bytes) -> None:
    refused = 0
    for kind in (EvidenceKind.COVERAGE, EvidenceKind.JUNIT, EvidenceKind.BENCHMARK):
        try:
            parse_evidence(kind, content)
        except Spec2bddError:
            refused += 1
    # A file is of one kind.
    assert refused >= 2


@given(changed_reports())
def test_a_changed_report_of_another_tool_is_read_or_refused_with_a_reason(content: bytes) -> None:
    reason = "none"
    try:
        parse_external_report(content, path="reports/a")
    except Spec2bddError as error:
        reason = error.message
    assert reason != ""
