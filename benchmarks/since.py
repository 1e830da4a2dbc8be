"""Compare `--since` with runs of everything after random edits of the example products.

Usage: python benchmarks/since.py [EDITS] [SEED] [SECONDS]

Nothing may be missed: after each edit, both have to give the same verdicts and the same exit code. With SECONDS, no
edit begins later than that, and what there is by then is summarized.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from random_edits import PRODUCTS, Outcome, try_edits, write_product


def main(edits: int = 300, seed: int = 1, seconds: int = 0) -> int:
    """Make the edits, print each that was missed, and how much was run again; stop after some seconds, if any."""
    every: dict[str, list[Outcome]] = {name: [] for name in PRODUCTS}
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        roots = {name: write_product(name, Path(folder) / name) for name in PRODUCTS}
        series = {
            name: try_edits(root, edits // len(PRODUCTS), seed + number)
            for number, (name, root) in enumerate(roots.items())
        }
        # One edit of each product in turn, so that it can end at any time.
        for number in range(edits // len(PRODUCTS)):
            if seconds and time.monotonic() - start > seconds:
                print(f"stopped after {number} edits of each product", flush=True)
                break
            for name, outcomes in series.items():
                outcome = next(outcomes)
                every[name].append(outcome)
                if outcome.is_missed:
                    print(f"MISSED {outcome.edit}\n  since {outcome.since}\n  whole {outcome.whole}", flush=True)
    for name, own in every.items():
        print(describe(name, own))
    total = [outcome for own in every.values() for outcome in own]
    print(describe("all", total))
    return int(any(outcome.is_missed for outcome in total))


def describe(name: str, outcomes: list[Outcome]) -> str:
    """Describe what came of edits."""
    ran, count = sum(outcome.ran for outcome in outcomes), sum(outcome.count for outcome in outcomes)
    missed = sum(outcome.is_missed for outcome in outcomes)
    effect = sum(outcome.has_effect for outcome in outcomes)
    return (
        f"{name}: {len(outcomes)} edits, {effect} of which changed a verdict, {missed} missed, "
        f"{100 * ran / max(count, 1):.0f}% of the criteria run again"
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
