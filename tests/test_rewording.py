"""A criterion in other words: its id stays, its box waits, and one command accepts the wording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    to_keywords,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.commands.decisions.accept import accept as accept_command
from spec2bdd.config import read_config
from spec2bdd.errors import UsageError
from spec2bdd.model import Report

OLD, NEW = "An item can be added", "An item can be added at any time"


def accept(root: Path, *names: str, **wishes: Any) -> Report:
    """Run `accept` on a project."""
    return accept_command(read_config(root), *names, **to_keywords(wishes))


def reword(root: Path, old: str = OLD, new: str = NEW) -> None:
    """Give a criterion other words."""
    spec = root / SPEC_PATH
    spec.write_text(spec.read_text().replace(old, new))


def test_a_reworded_criterion_keeps_id_and_box_and_is_stale_until_it_is_accepted(tmp_path: Path) -> None:
    write_basket(tmp_path)
    first = verify(tmp_path)
    ids = [found.id for spec in first.specs for found in spec.verdicts]
    reword(tmp_path)
    for _ in range(2):
        report = verify(tmp_path)
        assert list_verdicts(report)[NEW] == "stale"
        assert f"- [x] {NEW}" in (tmp_path / SPEC_PATH).read_text()
        assert ids == [found.id for spec in report.specs for found in spec.verdicts]
    assert f', reworded from "{OLD}"\n' in (tmp_path / FEATURE_PATH).read_text()
    assert [change.path for change in accept(tmp_path, ids[0]).changes] == [FEATURE_PATH]
    assert "reworded" not in (tmp_path / FEATURE_PATH).read_text()
    assert list_verdicts(verify(tmp_path))[NEW] != "stale"


def test_the_step_follows_later_if_its_file_could_not_be_written(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    reword(tmp_path)
    before = read_all(tmp_path)
    (tmp_path / STEPS_PATH).chmod(0o444)
    assert generate(tmp_path).exit_code == 2
    assert read_all(tmp_path) == before
    (tmp_path / STEPS_PATH).chmod(0o644)
    assert {change.path for change in generate(tmp_path).changes} == {FEATURE_PATH, STEPS_PATH}
    assert '@then("an item can be added at any time")\ndef an_item_can' in (tmp_path / STEPS_PATH).read_text()


STUB, NEW_STUB = "The basket survives a restart", "The basket survives two restarts"


def test_a_stub_that_followed_before_the_process_was_killed_leaves_nothing_to_accept(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    reword(tmp_path, STUB, NEW_STUB)
    before = read_all(tmp_path)
    generate(tmp_path)
    after = read_all(tmp_path)
    assert [path for path in after if before[path] != after[path]] == [FEATURE_PATH, STEPS_PATH]
    # Step files are written first.
    (tmp_path / FEATURE_PATH).write_bytes(before[FEATURE_PATH])
    generate(tmp_path)
    assert read_all(tmp_path) == after
    assert b"reworded" not in after[FEATURE_PATH]


def test_a_definition_that_followed_before_the_process_was_killed_is_still_to_be_accepted(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    reword(tmp_path)
    before = read_all(tmp_path)
    generate(tmp_path)
    after = read_all(tmp_path)
    (tmp_path / FEATURE_PATH).write_bytes(before[FEATURE_PATH])
    generate(tmp_path)
    assert read_all(tmp_path) == after
    assert f', reworded from "{OLD}"\n'.encode() in after[FEATURE_PATH]


def test_the_reason_says_what_it_was_and_what_to_type(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    reword(tmp_path)
    (found,) = (found for spec in verify(tmp_path).specs for found in spec.verdicts if found.criterion.text == NEW)
    assert OLD in found.reason
    assert f"`spec2bdd accept {found.id}`" in found.reason


def test_what_was_accepted_comes_back_and_needs_no_word(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    before = read_all(tmp_path)[FEATURE_PATH]
    reword(tmp_path)
    verify(tmp_path)
    reword(tmp_path, NEW, "An item can be added at any time of the day")
    verify(tmp_path)
    assert f'from "{OLD}"' in (tmp_path / FEATURE_PATH).read_text()
    reword(tmp_path, "An item can be added at any time of the day", OLD)
    assert list_verdicts(verify(tmp_path))[OLD] == "passed"
    assert read_all(tmp_path)[FEATURE_PATH] == before


HAND_WRITTEN = """\
Feature: mine
  @ac_3_10_ac_1
  Scenario: mine
    Then an item can be added
