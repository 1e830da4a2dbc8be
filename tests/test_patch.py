"""`--patch` writes a patch that the real git turns into the bytes that would have been written, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from program import call
from small_project import SPEC, SPEC_PATH, STEPS_PATH, generate, read_all, run, verify, write_basket, write_files

from spec2bdd.cli.output import write_output_file
from spec2bdd.cli.patch import write_patch
from spec2bdd.errors import WriteError
from spec2bdd.model import Report

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is what is tested against")

GIT = ["git", "-c", "core.autocrlf=false", "-c", "core.fileMode=false"]


def git(root: Path, *arguments: str | Path) -> None:
    """Run git in a folder; it must go well."""
    done = subprocess.run([*GIT, *map(str, arguments)], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def read_tree(root: Path) -> dict[str, bytes]:
    """Return every byte of a project but for git's and Python's own."""
    return {
        path: content
        for path, content in ((p.relative_to(root).as_posix(), p.read_bytes()) for p in root.rglob("*") if p.is_file())
        if not path.startswith(".git/") and "__pycache__" not in path
    }


def drop_times(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files without the times that a mark writes."""
    rows = {path: content.split(b"\n") for path, content in files.items()}
    return {path: b"\n".join(row for row in found if b"updated:" not in row) for path, found in rows.items()}


# Each with a name of its own: the form of a file and the form of its name are git's two ways to stumble.
FORMS = {
    "specs/3.10-basket.md": SPEC.encode(),
    'specs/a "b" c.md': SPEC.replace("\n", "\r\n").encode(),
    "specs/a b.md": b"\xef\xbb\xbf" + SPEC.encode(),
    "specs/tab\there.md": SPEC[: SPEC.index("\n- [ ] Removing")].encode(),
    "specs/\u00f6/\u65e5\u672c.md": SPEC.replace("People collect", "People\fcollect\u2028and\rkeep").encode(),
    os.fsdecode(b"specs/caf\xe9.md"): SPEC.encode(),
}


def write_forms(root: Path) -> Path:
    """Write a spec of each form, with one criterion that passes and that is now to be ticked, and run it."""
    for number, (name, content) in enumerate(FORMS.items()):
        spec = content.replace(b"3.10 #", b"3.1%d #" % number).replace(b"Shop basket", b"Shop basket %d" % number)
        write_basket(write_files(root, {name: spec}), spec=spec if name == SPEC_PATH else SPEC)
    generate(root)
    run(root)
    return root


def test_git_applies_a_patch_of_any_bytes_and_names_to_what_mark_would_write(tmp_path: Path) -> None:
    # Results of a project without git do not hold for one with it.
    (tmp_path / "one").mkdir()
    git(tmp_path / "one", "init", "-q")
    one = write_forms(tmp_path / "one")
    shutil.copytree(one, tmp_path / "two")
    before = read_tree(one)
    assert call(one, "mark", "--patch", "../it.patch").returncode == 1
    assert read_tree(one) == before
    git(one, "apply", tmp_path / "it.patch")
    call(tmp_path / "two", "mark")
    assert drop_times(read_all(tmp_path / "two")) == drop_times(read_all(one))
    assert len(FORMS) == sum(b"[x] An item can be added" in (one / name).read_bytes() for name in FORMS)


def test_a_patch_of_verify_brings_the_generated_files_too(tmp_path: Path) -> None:
    one, two = (write_basket(tmp_path / name) for name in ("one", "two"))
    git(one, "init", "-q")
    call(one, "verify", "--patch", "it.patch")
    assert set(read_tree(one)) == {SPEC_PATH, STEPS_PATH, "it.patch"}
    git(one, "apply", "it.patch")
    generate(two)
    assert read_all(two) == read_all(one)


def test_a_project_below_the_top_of_its_repository_is_named_to_git(tmp_path: Path) -> None:
    write_basket(tmp_path / "sub")
    git(tmp_path, "init", "-q")
    generate(tmp_path / "sub")
    run(tmp_path / "sub")
    call(tmp_path / "sub", "mark", "--patch", "it.patch")
    git(tmp_path, "apply", "--directory=sub", "sub/it.patch")
    assert "[x] An item can be added" in (tmp_path / "sub" / SPEC_PATH).read_text()


def test_nothing_to_change_leaves_an_empty_file_and_the_answer_stays(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC[: SPEC.index("- [ ] Removing")])
    verify(tmp_path)
    answer = call(tmp_path, "mark", "--patch", "it.patch")
    assert (answer.returncode, (tmp_path / "it.patch").read_bytes()) == (0, b"")
    assert "`it.patch` is empty" in answer.stdout


def test_a_change_is_no_reason_to_say_no(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC[: SPEC.index("- [ ] Removing")])
    generate(tmp_path)
    run(tmp_path)
    answer = call(tmp_path, "mark", "--patch", "it.patch")
    assert answer.returncode == 0
    assert "`it.patch` changes 1 file: `git apply it.patch`" in answer.stdout
    assert call(tmp_path, "mark", "--patch", "it.patch", "--check").returncode == 1


def test_a_patch_is_applied_before_any_other_work(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("- [ ] Removing", "- [ ] (manual) Removing"))
    generate(tmp_path)
    run(tmp_path)
    answer = call(tmp_path, "mark", "--patch", "it.patch")
    assert "3 pending" in " ".join(answer.stdout.split())
    assert "next: " not in answer.stdout


def test_a_missing_folder_of_a_patch_is_created_as_for_a_format(tmp_path: Path) -> None:
    path = tmp_path / "new/it.patch"
    report = write_patch(str(path), lambda: Report("mark"))
    assert (path.read_text(), report.notes) == ("", (f"`{path}` is empty: there is nothing to change",))


@pytest.mark.parametrize("path", [SPEC_PATH, STEPS_PATH, "linked.md", "spec2bdd.toml"])
def test_a_patch_does_not_take_the_place_of_a_file_of_the_project(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"spec2bdd.toml": ""})
    (tmp_path / "linked.md").symlink_to(SPEC_PATH)
    monkeypatch.chdir(tmp_path)
    before = read_tree(tmp_path)
    with pytest.raises(WriteError, match="which is not overwritten") as caught:
        write_patch(path, lambda: Report("mark"))
    assert caught.value.path == path
    assert read_tree(tmp_path) == before


def test_another_markdown_file_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_basket(tmp_path)
    monkeypatch.chdir(tmp_path)
    for text in ("first\n", "second\n"):
        write_output_file("status.md", text)
        assert (tmp_path / "status.md").read_text() == text
