"""What fails the check decides the next step, after a run and in every command that shows the project."""

from __future__ import annotations

from pathlib import Path

import program
import pytest
from small_project import SPEC, SPEC_PATH, STEPS, generate, verify, write_basket, write_files

FIRST, SECOND = "An item can be added", 'Removing an item that is not there is refused with "no such item"'
PASSING = STEPS.replace('"pear" in basket', '"apple" in basket')
REVIEW = SPEC.replace("status: Draft", "status: Review")
COMMANDS = (
    ["verify"],
    ["verify", "--check"],
    ["mark"],
    ["status"],
    ["status", "3.10"],
    ["status", "--format", "markdown"],
    ["explain", "3.10"],
)


def write_project(root: Path, *changes: tuple[str, str]) -> Path:
    """Write the basket for review, whose musts pass and whose other criteria have stubs, with changes of its spec."""
    spec = REVIEW
    for old, new in changes:
        assert old in spec
        spec = spec.replace(old, new)
    generate(write_basket(root, spec=REVIEW, steps=PASSING))
    write_files(root, {SPEC_PATH: spec})
    verify(root)
    return root


def list_next_steps(root: Path) -> set[str]:
    """List the next steps that the commands suggest."""
    outputs = [program.call(root, *command, COLUMNS="200").stdout for command in COMMANDS]
    return {output.splitlines()[-1].removeprefix("next: ").removeprefix("**Next:** ") for output in outputs}


def find_id(root: Path, number: str) -> str:
    """Find the id of a criterion by its number."""
    return program.call(root, "explain", number, COLUMNS="200").stdout.splitlines()[1].split(", ")[1]


@pytest.mark.parametrize("mark", "~-")
def test_a_must_that_is_set_aside_comes_before_the_stubs_of_others(tmp_path: Path, mark: str) -> None:
    root = write_project(tmp_path, (f"- [ ] {FIRST}", f"- [{mark}] {FIRST}"))
    step = f'empty the box in {SPEC_PATH}:28, or `spec2bdd waive {find_id(root, "3.10#1")} --reason "..."`'
    assert list_next_steps(root) == {step}
    assert program.call(root, "verify", COLUMNS="200").stdout.splitlines()[0] == (
        f"○ status is `Review`, but 1 must criterion is pending: set aside with `[{mark}]`, but not waived"
    )
    # The criterion alone says the same.
    assert program.call(root, "explain", "3.10#1", COLUMNS="200").stdout.splitlines()[-1] == f"next: {step}"


def test_a_should_that_is_set_aside_comes_after_the_stubs_of_others(tmp_path: Path) -> None:
    root = write_project(tmp_path, ("- [ ] The basket survives", "- [~] The basket survives"))
    step = "write the steps in `steps/shop_basket_steps.py`, then `spec2bdd verify`"
    assert list_next_steps(root) == {step}


def test_a_draft_does_not_claim_what_is_set_aside(tmp_path: Path) -> None:
    root = write_project(tmp_path, (f"- [ ] {FIRST}", f"- [~] {FIRST}"), ("status: Review", "status: Draft"))
    step = "write the steps in `steps/shop_basket_steps.py`, then `spec2bdd verify`"
    assert list_next_steps(root) == {step}


def test_a_manual_must_that_is_not_ticked_comes_before_the_stubs_of_others(tmp_path: Path) -> None:
    root = write_project(tmp_path, (FIRST, f"{FIRST} (manual)"))
    name = find_id(root, "3.10#1")
    assert list_next_steps(root) == {
        f"check {SPEC_PATH}:28 by hand, then `spec2bdd tick {name}`",
        # Where the place is said already.
        f"check it by hand, then `spec2bdd tick {name}`",
    }


def test_what_is_nested_and_set_aside_comes_before_a_run_of_what_it_belongs_to(tmp_path: Path) -> None:
    nested = f"- [ ] {FIRST}\n  - [~] An item can be added twice"
    root = write_project(tmp_path, (f"- [ ] {FIRST}", nested))
    step = f'empty the box in {SPEC_PATH}:29, or `spec2bdd waive {find_id(root, "3.10#2")} --reason "..."`'
    assert list_next_steps(root) == {step}


PROVED = SPEC.partition("### Should Have")[0]
DONE = f"tick what is done of the definition of done, from {SPEC_PATH}:23 on"
SHOWN = COMMANDS[3:]


