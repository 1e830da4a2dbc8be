"""`--since` with recorded lines: what ran or read something that has changed runs again, and in doubt everything."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from random_edits import try_edits, write_product
from shop_project import (
    ADDED,
    EVERY,
    OWN,
    PRICED,
    PRINTED,
    REDUCED,
    REMOVED,
    TERMS,
    copy_shop,
    edit,
    list_run,
    write_before_run,
    write_shop,
)
from small_project import list_verdicts, mark, run, verify
from tree_repository import run_git

from spec2bdd.commands.tracing.trace import trace
from spec2bdd.config import read_config
from spec2bdd.errors import UsageError
from spec2bdd.model import Report, RunOptions, Selection

SINCE = Selection(since="HEAD")
BASKET, PRICES, STEPS = "shop/basket.py", "shop/prices.py", "steps/shop_steps.py"


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the project once, with the records of a whole run."""
    return write_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(verified: Path, tmp_path: Path) -> Path:
    """Copy the project for one test."""
    return copy_shop(verified, tmp_path / "shop")


# Which scenarios an edit runs again. The one that starts a process may depend on any file.
EDITS = {
    "a function that two scenarios run": (BASKET, "append((name, price))", "append((name, +price))", (ADDED, PRINTED)),
    "a line of a function that runs": (BASKET, 'raise ValueError("too many")', "return", (ADDED, PRINTED)),
    "a function that one scenario runs": (BASKET, "KeyError(name)", "KeyError(name, 1)", (REMOVED, PRINTED)),
    "a function that only a process runs": (BASKET, "price for _,", "+price for _,", (PRINTED,)),
    "a function behind a cache": (PRICES, "json.loads(text)", "dict(json.loads(text))", (PRICED, REDUCED, PRINTED)),
    "a step definition": (STEPS, 'price("tea") == 3', 'price("tea") == 1 + 2', (PRICED, PRINTED)),
    "a data file that two scenarios read": ("data/prices.json", "3", "3.0", (PRICED, REDUCED, PRINTED)),
    "a data file that no scenario reads": ("data/unused.json", "{}", "[]", (PRINTED,)),
    "a document that a scenario reads": ("docs/terms.md", "The shop", "This shop", (TERMS,)),
    "a document that no scenario reads": ("docs/other.md", "Other", "Another", ()),
    "a module that no scenario imports": ("tools/unused.py", "return 1", "return 2", (PRINTED,)),
    "a comment": (BASKET, "# Every item of that name.", "# All of them.\n", (PRINTED,)),
    "the layout of a function": (BASKET, "len(self.items)\n\n", "len(\n            self.items)\n\n", (PRINTED,)),
    "a constant of a module that all steps import": (BASKET, "LIMIT = 9", "LIMIT = 8", EVERY),
    "a docstring, which a module can show": (BASKET, '"""Add an item."""', '"""Add one item."""', EVERY),
    "a hook": ("environment.py", '["tea"]', '["milk"]', EVERY),
    "the signature of a function": (BASKET, "def count(self)", "def count(self, *_)", EVERY),
    "a feature file": ("features/own.feature", "Then the basket", "Given the basket", (OWN,)),
}  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after", "expected"), EDITS.values(), ids=EDITS)
def test_an_edit_runs_again_what_it_can_affect(
    shop: Path, path: str, before: str, after: str, expected: tuple[str, ...]
) -> None:
    edit(shop, path, before, after)
    assert list_run(verify(shop, choice=SINCE)) == expected


DOUBTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a new module": (
        lambda root: write_before_run(root, {"shop/new.py": "A = 1\n"}),
        "`shop/new.py` is new since the last run",
    ),
    "a new data file": (
        lambda root: write_before_run(root, {"data/new.json": "{}"}),
        "`data/new.json` is new since the last run",
    ),
    "a file that is gone": (
        lambda root: (root / "data/unused.json").unlink(),
        "`data/unused.json` was removed since the last run",
    ),
    "settings": (
        lambda root: write_before_run(root, {"spec2bdd.toml": "record-lines = true\njobs = 1\n"}),
        "`spec2bdd.toml` has changed since the last run",
    ),
    "a step file that cannot be loaded": (
        lambda root: edit(root, STEPS, "import subprocess", "import subprocess as"),
        "`steps/shop_steps.py` has changed",
    ),
    "no lines": (
        lambda root: (root / ".spec2bdd/records.lines.json").unlink(),
        "the last run recorded no lines",
    ),
    "lines that are damaged": (
        lambda root: write_before_run(root, {".spec2bdd/records.lines.json": '{"version": 1}'}),
        "the last run recorded no lines",
    ),
    "lines that were committed": (
        lambda root: run_git(root, "add", "-f", ".spec2bdd/records.lines.json"),
        "the last run recorded no lines",
    ),
    "another package": (
        lambda root: replace_program(root),
        "Python, an installed package or a value of `-D` has changed since the last run",
    ),
}


def replace_program(root: Path) -> None:
    """Make the last run one with other packages."""
    path = root / ".spec2bdd/records.lines.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "program": "other"}))


@pytest.mark.parametrize(("change", "reason"), DOUBTS.values(), ids=DOUBTS)
def test_where_it_cannot_be_known_everything_runs_and_the_reason_is_said(
    shop: Path, change: Callable[[Path], object], reason: str
) -> None:
    change(shop)
    report = verify(shop, choice=SINCE)
    assert report.run is not None
    assert sum(result.status != "skipped" for result in report.run.results) == 7
    assert report.notes[0].removeprefix("runs all 6 ").removeprefix("runs 6 of 6 ").startswith(f"criteria: {reason}")


def test_the_note_says_how_many_criteria_are_proved_again_and_why(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "raise LookupError(name)")
    report = verify(shop, choice=SINCE)
    changed = "`shop/basket.py` has changed, and what that affects is not known"
    assert report.notes[0] == (
        "runs 2 of 6 criteria: `Basket.remove` in `shop/basket.py` has changed; "
        f"{changed}: `features/1_1_shop.feature:33` starts a process"
    )


def test_what_runs_again_and_what_is_kept_give_the_answer_of_a_whole_run(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "return")
    report = verify(shop, choice=SINCE)
    expected = dict.fromkeys((ADDED, PRICED, REDUCED, TERMS, PRINTED), "passed")
    assert list_verdicts(report) == {**expected, REMOVED: "failed"}
    assert list_verdicts(report) == list_verdicts(mark(shop)) == list_verdicts(verify(shop))


def test_a_result_is_kept_only_while_nothing_else_changes(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "raise KeyError(name, name)")
    verify(shop, choice=SINCE)
    edit(shop, PRICES, "return load()[name]\n", "return 1\n")
    verdicts = list_verdicts(mark(shop))
    assert dict.fromkeys(verdicts, "stale") == verdicts


def test_a_failure_that_nothing_has_changed_is_kept_as_a_failure(shop: Path) -> None:
    edit(shop, PRICES, "return load()[name]\n", "return 1\n")
    run_git(shop, "commit", "-qam", "three")
    verify(shop)
    edit(shop, BASKET, "raise KeyError(name)", "raise KeyError(name, name)")
    report = verify(shop, choice=SINCE)
    assert list_run(report) == (REMOVED, PRINTED)
    assert (report.exit_code, list_verdicts(report)[PRICED]) == (1, "failed")


def test_a_failing_scenario_without_a_criterion_is_kept_as_a_failure(shop: Path) -> None:
    edit(shop, STEPS, "assert Basket().count() == 0", "assert Basket().count() == 1")
    run_git(shop, "commit", "-qam", "three")
    verify(shop)
    edit(shop, PRICES, "return json.loads(text)", "return dict(json.loads(text))")
    report = verify(shop, choice=SINCE)
    assert OWN not in list_run(report)
    assert report.exit_code == 1


