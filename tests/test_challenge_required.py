"""What the project says about blind criteria, and what is remembered of challenges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from challenge_products import copy_product, gut_steps, list_strengths, run_challenges
from planned_project import make_criterion
from small_project import generate, mark, read_all, run, verify, write_files
from tree_repository import run_git

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.commands.challenge import challenge
from spec2bdd.commands.explain import explain
from spec2bdd.config import read_config
from spec2bdd.errors import RunError
from spec2bdd.model import (
    ChallengedCriterion,
    ChallengeReport,
    CriterionStrength,
    RuleId,
    Selection,
    Strength,
    Verdict,
)
from spec2bdd.reporters.next_step.of_explanation import find_next_of
from spec2bdd.reporters.registry import RenderOptions
from spec2bdd.reporters.sarif import render_sarif
from spec2bdd.reporters.summary import list_annotations
from spec2bdd.reporters.text.challenges import render_challenges

MEMORY = Path(".spec2bdd/challenges.json")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project that requires checks to notice, and whose third step checks nothing."""
    root = copy_product("library", tmp_path / "project")
    (root / "spec2bdd.toml").write_text('challenge = "require"\n', encoding="utf-8")
    gut_steps(root, choose=lambda number: number == 2)
    return root


def list_verdicts(report: Any) -> list[Verdict]:
    """List the verdicts of the only spec."""
    return [verdict.verdict for verdict in report.specs[0].verdicts]


def test_a_criterion_that_is_pending_because_it_is_blind_can_be_challenged(root: Path) -> None:
    strengths = list_strengths(run_challenges(root, ChallengeOptions(most=5)))
    assert list(strengths.values()) == [Strength.NOTICES, Strength.NOTICES, Strength.BLIND, Strength.NOTICES]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"version": 5}',
        '{"version": 5, "digest": "", "content": {"scenarios": {"a": 1}, "strengths": {"b": 2}}}',
        "changed",
    ],
)
def test_memory_that_is_damaged_counts_as_empty(root: Path, content: str) -> None:
    expected = [Verdict.PASSED, Verdict.PASSED, Verdict.PENDING, Verdict.PASSED]
    run_challenges(root, ChallengeOptions(most=5))
    path = root / MEMORY
    if content == "changed":
        remembered = json.loads(path.read_bytes())
        for entry in (each for part in remembered["content"].values() for each in part.values()):
            entry.clear()
        content = json.dumps(remembered)
    path.write_text(content, encoding="ascii")
    assert list_verdicts(verify(root)) == expected


def test_memory_that_was_committed_counts_as_empty(root: Path) -> None:
    run_git(root, "init", "--quiet")
    assert list_verdicts(verify(root)) == [Verdict.PASSED, Verdict.PASSED, Verdict.PENDING, Verdict.PASSED]
    kept = {Verdict.PASSED, Verdict.PENDING}
    assert {verdict.verdict for verdict in mark(root).specs[0].verdicts} == kept
    run_git(root, "add", "--force", str(MEMORY))
    verdicts = mark(root, check=True).specs[0].verdicts
    assert {(verdict.verdict, verdict.rule) for verdict in verdicts} == {(Verdict.PENDING, RuleId.NOT_CHALLENGED)}


CHANGES = {
    "nothing": ("specs/1.1-basket.md", b"\n<!-- a note -->\n", 0),
    "code that no scenario runs": ("shop/till.py", b"OPEN = True\n", 0),
    "data that one of them reads": ("shop/tax.json", b" ", 1),
    "code that all of them run": ("shop/basket.py", b"# a note\n", 4),
    "a helper that a step imports when it runs": ("testing/amounts.py", b"# a note\n", 1),
    "a step": ("steps/basket_steps.py", b"# a note\n", 4),
}


