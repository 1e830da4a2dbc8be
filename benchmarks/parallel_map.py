"""Compare `parallel_map` with the pools of the standard library on its main job: reading a thousand specs.

Each way runs five times in turn, and the medians are compared. Look at the ratios: a machine that does other things
at the same time says little about seconds.

Usage: python benchmarks/parallel_map.py [SPECS] [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from projects import write_project

from spec2bdd.adapters.system.process_pool import count_processes, parallel_map
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

SpecFile = tuple[str, bytes]
Mapper = Callable[[Callable[[SpecFile], Spec], Sequence[SpecFile]], list[Spec]]
# Counted once: the threads of a pool that has just ended would change the count.
PROCESSES = max(count_processes(), 2)


def parse_file(file: SpecFile) -> Spec:
    """Parse one spec as the project loader does, which adds the content again itself."""
    return replace(parse_spec(*file), content=b"")


def map_in_turn(function: Callable[[SpecFile], Spec], files: Sequence[SpecFile]) -> list[Spec]:
    """Parse all specs in this process."""
    return [function(file) for file in files]


def map_by_hand(function: Callable[[SpecFile], Spec], files: Sequence[SpecFile]) -> list[Spec]:
    """Parse the specs with our own function."""
    return parallel_map(function, files, processes=PROCESSES)


def map_in_pool(function: Callable[[SpecFile], Spec], files: Sequence[SpecFile], *, chunks: int = 1) -> list[Spec]:
    """Parse the specs in `multiprocessing.Pool`, in a number of chunks for each process."""
    with get_context("fork").Pool(PROCESSES) as pool:
        results = pool.map(function, files, chunksize=-(-len(files) // (PROCESSES * chunks)))
        pool.close()
        pool.join()
    return results


def map_in_executor(function: Callable[[SpecFile], Spec], files: Sequence[SpecFile]) -> list[Spec]:
    """Parse the specs in `ProcessPoolExecutor`, which notices a worker that dies."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        return list(pool.map(function, files, chunksize=-(-len(files) // PROCESSES)))


WAYS: dict[str, Mapper] = {
    "one process": map_in_turn,
    "parallel_map": map_by_hand,
    "Pool.map": map_in_pool,
    "Pool.map, small chunks": partial(map_in_pool, chunks=4),
    "ProcessPoolExecutor": map_in_executor,
}


def main(size: int, rounds: int) -> None:
    """Measure all ways in turn and print the median of each with its ratio to `parallel_map`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_project(root, size, definitions=0)
        files = [(f"specs/{path.name}", path.read_bytes()) for path in sorted((root / "specs").glob("*.md"))]
    # The parser imports and compiles on first use, which a worker inherits.
    expected = map_in_turn(parse_file, files)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            start = time.perf_counter()
            specs = way(parse_file, files)
            seconds[name].append(time.perf_counter() - start)
            assert specs == expected, name
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"{len(files)} specs, {PROCESSES} processes on {len(os.sched_getaffinity(0))} cores, medians of {rounds}")
    for name, median in medians.items():
        print(f"  {name:24}{median:6.2f} s  {median / medians['parallel_map']:.2f} of parallel_map")


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], *["1000", "5"][len(sys.argv) - 1 :]]))
