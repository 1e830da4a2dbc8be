"""What people decide of one criterion from the command line: one exact edit of its spec, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import program
import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    verify,
    write_basket,
    write_files,
)

import spec2bdd
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import read_config
from spec2bdd.errors import UsageError
from spec2bdd.model import Report
from spec2bdd.reporters.next_step.after_command import find_next

TEXT = "An item can be added"
REFUSED = "Removing an item"


def waive(root: Path, *names: str, reason: str, check: bool = False) -> Report:
    """Run `waive` on a project."""
    mode = WriteMode.CHECK if check else WriteMode.WRITE
    return spec2bdd.waive(read_config(root), *names, reason=reason, mode=mode)


def unwaive(root: Path, *names: str) -> Report:
    """Run `unwaive` on a project."""
    return spec2bdd.unwaive(read_config(root), *names)


def manual(root: Path, *names: str, off: bool = False) -> Report:
    """Run `manual` on a project."""
    return spec2bdd.manual(read_config(root), *names, off=off)


def tick(root: Path, *names: str, off: bool = False) -> Report:
    """Run `tick` on a project."""
    return spec2bdd.tick(read_config(root), *names, off=off)


def read_spec(root: Path) -> str:
    """Return the text of the spec."""
    return (root / SPEC_PATH).read_bytes().decode()


def test_a_waived_criterion_loses_its_scenario_and_keeps_its_id(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = list_verdicts(verify(tmp_path))
    assert before[f'{REFUSED} that is not there is refused with "no such item"'] == "failed"
    ids = [line for line in (tmp_path / FEATURE_PATH).read_text().splitlines() if "@ac_" in line]
    assert waive(tmp_path, REFUSED, reason="nobody removes anything").exit_code == 0
    feature = (tmp_path / FEATURE_PATH).read_text()
    assert "Scenario: Removing" not in feature
    unwaive(tmp_path, REFUSED)
    generate(tmp_path)
    assert ids == [line for line in (tmp_path / FEATURE_PATH).read_text().splitlines() if "@ac_" in line]


def test_a_waived_criterion_gates_no_more_and_its_box_stays(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    waive(tmp_path, REFUSED, reason="nobody removes anything")
    report = verify(tmp_path)
    assert "waived" in list_verdicts(report).values()
    assert report.exit_code == 0
    assert "status: Review" in read_spec(tmp_path)
    assert '- [~] Removing an item that is not there is refused with "no such item" (waived:' in read_spec(tmp_path)


def test_a_bare_box_put_aside_does_not_waive(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace(f"- [ ] {TEXT}", f"- [~] {TEXT}"))
    assert list_verdicts(verify(tmp_path))[TEXT] == "pending"
    (note,) = unwaive(tmp_path, TEXT).notes
    assert note.endswith("is not waived, only set aside with `[~]`: empty its box")


@pytest.mark.parametrize("form", [SPEC.encode(), SPEC.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + SPEC.encode()])
def test_waiving_and_asking_again_leaves_every_byte(tmp_path: Path, form: bytes) -> None:
    write_basket(tmp_path, spec=form)
    waive(tmp_path, TEXT, reason="later")
    waived = (tmp_path / SPEC_PATH).read_bytes()
    assert form.replace(f"[ ] {TEXT}".encode(), f"[~] {TEXT} (waived: later)".encode()) == waived
    unwaive(tmp_path, TEXT)
    assert (tmp_path / SPEC_PATH).read_bytes() == form


def test_check_writes_nothing_and_says_no(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = read_all(tmp_path)
    report = waive(tmp_path, TEXT, reason="later", check=True)
    assert (report.exit_code, [change.path for change in report.changes]) == (1, [SPEC_PATH])
    assert read_all(tmp_path) == before


def test_the_same_decision_twice_writes_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    waive(tmp_path, TEXT, reason="later")
    again = waive(tmp_path, TEXT, reason="later")
    assert (again.changes, again.exit_code) == ((), 0)
    manual(tmp_path, REFUSED)
    assert manual(tmp_path, REFUSED).changes == ()
    tick(tmp_path, REFUSED)
    assert tick(tmp_path, REFUSED).changes == ()


@pytest.mark.parametrize("reason", ["", "  ", "a\nb", " a", "`a` --> b"])
def test_a_reason_that_cannot_be_read_back_is_refused_with_its_place(tmp_path: Path, reason: str) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError) as caught:
        waive(tmp_path, TEXT, reason=reason)
    assert (SPEC_PATH, SPEC[: SPEC.index(TEXT)].count("\n") + 1) == (caught.value.path, caught.value.line)
    assert caught.value.hint
    assert read_spec(tmp_path) == SPEC


def test_another_reason_is_not_written_over_the_first(tmp_path: Path) -> None:
    write_basket(tmp_path)
    waive(tmp_path, TEXT, reason="later")
    with pytest.raises(UsageError, match="already waived") as caught:
        waive(tmp_path, TEXT, reason="never")
    assert "spec2bdd unwaive" in caught.value.hint


def test_what_nobody_asks_for_cannot_be_waived(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC + "\n### Won't Have\n- [ ] A shelf\n")
    with pytest.raises(UsageError, match="cannot waive `A shelf`: won't-have criteria are not required"):
        waive(tmp_path, "A shelf", reason="later")


def test_a_manual_criterion_is_ticked_by_a_person_and_stays_ticked(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, REFUSED)
    tick(tmp_path, REFUSED)
    verify(tmp_path)
    assert '- [x] Removing an item that is not there is refused with "no such item" (manual)' in read_spec(tmp_path)
    assert "status: Review" in read_spec(tmp_path)
    tick(tmp_path, REFUSED, off=True)
    mark(tmp_path)
    assert "- [ ] Removing an item" in read_spec(tmp_path)


def test_a_criterion_that_was_manual_is_proved_by_scenarios_again(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, TEXT)
    manual(tmp_path, TEXT, off=True)
    assert read_spec(tmp_path) == SPEC
    assert list_verdicts(verify(tmp_path))[TEXT] == "passed"


def test_nobody_ticks_what_scenarios_prove(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = read_spec(tmp_path)
    with pytest.raises(UsageError, match="only manual criteria") as caught:
        tick(tmp_path, TEXT)
    assert "spec2bdd manual" in caught.value.hint
    with pytest.raises(UsageError, match=r"^cannot untick .*: only manual criteria can be unticked by hand$") as caught:
        tick(tmp_path, TEXT, off=True)
    assert "`spec2bdd verify` unticks criteria whose scenarios do not pass" in caught.value.hint
    assert read_spec(tmp_path) == before


# What the author wrote about a criterion that nothing has to prove, why it cannot be ticked, and the hint.
EXEMPT = {
    "waived": (
        SPEC.replace(f"- [ ] {TEXT}", f"- [~] {TEXT} (waived: later)"),
        'it is waived: "later"',
        "run `spec2bdd unwaive ac_3_10_d2c391` if it is required again",
    ),
    "set aside": (
        SPEC.replace(f"- [ ] {TEXT}", f"- [~] {TEXT}"),
        "it is set aside with `[~]`",
        f'empty the box in {SPEC_PATH}:28, or `spec2bdd waive ac_3_10_d2c391 --reason "..."`',
    ),
    "another mark": (
        SPEC.replace(f"- [ ] {TEXT}", f"- [-] {TEXT}"),
        "it is set aside with `[-]`",
        f'empty the box in {SPEC_PATH}:28, or `spec2bdd waive ac_3_10_d2c391 --reason "..."`',
    ),
    "won't-have": (
        SPEC.replace("### Must Have", "### Won't Have"),
        "it is a won't-have",
        "move it to another tier if it is required",
    ),
}


@pytest.mark.parametrize("off", [False, True])
@pytest.mark.parametrize("name", EXEMPT)
def test_what_nothing_has_to_prove_is_not_ticked_and_the_hint_says_what_would_change_that(
    tmp_path: Path, name: str, *, off: bool
) -> None:
    spec, why, hint = EXEMPT[name]
    write_basket(tmp_path, spec=spec)
    with pytest.raises(UsageError) as caught:
        tick(tmp_path, TEXT, off=off)
    assert (caught.value.message, caught.value.hint) == (f"cannot {'untick' if off else 'tick'} `{TEXT}`: {why}", hint)
    assert read_spec(tmp_path) == spec


def test_a_box_that_was_set_aside_is_ticked_once_it_is_manual(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=EXEMPT["set aside"][0])
    manual(tmp_path, TEXT)
    tick(tmp_path, TEXT)
    assert f"- [x] {TEXT} (manual)" in read_spec(tmp_path)


@pytest.mark.parametrize("name", ["waived", "won't-have"])
def test_what_nobody_could_tick_does_not_become_manual(tmp_path: Path, name: str) -> None:
    spec, why, hint = EXEMPT[name]
    write_basket(tmp_path, spec=spec)
    with pytest.raises(UsageError) as caught:
        manual(tmp_path, TEXT)
    assert (caught.value.message, caught.value.hint) == (f"cannot change `{TEXT}`: {why}", hint)


def test_a_wont_have_that_was_manual_need_not_stay_so(tmp_path: Path) -> None:
    spec = EXEMPT["won't-have"][0]
    write_basket(tmp_path, spec=spec.replace(TEXT, f"{TEXT} (manual)"))
    manual(tmp_path, TEXT, off=True)
    assert read_spec(tmp_path) == spec


def test_the_help_names_each_command_that_ticks_what_scenarios_prove(tmp_path: Path) -> None:
    write_basket(tmp_path)
    shown = " ".join(program.call(tmp_path, "tick", "--help").stdout.split())
    assert "All others are ticked by `spec2bdd verify` and `spec2bdd mark` when their scenarios pass." in shown
    assert "alone" not in shown
    verify(tmp_path)
    ticked = read_spec(tmp_path)
    (tmp_path / SPEC_PATH).write_text(ticked.replace("[x]", "[ ]"), encoding="utf-8")
    mark(tmp_path)
    assert (read_spec(tmp_path).count("[x]"), ticked.count("[x]")) == (1, 1)


def test_a_waived_manual_criterion_is_unwaived_before_it_is_ticked(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, TEXT)
    tick(tmp_path, TEXT)
    waive(tmp_path, TEXT, reason="later")
    with pytest.raises(UsageError, match='it is waived: "later"') as caught:
        tick(tmp_path, TEXT)
    assert caught.value.hint.startswith("run `spec2bdd unwaive ")
    (note,) = unwaive(tmp_path, TEXT).notes
    assert "is no longer waived; its box is empty: tick it with `spec2bdd tick ac_" in note
    assert f"- [ ] {TEXT} (manual)" in read_spec(tmp_path)


# --- what follows from a decision -------------------------------------------------------------------------------------


def is_up_to_date(root: Path) -> tuple[int, int]:
    """Return the exit codes of `generate --check` and `verify --check`."""
    return generate(root, check=True).exit_code, verify(root, check=True).exit_code


@pytest.mark.parametrize(
    "decision",
    [
        lambda root: waive(root, REFUSED, reason="later"),
        lambda root: waive(root, TEXT, "survives a restart", REFUSED, reason="later"),
        lambda root: waive(root, "can be shared", reason="later"),
        lambda root: manual(root, REFUSED),
        lambda root: manual(root, REFUSED, "can be shared"),
    ],
)
def test_nothing_else_has_to_be_written_after_a_decision(tmp_path: Path, decision: Callable[[Path], object]) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    decision(tmp_path)
    # Of what was not decided, only the must that fails is a reason to fail.
    failing = f'[ ] {REFUSED} that is not there is refused with "no such item"\n' in read_spec(tmp_path)
    assert is_up_to_date(tmp_path) == (0, int(failing))
    before = read_all(tmp_path)
    verify(tmp_path)
    assert read_all(tmp_path) == before


def test_a_feature_file_that_is_out_of_date_for_another_reason_is_generated_next(tmp_path: Path) -> None:
    new = "- [ ] A receipt is printed (manual)"
    write_basket(tmp_path)
    assert waive(tmp_path, TEXT, reason="later").follow_up == "run `spec2bdd generate`"
    generate(tmp_path)
    write_files(tmp_path, {SPEC_PATH: read_spec(tmp_path).replace("### Must Have\n", f"### Must Have\n{new}\n")})
    report = tick(tmp_path, "A receipt is printed")
    assert [change.path for change in report.changes] == [SPEC_PATH]
    assert report.follow_up == "run `spec2bdd generate`"
    assert tick(tmp_path, "A receipt is printed").follow_up == ""
    generate(tmp_path)
    assert tick(tmp_path, "A receipt is printed", off=True).follow_up == ""


def test_a_decision_that_is_withdrawn_leaves_what_was_there_before_it(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = read_all(tmp_path)
    waive(tmp_path, TEXT, REFUSED, reason="later")
    unwaive(tmp_path, TEXT, REFUSED)
    manual(tmp_path, TEXT)
    manual(tmp_path, TEXT, off=True)
    assert read_all(tmp_path) == before


def test_a_tick_of_a_verified_project_moves_the_status(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, REFUSED)
    verify(tmp_path)
    tick(tmp_path, REFUSED)
    assert "status: Review" in read_spec(tmp_path)
    assert is_up_to_date(tmp_path) == (0, 0)


def test_a_criterion_that_is_asked_for_again_gets_its_scenario_and_its_stub_back(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("can be shared", "can be shared (waived: later)"))
    generate(tmp_path)
    report = unwaive(tmp_path, "can be shared")
    assert {change.path for change in report.changes} == {SPEC_PATH, FEATURE_PATH, STEPS_PATH}
    assert "Scenario: Baskets can be shared" in (tmp_path / FEATURE_PATH).read_text()
    assert 'StepNotImplementedError("Baskets can be shared")' in (tmp_path / STEPS_PATH).read_text()
    assert generate(tmp_path, check=True).exit_code == 0


def test_before_the_first_generate_a_decision_changes_the_spec_alone(tmp_path: Path) -> None:
    write_basket(tmp_path)
    assert [change.path for change in waive(tmp_path, TEXT, reason="later").changes] == [SPEC_PATH]
    assert [change.path for change in manual(tmp_path, REFUSED).changes] == [SPEC_PATH]
    assert not (tmp_path / FEATURE_PATH).exists()


def test_check_plans_the_spec_and_its_feature_file(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = read_all(tmp_path)
    report = waive(tmp_path, TEXT, reason="later", check=True)
    assert (report.exit_code, [change.path for change in report.changes]) == (1, [FEATURE_PATH, SPEC_PATH])
    assert read_all(tmp_path) == before


def test_a_feature_file_that_was_edited_by_hand_is_left_alone_and_reported(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    edited = (tmp_path / FEATURE_PATH).read_text().replace("Then an item", "Then no item")
    write_files(tmp_path, {FEATURE_PATH: edited})
    report = waive(tmp_path, REFUSED, reason="later")
    assert ([change.path for change in report.changes], report.exit_code) == ([SPEC_PATH], 2)
    assert [diagnostic.path for diagnostic in report.diagnostics] == [FEATURE_PATH]
    assert (tmp_path / FEATURE_PATH).read_text() == edited


DECISIONS: dict[str, Callable[[Path], Report]] = {
    "waive": lambda root: waive(root, TEXT, reason="later"),
    "unwaive": lambda root: unwaive(root, "was waived"),
    "manual": lambda root: manual(root, TEXT),
    "tick": lambda root: tick(root, "is easy to read"),
    "eject": lambda root: spec2bdd.eject(read_config(root), TEXT),
    "accept": lambda root: spec2bdd.accept(read_config(root), "is denied with"),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_an_error_in_the_spec_is_reported_with_each_decision_and_its_repair_comes_next(
    tmp_path: Path, name: str
) -> None:
    more = "- [ ] The text is easy to read (manual)\n- [~] One was waived (waived: later)\n"
    spec = SPEC.replace(f"- [ ] {REFUSED}", f"{more}- [ ] {REFUSED}")
    write_basket(tmp_path, spec=spec)
    verify(tmp_path)
    spec = read_spec(tmp_path).replace("is refused with", "is denied with")
    write_files(tmp_path, {SPEC_PATH: spec})
    generate(tmp_path)
    write_files(tmp_path, {SPEC_PATH: spec.replace("name: Shop basket", 'name: "Shop basket')})
    report = DECISIONS[name](tmp_path)
    assert [item.code for item in report.diagnostics] == ["front-matter-yaml"]
    assert (bool(report.changes), report.exit_code) == (True, 2)
    assert find_next(report) == f"fix the error in {SPEC_PATH}:3"


def test_an_error_in_another_spec_does_not_concern_a_decision(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(
        tmp_path, {"specs/4.1-till.md": '---\nfeature_id: 4.1\nname: "Till\n---\n\n## Must Have\n- [ ] It rings\n'}
    )
    generate(tmp_path)
    report = waive(tmp_path, TEXT, reason="later")
    assert (report.diagnostics, report.exit_code) == ((), 0)


def test_a_decision_that_could_not_be_written_is_not_reported_as_made(tmp_path: Path) -> None:
    write_files(write_basket(tmp_path), {SPEC_PATH: SPEC.replace(TEXT, f"{TEXT} (manual)")})
    # A file with several names is not written.
    (tmp_path / "second-name").hardlink_to(tmp_path / SPEC_PATH)
    report = tick(tmp_path, TEXT)
    assert (report.exit_code, report.changes, report.notes) == (2, (), ())


def test_a_criterion_that_is_no_longer_manual_is_verified_next(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    manual(tmp_path, TEXT)
    assert manual(tmp_path, TEXT, off=True).follow_up == "run `spec2bdd verify`"
    assert manual(tmp_path, TEXT, off=True).follow_up == ""


def test_another_spec_that_is_out_of_date_stays_as_it_is(tmp_path: Path) -> None:
    other = SPEC.replace("3.10 # the tenth, not 3.1", "4.2").replace("Shop basket", "Till")
    write_files(write_basket(tmp_path), {"specs/4.2-till.md": other.replace("item", "coin")})
    generate(tmp_path)
    write_files(tmp_path, {"specs/4.2-till.md": other.replace("item", "note")})
    report = waive(tmp_path, "3.10#1", reason="later")
    assert [change.path for change in report.changes] == [FEATURE_PATH, SPEC_PATH]


def test_one_tick_too_few_keeps_the_status_and_the_last_one_promotes_it(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, TEXT, REFUSED)
    verify(tmp_path)
    tick(tmp_path, TEXT)
    assert "status: Draft" in read_spec(tmp_path)
    tick(tmp_path, REFUSED)
    assert "status: Review" in read_spec(tmp_path)
    assert mark(tmp_path, check=True).exit_code == 0


def test_a_tick_without_results_changes_the_box_alone(tmp_path: Path) -> None:
    write_basket(tmp_path)
    manual(tmp_path, TEXT, REFUSED)
    tick(tmp_path, TEXT, REFUSED)
    assert "status: Draft" in read_spec(tmp_path)


def test_a_decision_about_several_criteria_is_made_for_all_or_for_none(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace(f"- [ ] {TEXT}", f"- [ ] {TEXT} (waived: later)"))
    before = read_all(tmp_path)
    with pytest.raises(UsageError, match="already waived"):
        waive(tmp_path, REFUSED, TEXT, reason="never")
    with pytest.raises(UsageError, match="no criterion matches"):
        waive(tmp_path, REFUSED, "nothing of the kind", reason="never")
    assert read_all(tmp_path) == before


def test_a_criterion_that_is_named_twice_is_decided_once(tmp_path: Path) -> None:
    write_basket(tmp_path)
    assert len(waive(tmp_path, TEXT, "3.10#1", reason="later").notes) == 1
    assert read_spec(tmp_path).count("(waived: later)") == 1


# What is decided, and how it is reported the first and the second time.
NOTES: dict[str, tuple[Callable[..., Report], str, str]] = {
    "waive": (
        partial(waive, reason="later"),
        "{} is now waived",
        "nothing to waive: {} is already waived for this reason",
    ),
    "unwaive": (unwaive, "", "nothing to unwaive: {} is not waived"),
    "manual": (
        manual,
        "{} is now manual; tick it with `spec2bdd tick ac_3_10_d2c391`",
        "nothing to change: {} is already manual",
    ),
    "tick": (tick, "{} is now ticked", "nothing to change: {} is already ticked"),
}


@pytest.mark.parametrize("name", NOTES)
def test_a_decision_names_the_criterion_by_its_text_and_place(tmp_path: Path, name: str) -> None:
    write_basket(tmp_path)
    place = f"`{TEXT}` ({SPEC_PATH}:{SPEC[: SPEC.index(TEXT)].count(chr(10)) + 1})"
    decide, first, second = NOTES[name]
    if name == "tick":
        manual(tmp_path, TEXT)
    if first:
        assert decide(tmp_path, "3.10#1").notes[0] == first.format(place)
    assert decide(tmp_path, "3.10#1").notes == (second.format(place),)


def test_a_criterion_that_becomes_manual_keeps_its_tick_and_that_is_said(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    (note,) = manual(tmp_path, TEXT).notes
    untick = "if no person has checked it, untick it with `spec2bdd tick --off ac_3_10_d2c391`"
    assert note.endswith(f"is now manual; its box keeps the tick and counts as proved; {untick}")


@pytest.mark.parametrize("verb", ["tick", "waive"])
def test_a_refused_decision_begins_with_what_cannot_be_done(tmp_path: Path, verb: str) -> None:
    write_basket(tmp_path)
    decide: dict[str, Callable[..., Report]] = {"tick": tick, "waive": partial(waive, reason=" ")}
    with pytest.raises(UsageError, match=f"^cannot {verb} `{TEXT}`: ") as caught:
        decide[verb](tmp_path, TEXT)
    assert caught.value.path == SPEC_PATH
