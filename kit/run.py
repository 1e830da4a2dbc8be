"""Run the cases of the kit with several tools.

Usage: python -m kit [--tool NAME]... [--programs FOLDER] [--jobs N] [CASE]...
"""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import cast

from kit import adapters
from kit.case import Case, read_cases
from kit.judge import RESULTS, Adapter, run_case

Results = Mapping[str, Mapping[str, str]]


def find_adapters() -> dict[str, Adapter]:
    """Return all adapters by the names of their tools, spec2bdd last."""
    modules = [import_module(f"kit.adapters.{found.name}") for found in pkgutil.iter_modules(adapters.__path__)]
    return {adapter.NAME: adapter for adapter in (cast("Adapter", module) for module in modules)}


def find_programs(adapter: Adapter, programs: Path) -> Path:
    """Return the folder of the programs of a tool: `programs`, or that of this Python."""
    own = Path(sys.executable).parent
    return next((folder for folder in (programs.absolute(), own) if (folder / adapter.PROGRAM).exists()), own)


def run_cases(
    cases: Collection[Case],
    tools: Collection[Adapter],
    programs: Path,
    *,
    jobs: int,
    write: Callable[[str], object],
) -> Results:
    """Return the result of each tool for each case, by the names of the case and of the tool."""

    def run(case: Case) -> Mapping[str, str]:
        row = {tool.NAME: run_case(case, tool, find_programs(tool, programs)) for tool in tools}
        write(f"{case.name}: {', '.join(f'{tool} {result}' for tool, result in row.items())}\n")
        return row

    with ThreadPoolExecutor(jobs) as pool:
        return dict(zip((case.name for case in cases), pool.map(run, cases), strict=True))


def count_results(results: Results) -> dict[str, dict[str, int]]:
    """Return how often each tool has each result."""
    tools = list(dict.fromkeys(tool for row in results.values() for tool in row))
    return {tool: {name: sum(row[tool] == name for row in results.values()) for name in RESULTS} for tool in tools}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases, print the counts, and write all results to a file if asked to."""
    parser = argparse.ArgumentParser(prog="python -m kit")
    tools, cases = find_adapters(), read_cases()
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names of cases; by default all")
    parser.add_argument("--tool", action="append", choices=list(tools), help="by default all")
    parser.add_argument("--programs", type=Path, default=Path("build/kit/bin"), help="where the programs are installed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="a file for all results")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.cases) - set(cases)):
        parser.error(f"unknown cases: {', '.join(unknown)}")
    results = run_cases(
        [cases[name] for name in options.cases or cases],
        [tools[name] for name in options.tool or tools],
        options.programs,
        jobs=options.jobs,
        write=sys.stderr.write,
    )
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for tool, counts in count_results(results).items():
        sys.stdout.write(f"{tool}: {', '.join(f'{count} {name}' for name, count in counts.items() if count)}\n")
    return 0