def test_a_step_that_can_no_longer_fail_is_noticed_although_its_code_is_the_same(shop: Path) -> None:
    mark_and_pass = "(context):  # spec2bdd: proves\n    pass\n"
    edit(shop, STEPS, '(context):\n    assert "shop" in Path("docs/terms.md").read_text()\n', mark_and_pass)
    run_git(shop, "commit", "-qam", "three")
    assert list_verdicts(verify(shop))[TERMS] == "passed"
    edit(shop, STEPS, "  # spec2bdd: proves", "")
    report = verify(shop, choice=SINCE)
    assert list_run(report) == (TERMS, PRINTED)
    assert list_verdicts(report)[TERMS] == "pending"
    # And the other way round.
    edit(shop, STEPS, mark_and_pass.replace("  # spec2bdd: proves", ""), mark_and_pass)
    assert list_verdicts(verify(shop, choice=SINCE))[TERMS] == "passed"


def test_an_edit_that_is_taken_back_runs_nothing_again(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "return")
    verify(shop, choice=SINCE)
    edit(shop, BASKET, "        return\n\n    def count", "        raise KeyError(name)\n\n    def count")
    report = verify(shop, choice=SINCE)
    assert list_run(report) == ()
    assert set(list_verdicts(report).values()) == {"passed"}


def test_where_nothing_has_changed_nothing_is_run(shop: Path) -> None:
    report = verify(shop, choice=SINCE)
    assert list_run(report) == ()
    assert report.notes == ("runs 0 of 6 criteria: nothing that a scenario runs or reads has changed since `HEAD`",)
    assert set(list_verdicts(report).values()) == {"passed"}


def test_a_change_since_an_older_revision_is_proved_again_even_if_the_last_run_had_it(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "raise KeyError(name, name)")
    run_git(shop, "commit", "-qam", "three")
    verify(shop)
    assert list_run(verify(shop, choice=Selection(since="HEAD~1"))) == (REMOVED, PRINTED)


def test_a_change_since_the_last_run_is_proved_again_even_if_the_revision_has_it(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "raise KeyError(name, name)")
    run_git(shop, "commit", "-qam", "three")
    assert list_run(verify(shop, choice=SINCE)) == (REMOVED, PRINTED)


def test_a_source_that_compiles_no_longer_affects_all_that_import_it(shop: Path) -> None:
    edit(shop, BASKET, "return sum(price for _, price in self.items)", "nonlocal price")
    report = verify(shop, choice=SINCE)
    assert list_run(report) == EVERY


def test_names_and_since_together_run_what_both_select(shop: Path) -> None:
    edit(shop, BASKET, "self.items.append((name, price))", "self.items += [(name, price)]")
    assert list_run(verify(shop, choice=Selection((ADDED,), since="HEAD"))) == (ADDED,)


def test_a_step_file_that_can_be_loaded_again_affects_everything(shop: Path) -> None:
    edit(shop, STEPS, "import subprocess", "import subprocess as")
    run_git(shop, "commit", "-qam", "three")
    verify(shop)
    edit(shop, STEPS, "import subprocess as", "import subprocess")
    assert list_run(verify(shop, choice=SINCE)) == EVERY


def test_a_module_that_an_import_could_not_load_is_one_that_it_depends_on(shop: Path) -> None:
    guarded = "import pytest_no\nexcept (ImportError, SyntaxError):\n"
    write_before_run(shop, {"shop/extra.py": "def\n"})
    load = (
        f"    try:\n        {guarded.replace('pytest_no', 'shop.extra').replace('except', '    except')}        pass\n"
    )
    edit(shop, STEPS, "(context):\n    try:\n        Basket", f"(context):\n{load}    try:\n        Basket")
    run_git(shop, "add", "-A")
    run_git(shop, "commit", "-qm", "three")
    assert list_verdicts(verify(shop))[REMOVED] == "passed"
    edit(shop, "shop/extra.py", "def\n", "raise AssertionError\n")
    report = verify(shop, choice=SINCE)
    assert list_run(report) == (REMOVED, PRINTED)
    assert list_verdicts(report)[REMOVED] == "failed"


