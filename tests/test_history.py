"""Earlier runs are remembered beside the records, and with `require-red` a pass counts once it was seen to fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_project import (
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    run,
    verify,
    write_basket,
    write_files,
)
from tree_repository import run_git

from spec2bdd.commands.decisions.accept import accept
from spec2bdd.commands.explain import explain
from spec2bdd.commands.history import rebuild_history
from spec2bdd.config import read_config
from spec2bdd.domain.verdicts.rules import RULES
from spec2bdd.errors import ConfigError
from spec2bdd.model import CriterionHistory, Report, RuleId, Selection

TEXT = "An item can be added"
ONE = SPEC[: SPEC.index("- [ ] Removing")]
RED = "require-red = true\n"
BROKEN = STEPS.replace('assert basket == ["apple"]', "assert basket == []")
HISTORY = ".spec2bdd/history.db"
RECORDS = ".spec2bdd/records.ndjson"


def write_red(root: Path, *, spec: str = ONE, steps: str = STEPS) -> Path:
    """Write a project that asks for red before green."""
    return write_files(write_basket(root, spec=spec, steps=steps), {"spec2bdd.toml": RED})


def find_past(root: Path) -> CriterionHistory | None:
    """Return what is remembered of the first criterion."""
    return explain(read_config(root), "3.10", "#1").entries[0].past


def find_verdict(report: Report) -> str:
    """Return the verdict of the first criterion."""
    return list_verdicts(report)[TEXT]


def read_spec(root: Path) -> str:
    """Return the text of the spec."""
    return (root / SPEC_PATH).read_text()


def test_a_pass_that_was_never_red_ticks_nothing_and_says_why(tmp_path: Path) -> None:
    write_red(tmp_path)
    assert find_verdict(verify(tmp_path)) == "pending"
    report = mark(tmp_path)
    assert find_verdict(report) == "pending"
    assert "never observed failing" in report.specs[0].verdicts[0].reason
    assert f"- [ ] {TEXT}" in read_spec(tmp_path)
    assert explain(read_config(tmp_path), "3.10", "#1").entries[0].rule == RULES[RuleId.NEVER_RED]


STUB = """\
from behave import then
from behave.api.pending_step import StepNotImplementedError


@then("an item can be added")
def an_item_can_be_added(context):
    raise StepNotImplementedError("an item can be added")
