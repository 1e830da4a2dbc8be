"""Why a box is as it is: one criterion in full or a spec as a table, by the last records, and nothing is written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import program
import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    run,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.commands.explain import explain
from spec2bdd.config import read_config
from spec2bdd.domain.verdicts.rules import RULES
from spec2bdd.model import CriterionExplanation, RuleId
from spec2bdd.reporters.next_step.of_explanation import find_next_of

ROOT = Path(__file__).resolve().parents[1]
MORE = """\
- [ ] It is pretty (manual)
- [ ] It is blue (waived: no paint)
- [~] It is half done
- [ ] It is vacuous
- [ ] It has parts
  - [ ] It has a part that fails

### Won't Have
- [ ] A shelf
"""
MORE_STEPS = """

@then("it is vacuous")
def it_is_vacuous(context):
    pass


@then("it has a part that fails")
def it_has_a_part(context):
    assert [] == [1]
"""


@pytest.fixture(scope="module")
def basket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that was run, with a criterion of each kind."""
    root = write_basket(tmp_path_factory.mktemp("basket"), spec=SPEC + MORE, steps=STEPS + MORE_STEPS)
    generate(root)
    run(root)
    return root


def ask(root: Path, criterion: str) -> CriterionExplanation:
    """Return what is told of one criterion."""
    (entry,) = explain(read_config(root), "3.10", criterion).entries
    return entry


def ask_next(root: Path, criterion: str) -> str:
    """Return what to type next about one criterion."""
    explanation = explain(read_config(root), "3.10", criterion)
    return find_next_of(explanation, explanation.entries[0])


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `spec2bdd explain` in a folder."""
    return program.call(root, "explain", *arguments, COLUMNS="120", NO_COLOR="1")


VERDICTS = [
    ("An item can be added", "passed", "passed", "run `spec2bdd mark`"),
    ("Removing", "failed", "failed", "make the step in features/3_10_shop_basket.feature:"),
    ("survives", "pending", "pending", "write the steps in"),
    ("pretty", "manual", "manual", "then `spec2bdd tick ac_3_10_"),
    ("blue", "waived", "waived", "`spec2bdd unwaive ac_3_10_"),
    ("half done", "pending", "set aside", "`spec2bdd waive ac_3_10_"),
    ("vacuous", "pending", "vacuous", "make the step in steps/shop_basket_steps.py:16 able to fail"),
    ("It has parts", "failed", "children", "make the step in features/3_10_shop_basket.feature:40 pass"),
]


@pytest.mark.parametrize(("text", "verdict", "rule", "advice"), VERDICTS, ids=[case[0] for case in VERDICTS])
def test_each_verdict_has_its_rule_and_what_to_type_next(
    basket: Path, text: str, verdict: str, rule: str, advice: str
) -> None:
    entry = ask(basket, text)
    assert entry.judgement
    assert (entry.judgement.verdict, entry.rule.place) == (verdict, RULES[RuleId(rule)].place)
    # Of the causes that a rule lists, the one that applied.
    causes = {"failed": "a step failed", "pending": "a step is not implemented"}
    assert entry.rule.sentence == causes.get(rule, RULES[RuleId(rule)].sentence)
    assert advice in ask_next(basket, text)


def test_what_nobody_asks_for_is_never_ticked_and_needs_nothing(basket: Path) -> None:
    entry = ask(basket, "shelf")
    assert (None, RULES[RuleId.WONT], "") == (entry.judgement, entry.rule, ask_next(basket, "shelf"))


def test_without_records_nothing_has_run(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    entry = ask(tmp_path, "added")
    assert entry.judgement
    assert ("not run", RULES[RuleId.NOT_RUN]) == (entry.judgement.verdict, entry.rule)
    assert "spec2bdd verify" in ask_next(tmp_path, "added")


def test_suggestions_and_what_a_comment_ignores_are_left_to_lint(tmp_path: Path) -> None:
    head = "---\nfeature_id: 3.10\nname: Basket\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n### Must Have\n\n"
    items = "- [ ] An item is added\n- [~] An item is kept\n- [ ] TBD{}\n"
    write_files(tmp_path, {SPEC_PATH: head + items.format("")})
    shown = [diagnostic.code for diagnostic in explain(tmp_path, "3.10").diagnostics]
    write_files(tmp_path, {SPEC_PATH: head + items.format(" <!-- spec2bdd: ignore placeholder-criterion -->")})
    ignored = [diagnostic.code for diagnostic in explain(tmp_path, "3.10").diagnostics]
    assert (shown, ignored) == (["placeholder-criterion"], [])


AREAS = """\
---
feature_id: 3.10
name: Basket
status: Draft
---

