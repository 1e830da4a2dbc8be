"""Challenges of four kinds of products: honest steps notice faults, and steps without checks notice none."""

from __future__ import annotations

from pathlib import Path

import pytest
from challenge_products import PRODUCTS, copy_product, gut_steps, list_strengths, run_challenges

import challenged_products
from spec2bdd.model import Strength


@pytest.mark.parametrize(("product", "client"), PRODUCTS)
def test_honest_checks_notice(product: str, client: str, tmp_path: Path) -> None:
    strengths = list_strengths(run_challenges(copy_product(product, tmp_path / "project", client=client)))
    assert len(strengths) >= 3
    assert set(strengths.values()) == {Strength.NOTICES}


# What is left out here, the table of the page has.
@pytest.mark.parametrize(("product", "client"), [("command", ""), ("service", "httpx"), ("database", "")])
def test_steps_without_checks_notice_nothing(product: str, client: str, tmp_path: Path) -> None:
    root = copy_product(product, tmp_path / "project", client=client)
    gut_steps(root)
    report = run_challenges(root)
    strengths = list_strengths(report)
    assert len(strengths) >= 3
    assert set(strengths.values()) == {Strength.BLIND}
    assert report.exit_code == 1


# `docs/scripts/challenged_products.py` tries all of them.
@pytest.mark.parametrize(("product", "client"), [("library", ""), ("service", "requests"), ("database", "")])
def test_every_second_step_without_a_check_is_named(product: str, client: str, tmp_path: Path) -> None:
    root = copy_product(product, tmp_path / "project", client=client)
    gut_steps(root, choose=lambda number: number % 2 == 1)
    strengths = list_strengths(run_challenges(root))
    expected = [Strength.BLIND if number % 2 else Strength.NOTICES for number in range(len(strengths))]
    assert list(strengths.values()) == expected


def test_the_page_has_a_row_for_each_product_without_a_miss() -> None:
    rows = [
        line for line in challenged_products.PAGE.read_text(encoding="utf-8").splitlines() if " named rightly |" in line
    ]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [product for product, _ in PRODUCTS]
    for row in rows:
        for cell in row.removesuffix(" |").split(" | ")[2:]:
            right, _, total, *_ = cell.split()
            assert right == total
