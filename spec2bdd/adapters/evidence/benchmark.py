"""The bytes of a pytest-benchmark JSON report in, its timings out."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any

from spec2bdd.adapters.formats.json import find_object, parse_object
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Benchmark, BenchmarkReport

STATISTICS = ("min", "max", "mean", "median", "stddev", "q1", "q3")


def parse_benchmark(content: bytes) -> BenchmarkReport:
    """Return the benchmarks of a report, all statistics in seconds; percentiles where the raw data was kept.

    Raises:
        EvidenceError: it is no such report, or not whole.
    """
    report = parse_object(content)
    benchmarks = report.get("benchmarks")
    if not isinstance(benchmarks, list):
        hint = "write it with `pytest --benchmark-json FILE`"
        raise EvidenceError("it is no report of pytest-benchmark: it has no `benchmarks`", hint=hint)
    commit = find_object(report, "commit_info")
    known = commit.get("id") if commit.get("dirty") is False else ""
    timings = tuple(_derive_timing(one) for one in benchmarks if isinstance(one, dict))
    return BenchmarkReport(timings, known if isinstance(known, str) else "")


def _derive_timing(benchmark: Mapping[str, Any]) -> Benchmark:
    """Return one benchmark."""
    stats = find_object(benchmark, "stats")
    seconds = {name: float(stats[name]) for name in STATISTICS if _is_number(stats.get(name))}
    raw = stats.get("data")
    if isinstance(raw, list) and raw and all(map(_is_number, raw)):
        seconds |= _derive_percentiles(sorted(map(float, raw)))
    name, fullname = (str(benchmark.get(key) or "") for key in ("name", "fullname"))
    return Benchmark(name, fullname or name, seconds)


def _derive_percentiles(ordered: list[float]) -> dict[str, float]:
    """Return the percentiles by the nearest rank: the smallest value that so many of a hundred do not exceed."""
    return {f"p{n}": ordered[math.ceil(n / 100 * len(ordered)) - 1] for n in range(1, 100)}


def _is_number(value: object) -> bool:
    """Tell whether a value can be a duration; no clock gives less than nothing, or what no `float` can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= sys.float_info.max