def test_a_new_file_that_the_last_run_had_runs_again_what_loaded_or_read_it(shop: Path) -> None:
    write_before_run(shop, {"shop/new.py": "RATE = 1\n", "data/new.json": "{}\n"})
    edit(shop, STEPS, "assert reduce(", "from shop.new import RATE\n    assert RATE\n    assert reduce(")
    verify(shop)
    assert list_run(verify(shop, choice=SINCE)) == (REDUCED, PRINTED)


def test_a_check_keeps_nothing_and_gives_the_same_answer(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "return")
    before = sorted(path.name for path in (shop / ".spec2bdd").iterdir())
    report = verify(shop, choice=SINCE, check=True)
    assert list_run(report) == (REMOVED, PRINTED)
    assert list_verdicts(report)[ADDED] == "passed"
    assert sorted(path.name for path in (shop / ".spec2bdd").iterdir()) == before


def test_several_processes_record_the_same_lines_as_one(shop: Path) -> None:
    alone = (shop / ".spec2bdd/records.lines.json").read_text()
    verify(shop, plan=RunOptions(jobs=2))
    together = (shop / ".spec2bdd/records.lines.json").read_text()
    assert list_lines(alone) == list_lines(together)


def list_lines(text: str) -> list[tuple[str, list[list[str]]]]:
    """List the lines of each scenario in a file of lines."""
    facts = json.loads(text)
    parts = [
        (name, [facts["parts"][number] for number in process["lines"]]) for _, _, name, process in facts["scenarios"]
    ]
    return sorted(parts)


def test_the_next_whole_run_removes_the_lines_of_partial_runs(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "return")
    verify(shop, choice=SINCE)
    assert len(list((shop / ".spec2bdd").glob("*.lines.json"))) == 2
    verify(shop)
    assert [path.name for path in (shop / ".spec2bdd").glob("*.lines*")] == ["records.lines.json"]


def test_without_coverage_py_nothing_is_run_and_the_error_names_the_extra(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "coverage", None)
    report = run(shop)
    assert [found.message for found in report.diagnostics] == ["`record-lines` needs the library coverage"]
    assert [found.hint for found in report.diagnostics] == [
        "install it next to spec2bdd: `python -m pip install coverage`"
    ]
    assert report.exit_code == 2


def test_a_run_without_lines_leaves_none(shop: Path) -> None:
    write_before_run(shop, {"spec2bdd.toml": ""})
    report: Report = run(shop)
    assert list_run(report) == EVERY
    assert [path.name for path in (shop / ".spec2bdd").glob("*.lines*")] == ["records.lines.json"]
    run_git(shop, "commit", "-qam", "three")
    edit(shop, BASKET, "raise KeyError(name)", "return")
    assert list_run(run(shop, choice=SINCE)) == EVERY


@pytest.mark.parametrize(("product", "count"), [("library", 5), ("database", 10)])
def test_after_random_edits_the_answer_is_that_of_a_whole_run(product: str, count: int, tmp_path: Path) -> None:
    outcomes = list(try_edits(write_product(product, tmp_path / product), count, seed=7))
    assert [outcome.edit for outcome in outcomes if outcome.is_missed] == []
    # Some edits change a verdict, and some run less than everything.
    assert any(outcome.has_effect for outcome in outcomes)
    assert any(outcome.ran < outcome.count for outcome in outcomes)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (BASKET, "raise KeyError(name)", {REMOVED}),
        (BASKET, "self.items = []", {ADDED, REMOVED}),
        ("basket.py", "return len(self.items)", {ADDED}),
        (PRICES, "return json.loads(text)", {PRICED, REDUCED}),
        (BASKET, "LIMIT = 9", {ADDED, REMOVED, PRICED, REDUCED, TERMS, PRINTED}),
        # A helper of the steps is no definition.
        (STEPS, "def fail(text)", {ADDED, REMOVED, PRICED, REDUCED, TERMS, PRINTED}),
    ],
)
def test_trace_names_the_criteria_whose_scenarios_run_a_line(
    verified: Path, path: str, text: str, expected: set[str]
) -> None:
    whole = next(name for name in (BASKET, PRICES, STEPS) if name.endswith(path))
    lines = (verified / whole).read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if text in line)
    traced = trace(read_config(verified), names=[f"{path}:{number}"])
    assert {criterion.text for criterion in traced.criteria} == expected


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{BASKET}:13", "no scenario ran `shop/basket.py:13`"),
        (f"{STEPS}:999", f"`{STEPS}` has no line 999"),
        ("tools/unused.py:2", "no scenario loads `tools/unused.py`"),
        (f"{PRICES}:1", "`shop/prices.py` has changed since its lines were recorded"),
    ],
)
def test_trace_says_why_no_criterion_is_known_to_run_a_line(shop: Path, name: str, message: str) -> None:
    edit(shop, PRICES, "import json", "import json as json")
    with pytest.raises(UsageError) as caught:
        trace(read_config(shop), names=[name])
    assert caught.value.message == message


