"""Each trap of docs/traps.md, run again: plain Behave does what the page says, and spec2bdd reports the truth."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import traps

PAGE = Path(__file__).parents[1] / "docs" / "traps.md"


def read_rows() -> dict[str, list[str]]:
    """Return the page's results of each tool for each trap."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {name: results for name, *results in rows[1:]}


PAGE_RESULTS = read_rows()


@pytest.mark.parametrize("name", traps.TRAPS)
def test_plain_behave_does_what_the_page_says_and_spec2bdd_reports_the_truth(name: str, tmp_path: Path) -> None:
    trap = traps.TRAPS[name]
    behave = str(Path(sys.executable).with_name("behave"))
    for folder in ("theirs", "ours"):
        (tmp_path / folder).mkdir()
        traps.write_trap(tmp_path / folder, trap)
    behave_result = traps.judge_rival(
        tmp_path / "theirs", trap, [behave, "-f", "json", "-o", "behave.json", "features"], "behave.json"
    )
    assert (PAGE_RESULTS[name][0], traps.TRUTH) == (behave_result, traps.judge_ours(tmp_path / "ours", trap))


def test_most_traps_are_ones_that_plain_behave_steps_into() -> None:
    assert [name for name, results in PAGE_RESULTS.items() if results[0] == "green"][:4] == list(traps.TRAPS)[:4]
    assert sum(results[0] != "truth" for results in PAGE_RESULTS.values()) >= 30


def test_the_page_judges_three_others_by_at_least_forty_traps() -> None:
    assert list(PAGE_RESULTS) == list(traps.TRAPS)
    assert len(PAGE_RESULTS) >= 40
    results = {"green", "silent", "truth", "hangs"}
    assert [row for row in PAGE_RESULTS.values() if len(row) != 4 or not results.issuperset(row)] == []
