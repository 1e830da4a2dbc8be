"""Measure spec2bdd side by side with other tools, and write docs/performance.md.

Usage: python benchmarks/bench.py [--quick] [--only NAME]... [--again] [--render] [--list] [--tools FOLDER]

Each case writes its result to build/bench/ when it is done; what was measured on this commit is not measured again, so
that a run that was stopped goes on where it was. The exit code is 1 if an aim is missed.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
import time
from pathlib import Path

from cases import list_cases
from measuring import ROOT, BenchError, Case, Result, read_result, run_case, write_result
from page import AIMS, find_versions, render_page, render_table


def main(arguments: list[str]) -> int:
    """Measure what is not measured yet, and write the page."""
    options = parse_options(arguments)
    folder = ROOT / "build" / "bench" / ("quick" if options.quick else "")
    cases = list_cases(options.tools, quick=options.quick)
    names = [case.name for case in cases]
    if unknown := [name for name in options.only if not any(found.startswith(name) for found in names)]:
        sys.stderr.write(f"error: no case is named `{unknown[0]}`\n    hint: one of {', '.join(names)}\n")
        return 2
    if options.list:
        print("\n".join(names))
        return 0
    chosen = [case for case in cases if not options.only or case.name.startswith(tuple(options.only))]
    try:
        for case in [] if options.render else chosen:
            measure(case, folder / f"{case.name}.json", again=options.again)
    except BenchError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    found = {name: read_result(folder / f"{name}.json") for name in names}
    results = {name: result for name, result in found.items() if result}
    page = folder / "performance.md" if options.quick else ROOT / "docs" / "performance.md"
    page.write_text(render_page(cases, results, find_versions(options.tools), quick=options.quick), encoding="utf-8")
    print(f"wrote {page.relative_to(ROOT)}")
    figures = [(aim, aim.figure(results)) for aim in AIMS]
    missed = [aim.text for aim, figure in figures if figure is not None and figure > aim.limit]
    if options.quick:
        return 0
    print("missed: " + "; ".join(missed) if missed else "no aim that was measured is missed")
    return int(bool(missed))


def parse_options(arguments: list[str]) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description="Measure spec2bdd side by side with other tools.")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the size, one round, and no page in docs/")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only cases that begin with NAME")
    parser.add_argument("--again", action="store_true", help="measure also what was measured on this commit")
    parser.add_argument("--render", action="store_true", help="measure nothing, and write the page from the results")
    parser.add_argument("--list", action="store_true", help="list the cases")
    parser.add_argument("--tools", type=Path, default=ROOT / "build" / "rivals" / "bin", help="the programs of others")
    return parser.parse_args(arguments)


def measure(case: Case, path: Path, *, again: bool) -> Result:
    """Measure a case, unless there is a result of this commit, and print its table."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True)
    commit = head.stdout.strip()
    known = read_result(path)
    if known and known.commit == commit and not again:
        print(f"{case.name}: measured on this commit")
        return known
    start = time.monotonic()
    print(f"{case.name}: {case.title} ...", flush=True)
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    result = run_case(case, commit=commit, date=date)
    write_result(path, result)
    print("\n".join(f"  {line}" for line in list(render_table(result))[2:]))
    print(f"  took {time.monotonic() - start:.0f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
