"""Why a change cannot be written, as far as that is known before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.adapters.system.files.targets import find_refusal
from spec2bdd.errors import FileChangedError, WriteError
from spec2bdd.model import FileChange

# What a file is to become and was, what there is, and why that is refused before anything is written.
REFUSALS = {
    "as it was read": (("a.md", b"old", b"new"), b"old", None),
    "new": (("b.md", None, b"new"), b"old", None),
    "changed": (("a.md", b"old", b"new"), b"other", FileChangedError),
    "gone": (("b.md", b"old", b"new"), b"old", FileChangedError),
    "there already": (("a.md", None, b"new"), b"old", FileChangedError),
    "removed": (("a.md", b"old", None), b"old", None),
    "changed before it is removed": (("a.md", b"old", None), b"other", FileChangedError),
    "removed already": (("b.md", b"old", None), b"old", None),
    "outside": (("../a.md", None, b"new"), b"old", WriteError),
    "in a file": (("a.md/b.md", None, b"new"), b"old", None),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_why_a_change_cannot_be_written_is_found_before(tmp_path: Path, case: str) -> None:
    change, content, expected = REFUSALS[case]
    (tmp_path / "a.md").write_bytes(content)
    found = find_refusal(tmp_path, FileChange(*change), {})
    assert (found and type(found)) == expected
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_read_only_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old")
    (tmp_path / "a.md").chmod(0o444)
    assert isinstance(find_refusal(tmp_path, FileChange("a.md", b"old", b"new"), {}), WriteError)