def test_challenges_of_other_steps_prove_nothing_of_a_part_that_is_run_alone(tmp_path: Path) -> None:
    root = copy_product("library", tmp_path / "project")
    (root / "spec2bdd.toml").write_text('challenge = "require"\n', encoding="utf-8")
    verify(root)
    gut_steps(root)
    run(root, choice=Selection(("1.1#1",)))
    verdict = mark(root, check=True).specs[0].verdicts[0]
    assert (verdict.verdict, verdict.rule) == (Verdict.PENDING, RuleId.NOT_CHALLENGED)


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_challenged_again_and_nothing_else(tmp_path: Path, change: str) -> None:
    root = copy_product("library", tmp_path / "project")
    basket = (root / "shop/basket.py").read_text(encoding="utf-8")
    reads = "\n        import json\n        from pathlib import Path\n\n"
    reads += "        tax = json.loads((Path(__file__).parent / 'tax.json').read_text())\n"
    basket = basket.replace(
        "        return sum(line.price for line in self.lines)", f"{reads}        return tax + self.add_up()"
    )
    basket += "\n    def add_up(self):\n        return sum(line.price for line in self.lines)\n"
    write_files(root, {"shop/basket.py": basket, "shop/tax.json": "0", "shop/till.py": ""})
    steps = (root / "steps/basket_steps.py").read_text(encoding="utf-8")
    check = "from testing.amounts import FIVE\n\n    assert total == FIVE, total"
    steps = steps.replace("assert total == 5, total", check)
    write_files(root, {"steps/basket_steps.py": steps, "testing/amounts.py": "FIVE = 5\n"})
    run_challenges(root, ChallengeOptions(most=1))
    path, added, expected = CHANGES[change]
    with (root / path).open("ab") as stream:
        stream.write(added)
    run(root)
    events: list[Any] = []
    challenge(read_config(root), options=ChallengeOptions(most=1), on_event=events.append)
    again = [event["name"] for event in events if event["event"] == "challenged" and "remembered" not in event]
    assert len(again) == expected


def test_challenges_that_are_interrupted_go_on_where_they_ended(root: Path) -> None:
    def interrupt(event: Mapping[str, object]) -> None:
        if event["event"] == "challenged":
            raise KeyboardInterrupt

    generate(root)
    run(root)
    with pytest.raises(KeyboardInterrupt):
        challenge(read_config(root), options=ChallengeOptions(most=5), on_event=interrupt)
    events: list[Any] = []
    challenge(read_config(root), options=ChallengeOptions(most=5), on_event=events.append)
    assert [event.get("remembered", False) for event in events if event["event"] == "challenged"].count(True) == 1


def weaken(root: Path) -> None:
    """Let the step of the third criterion notice nothing but an empty sum."""
    path = root / "steps/basket_steps.py"
    text = path.read_text(encoding="utf-8")
    assert "assert total == 5, total" in text
    path.write_text(text.replace("assert total == 5, total", "assert total"), encoding="utf-8")


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    """Make a project whose checks notice, and have been challenged."""
    root = copy_product("library", tmp_path / "project")
    (root / "spec2bdd.toml").write_text('challenge = "require"\n', encoding="utf-8")
    assert set(list_strengths(run_challenges(root, ChallengeOptions())).values()) == {Strength.NOTICES}
    return root


def test_a_check_that_notices_less_than_before_is_weaker(honest: Path) -> None:
    weaken(honest)
    run(honest)
    report = challenge(read_config(honest))
    assert [challenged.strength.strength for challenged in report.criteria].count(Strength.WEAKER) == 1
    strength = report.criteria[2].strength
    assert (strength.strength, report.exit_code) == (Strength.WEAKER, 1)
    assert strength.reason == "its checks no longer notice `Basket.total: 5 becomes 6` in shop/basket.py"


def test_the_next_step_names_a_blind_criterion(root: Path) -> None:
    report = run_challenges(root, ChallengeOptions(most=5))
    text = render_challenges(report, RenderOptions(width=200))
    assert text.splitlines()[-1] == (
        "next: make the Then steps of `The total is the sum of all prices` check what the product returns, then "
        "`spec2bdd challenge`"
    )


