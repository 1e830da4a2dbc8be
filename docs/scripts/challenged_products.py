"""Write the table of docs/challenges.md: the example products, with checks, without, and with every second one.

Usage: PYTHONPATH=.:tests python docs/scripts/challenged_products.py

It takes some minutes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from challenge_products import PRODUCTS, copy_product, gut_steps, list_strengths, run_challenges

from generated_part import replace_part
from spec2bdd.model import Strength

PAGE = Path(__file__).resolve().parents[1] / "challenges.md"
PART = "products"
_HEAD = (
    "| product | reached by | all steps check | no step checks | every second step checks |\n|---|---|---|---|---|\n"
)


def render_row(product: str, client: str) -> str:
    """Challenge a product with its steps, without their checks, and without every second one; return its row."""
    honest = _challenge(product, client, gutted=None)
    gutted = _challenge(product, client, gutted=1)
    half = _challenge(product, client, gutted=2)
    named = [strength is (Strength.BLIND if number % 2 else Strength.NOTICES) for number, strength in enumerate(half)]
    cells = [
        product,
        _REACHED_BY[product].format(client=client),
        f"{honest.count(Strength.NOTICES)} of {len(honest)} notice",
        f"{gutted.count(Strength.BLIND)} of {len(gutted)} blind",
        f"{sum(named)} of {len(half)} named rightly",
    ]
    return f"| {' | '.join(cells)} |\n"


_REACHED_BY: Mapping[str, str] = {
    "library": "a call in the process",
    "command": "`subprocess`",
    "service": "HTTP, `{client}`",
    "database": "`sqlite3`, and a call in the process",
}


def _challenge(product: str, client: str, *, gutted: int | None) -> Sequence[Strength]:
    """Challenge a copy of a product whose every so many-th step checks nothing; return the strengths in order."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_product(product, Path(folder) / "project", client=client)
        if gutted is not None:
            gut_steps(root, choose=lambda number: number % gutted == gutted - 1)
        return list(list_strengths(run_challenges(root)).values())


def main() -> None:
    """Write the table into the page."""
    rows = [render_row(product, client) for product, client in PRODUCTS]
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(replace_part(page, PART, _HEAD + "".join(rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