def list_shown_steps(root: Path) -> set[str]:
    """List the next steps that the commands suggest which show a project."""
    outputs = [program.call(root, *command, COLUMNS="200").stdout for command in SHOWN]
    return {output.splitlines()[-1].removeprefix("next: ").removeprefix("**Next:** ") for output in outputs}


@pytest.mark.parametrize("status", ["Draft", "Review", "Complete"])
def test_an_open_definition_of_done_is_the_next_step_where_all_else_is_done(tmp_path: Path, status: str) -> None:
    root = write_basket(tmp_path, spec=PROVED.replace("status: Draft", f"status: {status}"), steps=PASSING)
    verify(root)
    assert list_shown_steps(root) == {DONE}
    # Also by the cache.
    assert list_shown_steps(root) == {DONE}


def test_a_done_item_without_its_evidence_is_the_next_step_where_all_else_is_done(tmp_path: Path) -> None:
    done = '[done]\n"All functional requirements implemented" = { junit = "junit.xml" }\n'
    root = write_files(write_basket(tmp_path, spec=PROVED, steps=PASSING), {"spec2bdd.toml": done})
    verify(root)
    step = f"supply the evidence for {SPEC_PATH}:23 (`junit.xml`: file not found), then `spec2bdd verify`"
    assert list_shown_steps(root) == {step}


def test_a_manual_criterion_comes_before_the_definition_of_done(tmp_path: Path) -> None:
    root = write_basket(tmp_path, spec=f"{PROVED}### Could Have\n- [ ] It is pretty (manual)\n", steps=PASSING)
    verify(root)
    step = f"check it by hand, then `spec2bdd tick {find_id(root, '3.10#3')}`"
    assert list_shown_steps(root) == {step}


UNREAD = f"fix the warning in {SPEC_PATH}:29, then `spec2bdd verify`"
NOT_READ = PROVED.replace("- [ ] Removing", "- [ x ] Removing")
# What comes after a criterion that is not read, for each command.
LATER = {
    "nothing": "",
    "a manual criterion": "### Could Have\n- [ ] It is pretty (manual)\n",
    "what was set aside": "### Could Have\n- [~] It is blue\n",
}


@pytest.mark.parametrize("status", ["Draft", "Review", "Complete"])
@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_a_criterion_that_is_not_read_is_the_next_step_before_a_commit(tmp_path: Path, later: str, status: str) -> None:
    spec = NOT_READ.replace("status: Draft", f"status: {status}")
    root = write_basket(tmp_path, spec=spec + later, steps=PASSING)
    (root / ".git").mkdir()
    generate(root)
    assert list_next_steps(root) == {UNREAD}
    # Also by the cache.
    assert list_next_steps(root) == {UNREAD}
    # A criterion that is read has nothing left to do.
    assert program.call(root, "explain", "3.10#1").stdout.splitlines()[-1] == "next: nothing to do"


def test_what_fails_and_what_has_no_steps_comes_before_what_is_not_read(tmp_path: Path) -> None:
    root = write_basket(tmp_path, spec=f"{NOT_READ}- [ ] It is fast\n", steps=PASSING)
    verify(root)
    assert list_next_steps(root) == {"write the steps in `steps/shop_basket_steps.py`, then `spec2bdd verify`"}
    write_files(root, {"steps/shop_basket_steps.py": STEPS.replace('["apple"]', '["pear"]', 1)})
    verify(root)
    assert {step.partition(" the ")[0] for step in list_next_steps(root)} == {"make"}


def test_a_line_that_its_author_chose_to_ignore_is_no_next_step(tmp_path: Path) -> None:
    ignored = NOT_READ.replace("- [ x ]", "<!-- spec2bdd: ignore unread-box -->\n- [ x ]")
    root = write_basket(tmp_path, spec=ignored, steps=PASSING)
    verify(root)
    assert list_shown_steps(root) == {DONE}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- [ ] All functional", "- [x] All functional"),
        # Nothing waits for a definition of done.
        ("status: Draft", "status: Frozen"),
        ("status: Draft\n", ""),
        ("### Definition of Done\n- [ ] All functional requirements implemented\n", ""),
    ],
)
def test_a_definition_of_done_that_is_not_open_is_no_next_step(tmp_path: Path, old: str, new: str) -> None:
    assert old in PROVED
    root = write_basket(tmp_path, spec=PROVED.replace(old, new), steps=PASSING)
    verify(root)
    assert list_shown_steps(root) == {"nothing to do"}