def test_a_blind_step_is_shown_on_its_line(root: Path) -> None:
    report = run_challenges(root, ChallengeOptions(most=5))
    found = [(each.path, each.line, each.code) for each in list_annotations(report)]
    line = (root / "steps/basket_steps.py").read_text(encoding="utf-8").splitlines().index("def the_total(context):")
    # The place of a step is that of its decorator.
    assert found == [("steps/basket_steps.py", line, "blind-criterion")]
    log = json.loads(render_sarif(report))["runs"][0]
    place = log["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "steps/basket_steps.py"
    assert log["results"][0]["message"]["text"].startswith("`The total is the sum of all prices` (specs/")


def test_what_is_weaker_is_pending_until_it_is_checked_again(honest: Path) -> None:
    before = (honest / "steps/basket_steps.py").read_bytes()
    weaken(honest)
    expected = [Verdict.PASSED, Verdict.PASSED, Verdict.PENDING, Verdict.PASSED]
    # The second time nothing has changed, and everything is remembered.
    for _ in range(2):
        report = verify(honest)
        assert list_verdicts(report) == expected
    assert report.specs[0].verdicts[2].rule is RuleId.WEAKER
    (honest / "steps/basket_steps.py").write_bytes(before)
    assert list_verdicts(verify(honest)) == [Verdict.PASSED] * 4


def test_what_is_weaker_can_be_accepted(honest: Path) -> None:
    weaken(honest)
    verify(honest)
    assert challenge(read_config(honest), options=ChallengeOptions(forget=True)).exit_code == 0
    assert list_verdicts(verify(honest)) == [Verdict.PASSED] * 4


def test_a_warning_names_what_is_weaker(honest: Path) -> None:
    (honest / "spec2bdd.toml").write_text('challenge = "warn"\n', encoding="utf-8")
    weaken(honest)
    report = verify(honest)
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["weaker-criterion"]
    assert list_verdicts(report) == [Verdict.PASSED] * 4


@pytest.mark.parametrize(("weakens", "what"), [(weaken, "notice what they noticed before"), (gut_steps, "check what")])
def test_explain_says_what_to_do_about_a_weak_criterion_that_passes(
    honest: Path, weakens: Callable[[Path], None], what: str
) -> None:
    (honest / "spec2bdd.toml").write_text('challenge = "warn"\n', encoding="utf-8")
    weakens(honest)
    report = verify(honest)
    weak = {diagnostic.line for diagnostic in report.diagnostics}
    entries = explain(honest, report.specs[0].spec.path).entries
    explanations = {entry.item.id: explain(honest, entry.item.id) for entry in entries}
    steps = {id_: find_next_of(found, found.entries[0]) for id_, found in explanations.items()}
    for entry in entries:
        step, is_weak = steps[entry.item.id], entry.item.criterion.line in weak
        command = f"; `spec2bdd challenge {entry.item.id} -v` lists the faults"
        assert (what in step, step.endswith(command)) == (is_weak, is_weak)


def test_an_answer_that_is_no_longer_asked_for_is_no_longer_noticed(tmp_path: Path) -> None:
    root = copy_product("library", tmp_path / "project")
    steps = root / "steps/basket_steps.py"
    text = steps.read_text(encoding="utf-8")
    both = text.replace("assert total == 5, total", "assert total == 5\n    assert basket.count() == 2")
    steps.write_text(both, encoding="utf-8")
    run_challenges(root, ChallengeOptions(every=True))
    # The first fault, which is in the total, is still noticed.
    steps.write_text(text, encoding="utf-8")
    run(root)
    strength = challenge(read_config(root)).criteria[2].strength
    assert (strength.strength, strength.reason[:42]) == (Strength.WEAKER, "its checks no longer notice `Basket.count:")


def test_verify_of_one_criterion_is_enough_to_challenge_it(root: Path) -> None:
    generate(root)
    run(root, choice=Selection(names=("1.1#1",)))
    report = challenge(read_config(root), options=ChallengeOptions(most=2))
    assert len(report.criteria) == 1


def test_most_limits_all_faults_as_well(root: Path) -> None:
    report = run_challenges(root, ChallengeOptions(every=True, most=2))
    assert [challenged.strength.tried for challenged in report.criteria] == [2, 2, 2, 2]


def test_a_system_that_cannot_fork_gets_an_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_challenges(root, ChallengeOptions(most=1))
    # There alone: the standard library also asks where it is.
    monkeypatch.setattr("spec2bdd.adapters.behave.challenger.sys", SimpleNamespace(platform="win32"))
    with pytest.raises(RunError, match="faults can only be tried on Linux"):
        challenge(read_config(root))


def test_what_a_killed_challenge_started_ends_with_it(tmp_path: Path) -> None:
    """Each try waits with a child; neither the try nor the child, nor Behave, may be left."""
    root = copy_product("library", tmp_path / "project")
    step = (root / "steps" / "basket_steps.py").read_text(encoding="utf-8")
    waits = "    import subprocess, time\n    from pathlib import Path\n\n    if Path('waits').exists():\n"
    waits += "        child = subprocess.Popen(['sleep', '600'])\n        Path(f'started-{child.pid}').touch()\n"
    waits += "        child.wait()\n    basket = Basket()\n"
    step = step.replace("    basket = Basket()\n", waits)
    (root / "steps" / "basket_steps.py").write_text(step, encoding="utf-8")
    generate(root)
    run(root)
    before = read_all(root)
    (root / "waits").touch()
    command = [sys.executable, "-m", "spec2bdd", "challenge", "-q"]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "TMPDIR": str(tmp_path)}) as process:
        while not (started := list(root.glob("started-*"))):
            time.sleep(0.05)
        process.kill()
    pid = int(started[0].name.removeprefix("started-"))
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.05)
    for path in (root / "waits", *started):
        path.unlink()
    assert read_all(root) == before


