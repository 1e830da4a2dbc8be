"""One fact of a report and the words of a done item in, what it says of the item out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from fractions import Fraction

from spec2bdd.domain.verdicts.done.thresholds import Comparison, Threshold, find_duration, find_percent, find_statistic
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import (
    Benchmark,
    BenchmarkReport,
    CommandResult,
    Coverage,
    EvidenceRequirement,
    FileChecks,
    TestCounts,
    Verdict,
)

_MOST_NAMES = 3


def judge_coverage(text: str, demand: EvidenceRequirement, found: Coverage) -> Ruling:
    """Return whether enough was covered: lines, unless the item or the configuration says otherwise."""
    limit = find_percent(text)
    if limit is None and demand.minimum is not None:
        limit = Threshold(Comparison.AT_LEAST, Fraction(str(demand.minimum)))
    if limit is None:
        return Ruling(Verdict.NOT_RUN, "the item names no percentage that coverage can be held against")
    rate = demand.rate or ("branch" if re.search(r"\bbranch", text, re.IGNORECASE) else "line")
    covered, counted = _count(found, rate)
    if not counted:
        return Ruling(Verdict.NOT_RUN, "the report counts no branches: measure them, or set `rate`")
    value = Fraction(100 * covered, counted)
    reason = f"{rate} coverage is {_render_percent(value)} in `{demand.coverage}`, asked for is {_render_limit(limit)}%"
    return Ruling(Verdict.PASSED if limit.admits(value) else Verdict.FAILED, reason)


def _count(found: Coverage, rate: str) -> tuple[int, int]:
    """Return what was covered, and of how much."""
    if rate == "line":
        return found.covered_lines, found.lines
    if rate == "branch":
        return found.covered_branches, found.branches
    return found.covered_lines + found.covered_branches, found.lines + found.branches


def _render_percent(value: Fraction) -> str:
    """Write a percentage, rounded down: what is shown as 85 is never less."""
    return f"{int(value * 100) / 100:g}%"


def _render_limit(limit: Threshold) -> str:
    """Write a limit."""
    return f"{limit.comparison} {float(limit.number):g}"


def judge_tests(demand: EvidenceRequirement, found: TestCounts) -> Ruling:
    """Return whether tests ran and none failed."""
    where = ", ".join(f"`{pattern}`" for pattern in demand.junit)
    ran = found.count - found.skipped
    left_out = f", {found.skipped} skipped" if found.skipped else ""
    if found.failed:
        names = _render_names(found.failed)
        return Ruling(Verdict.FAILED, f"{len(found.failed)} of {found.count} tests failed in {where}: {names}")
    if ran < 1:
        return Ruling(Verdict.NOT_RUN, f"no test ran in {where}{left_out}")
    return Ruling(Verdict.PASSED, f"{ran} {'test' if ran == 1 else 'tests'} passed{left_out} in {where}")


def _render_names(names: Sequence[str]) -> str:
    """Name the first few."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(f"`{name}`" for name in names[:_MOST_NAMES]) + more


def judge_benchmarks(text: str, demand: EvidenceRequirement, found: BenchmarkReport) -> Ruling:
    """Return whether each of the benchmarks that are meant keeps to the limit."""
    limit = find_duration(text)
    if limit is None and demand.maximum is not None:
        limit = Threshold(Comparison.AT_MOST, Fraction(str(demand.maximum)))
    statistic = find_statistic(limit.subject if limit else text) or demand.statistic
    meant = [one for one in found.timings if any(fnmatchcase(name, demand.name) for name in (one.name, one.fullname))]
    if limit is None or not statistic:
        what = "time that a benchmark can be held against" if limit is None else "statistic, such as `mean` or `p95`"
        return Ruling(Verdict.NOT_RUN, f"the item names no {what}")
    if not meant:
        return Ruling(Verdict.NOT_RUN, f"no benchmark in `{demand.benchmark}` is called `{demand.name}`")
    missing = next((one for one in meant if statistic not in one.seconds), None)
    if missing:
        advice = "; keep the raw data: `--benchmark-save-data`" if statistic.startswith("p") else ""
        return Ruling(Verdict.NOT_RUN, f"`{missing.name}` has no `{statistic}` in `{demand.benchmark}`{advice}")
    return _compare(meant, statistic, limit)


def _compare(timings: Sequence[Benchmark], statistic: str, limit: Threshold) -> Ruling:
    """Return the finding on the slowest benchmark."""
    slowest = max(timings, key=lambda one: one.seconds[statistic])
    value = slowest.seconds[statistic]
    reason = f"the {statistic} of `{slowest.name}` is {_render_seconds(value)}, asked for is {limit.comparison} "
    verdict = Verdict.PASSED if limit.admits(Fraction(str(value))) else Verdict.FAILED
    return Ruling(verdict, reason + _render_seconds(float(limit.number)))


def _render_seconds(value: float) -> str:
    """Write a duration in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("\u00b5s", 1e-6)):
        if value >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value / 1e-9:.4g} ns"


def judge_files(found: FileChecks) -> Ruling:
    """Return whether files are there and have changed; one that did not change is no evidence, either way."""
    for one in found.documents:
        if not one.there or not one.filled:
            return Ruling(Verdict.FAILED, f"`{one.path}` {'is empty' if one.there else 'is not there'}")
    same = [one.path for one in found.documents if not one.changed]
    if same:
        return Ruling(Verdict.NOT_RUN, f"`{same[0]}` is what it was at `{found.since}`")
    names = _render_names([one.path for one in found.documents])
    return Ruling(Verdict.PASSED, f"changed since `{found.since}`: {names}")


def judge_command(demand: EvidenceRequirement, found: CommandResult) -> Ruling:
    """Return whether a command says yes."""
    said = f": {found.last_line}" if found.last_line else ""
    verdict = Verdict.FAILED if found.code else Verdict.PASSED
    return Ruling(verdict, f"`{' '.join(demand.command)}` exited with {found.code}{said}")
