"""Challenges of a product that runs in Python processes which the steps start."""

from __future__ import annotations

from pathlib import Path

import pytest
from challenge_products import copy_product, run_challenges

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.model import ChallengedScenario, ChallengeOutcome

FAULTS = ChallengeOptions(jobs=2, every=True, most=40)


def challenge_count(root: Path) -> ChallengedScenario:
    """Challenge the first criterion of the product."""
    return run_challenges(root, FAULTS, "words of a text").criteria[0].strength.scenarios[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The command-line program, whose steps run it in a process."""
    return copy_product("command", tmp_path / "product")


def test_the_lines_that_a_process_runs_are_those_of_the_scenario(root: Path) -> None:
    lines = challenge_count(root).lines
    assert lines["wordcount/count.py"] == (1, 4, 6, 9)
    assert 16 not in lines["wordcount/__main__.py"]


def test_a_mutant_that_a_process_loads_is_noticed(root: Path) -> None:
    mutants = {
        challenge.fault.change[1]: challenge.outcome
        for challenge in challenge_count(root).challenges
        if challenge.fault.kind == "mutant"
    }
    assert mutants["return None"] is ChallengeOutcome.UNNOTICED
    assert mutants["pass"] is ChallengeOutcome.NOTICED
    assert "export_words(path, Path(arguments[3]))" not in mutants


def test_no_file_of_the_product_changes(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.glob("wordcount/*.py")}
    assert challenge_count(root).challenges
    assert {path: path.read_bytes() for path in root.glob("wordcount/*.py")} == before


def test_the_sitecustomize_of_the_user_still_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "site").mkdir()
    (root / "site/sitecustomize.py").write_text("import builtins\nbuiltins.own = 'own'\n", encoding="utf-8")
    main = root / "wordcount/__main__.py"
    main.write_text("assert own == 'own'\n" + main.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(root / "site"), prepend=":")
    scenario = challenge_count(root)
    assert scenario.problem == ""
    assert scenario.lines["wordcount/__main__.py"]


def test_a_process_without_site_is_reached_by_its_output_only(root: Path) -> None:
    steps = root / "steps/word_count_steps.py"
    text = steps.read_text(encoding="utf-8")
    steps.write_text(text.replace('sys.executable, "-m"', 'sys.executable, "-S", "-m"'), encoding="utf-8")
    scenario = challenge_count(root)
    assert scenario.lines == {}
    assert {challenge.fault.kind for challenge in scenario.challenges} == {"altered"}
    assert scenario.count(ChallengeOutcome.NOTICED) > 0
