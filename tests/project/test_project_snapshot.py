"""The snapshot of a project: what counts as saved, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import FEATURE_PATH, SPEC, SPEC_PATH, STEPS, STEPS_PATH, verify, write_basket, write_files
from tree_repository import commit_all, run_git

from spec2bdd.config import read_config
from spec2bdd.domain.watching.saves import SavedFiles, find_saved
from spec2bdd.project.snapshot import take_snapshot

DATA, DOCS = "data/rates.json", "README.md"
NONE = SavedFiles()


@pytest.fixture(params=["git", "no git"])
def basket(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Write a project that has been verified, in a repository or not."""
    root = write_basket(tmp_path)
    ignored = "*.log\n.spec2bdd/\n__pycache__/\n"
    write_files(root, {DATA: "{}", DOCS: "# Shop\n", "app.py": "RATE = 3\n", ".gitignore": ignored})
    verify(root)
    if request.param == "git":
        run_git(root, "init", "--quiet")
        commit_all(root)
    return root


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (SPEC_PATH, SPEC + "\n", SavedFiles(texts=(SPEC_PATH,))),
        (SPEC_PATH, None, SavedFiles(texts=(SPEC_PATH,))),
        ("specs/4-new.md", SPEC, SavedFiles(texts=("specs/4-new.md",))),
        (FEATURE_PATH, "Feature: Other\n", SavedFiles(texts=(FEATURE_PATH,))),
        (STEPS_PATH, STEPS, SavedFiles(others=(STEPS_PATH,))),
        ("app.py", "RATE = 4\n", SavedFiles(others=("app.py",))),
        ("environment.py", "RATE = 4\n", SavedFiles(others=("environment.py",))),
        ("spec2bdd.toml", 'specs = "specs"\n', SavedFiles(others=("spec2bdd.toml",))),
        ("behave.ini", "[behave]\n", SavedFiles(others=("behave.ini",))),
        ("steps/.#shop_steps.py", "x", NONE),
        ("steps/flycheck_shop.py", "x", NONE),
        ("specs/.3.10-basket.md.swp", "x", NONE),
        ("specs/3.10-basket.md~", "x", NONE),
        (DOCS, "# Shop, in short\n", NONE),
        ("out.log", "x", NONE),
        (".spec2bdd/records.ndjson", "", NONE),
    ],
)
def test_a_file_that_results_depend_on_was_saved_and_no_other(
    basket: Path, path: str, content: str | None, expected: SavedFiles
) -> None:
    before = take_snapshot(read_config(basket))
    if content is None:
        (basket / path).unlink()
    else:
        write_files(basket, {path: content})
    assert find_saved(before, take_snapshot(read_config(basket))) == expected


def test_data_counts_where_git_tracks_it(basket: Path) -> None:
    before = take_snapshot(read_config(basket))
    write_files(basket, {DATA: '{"rate": 4}'})
    saved = find_saved(before, take_snapshot(read_config(basket)))
    assert saved == (SavedFiles(others=(DATA,)) if (basket / ".git").exists() else NONE)


def test_a_file_that_is_written_with_the_same_content_was_not_saved(basket: Path) -> None:
    before = take_snapshot(read_config(basket))
    for path in (SPEC_PATH, STEPS_PATH, FEATURE_PATH, "app.py"):
        (basket / path).write_bytes((basket / path).read_bytes())
    assert find_saved(before, take_snapshot(read_config(basket))) == NONE


def test_a_project_in_a_folder_of_its_repository_has_the_same_paths(tmp_path: Path) -> None:
    root = write_basket(tmp_path / "shop")
    write_files(tmp_path, {DATA: "{}", f"shop/{DATA}": "{}"})
    run_git(tmp_path, "init", "--quiet")
    commit_all(tmp_path)
    before = take_snapshot(read_config(root))
    write_files(tmp_path, {f"shop/{DATA}": "[]", f"shop/{STEPS_PATH}": "x = 1\n", DATA: "[]"})
    saved = find_saved(before, take_snapshot(read_config(root)))
    assert saved == SavedFiles(others=(f"../{DATA}", DATA, STEPS_PATH))
