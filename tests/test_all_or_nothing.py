"""What belongs together is written together: if one of the files cannot be written, none of them is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import FEATURE_PATH, SPEC_PATH, STEPS_PATH, mark, verify, write_basket, write_files

from spec2bdd.adapters.system.files import write_changes
from spec2bdd.commands.decisions.accept import accept
from spec2bdd.commands.decisions.annotate import manual, tick, unwaive, waive
from spec2bdd.commands.decisions.eject import eject
from spec2bdd.commands.generate import generate
from spec2bdd.model import FileChange, Report

ADDED, SHARED = "An item can be added", "Baskets can be shared"
SECOND = """\
---
feature_id: 4
name: Till
status: Draft
---

# Till

## Acceptance Criteria

### Must Have
- [ ] The till adds up
"""


def read_all(root: Path) -> dict[str, bytes]:
    """Read the specs, features and step files."""
    folders = ("specs", "features", "steps")
    return {str(path.relative_to(root)): path.read_bytes() for name in folders for path in (root / name).rglob("*.*")}


def refuse(root: Path, path: str, run: Callable[[], Report]) -> list[str]:
    """Run a command while a file is read-only; return the errors about writing, and that nothing was written."""
    target = root / path
    target.chmod(0o444)
    before = read_all(root)
    report = run()
    target.chmod(0o644)
    assert read_all(root) == before
    assert (report.exit_code, report.changes) == (2, ())
    return [f"{item.path}: {item.message}" for item in report.diagnostics if "writ" in item.message]


def replace_text(root: Path, path: str, old: str, new: str) -> None:
    """Replace a text of a file."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


DECISIONS: dict[str, Callable[[Path], Report]] = {
    "waive": lambda root: waive(root, SHARED, reason="later"),
    "waive-two": lambda root: waive(root, SHARED, "The till adds up", reason="later"),
    "manual": lambda root: manual(root, SHARED),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two specs whose files are all there."""
    write_files(write_basket(tmp_path), {"specs/4-till.md": SECOND})
    generate(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", [SPEC_PATH, FEATURE_PATH])
@pytest.mark.parametrize("run", DECISIONS.values(), ids=DECISIONS)
def test_a_decision_writes_nothing_if_one_of_its_files_is_read_only(
    root: Path, path: str, run: Callable[[Path], Report]
) -> None:
    errors = refuse(root, path, lambda: run(root))
    assert f"{path}: cannot write: the file is read-only" in errors
    assert all(error.endswith("was not") for error in errors if not error.startswith(f"{path}:"))
    assert run(root).exit_code == 0


def test_a_scenario_is_ejected_only_where_both_files_can_be_written(root: Path) -> None:
    assert refuse(root, FEATURE_PATH, lambda: eject(root, SHARED, ADDED))
    assert {change.path for change in eject(root, SHARED, ADDED).changes} > {FEATURE_PATH}


def test_a_waiver_is_taken_back_only_where_both_files_can_be_written(root: Path) -> None:
    waive(root, SHARED, reason="later")
    assert refuse(root, SPEC_PATH, lambda: unwaive(root, SHARED)) == [
        f"{SPEC_PATH}: cannot write: the file is read-only",
        f"{FEATURE_PATH}: not written, because `{SPEC_PATH}` was not",
    ]


def test_a_tick_by_hand_is_not_written_without_its_feature_file(root: Path) -> None:
    manual(root, SHARED)
    refuse(root, SPEC_PATH, lambda: tick(root, SHARED))


def test_an_accepted_wording_is_written_with_its_steps_or_not_at_all(root: Path) -> None:
    replace_text(root, SPEC_PATH, ADDED, "Many items of all kinds can be added")
    generate(root)
    refuse(root, FEATURE_PATH, lambda: accept(root, "Many items of all kinds can be added"))


@pytest.mark.parametrize("path", [FEATURE_PATH, STEPS_PATH])
def test_a_new_criterion_gets_its_scenario_and_its_stub_or_neither(root: Path, path: str) -> None:
    replace_text(root, SPEC_PATH, "### Could Have\n", "### Could Have\n- [ ] Baskets can be printed\n")
    errors = refuse(root, path, lambda: generate(root))
    other = ({FEATURE_PATH, STEPS_PATH} - {path}).pop()
    assert errors == [
        f"{path}: cannot write: the file is read-only",
        f"{other}: not written, because `{path}` was not",
    ]
    assert {change.path for change in generate(root).changes} == {FEATURE_PATH, STEPS_PATH}


def test_what_cannot_be_written_of_one_spec_does_not_hold_up_the_others(root: Path) -> None:
    replace_text(root, SPEC_PATH, "### Could Have\n", "### Could Have\n- [ ] Baskets can be printed\n")
    replace_text(root, "specs/4-till.md", "### Must Have\n", "### Must Have\n- [ ] The till is open\n")
    (root / FEATURE_PATH).chmod(0o444)
    assert {change.path for change in generate(root).changes} == {"features/4_till.feature", "steps/till_steps.py"}


def test_a_note_of_a_box_goes_only_with_the_box(tmp_path: Path) -> None:
    write_basket(tmp_path)
    replace_text(tmp_path, SPEC_PATH, f"- [ ] {ADDED}", f"- [x] {ADDED}")
    replace_text(tmp_path, SPEC_PATH, "- [ ] Removing", "- [x] Removing")
    generate(tmp_path)
    (tmp_path / SPEC_PATH).chmod(0o444)
    before = read_all(tmp_path)
    assert verify(tmp_path).exit_code == 2
    assert read_all(tmp_path) == before
    (tmp_path / SPEC_PATH).chmod(0o644)
    mark(tmp_path)
    assert f"- [x] {ADDED}\n- [ ] Removing" in (tmp_path / SPEC_PATH).read_text(encoding="utf-8")


# --- the writer -------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_written_after_all_takes_back_what_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.feature").write_bytes(b"a")
    (tmp_path / "b.md").write_bytes(b"b")
    changes = [
        FileChange("new.feature", None, b"new", needs=frozenset({"b.md"})),
        FileChange("a.feature", b"a", b"A", needs=frozenset({"b.md"})),
        FileChange("b.md", b"b", b"B"),
        FileChange("c.md", None, b"C"),
    ]
    replace = os.replace
    monkeypatch.setattr("spec2bdd.adapters.system.files.atomic_replace.find_exchange", lambda: None)

    def refuse_b(source: Path, target: Path) -> None:
        if Path(target).name == "b.md":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(Path, "replace", lambda self, target: refuse_b(self, target))
    written = write_changes(tmp_path, changes)
    assert [change.path for change in written.changes] == ["c.md"]
    assert sorted(error.path for error in written.errors) == ["a.feature", "b.md", "new.feature"]
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert contents == {"a.feature": b"a", "b.md": b"b", "c.md": b"C"}


def test_nothing_is_made_for_a_file_that_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(b"other")
    changes = [FileChange("new/a.feature", None, b"a", needs=frozenset({"b.md"})), FileChange("b.md", b"b", b"B")]
    written = write_changes(tmp_path, changes)
    assert (written.changes, [error.path for error in written.errors]) == ((), ["b.md", "new/a.feature"])
    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]
