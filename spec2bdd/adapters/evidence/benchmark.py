"""Parse the JSON reports of pytest-benchmark."""

from __future__ import annotations

import math
import sys

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.json import JsonObject, find_object, parse_object
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Benchmark, BenchmarkReport, EvidenceKind

STATISTICS = ("min", "max", "mean", "median", "stddev", "q1", "q3")


class BenchmarkReader:
    """The reader of `pytest --benchmark-json`."""

    kind = EvidenceKind.BENCHMARK

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like a JSON object."""
        return starts_with(content, (b"{",))

    def parse(self, content: bytes) -> BenchmarkReport:
        """Parse a report: all statistics in seconds, with percentiles where the raw data was kept.

        Raises:
            EvidenceError: it is no such report, or not whole.
        """
        report = parse_object(content)
        benchmarks = report.get("benchmarks")
        if not isinstance(benchmarks, list):
            hint = "write it with `pytest --benchmark-json FILE`"
            raise EvidenceError("not a pytest-benchmark report: no `benchmarks` key", hint=hint)
        timings = tuple(_parse_benchmark(benchmark) for benchmark in benchmarks if isinstance(benchmark, dict))
        commit = find_object(report, "commit_info")
        # With uncommitted changes the commit does not say what was measured.
        name = commit.get("id") if commit.get("dirty") is False else ""
        return BenchmarkReport(timings, name if isinstance(name, str) else "")


def _parse_benchmark(benchmark: JsonObject) -> Benchmark:
    """Parse one benchmark with the statistics that are valid durations."""
    stats = find_object(benchmark, "stats")
    seconds = {name: float(stats[name]) for name in STATISTICS if _is_duration(stats.get(name))}
    raw = stats.get("data")
    if isinstance(raw, list) and raw and all(map(_is_duration, raw)):
        ordered = sorted(map(float, raw))
        # Percentiles by nearest rank: the smallest value that n of a hundred do not exceed.
        seconds |= {f"p{n}": ordered[math.ceil(n / 100 * len(ordered)) - 1] for n in range(1, 100)}
    name, fullname = (str(benchmark.get(key) or "") for key in ("name", "fullname"))
    return Benchmark(name, fullname or name, seconds)


def _is_duration(value: object) -> bool:
    """Whether a value can be a number of seconds: JSON allows negative, infinite and arbitrarily large numbers, too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= sys.float_info.max