"""


@pytest.mark.parametrize("red", [BROKEN, STUB], ids=["failing", "pending"])
def test_what_was_red_before_is_ticked_when_it_is_green(tmp_path: Path, red: str) -> None:
    write_red(tmp_path, steps=red)
    assert find_verdict(verify(tmp_path)) in ("failed", "pending")
    write_files(tmp_path, {STEPS_PATH: STEPS})
    assert find_verdict(verify(tmp_path)) == "passed"
    assert f"- [x] {TEXT}" in read_spec(tmp_path)


def test_without_the_wish_a_pass_is_enough(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=ONE)
    assert find_verdict(verify(tmp_path)) == "passed"


def test_another_wording_has_to_be_seen_red_again(tmp_path: Path) -> None:
    write_red(tmp_path, steps=BROKEN)
    verify(tmp_path)
    write_files(tmp_path, {STEPS_PATH: STEPS, SPEC_PATH: read_spec(tmp_path).replace(TEXT, f"{TEXT} twice")})
    generate(tmp_path)
    accept(read_config(tmp_path), "#1")
    assert list_verdicts(verify(tmp_path)) == {f"{TEXT} twice": "pending"}


def test_a_ticked_box_stays_on_trust_where_nothing_is_remembered(tmp_path: Path) -> None:
    write_red(tmp_path, spec=ONE.replace(f"[ ] {TEXT}", f"[x] {TEXT}").replace("Draft", "In Progress"))
    generate(tmp_path)
    shutil.rmtree(tmp_path / ".spec2bdd", ignore_errors=True)
    before = read_all(tmp_path)
    report = verify(tmp_path, check=True)
    assert (report.exit_code, find_verdict(report)) == (0, "unverified")
    assert "unknown (`require-red`): no earlier runs in the history" in report.specs[0].verdicts[0].reason
    assert read_all(tmp_path) == before
    assert not (tmp_path / ".spec2bdd").exists()
    run(tmp_path)
    assert mark(tmp_path, check=True, strict=True).exit_code == 1


def test_a_history_that_was_committed_has_seen_nothing(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    write_red(tmp_path, steps=BROKEN)
    verify(tmp_path)
    write_files(tmp_path, {STEPS_PATH: STEPS})
    run_git(tmp_path, "add", "--force", HISTORY)
    report = verify(tmp_path)
    assert find_verdict(report) == "pending"
    assert f"git tracks `{HISTORY}`, so it may come from any machine" in report.specs[0].verdicts[0].reason
    run_git(tmp_path, "rm", "--quiet", "--force", "--cached", HISTORY)
    assert find_verdict(verify(tmp_path)) == "passed"


def test_mark_asks_what_run_remembered_and_a_check_remembers_nothing(tmp_path: Path) -> None:
    write_red(tmp_path, steps=BROKEN)
    generate(tmp_path)
    verify(tmp_path, check=True)
    assert not (tmp_path / HISTORY).exists()
    run(tmp_path)
    write_files(tmp_path, {STEPS_PATH: STEPS})
    run(tmp_path)
    assert find_verdict(mark(tmp_path)) == "passed"


def test_a_parent_is_as_red_as_those_below_it(tmp_path: Path) -> None:
    spec = ONE.replace(f"- [ ] {TEXT}\n", f"- [ ] It has parts\n  - [ ] {TEXT}\n")
    write_red(tmp_path, spec=spec)
    assert list_verdicts(verify(tmp_path)) == {"It has parts": "pending", TEXT: "pending"}
    write_files(tmp_path, {STEPS_PATH: BROKEN})
    run(tmp_path)
    write_files(tmp_path, {STEPS_PATH: STEPS})
    assert list_verdicts(verify(tmp_path)) == {"It has parts": "passed", TEXT: "passed"}


@pytest.mark.parametrize(("content", "red"), [(b"not a database" * 99, RED), (None, "")], ids=["damaged", "a folder"])
def test_a_memory_that_cannot_be_used_is_a_warning_and_nothing_else(
    tmp_path: Path, content: bytes | None, red: str
) -> None:
    write_files(write_basket(tmp_path, spec=ONE), {"spec2bdd.toml": red})
    if content is None:
        (tmp_path / HISTORY).mkdir(parents=True)
    else:
        write_files(tmp_path, {HISTORY: content})
    report = verify(tmp_path)
    assert [(found.severity, found.code) for found in report.diagnostics] == [("warning", "history")]
    assert (report.exit_code, find_verdict(report)) == (0, "pending" if red else "passed")
    assert ("are unknown" in report.specs[0].verdicts[0].reason) == bool(red)
    assert [found.code for found in explain(read_config(tmp_path), "3.10").diagnostics] == ["history"]


def test_the_memory_is_made_anew_from_kept_records(tmp_path: Path) -> None:
    write_red(tmp_path, steps=BROKEN)
    verify(tmp_path)
    shutil.copy(tmp_path / ".spec2bdd/records.ndjson", tmp_path / "red.ndjson")
    write_files(tmp_path, {STEPS_PATH: STEPS})
    verify(tmp_path)
    past = find_past(tmp_path)
    (tmp_path / HISTORY).write_bytes(b"damaged" * 99)
    report = rebuild_history(
        read_config(tmp_path), [str(tmp_path / "red.ndjson"), str(tmp_path / ".spec2bdd/records.ndjson")]
    )
    note = "recorded 2 complete runs, in place of a history that could not be read"
    assert (report.exit_code, report.notes) == (0, (note,))
    again = rebuild_history(read_config(tmp_path), [str(tmp_path / "red.ndjson")])
    assert again.notes == ("recorded 1 complete run, in place of 2 runs",)
    rebuild_history(read_config(tmp_path), [str(tmp_path / "red.ndjson"), str(tmp_path / ".spec2bdd/records.ndjson")])
    assert find_past(tmp_path) == past
    assert past
    assert (past.runs, past.changes) == (2, 1)
    assert find_verdict(mark(tmp_path)) == "passed"


def test_records_that_cannot_be_read_do_not_hide_the_others(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=ONE)
    verify(tmp_path)
    (tmp_path / HISTORY).unlink()
    report = rebuild_history(
        read_config(tmp_path), [str(tmp_path / "none"), str(tmp_path / ".spec2bdd/records.ndjson")]
    )
    assert (report.exit_code, [found.code for found in report.diagnostics]) == (2, ["record"])
    assert find_past(tmp_path)


def test_without_any_readable_record_the_memory_stays(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=ONE)
    verify(tmp_path)
    report = rebuild_history(read_config(tmp_path), [str(tmp_path / "none")])
    assert (report.exit_code, report.notes) == (2, ("no complete run was found; the history was not changed",))
    assert find_past(tmp_path)


def test_a_place_of_failures_that_is_unknown_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": 'require-red = "yes"\n'})
    with pytest.raises(ConfigError, match="invalid `require-red"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("written", "value"), [("true", "history"), ("false", "off"), ('"history"', "history"), ('"base"', "base")]
)
def test_true_and_false_say_that_the_history_has_the_failures(tmp_path: Path, written: str, value: str) -> None:
    write_files(tmp_path, {"spec2bdd.toml": f"require-red = {written}\n"})
    assert read_config(tmp_path).require_red == value


def test_a_run_of_a_part_is_remembered_too(tmp_path: Path) -> None:
    write_red(tmp_path, steps=BROKEN)
    generate(tmp_path)
    run(tmp_path, choice=Selection(names=("3.10#1",)))
    write_files(tmp_path, {STEPS_PATH: STEPS})
    assert find_verdict(verify(tmp_path)) == "passed"