"""


def test_a_proof_of_the_author_s_own_does_not_prove_another_wording(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace(OLD, f"**AC-1**: {OLD}"))
    write_files(tmp_path, {"features/mine.feature": HAND_WRITTEN})
    assert list_verdicts(verify(tmp_path))[OLD] == "passed"
    reword(tmp_path, OLD, "Nothing is ever lost")
    # Neither before nor after the feature file has been told.
    assert list_verdicts(mark(tmp_path))["Nothing is ever lost"] == "stale"
    assert list_verdicts(verify(tmp_path))["Nothing is ever lost"] == "stale"
    accept(tmp_path, "AC-1")
    assert list_verdicts(mark(tmp_path))["Nothing is ever lost"] == "passed"


def test_a_wording_that_is_hidden_as_manual_for_a_while_is_not_accepted_by_that(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    reword(tmp_path)
    verify(tmp_path)
    reword(tmp_path, NEW, f"{NEW} (manual)")
    verify(tmp_path)
    reword(tmp_path, f"{NEW} (manual)", NEW)
    assert list_verdicts(verify(tmp_path))[NEW] == "stale"


def test_what_fails_in_other_words_fails(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    text = 'Removing an item that is not there is refused with "no such item"'
    reword(tmp_path, text, f"{text} at once")
    spec = (tmp_path / SPEC_PATH).read_text()
    (tmp_path / SPEC_PATH).write_text(spec.replace(f"{text} at once", f"**R-1**: {text}"))
    assert list_verdicts(verify(tmp_path))[text] == "failed"


def test_nothing_is_accepted_that_generate_has_not_seen(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    reword(tmp_path)
    with pytest.raises(UsageError, match=r"cannot accept `.*`: the feature file does not have this wording yet"):
        accept(tmp_path, NEW)


def test_a_spec_in_the_middle_of_a_merge_is_not_called_accepted(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    write_files(tmp_path, {SPEC_PATH: SPEC.replace(f"- [ ] {OLD}", f"<<<<<<< HEAD\n- [ ] {NEW}\n=======\n>>>>>>> x")})
    report = accept(tmp_path)
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["conflict-marker"]
    assert (report.exit_code, report.notes) == (2, ())


def test_accepting_twice_writes_nothing_and_says_so(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    report = accept(tmp_path, OLD)
    assert (report.changes, report.exit_code) == ((), 0)
    assert "nothing to accept" in report.notes[0]


def test_accept_with_check_writes_nothing_and_says_no(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    reword(tmp_path)
    verify(tmp_path)
    before = read_all(tmp_path)
    assert accept(tmp_path, NEW, check=True).exit_code == 1
    assert read_all(tmp_path) == before


@pytest.mark.parametrize("typed", ["3.10#1", "3_10#1", "item can be ADDED", OLD])
def test_a_criterion_can_be_named_in_several_ways(tmp_path: Path, typed: str) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    assert OLD in accept(tmp_path, typed).notes[0]


@pytest.mark.parametrize("typed", ["item", "a", "3.10#9", "3.11#1", "ac_3_11", "", "nothing of the kind"])
def test_what_is_not_clear_is_refused_with_what_it_could_be(tmp_path: Path, typed: str) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError, match=r"matches \d|no spec or criterion matches|the name is empty") as caught:
        accept(tmp_path, typed)
    assert caught.value.hint


FEE = "A late book costs 20 cents"
FEE_STEPS = """\
from behave import then


