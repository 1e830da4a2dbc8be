"""Change the code that writes and runs at random, a change at a time, and count how many a test notices.

Usage: python tools/mutants [--count N] [--seconds N] [--seed N] [--area NAME] [--survivors] [--budget N]
       [--jobs N] [--map] [--list]

`mutmut` tries all changes of the code that judges; what writes and runs is tested by processes, which takes longer, so
a sample is drawn there, always the same with one seed. First, the tests are run once to note which lines each of them
and its processes run: build/mutants/map.ndjson, which is kept. Then each change is made in a copy of the repository;
each job has one. A process that has pytest and the libraries ready forks, and the fork runs the tests that reach the
change, the quick ones first, until one fails or they have taken the time of their budget. The same tests have to pass
in the same way without the change; otherwise that one does not count. In between, there are controls, which change
nothing and must not be noticed.

What was tried is kept in build/mutants/sample.ndjson, so that the next call goes on; the survivors are listed in
build/mutants/sample.md. The exit status is 1 if fewer than 85 in 100 are noticed, and 2 if a control is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from changes import Change, is_python, list_changes, rank_changes
from forks import Forks, copy_repository, start_forks
from reach import MappedTest, list_stages, map_tests, read_map
from trials import CONTROL, NOTICED, UNREACHED, build_trial, read_trials, summarize, write_trial

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / "build" / "mutants"
MAP, TRIALS, PAGE = STATE / "map.ndjson", STATE / "sample.ndjson", STATE / "sample.md"
BAR = 0.85
# The code of each area.
AREAS: Mapping[str, str] = {
    "features": "domain/gherkin domain/planning",
    "steps": "domain/steps domain/expressions",
    "edits": "domain/editing text",
    "files": "adapters/system",
    "records": "adapters/results",
    "running": "adapters/behave",
    "commands": "commands/gen*.py commands/mark.py commands/run.py commands/ver*.py project/cache project/*.py",
}
# They end processes of others or remove folders, or other tests than those below are for them.
LEFT_OUT = ("process_tree.py", "page_server.py", "debugger.py", "challenge", "behave/lines/")
# The tests that have to notice the changes.
TESTS = """text domain adapters/results adapters/evidence adapters/history adapters/system project adapters/behave
    config test_decide.py test_faults_written_whole.py test_outlines.py test_pruning.py test_rewording.py
    test_several_definitions.py test_external_results.py test_aborted.py test_broad_steps.py
    test_byte_exact.py test_byte_exact_marks.py test_green_but.py test_merging.py test_named_run.py
    test_one_answer.py test_other_trees.py test_pipeline.py test_eject.py test_left_out.py test_names.py
    test_history.py test_first_sight.py test_shared_tags.py test_unlinked.py test_unverified.py
    test_no_box.py test_since.py test_since_reads.py test_done.py test_streams.py
    test_hooks_that_leave_out.py test_links_out.py test_status.py test_status_update.py test_explain.py
    test_baseline.py test_dialect_loops.py test_formats.py test_output.py test_trace.py test_lines_by_step.py
    test_merge_base_names.py test_merge_base.py test_merge_conflicts.py test_marking_twice.py test_plan_boxes.py
    test_what_fails_first.py test_same_warnings.py test_traps.py"""
# They try other code, or take too long.
TESTS_LEFT_OUT = ("challenge", "domain/specs/dialects")
# After so many changes there is a control.
CONTROLS = 50


def main(arguments: list[str]) -> int:
    """Try the changes of the sample that were not tried yet, and print a summary."""
    parser = argparse.ArgumentParser(prog="python tools/mutants")
    parser.add_argument("--count", type=int, default=1500, help="the size of the sample")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("MUTANTS_SECONDS", "7200")))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", choices=AREAS, help="only changes of this area")
    parser.add_argument("--survivors", action="store_true", help="try those again that no test noticed")
    parser.add_argument("--budget", type=float, default=12, help="processor time of all tests of a change, in seconds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many changes are tried at a time")
    parser.add_argument("--map", action="store_true", help="note what the tests run, and try no change")
    parser.add_argument("--list", action="store_true", help="list the changes of the sample, and try none")
    options = parser.parse_args(arguments)
    population = [(area, change) for area in AREAS for change in list_area(area)]
    # Where the code changes a little, so does the sample.
    ranks = rank_changes([change for _, change in population], options.seed)
    sample = sorted(population, key=lambda pair: ranks[pair[1].key])[: options.count]
    sample = [pair for pair in sample if options.area in (None, pair[0]) and can_be_parsed(pair[1])]
    if options.list:
        print("\n".join(f"{change.path}:{change.line}: {change.old!r} -> {change.new!r}" for _, change in sample))
        return 0
    known = {trial.key: trial for trial in read_trials(TRIALS)}
    if options.survivors:
        known = {key: trial for key, trial in known.items() if trial.outcome == NOTICED}
    left = [pair for pair in sample if pair[1].key not in known]
    print(f"{len(sample)} of {len(population)} changes, {len(sample) - len(left)} of them tried before", flush=True)
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as folder:
        copies = [copy_repository(ROOT, Path(folder) / f"copy{number}") for number in range(options.jobs)]
        tests = update_map(copies)
        if not options.map and left:
            with ExitStack() as stack:
                jobs = [stack.enter_context(start_forks(copy)) for copy in copies]
                try_changes(left, tests, jobs, end=end, budget=options.budget)
    known = {trial.key: trial for trial in read_trials(TRIALS)}
    tried = [known[change.key] for _, change in sample if change.key in known]
    controls = [trial for trial in known.values() if trial.area == CONTROL]
    print(f"\n{len(tried)} of {len(sample)} changes tried; survivors: {PAGE}")
    return summarize(tried, controls, page=PAGE, bar=BAR)


def list_area(area: str) -> Iterator[Change]:
    """List the changes of all modules of an area."""
    for folder in AREAS[area].split():
        for place in sorted((ROOT / "spec2bdd").glob(folder)):
            for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
                name = path.relative_to(ROOT).as_posix()
                if not any(left_out in name for left_out in LEFT_OUT):
                    yield from list_changes(name, path.read_bytes())


def can_be_parsed(change: Change) -> bool:
    """Return whether a change leaves a module that Python can parse."""
    return is_python(change.apply((ROOT / change.path).read_bytes()))


def update_map(copies: Sequence[Path]) -> list[MappedTest]:
    """Note what the tests run of those files that have changed since, a part of them in each copy; return all tests."""
    places = [ROOT / "tests" / name for name in TESTS.split()]
    paths = [path for place in places for path in (sorted(place.rglob("test_*.py")) if place.is_dir() else [place])]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    names = [name for name in names if not any(left_out in name for left_out in TESTS_LEFT_OUT)]
    known = read_map(MAP, ROOT)
    if new := [name for name in names if name not in known]:
        print(f"noting what the tests of {len(new)} files run", flush=True)
        # The lines of a test are too long to be written by two processes into one file.
        parts = [MAP.with_name(f"map-{number}.ndjson") for number, _ in enumerate(copies)]
        try:
            with ThreadPoolExecutor(len(copies)) as pool:
                shares = [new[number :: len(copies)] for number, _ in enumerate(copies)]
                list(pool.map(map_tests, copies, parts, shares))
        finally:
            with MAP.open("a", encoding="utf-8") as stream:
                for part in filter(Path.exists, parts):
                    stream.write(part.read_text(encoding="utf-8"))
                    part.unlink()
        known = read_map(MAP, ROOT)
    return [test for name in names for test in known.get(name, ())]


def try_changes(
    left: Sequence[tuple[str, Change]],
    tests: Sequence[MappedTest],
    jobs: Sequence[Forks],
    *,
    end: float,
    budget: float,
) -> None:
    """Try changes, and a control before the first one and after every 50, until the time is over."""
    noticed: dict[str, set[str]] = defaultdict(set)
    for trial in read_trials(TRIALS):
        noticed[trial.path].add(trial.test)
    waiting: Iterator[tuple[int, tuple[str, Change]]] = enumerate(left)
    lock = threading.Lock()

    def work(forks: Forks) -> None:
        """Try one change after another, and keep what came of them."""
        while time.monotonic() < end:
            with lock:
                found = next(waiting, None)
                if found is None:
                    return
                number, (area, change) = found
                stages = list(list_stages(tests, change, budget=budget, noticed=noticed))
            start = forks.seconds
            if number % CONTROLS == 0 and stages:
                failed = forks.find_notice(stages, None)
                control = build_trial(forks.copy, CONTROL, change, failed=failed, seconds=forks.seconds - start)
                with lock:
                    write_trial(TRIALS, replace(control, key=f"control:{change.key}", diff=""))
                start = forks.seconds
            failed = forks.find_notice(stages, change)
            trial = build_trial(forks.copy, area, change, failed=failed, seconds=forks.seconds - start)
            with lock:
                noticed[change.path].add(failed)
                write_trial(TRIALS, trial if stages else replace(trial, outcome=UNREACHED))

    with ThreadPoolExecutor(len(jobs)) as pool:
        try:
            list(pool.map(work, jobs))
        finally:
            # After an error or Ctrl-C, the other jobs end with the changes that they are at.
            waiting = iter(())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