def test_trace_says_that_no_lines_are_recorded(shop: Path) -> None:
    (shop / ".spec2bdd/records.lines.json").unlink()
    with pytest.raises(UsageError, match="the last run recorded no lines"):
        trace(read_config(shop), names=[f"{BASKET}:9"])


def test_trace_shows_the_results_that_are_kept(shop: Path) -> None:
    edit(shop, BASKET, "raise KeyError(name)", "raise KeyError(name, name)")
    verify(shop, choice=SINCE)
    results = [scenario.result for scenario in trace(read_config(shop)).scenarios]
    assert [(result.verdict, result.outdated) for result in results if result] == [("passed", "")] * 7


MORE = """\
Feature: More
  Scenario Outline: The price of <name>
    Then the price of <name> is <price>

    Examples:
      | name | price |
      | tea  | 3     |
      | milk | 0     |

  Scenario: The process ends
    Then the process ends
"""

MORE_STEPS = """\


@then("the price of {name} is {amount:d}")
def the_price(context, name, amount):
    assert (price(name) if name == "tea" else 0) == amount


@then("the process ends")
def the_process_ends(context):
    import os

    os._exit(0)
"""


def test_rows_of_an_outline_run_apart_and_what_ends_its_process_runs_each_time(shop: Path) -> None:
    steps = (shop / STEPS).read_text(encoding="utf-8")
    write_before_run(shop, {"features/more.feature": MORE, STEPS: steps + MORE_STEPS})
    run_git(shop, "add", "-A")
    run_git(shop, "commit", "-qm", "three")
    verify(shop)
    edit(shop, PRICES, "return load()[name]\n", "return +load()[name]\n")
    report = verify(shop, choice=SINCE)
    assert report.run is not None
    ran = {result.name for result in report.run.results if result.status != "skipped"} - set(EVERY)
    assert {"The process ends", "The price of tea -- @1.1 "} == ran
    lines = json.loads((shop / ".spec2bdd/records.lines.json").read_text())
    parts = lines["parts"]
    of_rows = {
        name: any(parts[number][0] == PRICES and parts[number][1] for number in process["lines"])
        for _, _, name, process in lines["scenarios"]
        if name.startswith("The price of")
    }
    assert of_rows == {"The price of tea -- @1.1 ": True, "The price of milk -- @1.2 ": False}


def test_where_behave_writes_junit_files_the_scenarios_of_a_file_share_their_lines(shop: Path) -> None:
    write_before_run(shop, {"behave.ini": "[behave]\njunit = true\njunit_directory = .spec2bdd/junit\n"})
    run_git(shop, "add", "-A")
    run_git(shop, "commit", "-qm", "three")
    verify(shop)
    edit(shop, BASKET, "KeyError(name)", "KeyError(name, 1)")
    assert list_run(verify(shop, choice=SINCE)) == (ADDED, REMOVED, PRICED, REDUCED, TERMS, PRINTED)
