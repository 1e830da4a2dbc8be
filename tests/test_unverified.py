"""Boxes that were ticked before spec2bdd read their specs: when they keep their ticks, and how a team ends that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import (
    SPEC,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    run,
    verify,
    write_basket,
    write_files,
)
from tree_repository import commit_all, run_git

from spec2bdd.model import Report

TEXT = "The basket survives a restart"
TICKED = SPEC.replace(f"- [ ] {TEXT}", f"- [x] {TEXT}").replace("Draft", "In Progress")
CONFIG = "[tool.spec2bdd]\n"


def read_spec(root: Path) -> str:
    """Read the spec."""
    return (root / SPEC_PATH).read_text(encoding="utf-8")


def list_codes(report: Report) -> list[str]:
    """List the codes of the diagnostics."""
    return [diagnostic.code for diagnostic in report.diagnostics]


# --- only when a spec is first read -----------------------------------------------------------------------------------


def test_a_tick_that_comes_with_a_new_criterion_of_a_known_spec_is_removed(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    write_files(tmp_path, {SPEC_PATH: read_spec(tmp_path) + "- [x] Baskets can be sold\n"})
    report = verify(tmp_path)
    assert list_verdicts(report)["Baskets can be sold"] == "pending"
    assert "- [ ] Baskets can be sold\n" in read_spec(tmp_path)
    assert [code for code in list_codes(report) if code == "unproved-tick"] == ["unproved-tick"]
    assert "unproved-tick" not in list_codes(verify(tmp_path))


def test_a_tick_that_comes_with_a_new_criterion_stays_if_it_passes(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("- [ ] An item can be added\n", ""))
    verify(tmp_path)
    added = read_spec(tmp_path).replace("### Must Have\n", "### Must Have\n- [x] An item can be added\n")
    write_files(tmp_path, {SPEC_PATH: added})
    assert list_verdicts(verify(tmp_path))["An item can be added"] == "passed"
    assert "- [x] An item can be added\n" in read_spec(tmp_path)


def prepare(root: Path) -> None:
    """Make a repository with a project that has an unverified box."""
    write_basket(root, spec=TICKED)
    generate(root)
    run_git(root, "init", "--quiet")
    commit_all(root)


def delete_features(root: Path) -> None:
    """Delete the generated feature files."""
    shutil.rmtree(root / "features")


def both(*changes: Callable[[Path], object]) -> Callable[[Path], object]:
    """Make several changes."""
    return lambda root: [change(root) for change in changes]


def delete_another(root: Path) -> None:
    """Make a feature file that git does not know, and delete it again."""
    write_files(root, {"features/x.feature": ""})
    (root / "features/x.feature").unlink()


def delete_git(root: Path) -> None:
    """Delete the repository."""
    shutil.rmtree(root / ".git")


def delete_steps(root: Path) -> None:
    """Delete the step file."""
    (root / STEPS_PATH).unlink()


FORGOTTEN: dict[str, Callable[[Path], object]] = {
    "deleted": delete_features,
    "deleted and staged": both(delete_features, lambda root: run_git(root, "add", "--all")),
    "deleted and committed": both(delete_features, commit_all),
    "deleted and committed long ago": both(delete_features, commit_all, commit_all),
    "deleted without git, and its step file is there": both(delete_steps, generate, delete_features, delete_git),
    "deleted without git, and the last run is there": both(run, delete_features, delete_git),
}


@pytest.mark.parametrize("name", FORGOTTEN)
def test_a_spec_is_not_new_where_its_feature_file_is(tmp_path: Path, name: str) -> None:
    prepare(tmp_path)
    FORGOTTEN[name](tmp_path)
    report = verify(tmp_path)
    assert list_verdicts(report)[TEXT] == "pending"
    assert f"- [ ] {TEXT}\n" in read_spec(tmp_path)
    assert list_codes(report).count("unproved-tick") == 1


GONE = "this box is ticked, but `{}`, which recorded the proof, is gone; what does not pass is unticked"
MISSING = GONE.replace(
    "`{}`, which recorded the proof, is gone", "there is no `{}`, although stubs were generated for this spec"
)
ELSEWHERE = "restore the feature file, or correct `features` in the configuration if it is in another folder"
# How the feature file was lost, and what is said of it: git is named only where it can restore the file.
RESTORED = {
    "deleted": (GONE, "restore the file, such as with `git restore {}`"),
    "deleted and staged": (GONE, "restore the file"),
    "deleted and committed": (GONE, "restore the file"),
    "deleted without git, and its step file is there": (MISSING, ELSEWHERE),
    "deleted without git, and the last run is there": (GONE, "restore the file"),
}


@pytest.mark.parametrize("name", RESTORED)
def test_the_hint_on_a_lost_feature_file_is_one_that_works(tmp_path: Path, name: str) -> None:
    prepare(tmp_path)
    (path,) = (file.relative_to(tmp_path).as_posix() for file in tmp_path.glob("features/*.feature"))
    FORGOTTEN[name](tmp_path)
    (warning,) = (found for found in verify(tmp_path).diagnostics if found.code == "unproved-tick")
    assert [warning.message, warning.hint] == [text.format(path) for text in RESTORED[name]]


KEPT: dict[str, Callable[[Path], object]] = {
    "nothing happened": lambda root: None,
    "its feature file was restored": both(delete_features, lambda root: run_git(root, "restore", "features")),
    "another file was deleted": delete_another,
    "its file was renamed": lambda root: (root / SPEC_PATH).rename(root / "specs/other.md"),
    # Nothing else remembers it.
    "git, the step file and the last run are gone as well": both(delete_features, delete_git, delete_steps),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_box_stays_unverified_where(tmp_path: Path, name: str) -> None:
    prepare(tmp_path)
    KEPT[name](tmp_path)
    report = verify(tmp_path)
    assert list_verdicts(report)[TEXT] == "unverified"
    assert "unproved-tick" not in list_codes(report)


# --- how a team ends it -----------------------------------------------------------------------------------------------


def test_the_configuration_unticks_like_strict(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=TICKED)
    write_files(tmp_path, {"pyproject.toml": CONFIG + 'unverified = "untick"\n'})
    assert list_verdicts(verify(tmp_path))[TEXT] == "pending"
    assert f"- [ ] {TEXT}\n" in read_spec(tmp_path)


def test_the_configuration_holds_for_mark(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=TICKED)
    verify(tmp_path)
    write_files(tmp_path, {"spec2bdd.toml": 'unverified = "untick"\n'})
    assert list_verdicts(mark(tmp_path))[TEXT] == "pending"


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_a_strict_check_fails_while_a_box_is_unverified(tmp_path: Path, strict: bool, code: int) -> None:
    passing = TICKED.replace('- [ ] Removing an item that is not there is refused with "no such item"\n', "")
    write_basket(tmp_path, spec=passing)
    verify(tmp_path)
    report = verify(tmp_path, check=True, strict=strict)
    assert (code, f"- [x] {TEXT}\n" in read_spec(tmp_path)) == (report.exit_code, True)


@pytest.mark.parametrize(("status", "named"), [("Complete", True), ("Review", True), ("In Progress", False)])
def test_a_spec_that_claims_acceptance_with_unverified_criteria_is_named(
    tmp_path: Path, status: str, named: bool
) -> None:
    spec = f"---\nfeature_id: 1\nstatus: {status}\n---\n## Acceptance Criteria\n### Must Have\n- [x] It works\n"
    write_files(tmp_path, {"specs/1.md": spec, "steps/a.py": "x = 1\n"})
    report = verify(tmp_path)
    note = (
        f"the status of specs/1.md is `{status}`, but 1 criterion is unverified; `spec2bdd verify --strict` unticks it"
    )
    assert named == (note in report.notes)
    assert report.exit_code == 0
