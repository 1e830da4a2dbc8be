"""Which files were saved, by comparing two snapshots."""

from __future__ import annotations

import pytest

from spec2bdd.domain.watching.saves import SavedFiles, Snapshot, find_saved, is_temporary

SPEC, FEATURE, STEPS, DATA = "specs/1-a.md", "features/1_a.feature", "steps/a_steps.py", "data/rates.json"
BEFORE = Snapshot({SPEC: "s1", FEATURE: "f1"}, {STEPS: "p1", DATA: "d1", "behave.ini": "i1"})


def test_nothing_was_saved_where_nothing_differs() -> None:
    assert not find_saved(BEFORE, Snapshot(dict(BEFORE.texts), dict(BEFORE.others)))


def test_changed_new_and_deleted_files_were_saved() -> None:
    after = Snapshot({SPEC: "s2", "specs/2-b.md": "n"}, {STEPS: "p2", DATA: "d1", "behave.ini": "i1", "app.py": "n"})
    assert find_saved(BEFORE, after) == SavedFiles((FEATURE, SPEC, "specs/2-b.md"), ("app.py", STEPS))


def test_of_what_changes_during_a_run_data_is_its_output() -> None:
    saved = SavedFiles((SPEC,), ("app.py", "behave.ini", DATA, "pyproject.toml"))
    assert saved.drop_data() == SavedFiles((SPEC,), ("app.py", "behave.ini", "pyproject.toml"))


def test_a_new_file_does_not_interrupt_a_run() -> None:
    saved = SavedFiles((SPEC, "specs/2-b.md"), ("app.py", STEPS))
    assert saved.keep_known(BEFORE) == SavedFiles((SPEC,), (STEPS,))


def test_what_spec2bdd_has_written_was_not_saved() -> None:
    after = Snapshot({SPEC: "s1", "features/2_b.feature": "n"}, {**BEFORE.others, STEPS: "p2"})
    written = BEFORE.note_written({FEATURE: None, "features/2_b.feature": "n", STEPS: "p2"})
    assert not find_saved(written, after)


def test_what_was_saved_after_spec2bdd_had_written_it_was_saved() -> None:
    written = BEFORE.note_written({STEPS: "p2"})
    after = Snapshot(BEFORE.texts, {**BEFORE.others, STEPS: "p3"})
    assert find_saved(written, after) == SavedFiles(others=(STEPS,))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("steps/.#a_steps.py", True),
        ("steps/flycheck_a_steps.py", True),
        (STEPS, False),
        (SPEC, False),
        ("steps/check_flycheck_steps.py", False),
    ],
)
def test_the_files_of_an_editor_are_temporary(path: str, expected: bool) -> None:
    assert is_temporary(path) is expected
