"""Links that lead out of the project: nothing is ever written through one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from program import call
from small_project import write_basket


def list_contents(folder: Path) -> dict[str, bytes]:
    """List the files of a folder with their contents."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project next to a folder that is none of its own."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "theirs.txt").write_text("theirs\n")
    (tmp_path / "project").mkdir()
    return write_basket(tmp_path / "project")


@pytest.mark.parametrize("folder", ["features", "steps"])
def test_a_folder_that_is_a_link_out_of_the_project_gets_no_file(root: Path, folder: str) -> None:
    outside = root.parent / "outside"
    for path in sorted((root / folder).glob("*")):
        path.unlink()
    if (root / folder).exists():
        (root / folder).rmdir()
    (root / folder).symlink_to(outside)
    answer = call(root, "generate")
    assert answer.returncode == 2
    assert "a link leads out of the project" in answer.stdout + answer.stderr
    assert list_contents(outside) == {"theirs.txt": b"theirs\n"}


def test_a_spec_that_is_a_link_out_of_the_project_is_not_marked(root: Path) -> None:
    spec = next((root / "specs").glob("*.md"))
    real = root.parent / "outside" / spec.name
    real.write_bytes(spec.read_bytes())
    spec.unlink()
    spec.symlink_to(real)
    before = real.read_bytes()
    answer = call(root, "verify")
    assert answer.returncode == 2
    assert "a link leads out of the project" in answer.stdout + answer.stderr
    assert real.read_bytes() == before


def test_a_link_to_another_file_of_the_project_is_followed(root: Path) -> None:
    spec = next((root / "specs").glob("*.md"))
    (root / "store").mkdir()
    real = spec.rename(root / "store" / spec.name)
    spec.symlink_to(real)
    answer = call(root, "verify")
    # One of its criteria fails on purpose.
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert spec.is_symlink()
    assert "- [x]" in real.read_text()


@pytest.mark.parametrize(
    "name",
    ["", "records.ndjson", "durations.json", "history.db", ".gitignore", "generate.json", "rendered.json", "lock"],
)
def test_the_cache_is_never_written_through_a_link(root: Path, name: str) -> None:
    outside = root.parent / "outside"
    cache = root / ".spec2bdd"
    if name:
        cache.mkdir()
        (cache / name).symlink_to(outside / "theirs.txt")
    else:
        cache.symlink_to(outside)
    answer = call(root, "verify")
    assert answer.returncode == 2
    assert "a link, which may lead out of the project" in answer.stdout + answer.stderr
    assert list_contents(outside) == {"theirs.txt": b"theirs\n"}
