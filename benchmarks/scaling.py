"""Simulate runs on many machines with the durations of recorded runs, and compare them with what is possible.

Usage: python benchmarks/scaling.py RECORDS... [--times N] [--unit SECONDS] [--workers N ...]

No run takes less than its longest scenario, or than its part of the total: max(longest, total / workers). `--times`
repeats the recorded features, for a larger suite; `--unit` is what each unit costs besides its scenarios, as
`python benchmarks/cluster.py speed` measures it. The units and their order are those of the real run: the same code
makes them. For shards, the same durations divide the scenarios.
"""

from __future__ import annotations

import argparse
import heapq
from collections.abc import Mapping, Sequence

from spec2bdd.adapters.behave.executors.scheduler import LongestFirstScheduler
from spec2bdd.adapters.behave.executors.shards import assign_shards
from spec2bdd.adapters.behave.executors.work_units import CollectedFeature, WorkRequest, split_into_work_units
from spec2bdd.adapters.results.durations import load_durations

WORKERS = (1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000)


def simulate_workers(
    features: Sequence[CollectedFeature], rows: Mapping[str, list[float]], n: int, unit: float
) -> float:
    """Simulate a run on that many workers, and return its seconds without starting and ending."""
    selected = [tuple(range(len(feature.names))) for feature in features]
    units = split_into_work_units(features, selected, jobs=n, durations=rows)
    scheduler = LongestFirstScheduler(workers=n)
    scheduler.add_units(units)
    free: list[tuple[float, int, int | None]] = [(0.0, worker, None) for worker in range(n)]
    end = 0.0
    while free and not scheduler.is_done:
        now, worker, file = heapq.heappop(free)
        requests = [WorkRequest(file), WorkRequest()] if file is not None else [WorkRequest()]
        taken = (scheduler.next_unit(request, parsed=frozenset(), running=()) for request in requests)
        chosen = next((found for found in taken if found), None)
        if chosen:
            ready = now + unit + sum(rows[features[chosen.file].path][place] for place in chosen.scenarios)
            end = max(end, ready)
            heapq.heappush(free, (ready, worker, chosen.file))
    return end


def simulate_shards(features: Sequence[CollectedFeature], rows: Mapping[str, list[float]], n: int) -> float:
    """Return the seconds of the longest of that many shards."""
    seconds = [value for feature in features for value in rows[feature.path]]
    loads = [0.0] * n
    for shard, took in zip(assign_shards(seconds, n), seconds, strict=True):
        loads[shard - 1] += took
    return max(loads)


def main() -> None:
    """Print a table of the simulated runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="+")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--unit", type=float, default=0.0)
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    options = parser.parse_args()
    features: list[CollectedFeature] = []
    rows: dict[str, list[float]] = {}
    for time in range(options.times):
        for path, durations in load_durations(options.records).items():
            names = tuple(durations)
            name = f"{time}/{path}"
            features.append(CollectedFeature(len(features), name, tuple(() for _ in names), names))
            rows[name] = [durations[scenario] for scenario in names]
    seconds = [value for row in rows.values() for value in row]
    print(f"{len(seconds)} scenarios in {len(features)} features, {sum(seconds):.0f} s, longest {max(seconds):.1f} s\n")
    print("| workers | possible | cluster | of possible | shards | of possible |\n|---:|---:|---:|---:|---:|---:|")
    for n in options.workers:
        bound = max(*seconds, sum(seconds) / n)
        took = [simulate_workers(features, rows, n, options.unit), simulate_shards(features, rows, n)]
        cells = [f"{bound:.1f} s", *(cell for value in took for cell in (f"{value:.1f} s", f"{value / bound:.2f}"))]
        print(f"| {n:,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
