"""Reports of many tools: what counts in them, and what is refused."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from spec2bdd.adapters.evidence.benchmark import BenchmarkReader
from spec2bdd.adapters.evidence.junit import JunitReader, join_tests
from spec2bdd.adapters.evidence.readers import READERS, parse_evidence
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage, EvidenceKind, TestCounts

DATA = Path(__file__).parent / "data"
parse_coverage = partial(parse_evidence, EvidenceKind.COVERAGE)
parse_junit = JunitReader().parse
parse_benchmark = BenchmarkReader().parse

COVERED = {
    "coverage_py.xml": Coverage(6, 5, 2, 1),
    "coverage_py.json": Coverage(6, 5, 2, 1),
    "coverage_py.lcov": Coverage(6, 5, 2, 1),
    "cobertura_gcovr.xml": Coverage(8, 7, 2, 1),
    "cobertura_without_sums.xml": Coverage(2, 1, 4, 3),
    "lcov_two_tests.info": Coverage(4, 3, 2, 2),
    "lcov_sums_only.info": Coverage(10, 9, 4, 2),
}


@pytest.mark.parametrize(("name", "expected"), COVERED.items(), ids=COVERED.keys())
def test_a_coverage_report_is_detected_by_its_content_and_counted(name: str, expected: Coverage) -> None:
    assert parse_coverage((DATA / name).read_bytes()) == expected


@pytest.mark.parametrize("name", COVERED)
def test_a_byte_order_mark_and_other_line_ends_change_nothing(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert parse_coverage(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")) == COVERED[name]


@pytest.mark.parametrize("name", COVERED)
@pytest.mark.parametrize("share", [1, 25, 50, 90])
def test_a_report_that_is_cut_off_is_refused(name: str, share: int) -> None:
    content = (DATA / name).read_bytes().rstrip()
    with pytest.raises(EvidenceError):
        parse_coverage(content[: len(content) * share // 100])


BOMB = b'<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><coverage lines-valid="1" lines-covered="1"/>'
FOREIGN = b'<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><coverage>&a;</coverage>'

NO_COVERAGE = {
    "nothing": (b"", "not a coverage report"),
    "words": (b"85%", "not a coverage report"),
    "html": (b"<html></html>", "the root element is `html`"),
    "another tool's": (b"<report name='x'/>", "not a Cobertura report"),
    "a bomb": (BOMB, "entities are not allowed"),
    "a foreign entity": (FOREIGN, "entities are not allowed"),
    "too deep": (b"<coverage>" + b"<a>" * 1000, "nested too deeply"),
    "no lines": (b'<coverage lines-valid="0" lines-covered="0" line-rate="1"/>', "no line"),
    "a rate alone": (b'<coverage line-rate="0.99"/>', "no line"),
    "more than all": (b'<coverage lines-valid="1" lines-covered="2"/>', "more is covered"),
    "json of another kind": (b'{"total": {"lines": {"pct": 99}}}', "no `totals`"),
    "json with words": (b'{"totals": {"num_statements": "6", "covered_lines": 5}}', "no `totals`"),
    "json with truths": (b'{"totals": {"num_statements": true, "covered_lines": true}}', "no `totals`"),
    "an lcov file without sources": (b"TN:x\n", "not an LCOV file"),
    "an lcov file with an end only": (b"TN:x\nend_of_record\n", "not an LCOV file"),
    "an lcov file without an end": (b"SF:a\nDA:1,1\n", "truncated"),
    "two roots": (b'<coverage lines-valid="1" lines-covered="1"/><a/>', "invalid or truncated XML"),
}


@pytest.mark.parametrize(("content", "message"), NO_COVERAGE.values(), ids=NO_COVERAGE.keys())
def test_what_is_no_coverage_report_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        parse_coverage(content)


RUNS = {
    "junit_passed.xml": TestCounts(3, (), 1),
    "junit_nested.xml": TestCounts(4, (), 1),
    "junit_failed.xml": TestCounts(6, ("test_bad.test_wrong", "test_bad.test_fragile", "test_bad.test_fragile"), 1),
}


@pytest.mark.parametrize(("name", "expected"), RUNS.items(), ids=RUNS.keys())
def test_a_junit_report_is_counted(name: str, expected: TestCounts) -> None:
    assert parse_junit((DATA / name).read_bytes()) == expected


def test_reports_are_added_up() -> None:
    found = join_tests(parse_junit((DATA / name).read_bytes()) for name in RUNS)
    assert (found.count, len(found.failed), found.skipped) == (13, 3, 3)


@pytest.mark.parametrize("kind", [EvidenceKind.COVERAGE, EvidenceKind.JUNIT, EvidenceKind.BENCHMARK])
def test_a_file_that_no_reader_detects_is_refused(kind: EvidenceKind) -> None:
    with pytest.raises(EvidenceError, match="not a"):
        parse_evidence(kind, b"85%")


class PercentReader:
    """A format that is not built in: one number."""

    kind = EvidenceKind.COVERAGE

    def detects(self, content: bytes) -> bool:
        return content.endswith(b"%")

    def parse(self, content: bytes) -> Coverage:
        return Coverage(100, int(content[:-1]))


def test_another_format_docks_as_a_reader() -> None:
    readers = (*READERS, PercentReader())
    assert Coverage(100, 85) == parse_evidence(EvidenceKind.COVERAGE, b"85%", readers=readers)
    assert parse_coverage((DATA / "coverage_py.xml").read_bytes(), readers=readers) == COVERED["coverage_py.xml"]


def test_a_reader_is_asked_for_its_own_kind_only() -> None:
    with pytest.raises(EvidenceError, match="not a JUnit report"):
        parse_evidence(EvidenceKind.JUNIT, b"85%", readers=(*READERS, PercentReader()))


def test_the_numbers_of_every_reader_are_checked() -> None:
    with pytest.raises(EvidenceError, match="more is covered"):
        parse_evidence(EvidenceKind.COVERAGE, b"101%", readers=(PercentReader(),))


ONE = '<testsuite name="s" tests="1"{}><testcase name="a"{}>{}</testcase></testsuite>'
BAD = {
    "a failure": ONE.format("", "", "<failure/>"),
    "an error": ONE.format("", "", "<error/>"),
    "a status": ONE.format("", ' status="failed"', ""),
    "a failure that is skipped": ONE.format("", "", "<failure/><skipped/>"),
    "a declared failure": ONE.format(' failures="1"', "", ""),
    "a declared error": ONE.format(' errors="1"', "", ""),
    "an error of the suite": '<testsuite name="s"><error/><testcase name="a"/></testsuite>',
}
GOOD = {
    "nothing": ONE.format("", "", ""),
    "output": ONE.format("", "", "<system-out>failure</system-out>"),
    "a failure before it passed": ONE.format("", "", "<rerunFailure/><flakyError/>"),
    "a status of success": ONE.format("", ' status="run" result="completed"', ""),
    "counts of zero": ONE.format(' failures="0" errors="0"', "", ""),
    "more tests than are declared": '<testsuite tests="1"><testcase name="a"/><testcase name="b"/></testsuite>',
}
LEFT_OUT = {
    "skipped": ONE.format("", "", "<skipped/>"),
    "not run": ONE.format("", ' status="notrun"', ""),
    "suppressed": ONE.format("", ' result="suppressed"', ""),
    "untested": ONE.format("", ' status="untested"', ""),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_test_fails_by(text: str) -> None:
    assert len(parse_junit(text.encode()).failed) == 1


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_a_test_does_not_fail_by(text: str) -> None:
    assert (parse_junit(text.encode()).failed, parse_junit(text.encode()).skipped) == ((), 0)


@pytest.mark.parametrize("text", LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_a_test_is_left_out_by(text: str) -> None:
    assert parse_junit(text.encode()).skipped == 1


NO_JUNIT = {
    "nothing": b"",
    "another root": b"<coverage/>",
    "cut off": (DATA / "junit_passed.xml").read_bytes()[:300],
    "fewer tests than declared": b'<testsuite name="s" tests="2"><testcase name="a"/></testsuite>',
    "fewer tests than all declare": b'<testsuites tests="2"><testsuite tests="1"><testcase/></testsuite></testsuites>',
    "a bomb": BOMB.replace(b"coverage", b"testsuite"),
}


@pytest.mark.parametrize("content", NO_JUNIT.values(), ids=NO_JUNIT.keys())
def test_what_is_no_whole_junit_report_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        parse_junit(content)


def test_a_benchmark_has_its_statistics_in_seconds_and_percentiles_of_the_raw_data() -> None:
    found = parse_benchmark((DATA / "benchmark.json").read_bytes())
    (timing,) = found.timings
    assert timing.fullname == "test_bench.py::test_adding"
    assert timing.seconds["min"] <= timing.seconds["p1"] <= timing.seconds["p95"] <= timing.seconds["max"] < 1e-6
    assert found.commit == "1f0c0ffee1f0c0ffee1f0c0ffee1f0c0ffee1f0c"


@pytest.mark.parametrize(("n", "value"), [(1, 1.0), (50, 5.0), (90, 9.0), (91, 10.0), (95, 10.0), (99, 10.0)])
def test_a_percentile_is_the_value_of_the_nearest_rank(n: int, value: float) -> None:
    data = b'{"benchmarks": [{"name": "a", "stats": {"data": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]}}]}'
    assert parse_benchmark(data).timings[0].seconds[f"p{n}"] == value


@pytest.mark.parametrize("dirty", [b"true", b"null", b'"no"', b"0"])
def test_a_commit_with_other_changes_is_none(dirty: bytes) -> None:
    content = (DATA / "benchmark.json").read_bytes().replace(b'"dirty": false', b'"dirty": ' + dirty)
    assert parse_benchmark(content).commit == ""


NO_DURATIONS = [b'"1"', b"NaN", b"Infinity", b"true", b"null", b"[1]", b"-1", b"-0.001", b"1" + b"0" * 400]


@pytest.mark.parametrize("value", NO_DURATIONS, ids=range(len(NO_DURATIONS)))
def test_a_statistic_that_is_no_duration_is_left_out(value: bytes) -> None:
    data = b'{"benchmarks": [{"name": "a", "stats": {"mean": %b, "data": [1, %b]}}, 3]}' % (value, value)
    assert parse_benchmark(data).timings[0].seconds == {}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"benchmarks": 1}', b'{"benchmarks": [', b"[" * 100_000])
def test_what_is_no_benchmark_report_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        parse_benchmark(content)
