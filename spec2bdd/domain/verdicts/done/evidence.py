"""Judge a done item by one collected fact: coverage, tests, benchmarks, files, or the exit code of a command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from fractions import Fraction

from spec2bdd.domain.verdicts.done.thresholds import Comparison, Threshold, find_duration, find_percent, find_statistic
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import (
    BenchmarkReport,
    CommandResult,
    Coverage,
    EvidenceRequirement,
    FileChecks,
    TestCounts,
    Verdict,
)

# How many names a reason lists before it only counts the others.
_MOST_NAMES = 3


def judge_coverage(text: str, requirement: EvidenceRequirement, coverage: Coverage) -> Ruling:
    """Judge whether enough was covered: lines, unless the item or the configuration says otherwise."""
    limit = find_percent(text)
    if limit is None and requirement.minimum is not None:
        # By way of a string, so that 0.1 is a tenth and not the nearest binary fraction.
        limit = Threshold(Comparison.AT_LEAST, Fraction(str(requirement.minimum)))
    if limit is None:
        return Ruling(Verdict.NOT_RUN, "the item specifies no coverage percentage")
    # "Branch coverage > 80%" asks for branches in words.
    rate = requirement.rate or ("branch" if re.search(r"\bbranch", text, re.IGNORECASE) else "line")
    covered = counted = 0
    # Any other rate is that of lines and branches together.
    if rate != "branch":
        covered, counted = coverage.covered_lines, coverage.lines
    if rate != "line":
        covered, counted = covered + coverage.covered_branches, counted + coverage.branches
    if not counted:
        return Ruling(Verdict.NOT_RUN, "no branches in the report; measure them or set `rate`")
    value = Fraction(100 * covered, counted)
    # Rounded down, so that a coverage of less than 85 is never shown as 85.
    shown = f"{int(value * 100) / 100:g}%"
    required = f"{limit.comparison} {float(limit.number):g}%"
    reason = f"{rate} coverage is {shown}, required: {required} (`{requirement.coverage}`)"
    return Ruling(Verdict.PASSED if limit.admits(value) else Verdict.FAILED, reason)


def judge_tests(requirement: EvidenceRequirement, counts: TestCounts) -> Ruling:
    """Judge whether tests ran and none failed."""
    where = ", ".join(f"`{pattern}`" for pattern in requirement.junit)
    ran = counts.count - counts.skipped
    skipped = f", {counts.skipped} skipped" if counts.skipped else ""
    if counts.failed:
        names = _render_names(counts.failed)
        return Ruling(Verdict.FAILED, f"{len(counts.failed)} of {counts.count} tests failed in {where}: {names}")
    if ran < 1:
        return Ruling(Verdict.NOT_RUN, f"no tests ran in {where}{skipped}")
    return Ruling(Verdict.PASSED, f"{ran} {'test' if ran == 1 else 'tests'} passed{skipped} in {where}")


def _render_names(names: Sequence[str]) -> str:
    """Render the first few names, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(f"`{name}`" for name in names[:_MOST_NAMES]) + more


def judge_benchmarks(text: str, requirement: EvidenceRequirement, report: BenchmarkReport) -> Ruling:
    """Judge whether each benchmark that the requirement names keeps to the limit; the slowest decides."""
    limit = find_duration(text)
    if limit is None and requirement.maximum is not None:
        limit = Threshold(Comparison.AT_MOST, Fraction(str(requirement.maximum)))
    statistic = find_statistic(limit.subject if limit else text) or requirement.statistic
    if limit is None or not statistic:
        what = "maximum time" if limit is None else "statistic such as `mean` or `p95`"
        return Ruling(Verdict.NOT_RUN, f"the item specifies no {what}")
    benchmarks = [
        benchmark
        for benchmark in report.timings
        if any(fnmatchcase(name, requirement.name) for name in (benchmark.name, benchmark.fullname))
    ]
    if not benchmarks:
        return Ruling(Verdict.NOT_RUN, f"no benchmark named `{requirement.name}` in `{requirement.benchmark}`")
    missing = next((benchmark for benchmark in benchmarks if statistic not in benchmark.seconds), None)
    if missing:
        # pytest-benchmark computes percentiles from the raw data only.
        remedy = "; keep the raw data: `--benchmark-save-data`" if statistic.startswith("p") else ""
        return Ruling(Verdict.NOT_RUN, f"`{missing.name}` has no `{statistic}` in `{requirement.benchmark}`{remedy}")
    slowest = max(benchmarks, key=lambda benchmark: benchmark.seconds[statistic])
    value = slowest.seconds[statistic]
    required = f"{limit.comparison} {_render_seconds(float(limit.number))}"
    reason = f"{statistic} of `{slowest.name}` is {_render_seconds(value)}, required: {required}"
    return Ruling(Verdict.PASSED if limit.admits(Fraction(str(value))) else Verdict.FAILED, reason)


def _render_seconds(value: float) -> str:
    """Render a duration in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("\u00b5s", 1e-6)):
        if value >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value / 1e-9:.4g} ns"


def judge_files(checks: FileChecks) -> Ruling:
    """Judge whether files exist and have changed; one that did not change is no evidence, either way."""
    for check in checks.documents:
        if not check.there or not check.filled:
            return Ruling(Verdict.FAILED, f"`{check.path}` {'is empty' if check.there else 'does not exist'}")
    unchanged = [check.path for check in checks.documents if not check.changed]
    if unchanged:
        return Ruling(Verdict.NOT_RUN, f"`{unchanged[0]}` has not changed since `{checks.since}`")
    names = _render_names([check.path for check in checks.documents])
    return Ruling(Verdict.PASSED, f"changed since `{checks.since}`: {names}")


def judge_command(requirement: EvidenceRequirement, result: CommandResult) -> Ruling:
    """Judge a command by its exit code."""
    last_line = f": {result.last_line}" if result.last_line else ""
    verdict = Verdict.FAILED if result.code else Verdict.PASSED
    return Ruling(verdict, f"`{' '.join(requirement.command)}` exited with {result.code}{last_line}")