@then("a late book costs {cents:d} cents")
def fee(context, cents):
    assert cents == (20 if context.config else 0)


@then("the fee is right")
def right(context):
    fees = [context.config and 20]
    assert fees == [20]
"""


def write_fee(root: Path, below: str = "") -> None:
    """Write a project with one criterion that has a value."""
    write_basket(root, spec=SPEC.replace(f"- [ ] {OLD}\n", f"- [ ] **F-1**: {FEE}\n{below}"), steps=FEE_STEPS)


def test_another_value_reaches_the_step_and_is_judged_by_it(tmp_path: Path) -> None:
    write_fee(tmp_path)
    assert list_verdicts(verify(tmp_path))[FEE] == "passed"
    reword(tmp_path, "20 cents", "30 cents")
    assert list_verdicts(verify(tmp_path))["A late book costs 30 cents"] == "failed"


@pytest.mark.parametrize(
    ("below", "own"),
    [
        ("  - Then the fee is right\n", ""),
        ("", "Feature: mine\n\n  @ac_3_10_f_1\n  Scenario: x\n    Then the fee is right\n"),
        ("  - [ ] The fee is right\n", ""),
    ],
    ids=["steps of the author", "scenario of the author", "criteria below"],
)
def test_another_value_that_reaches_no_step_is_another_wording(tmp_path: Path, below: str, own: str) -> None:
    write_fee(tmp_path, below)
    write_files(tmp_path, {"features/mine.feature": own} if own else {})
    assert list_verdicts(verify(tmp_path))[FEE] == "passed"
    reword(tmp_path, "20 cents", "30 cents")
    late = "A late book costs 30 cents"
    assert list_verdicts(verify(tmp_path))[late] == "stale"
    accept(tmp_path, "F-1")
    assert list_verdicts(mark(tmp_path))[late] == "passed"


LIMIT = "The limit is 5 items"


def write_limit(root: Path, decorator: str, body: str) -> None:
    """Write a project with one criterion that has a number, and the definition of its step."""
    write_basket(
        root,
        spec=SPEC.replace(f"- [ ] {OLD}\n", f"- [ ] {LIMIT}\n"),
        steps=f"from behave import then, use_step_matcher\n\n{decorator}\n{body}",
    )


READS = "    assert context.config and number in (5, 500)\n"
IGNORES = "    assert context.config\n"
TYPED = '@then("the limit is {number:d} items")'
UNNAMED = 'use_step_matcher("re")\n@then(r"the limit is (\\d+) items")'
UNREAD = {
    "typed": (TYPED, f"def limit(context, number):\n{IGNORES}"),
    "attribute of its name": ('@then("the limit is {config:d} items")', f"def limit(context, config):\n{IGNORES}"),
    "overwritten only": (TYPED, f"def limit(context, number):\n    number = 5\n{IGNORES}"),
    "keyword": (TYPED, f"def limit(context, *, number):\n{IGNORES}"),
    "coroutine": (TYPED, f"async def limit(context, number):\n{IGNORES}"),
    "unnamed group": (UNNAMED, f"def limit(context, number):\n{IGNORES}"),
    "no group": ('use_step_matcher("re")\n@then(r"the limit is \\d+ items")', f"def limit(context):\n{IGNORES}"),
}
READ = {
    "typed": (TYPED, f"def limit(context, number):\n{READS}"),
    "unnamed group": (UNNAMED, "def limit(context, number):\n    assert context.config and int(number) in (5, 500)\n"),
    "nested function": (TYPED, f"def limit(context, number):\n    def check():\n    {READS}    check()\n"),
    "comprehension": (
        TYPED,
        "def limit(context, number):\n    assert context.config and [n for n in [500, 5] if n == number]\n",
    ),
    "keywords": (TYPED, "def limit(context, **values):\n    assert context.config and values\n"),
    "locals": (TYPED, "def limit(context, number):\n    assert locals()['number']\n"),
}


@pytest.mark.parametrize(("decorator", "body"), UNREAD.values(), ids=UNREAD)
def test_another_value_that_the_definition_never_reads_is_another_wording(
    tmp_path: Path, decorator: str, body: str
) -> None:
    write_limit(tmp_path, decorator, body)
    assert list_verdicts(verify(tmp_path))[LIMIT] == "passed"
    reword(tmp_path, "5 items", "500 items")
    late = "The limit is 500 items"
    assert [list_verdicts(verify(tmp_path))[late] for _ in range(2)] == ["stale", "stale"]
    assert f', reworded from "{LIMIT}"\n' in (tmp_path / FEATURE_PATH).read_text()
    accept(tmp_path, late)
    assert [list_verdicts(verify(tmp_path))[late] for _ in range(2)] == ["passed", "passed"]


@pytest.mark.parametrize(("decorator", "body"), READ.values(), ids=READ)
def test_another_value_that_the_definition_may_read_is_judged_by_its_result(
    tmp_path: Path, decorator: str, body: str
) -> None:
    write_limit(tmp_path, decorator, body)
    assert list_verdicts(verify(tmp_path))[LIMIT] == "passed"
    reword(tmp_path, "5 items", "500 items")
    assert list_verdicts(verify(tmp_path))["The limit is 500 items"] == "passed"


def test_the_value_that_was_accepted_comes_back_and_needs_no_word(tmp_path: Path) -> None:
    write_limit(tmp_path, *UNREAD["typed"])
    verify(tmp_path)
    before = read_all(tmp_path)[FEATURE_PATH]
    for old, new, verdict in (("5", "500", "stale"), ("500", "600", "stale"), ("600", "5", "passed")):
        reword(tmp_path, f"{old} items", f"{new} items")
        assert list_verdicts(verify(tmp_path))[f"The limit is {new} items"] == verdict
    assert read_all(tmp_path)[FEATURE_PATH] == before


def test_another_value_of_a_stub_needs_no_word(tmp_path: Path) -> None:
    write_limit(tmp_path, "", "")
    generate(tmp_path)
    reword(tmp_path, "5 items", "500 items")
    generate(tmp_path)
    assert "reworded" not in (tmp_path / FEATURE_PATH).read_text()


# What stands in the way of a decorator: further files of the project, and what is said of it.
HELD = [
    (
        {"features/mine.feature": "Feature: mine\n  Scenario: mine\n    Then an item can be added\n"},
        "a hand-written feature file",
    ),
    (
        {"steps/other_steps.py": 'def f(context):\n    context.execute_steps("Then an item can be added")\n'},
        "may call it",
    ),
]


@pytest.mark.parametrize(("files", "reason"), HELD, ids=[case[1] for case in HELD])
def test_a_definition_that_stays_behind_its_criterion_is_told_with_its_place_and_the_reason(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = read_all(tmp_path)[STEPS_PATH]
    write_files(tmp_path, files)
    reword(tmp_path)
    (told,) = [note for note in generate(tmp_path).notes if "was not updated" in note]
    line = before.decode().split('@then("an item can be added")')[0].count("\n") + 1
    assert f"{STEPS_PATH}:{line} was not updated to the new wording: " in told
    assert reason in told
    assert read_all(tmp_path)[STEPS_PATH].startswith(before)


def test_nothing_is_told_of_a_definition_that_follows_or_that_nobody_has_written(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    reword(tmp_path)
    assert [note for note in generate(tmp_path).notes if "was not updated" in note] == []
    assert NEW.lower().encode() in read_all(tmp_path)[STEPS_PATH]


def test_step_modules_in_folders_below_are_asked_follow_and_are_watched(tmp_path: Path) -> None:
    write_basket(tmp_path)
    (tmp_path / "steps/deep").mkdir()
    steps = (tmp_path / STEPS_PATH).rename(tmp_path / "steps/deep/basket_steps.py")
    (tmp_path / "behave.ini").write_text("[behave]\nuse_nested_step_modules = yes\n")
    assert {"passed"} <= set(list_verdicts(verify(tmp_path)).values())
    assert OLD.lower() not in (tmp_path / STEPS_PATH).read_text()
    reword(tmp_path)
    report = generate(tmp_path)
    assert "steps/deep/basket_steps.py" in {change.path for change in report.changes}
    assert NEW.lower()[1:] in steps.read_text()
    assert list_verdicts(verify(tmp_path))[NEW] == "stale"
    accept(tmp_path, NEW)
    assert list_verdicts(verify(tmp_path))[NEW] == "passed"
    steps.write_text(steps.read_text() + "\nx = 1\n")
    assert "passed" not in list_verdicts(mark(tmp_path)).values()


# --- accept without names, of several criteria, and of a spec ---------------------------------------------------------


def reword_all(root: Path) -> None:
    """Reword each criterion of a verified spec, and generate."""
    write_basket(root)
    verify(root)
    spec = (root / SPEC_PATH).read_text()
    write_files(root, {SPEC_PATH: spec.replace(OLD, NEW).replace("survives a restart", "survives every restart")})


def test_accept_alone_lists_what_was_reworded_with_old_and_new_words(tmp_path: Path) -> None:
    reword_all(tmp_path)
    command = "accept with `spec2bdd accept ac_3_10_d2c391`"
    # The other one has only a stub, which `generate` rewrites.
    expected = f"2 criteria were reworded; run `spec2bdd generate`, then {command[:-1]} ac_3_10_357e31`"
    assert accept(tmp_path).notes[-1] == expected
    generate(tmp_path)
    before = read_all(tmp_path)
    report = accept(tmp_path)
    assert list(report.notes) == [
        f"`ac_3_10_d2c391` ({SPEC_PATH}:28) was `An item can be added` and is now `An item can be added at any time`",
        f"1 criterion was reworded; {command}",
    ]
    assert (report.exit_code, report.changes, read_all(tmp_path)) == (0, (), before)
    # No change is planned that `--check` or `--diff` could refuse.
    assert accept(tmp_path, check=True) == report
    # What is written says so.
    assert accept(tmp_path, "3.10#1").notes == (f"accepted: {report.notes[0]}",)


def test_accept_alone_where_nothing_was_reworded_says_so(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    assert accept(tmp_path).notes == ("nothing to accept: the wording of each criterion is accepted already",)
    assert accept(tmp_path, check=True).exit_code == 0
    assert accept(tmp_path, "3.10").notes == (
        f"nothing to accept: the wording of each criterion of `{SPEC_PATH}` is accepted already",
    )


def write_two_implemented(root: Path) -> None:
    """Write a verified spec in which two implemented criteria were reworded."""
    step = '\n\n@then("the basket survives a restart")\ndef survives(context):\n    assert context.config\n'
    write_basket(root, steps=STEPS + step)
    verify(root)
    spec = (root / SPEC_PATH).read_text().replace(OLD, NEW).replace("a restart", "a full restart")
    write_files(root, {SPEC_PATH: spec})
    generate(root)


@pytest.mark.parametrize(
    ("names", "count"),
    [(["3.10"], 2), ([SPEC_PATH], 2), (["3.10#1", "3.10#3"], 2), (["3.10", "3.10#1"], 2), (["full restart"], 1)],
)
def test_several_criteria_or_all_of_a_spec_are_accepted_at_once(tmp_path: Path, names: list[str], count: int) -> None:
    write_two_implemented(tmp_path)
    report = accept(tmp_path, *names)
    assert ([change.path for change in report.changes], len(report.notes)) == ([FEATURE_PATH], count)
    assert all(" was " in note and " is now " in note for note in report.notes)
    assert len(accept(tmp_path).notes) == (1 if count == 2 else 2)
    assert generate(tmp_path, check=True).exit_code == 0
