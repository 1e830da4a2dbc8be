"""Challenges of four kinds of products: honest steps notice faults, and steps without checks notice none."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

import pytest
from challenge_products import PRODUCTS, copy_product, gut_steps, list_strengths, run_challenges

import challenged_products
from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.commands.challenge import challenge
from spec2bdd.config import read_config
from spec2bdd.errors import RecordError
from spec2bdd.model import ChallengeReport, Strength
from spec2bdd.reporters.registry import RenderOptions
from spec2bdd.reporters.text.challenges import render_challenges


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


def test_after_the_budget_no_further_fault_is_tried(tmp_path: Path) -> None:
    report = run_challenges(copy_product("library", tmp_path / "project"), ChallengeOptions(budget=0))
    assert set(list_strengths(report).values()) == {Strength.NOT_CHALLENGED}
    assert {challenged.strength.reason for challenged in report.criteria} == {"the time of `--budget` is over"}
    scenarios = [scenario for challenged in report.criteria for scenario in challenged.strength.scenarios]
    assert ([*map(attrgetter("challenges"), scenarios)], len(scenarios)) == ([()] * len(scenarios), 4)


def test_a_scenario_with_the_tag_is_left_out(tmp_path: Path) -> None:
    root = copy_product("library", tmp_path / "project")
    spec = root / "specs/1.1-basket.md"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("is counted\n", "is counted <!-- tags: no_challenge -->\n"), encoding="utf-8")
    assert list(list_strengths(run_challenges(root)).values()) == [Strength.OPTED_OUT, *[Strength.NOTICES] * 3]


def test_without_results_it_is_an_error_that_names_the_command(tmp_path: Path) -> None:
    root = copy_product("library", tmp_path / "project")
    with pytest.raises(RecordError, match="no results yet") as caught:
        challenge(read_config(root))
    assert caught.value.hint == "run `spec2bdd verify` first"


def test_after_an_edit_the_file_is_named_because_of_which_nothing_is_challenged(tmp_path: Path) -> None:
    root = copy_product("library", tmp_path / "project")
    run_challenges(root)
    (root / "environment.py").write_text("A = 1\n")
    report = challenge(read_config(root))
    assert (report.criteria, report.exit_code) == ((), 0)
    assert render_challenges(report, RenderOptions(width=120)).splitlines() == [
        "Nothing was challenged: `environment.py` is new since the results were recorded",
        "next: run `spec2bdd verify`",
    ]


def test_what_does_not_pass_is_not_challenged_and_the_command_that_shows_why_is_named() -> None:
    for count, reason in (
        (0, "no scenario"),
        (1, "the criterion has not passed"),
        (3, "none of 3 criteria has passed"),
    ):
        shown = render_challenges(ChallengeReport(not_passed=count), RenderOptions(width=120))
        assert shown == f"Nothing was challenged: {reason}\nnext: see what is open with `spec2bdd status`\n"


def test_the_page_has_a_row_for_each_product_without_a_miss() -> None:
    rows = [
        line for line in challenged_products.PAGE.read_text(encoding="utf-8").splitlines() if " named rightly |" in line
    ]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [product for product, _ in PRODUCTS]
    for row in rows:
        for cell in row.removesuffix(" |").split(" | ")[2:]:
            right, _, total, *_ = cell.split()
            assert right == total
