"""Compare `--since` with runs of everything after random edits of the example products.

Usage: python benchmarks/since.py [EDITS] [SEED]

Nothing may be missed: after each edit, both have to give the same verdicts and the same exit status.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from random_edits import PRODUCTS, Outcome, try_edits, write_product


def main(edits: int = 300, seed: int = 1) -> int:
    """Make the edits, print each that was missed, and how much was run again."""
    every: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(PRODUCTS):
            root = write_product(name, Path(folder) / name)
            own: list[Outcome] = []
            for outcome in try_edits(root, edits // len(PRODUCTS), seed + number):
                own.append(outcome)
                if outcome.is_missed:
                    print(f"MISSED {outcome.edit}\n  since {outcome.since}\n  whole {outcome.whole}", flush=True)
            print(describe(name, own), flush=True)
            every += own
    print(describe("all", every))
    return int(any(outcome.is_missed for outcome in every))


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
