"""Measure how long reading a template-sized spec takes, as a part of a plain marko GFM parse in the same run.

Usage: python benchmarks/reading.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from marko import Markdown
from marko.ext.gfm import GFM

from spec2bdd.domain.specs.parser import parse_spec

BAR = 0.10
SPECS = Path(__file__).parents[1] / "examples" / "chat" / "specs"


def measure_once(call: Callable[[], object]) -> float:
    """Return the seconds that one call keeps the processor busy; what else the machine does counts less in them."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main(runs: int) -> int:
    """Time both readers in turn, print their medians and ratios, and return 1 if the median ratio is over the bar."""
    rival = Markdown(extensions=[GFM])
    ratios: list[float] = []
    for path in sorted(SPECS.glob("*.md")):
        content = path.read_bytes()
        body = content.decode().split("---", 2)[2]
        pairs = [
            (measure_once(lambda: parse_spec(path.name, content)), measure_once(lambda: rival.parse(body)))  # noqa: B023
            for _ in range(runs + 1)
        ]
        ours, theirs = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
        ratios.append(ours / theirs)
        print(f"{path.name:32} ours {1000 * ours:6.2f} ms  marko {1000 * theirs:6.2f} ms  {ours / theirs:.3f}")
    return int(statistics.median(ratios) > BAR)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
