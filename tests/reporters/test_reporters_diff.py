"""The diff: real `git` and `patch` apply it, and the result is compared byte by byte."""

# Assertions have the expected value on the left.

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.model import FileChange
from spec2bdd.reporters.diff import render_diff
from spec2bdd.reporters.terminal.escape import UNSAFE

BODY = b"".join(b"line %d\n" % n for n in range(20))
CASES = {
    "one line": (BODY, BODY.replace(b"line 9\n", b"line nine\n")),
    "far apart": (BODY, BODY.replace(b"line 1\n", b"").replace(b"line 18\n", b"x\ny\n")),
    "CRLF": (BODY.replace(b"\n", b"\r\n"), BODY.replace(b"line 3", b"line three").replace(b"\n", b"\r\n")),
    "mixed line ends": (b"a\r\nb\nc\r\n", b"a\r\nB\nc\r\n"),
    "line ends only": (b"a\r\nb\r\n", b"a\nb\r\n"),
    "lone CR and other separators": (b"a\rb\x0cc\x85\n", "a\rB\x0cc\u2028\n".encode()),
    "byte order mark": (b"\xef\xbb\xbf- [ ] a\n", b"\xef\xbb\xbf- [x] a\n"),
    "no final newline before": (b"a\nb", b"a\nb\n"),
    "no final newline after": (b"a\nb\n", b"a\nb"),
    "no final newline at all": (b"a\nb", b"a\nc"),
    "no final newline, CRLF": (b"a\r\nb\r\nc", b"A\r\nb\r\nc"),
    "new file": (None, b"a\nb\n"),
    "new file without final newline": (None, b"a"),
    "filled": (b"", b"a\n"),
    "emptied": (b"a\n", b""),
    "lines like headers": (b"-- a\n++ b\n@@ c\n", b"-- x\n++ y\n@@ z\n"),
    "not UTF-8": (b"\xff\xfe\na\n", b"\xff\xfe\nb\n"),
}
PATHS = ["a.md", "specs/with blank/b c.md", 'quo"te.md', "back\\slash.md", "umlaut-\xfc.md", "tab\there.md"]


def apply(tool: list[str], root: Path, change: FileChange) -> bytes:
    """Let a tool apply the diff of a change in an empty folder, and read what it made."""
    path = root / change.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if change.before is not None:
        path.write_bytes(change.before)
    patch = render_diff([change], color=False).encode("utf-8", "surrogateescape")
    subprocess.run(tool, cwd=root, input=patch, check=True, capture_output=True)
    return path.read_bytes()


GIT = ["git", "apply", "--whitespace=nowarn", "-"]
PATCH = ["patch", "-p1", "--binary", "--no-backup-if-mismatch"]


@pytest.mark.parametrize("tool", [GIT, PATCH], ids=["git", "patch"])
@pytest.mark.parametrize("name", CASES)
def test_the_patch_makes_the_file_byte_by_byte(name: str, tool: list[str], tmp_path: Path) -> None:
    before, after = CASES[name]
    assert after == apply(tool, tmp_path, FileChange("specs/a.md", before, after))


@pytest.mark.parametrize("path", PATHS)
def test_git_finds_a_file_of_any_name(path: str, tmp_path: Path) -> None:
    assert apply(GIT, tmp_path, FileChange(path, b"a\n", b"b\n")) == b"b\n"
    assert apply(GIT, tmp_path, FileChange(f"new/{path}", None, b"b\n")) == b"b\n"


def test_git_makes_a_new_file_that_is_empty(tmp_path: Path) -> None:
    assert apply(GIT, tmp_path, FileChange("a.md", None, b"")) == b""


@pytest.mark.parametrize("before", [b"", b"a", b"a\nb\n"])
def test_git_removes_a_file_that_is_deleted(before: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(before)
    patch = render_diff([FileChange("a.md", before, None)], color=False)
    subprocess.run(GIT, cwd=tmp_path, input=patch.encode(), check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_several_changes_make_one_patch(tmp_path: Path) -> None:
    patch = render_diff([FileChange("a", None, b"a"), FileChange("b/c", None, b"c\n")], color=False)
    subprocess.run(GIT, cwd=tmp_path, input=patch.encode(), check=True)
    assert [(tmp_path / name).read_bytes() for name in ("a", "b/c")] == [b"a", b"c\n"]


def test_a_file_that_stays_the_same_has_no_diff() -> None:
    assert render_diff([FileChange("a", b"a\r\n", b"a\r\n")], color=False) == ""


def test_a_new_file_comes_from_nothing_and_says_where_its_newline_is_missing() -> None:
    expected = (
        "diff --git a/x.md b/x.md\nnew file mode 100644\n--- /dev/null\n+++ b/x.md\n@@ -0,0 +1 @@\n+a\n"
        "\\ No newline at end of file\n"
    )
    assert render_diff([FileChange("x.md", None, b"a")], color=False) == expected


def test_with_color_control_characters_are_visible() -> None:
    found = render_diff([FileChange("a.md", b"a\r\n", b"b\x1b[2J\r\n")], color=True)
    assert set(re.findall("\x1b[^m]*m", found)) == {"\x1b[1m", "\x1b[0m", "\x1b[36m", "\x1b[31m", "\x1b[32m"}
    assert "\x1b[31m-a\\r\x1b[0m\n\x1b[32m+b\\x1b[2J\\r\x1b[0m\n" in found


HOSTILE = "b\x1b[2J\x9b\u202e\u2066c\u2069\r".encode() + b"\xff\xed\xa0\x80\n"


def test_on_a_terminal_control_characters_and_bad_bytes_are_visible_without_color_too() -> None:
    found = render_diff([FileChange("a\x1b.md", b"a\n", HOSTILE)], color=False, terminal=True)
    assert "+b\\x1b[2J\\x9b\\u202e\\u2066c\\u2069\\r\\udcff\\udced\\udca0\\udc80\n" in found
    assert UNSAFE.sub("", found.replace("\n", "")) == found.replace("\n", "")


def test_in_a_pipe_control_characters_and_bad_bytes_stay_as_they_are() -> None:
    found = render_diff([FileChange("a.md", b"a\n", HOSTILE)], color=False)
    assert b"+" + HOSTILE in found.encode("utf-8", "surrogateescape")


def test_a_removed_line_is_red_even_where_it_looks_like_a_header() -> None:
    assert "\x1b[31m--- a\x1b[0m\n" in render_diff([FileChange("a.md", b"-- a\n", b"")], color=True)


contents = st.text("ab \r\n\u2028\ufeffü", max_size=30).map(str.encode)


@given(before=contents, after=contents)
def test_git_makes_any_file_from_any_other(
    before: bytes, after: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if before == after:
        return
    root = tmp_path_factory.mktemp("any")
    try:
        assert after == apply(GIT, root, FileChange("a.md", before, after))
    finally:
        shutil.rmtree(root)