## Acceptance Criteria

### Must Have

- [ ] An item is added
  - When an item is added
  - Perhaps it is red
  - Then it is in the basket
- [ ] An item is removed

### Should Have

- A basket is named

- [ ] A basket is shared
"""


@pytest.mark.parametrize(
    ("criterion", "codes"),
    [("added", ["unread-steps"]), ("removed", []), ("shared", [])],
)
def test_of_one_criterion_only_its_own_warnings_are_shown(tmp_path: Path, criterion: str, codes: list[str]) -> None:
    write_files(tmp_path, {SPEC_PATH: AREAS})
    assert [item.code for item in explain(tmp_path, "3.10", criterion).diagnostics] == codes
    every = [item.code for item in explain(tmp_path, "3.10").diagnostics]
    assert sorted(every) == ["criteria-without-boxes", "unread-steps"]


def test_of_one_criterion_no_edit_of_another_scenario_is_shown(tmp_path: Path) -> None:
    write_files(tmp_path, {SPEC_PATH: AREAS})
    generate(tmp_path)
    path = "features/3_10_basket.feature"
    text = (tmp_path / path).read_text(encoding="utf-8")
    write_files(tmp_path, {path: text.replace("Then an item is removed", "Then an item is gone")})
    codes = [[item.code for item in explain(tmp_path, "3.10", name).diagnostics] for name in ("removed", "shared")]
    assert codes == [["edited-by-hand"], []]
    # Now the file would have to be written for this one, too.
    write_files(tmp_path, {SPEC_PATH: AREAS.replace("A basket is shared", "A basket can be shared")})
    assert "edited-by-hand" in [item.code for item in explain(tmp_path, "3.10", "shared").diagnostics]


def test_records_of_other_files_are_stale(basket: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {path.relative_to(basket).as_posix(): path.read_bytes() for path in find_files(basket)})
    write_files(tmp_path, {STEPS_PATH: STEPS + MORE_STEPS + "# a remark\n"})
    entry = ask(tmp_path, "added")
    assert entry.judgement
    assert ("stale", RULES[RuleId.STALE]) == (entry.judgement.verdict, entry.rule)


def test_an_error_of_a_hook_in_the_words_of_a_reason_is_no_bad_file(tmp_path: Path) -> None:
    hook = "def after_all(context):\n    raise OSError('the socket cannot be closed')\n"
    write_files(write_basket(tmp_path), {"environment.py": hook})
    generate(tmp_path)
    run(tmp_path)
    entry = ask(tmp_path, "added")
    assert entry.judgement
    assert "the socket cannot be closed" in entry.judgement.reason
    assert ("not run", RULES[RuleId.BROKEN_RUN]) == (entry.judgement.verdict, entry.rule)


def test_a_new_wording_is_told_with_the_old_one(basket: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {path.relative_to(basket).as_posix(): path.read_bytes() for path in find_files(basket)})
    spec = (tmp_path / SPEC_PATH).read_text()
    write_files(tmp_path, {SPEC_PATH: spec.replace("An item can be added", "An item can be added twice")})
    generate(tmp_path)
    entry = ask(tmp_path, "added twice")
    assert ("An item can be added", RULES[RuleId.REWORDED]) == (entry.item.reworded, entry.rule)
    assert "spec2bdd accept ac_3_10_" in ask_next(tmp_path, "added twice")
    assert "last accepted: `An item can be added`" in call(tmp_path, "3.10", "added twice").stdout


def find_files(root: Path) -> list[Path]:
    """Return the files of a project."""
    return [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_one_criterion_is_told_with_its_scenario_its_step_and_its_error(basket: Path) -> None:
    answer = call(basket, "3.10", "Removing")
    assert (answer.returncode, answer.stderr) == (0, "")
    step = '    Then removing an item that is not there is refused with "no such item"'
    line = (basket / FEATURE_PATH).read_text().splitlines().index(step)
    told = (
        f"{SPEC_PATH}:29",
        f"{FEATURE_PATH}:{line}",
        f"{STEPS_PATH}:10",
        "no no such item",
        "rule      a step failed\n",
    )
    assert [word for word in told if word not in answer.stdout] == []
    # Pages of this repository are not in the project of a user.
    assert "docs/" not in answer.stdout


def test_a_tick_that_is_new_and_not_proved_is_not_said_to_stay(basket: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(basket, tmp_path / "basket"))
    spec = (
        (root / SPEC_PATH)
        .read_text(encoding="utf-8")
        .replace("- [ ] It is vacuous\n", "- [ ] It is vacuous\n- [x] It is quite another thing\n")
    )
    (root / SPEC_PATH).write_text(spec, encoding="utf-8")
    answer = call(root, "3.10", "quite another")
    assert "[unproved-tick]" in answer.stderr
    assert "box       [x], and `spec2bdd verify` unticks it unless its scenario passes\n" in answer.stdout


def test_a_stub_is_shown_without_an_error(basket: Path) -> None:
    answer = call(basket, "3.10", "survives")
    assert "verdict   pending: step not implemented" in answer.stdout
    # What Behave prints and raises repeats the step.
    assert [word for word in ("StepNotImplementedError", "CAPTURED") if word in answer.stdout] == []


def test_a_spec_is_a_table_of_all_its_boxes_with_what_holds_it_back(basket: Path) -> None:
    answer = call(basket, SPEC_PATH).stdout
    texts = re.findall(r"^ *- \[.\] (.*?)(?: \(.*\))?$", SPEC + MORE, re.MULTILINE)
    assert [text for text in texts if text not in answer] == []
    held = answer.split("must criterion failed (line 29)")
    assert [text.count("\nblocking Review\n  · ") for text in held] == [1, 0]
    assert held[1].splitlines()[1:3] == [
        "blocking Complete",
        "  · definition-of-done item not ticked (line 23): All functional requirements implemented",
    ]


WORKING = STEPS.replace('assert "pear" in basket', 'assert "apple" in basket')
TICKED = SPEC.replace("- [ ] All functional", "- [x] All functional")
MUSTS = TICKED[: TICKED.index("### Should Have")]
OPEN = {
    "before it is marked": (TICKED, run, "nothing blocks Complete; 1 should and 1 could are open"),
    "complete": (TICKED, verify, "nothing endangers Complete; 1 should and 1 could are open"),
    "complete, with two of a tier": (
        f"{TICKED}- [ ] Baskets are blue\n".replace("### Should Have\n", "### Could Have\n"),
        verify,
        "nothing endangers Complete; 3 coulds are open",
    ),
    "without a status": (
        TICKED.replace("status: Draft\n", ""),
        run,
        "no must is open; 1 should and 1 could are open",
    ),
    "without a status, with a done item": (
        MUSTS.replace("status: Draft\n", "").replace("[x] All", "[ ] All"),
        verify,
        "no must is open; 1 item of the definition of done is not ticked",
    ),
    "not marked": (MUSTS, run, "nothing blocks Complete"),
    "all": (MUSTS, verify, "nothing is missing"),
}


@pytest.mark.parametrize(("spec", "command", "expected"), OPEN.values(), ids=OPEN)
def test_what_is_open_without_blocking_a_status_is_counted(
    tmp_path: Path, spec: str, command: Callable[[Path], object], expected: str
) -> None:
    generate(write_basket(tmp_path, spec=spec, steps=WORKING))
    command(tmp_path)
    *_, line, _, step = call(tmp_path, "3.10").stdout.splitlines()
    assert line == expected
    assert expected != "nothing is missing" or step == "next: nothing to do"


@pytest.mark.parametrize(("spec", "status"), [(SPEC, "Review"), (TICKED, "Complete")], ids=["Review", "Complete"])
def test_what_a_reached_status_lacks_endangers_it_and_does_not_block_it(tmp_path: Path, spec: str, status: str) -> None:
    generate(write_basket(tmp_path, spec=spec, steps=WORKING))
    verify(tmp_path)
    assert f"status: {status}\n" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")
    write_files(tmp_path, {STEPS_PATH: f"{(tmp_path / STEPS_PATH).read_text(encoding='utf-8')}\n# Changed.\n"})
    explained = call(tmp_path, "3.10").stdout
    assert f"\nendangers {status}\n  · must criterion stale" in explained
    assert (f"blocking {status}" in explained, "blocking Complete" in explained) == (False, status == "Review")
    assert f"\nendangers {status}: must criterion stale" in program.call(tmp_path, "status", "3.10").stdout


def test_a_criterion_without_a_scenario_has_no_proof_and_no_scenario_that_broke(tmp_path: Path) -> None:
    answer = " ".join(call(write_basket(tmp_path), "3.10#1").stdout.split())
    assert "verdict not run: no scenario yet rule a criterion without a scenario is not run" in answer
    assert "proof no scenario yet run" in answer


def test_a_criterion_can_be_asked_for_without_its_spec(basket: Path) -> None:
    assert "An item can be added" in call(basket, "3.10#1").stdout.splitlines()[0]


def test_the_json_says_the_same(basket: Path) -> None:
    shown = call(basket, "3.10", "#2", "--format", "json").stdout
    # The pages of the documentation are not in the project of the user.
    assert "docs/" not in shown
    document: dict[str, Any] = json.loads(shown)
    (told,) = document["criteria"]
    assert (told["number"], told["verdict"], told["scenario"]["path"]) == (2, "failed", FEATURE_PATH)
    assert document["version"] == 1
    assert document["run"]["id"]
    whole: dict[str, Any] = json.loads(call(basket, "3.10", "--format", "json").stdout)
    assert (len(whole["criteria"]), len(whole["done"]), len(whole["holds"])) == (11, 1, 2)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("3.11",), "did you mean `3.10` (Shop basket)?"),
        (("3.10", "#99"), "has 11 criteria"),
        (("3.10", "it"), "use one of the names before the colons"),
    ],
)
def test_what_is_not_found_exits_2_with_a_hint(basket: Path, arguments: tuple[str, ...], hint: str) -> None:
    answer = call(basket, *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert hint in answer.stderr


def test_asking_writes_nothing(basket: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in find_files(basket)}
    call(basket, "3.10")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in find_files(basket)} == before


def test_damaged_records_are_told_and_the_question_is_answered(basket: Path, tmp_path: Path) -> None:
    write_files(tmp_path, {path.relative_to(basket).as_posix(): path.read_bytes() for path in find_files(basket)})
    write_files(tmp_path, {".spec2bdd/records.ndjson": "{\n{}\n"})
    answer = call(tmp_path, "3.10", "#1")
    # What is called an error has its exit code.
    assert answer.returncode == 2
    assert "error:" in answer.stderr
    assert "not run" in answer.stdout


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_stands_where_it_says(rule: Any) -> None:
    page, _, anchor = rule.place.partition("#")
    text = (ROOT / page).read_text(encoding="utf-8")
    headings = [found.lower().replace(" ", "-") for found in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    assert anchor in headings
    assert rule.sentence in " ".join((ROOT / "docs" / "explaining.md").read_text(encoding="utf-8").split())
