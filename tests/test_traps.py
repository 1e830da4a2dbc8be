"""Each trap of docs/traps.md, sprung once more: plain Behave says what the page says, and ours says the truth."""

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
    """Return what the page says that each tool makes of each trap."""
    lines = (DOCS / "traps.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {name: said for name, *said in rows[1:]}


TRAPS = load_traps()
SAID = read_rows()


@pytest.mark.parametrize("name", TRAPS.TRAPS)
def test_plain_behave_says_what_the_page_says_and_ours_the_truth(name: str, tmp_path: Path) -> None:
    trap = TRAPS.TRAPS[name]
    behave = str(Path(sys.executable).with_name("behave"))
    for folder in ("theirs", "ours"):
        (tmp_path / folder).mkdir()
        TRAPS.write_trap(tmp_path / folder, trap)
    said = TRAPS.judge_rival(
        tmp_path / "theirs", trap, [behave, "-f", "json", "-o", "behave.json", "features"], "behave.json"
    )
    assert (SAID[name][0], TRAPS.TRUTH) == (said, TRAPS.judge_ours(tmp_path / "ours", trap))


def test_most_traps_are_ones_that_plain_behave_steps_into() -> None:
    assert [name for name, said in SAID.items() if said[0] == "green"][:4] == list(TRAPS.TRAPS)[:4]
    assert sum(said[0] != "truth" for said in SAID.values()) >= 18