SET_UP = """\
from behave import given, then, when

import shop


@given("a full shelf")
def a_full_shelf(context):
    context.shelf = shop.fill()
    assert context.shelf == ["pear"]


@when("it is emptied")
def it_is_emptied(context):
    context.left = shop.empty(context.shelf)
    assert context.left < 10


@then("nothing is left")
def nothing_is_left(context):
    assert {check}
"""
SHELF = "def fill():\n    return ['pear']\n\n\ndef empty(shelf):\n    return len(shelf) - len(shelf)\n"


@pytest.mark.parametrize(
    ("check", "expected"),
    [("context.left == 0", Verdict.PASSED), ("len(str(context.left)) < 100", Verdict.PENDING)],
    ids=["the check of `Then` notices", "only those of `Given` and `When` could"],
)
def test_a_check_before_then_is_not_that_of_the_criterion(tmp_path: Path, check: str, expected: Verdict) -> None:
    spec = "---\nfeature_id: 1\nname: Shelf\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n"
    files = {
        "specs/1.md": f"{spec}- [ ] Given a full shelf, when it is emptied, then nothing is left\n",
        "steps/shelf_steps.py": SET_UP.format(check=check),
        "shop.py": SHELF,
        "spec2bdd.toml": 'challenge = "require"\n',
    }
    assert list_verdicts(verify(write_files(tmp_path, files))) == [expected]


def test_with_an_error_the_summary_says_neither_passed_nor_failed() -> None:
    noticing = ChallengedCriterion("specs/a.md", make_criterion("a"), CriterionStrength("ac_a", Strength.NOTICES))
    for exit_code, head in ((0, "Passed: "), (2, "Error: ")):
        text = render_challenges(ChallengeReport((noticing,), exit_code=exit_code), RenderOptions(width=200))
        assert text.startswith(f"{head}1 of 1 criterion notices")
