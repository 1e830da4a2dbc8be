"""Write docs/traps.md: what tools report about the cases of the kit.

Usage: PYTHONPATH=. python docs/scripts/traps.py [--programs FOLDER] [--json FILE]

FOLDER has the programs of the other tools; `make kit` installs them. FILE has results that `python -m kit --json FILE`
wrote for the same cases.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from kit.case import KINDS, Case, read_cases
from kit.judge import TRUTH
from kit.run import Results, count_results, find_adapters, run_cases

PAGE = Path(__file__).resolve().parents[1] / "traps.md"
HEAD = """# Traps

Ways to get a green run in which nothing was proved, and what each tool reports. Each row is a small project in
`kit/cases` whose true verdicts are known: most have a control that passes, and a trap that must not count as passed.
`make kit` runs them and writes this page; `kit/README.md` shows how to run them with another tool.

- **green**: the exit code is 0.
- **silent**: the exit code is not 0, but the report does not name the scenario that failed, or has lost the control,
  or a box stays ticked.
- **truth**: the trap is reported as not passed and the control as passed; if the whole run is affected, nothing counts
  as passed. In an honest project everything is reported as passed.
- **refused**: an honest project is not reported as passed.
- **hangs**: it does not end within a minute.
- **n/a**: the case cannot be expressed for this tool.

Other tools are judged by their exit code and their report (JSON, or JUnit XML of pytest-bdd), spec2bdd by its exit code
and the boxes in the spec. Where files change after a run, other tools have no command that compares them with a report:
their last reports count. spec2bdd runs with `--strict`, and with `challenge = "require"` in the cases that have a
`spec2bdd.toml`: checks that check nothing, products that are not the product, and two honest projects.

"""
TITLES = {
    "structure": "Scenarios that do not run, or not as written",
    "exit": "Steps that end or disturb the process",
    "errors": "Errors that nothing sees",
    "hooks": "Hooks",
    "settings": "Settings",
    "gutted": "Checks that check nothing",
    "mocks": "Products that are not the product",
    "statuses": "Statuses that are not passes",
    "stale": "Results of other files",
    "records": "Boxes and records",
    "honest": "Honest projects",
}

# What spec2bdd does not report truly, and why.
MISSED = {
    "data-changed-no-git": "only Python files count, and what `sources` in the configuration names",
    "expected-from-product": "one answer of two is altered at a time, so that comparing both notices a fault",
    "reworded": "the criterion is reported as stale and the exit code is 1, but its box stays ticked",
    "weak-check": "a check that notices one fault counts, however little it checks",
}


def render_table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- |", "|---|").replace(" --- ", "---")


def render_page(cases: dict[str, Case], results: Results) -> str:
    """Return the page."""
    counts = count_results(results)
    names = [name for name in next(iter(counts.values())) if any(count[name] for count in counts.values())]
    page = HEAD + render_table(
        ["tool", *names], [[tool, *(str(count[name]) for name in names)] for tool, count in counts.items()]
    )
    page += "\nWhat spec2bdd does not report truly:\n\n"
    page += "".join(f"- {cases[name].title}: {reason}\n" for name, reason in MISSED.items())
    for kind in KINDS:
        rows = [[case.title, *results[case.name].values()] for case in cases.values() if case.kind == kind]
        page += f"\n## {TITLES[kind]}\n\n" + render_table(["case", *counts], rows)
    return page


def read_rows(text: str) -> dict[str, dict[str, str]]:
    """Return the page's result of each tool, by the title of the case."""
    rows: dict[str, dict[str, str]] = {}
    tools: list[str] = []
    for line in text.splitlines():
        title, *cells = line.strip("| ").split(" | ") if line.startswith("| ") else [""]
        if title == "case":
            tools = cells
        elif title and tools:
            rows[title] = dict(zip(tools, cells, strict=True))
    return rows


def main() -> int:
    """Write the page; return 1 if a result of spec2bdd is not `truth`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=Path, default=Path("build/kit/bin"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cases = read_cases()
    if options.json:
        results: Results = json.loads(options.json.read_text(encoding="utf-8"))
    else:
        tools = find_adapters().values()
        jobs = os.cpu_count() or 1
        results = run_cases(cases.values(), tools, options.programs, jobs=jobs, write=sys.stderr.write)
    PAGE.write_text(render_page(cases, results), encoding="utf-8")
    return int(any(row["spec2bdd"] != TRUTH for row in results.values()))


if __name__ == "__main__":
    sys.exit(main())
