"""Each trap of docs/traps.md, run again: plain Behave does what the page says, and spec2bdd reports the truth."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def load_traps() -> ModuleType:
    """Return the script that makes the page."""
    spec = importlib.util.spec_from_file_location("traps", DOCS / "traps.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read_rows() -> dict[str, list[str]]:
    """Return the page's results of each tool for each trap."""
    lines = (DOCS / "traps.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {name: results for name, *results in rows[1:]}


TRAPS = load_traps()
PAGE_RESULTS = read_rows()


@pytest.mark.parametrize("name", TRAPS.TRAPS)
def test_plain_behave_does_what_the_page_says_and_spec2bdd_reports_the_truth(name: str, tmp_path: Path) -> None:
    trap = TRAPS.TRAPS[name]
    behave = str(Path(sys.executable).with_name("behave"))
    for folder in ("theirs", "ours"):
        (tmp_path / folder).mkdir()
        TRAPS.write_trap(tmp_path / folder, trap)
    behave_result = TRAPS.judge_rival(
        tmp_path / "theirs", trap, [behave, "-f", "json", "-o", "behave.json", "features"], "behave.json"
    )
    assert (PAGE_RESULTS[name][0], TRAPS.TRUTH) == (behave_result, TRAPS.judge_ours(tmp_path / "ours", trap))


def test_most_traps_are_ones_that_plain_behave_steps_into() -> None:
    assert [name for name, results in PAGE_RESULTS.items() if results[0] == "green"][:4] == list(TRAPS.TRAPS)[:4]
    assert sum(results[0] != "truth" for results in PAGE_RESULTS.values()) >= 18
