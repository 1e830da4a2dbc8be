"""Measure how long reading a spec of each dialect takes, as a part of what a template spec takes.

The specs are those of the example projects of the tests, with prose below them up to the size of the template's.

Usage: python benchmarks/dialects.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from spec2bdd.domain.specs.parser import parse_spec

BAR = 1.5
PROSE = "\n## Background\n\n" + 6 * "Readers come in the evening, and the desk is closed on Sundays and in August.\n"
ROOT = Path(__file__).parents[1]
PROJECTS = ROOT / "tests" / "dialects"
TEMPLATES = ROOT / "examples" / "chat" / "specs"


def read_project(folder: Path) -> list[tuple[str, bytes]]:
    """Read the path and the bytes of each Markdown file of a project."""
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def pad(files: list[tuple[str, bytes]], size: int) -> list[tuple[str, bytes]]:
    """Add prose to files until they have a size."""
    return [(path, content + max(size - len(content), 0) // len(PROSE) * PROSE.encode()) for path, content in files]


def measure(files: list[tuple[str, bytes]]) -> float:
    """Return the seconds of processor time that parsing a file takes."""
    start = time.process_time()
    for _ in range(20):
        for path, content in files:
            parse_spec(path, content)
    return (time.process_time() - start) / (20 * len(files))


def main(runs: int) -> int:
    """Print the median ratio of each dialect, and return 1 if one is over the bar."""
    templates = [(f"specs/{path}", content) for path, content in read_project(TEMPLATES)]
    size = sum(len(content) for _, content in templates) // len(templates)
    projects = {path.name: pad(read_project(path / "project"), size) for path in sorted(PROJECTS.iterdir())}
    over = False
    for name, files in projects.items():
        pairs = [(measure(files), measure(templates)) for _ in range(runs + 1)]
        ratio = statistics.median(ours / theirs for ours, theirs in pairs[1:])
        count = sum(len(parse_spec(path, content).criteria) for path, content in files)
        over = over or ratio > BAR
        print(f"{name:20} {len(files)} files, {count:3} criteria  {ratio:.2f} of a template spec")
    return int(over)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
