"""The demo project: what `make demo` shows is true, and its specs change in boxes, `status` and `updated` alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from small_project import list_verdicts, read_all, verify

from spec2bdd.model import Report

EXAMPLE = Path(__file__).parents[1] / "examples" / "chat"
BOX = re.compile(rb"^(\s*[-*+] \[)[ x](\].*)$", re.DOTALL)
VALUE = re.compile(rb"^(status|updated): [^\r\n]*(\r?)$", re.DOTALL)


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """Verify a copy of the example once."""
    root = tmp_path_factory.mktemp("demo") / "chat"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("features", "__pycache__", ".spec2bdd"))
    return root, verify(root)


def hide_marks(content: bytes) -> list[bytes]:
    """Return the lines of a spec with the inside of each box and the two values taken out."""
    lines = content.split(b"\n")
    return [VALUE.sub(rb"\1:\2", BOX.sub(rb"\1\2", line)) for line in lines]


def test_the_demo_passes_fails_and_leaves_open_what_its_readme_says(verified: tuple[Path, Report]) -> None:
    _, report = verified
    verdicts = list(list_verdicts(report).values())
    assert {"passed": 14, "failed": 2, "pending": 4, "manual": 1} == {
        word: verdicts.count(word) for word in set(verdicts)
    }
    statuses = [(spec.status_before, spec.status_after) for spec in report.specs]
    assert statuses == [("Review", "In Progress"), ("In Progress", "In Progress"), ("Draft", "In Progress")]
    assert report.exit_code == 1


@pytest.mark.parametrize("path", sorted(path.name for path in (EXAMPLE / "specs").glob("*.md")))
def test_a_demo_spec_changes_in_its_boxes_status_and_updated_alone(verified: tuple[Path, Report], path: str) -> None:
    before, after = (EXAMPLE / "specs" / path).read_bytes(), (verified[0] / "specs" / path).read_bytes()
    assert after != before
    assert hide_marks(before) == hide_marks(after)


def test_a_second_verify_of_the_demo_writes_nothing(verified: tuple[Path, Report]) -> None:
    root, _ = verified
    before = read_all(root)
    times = {path: (root / path).stat().st_mtime_ns for path in before}
    assert verify(root).changes == ()
    assert read_all(root) == before
    assert times == {path: (root / path).stat().st_mtime_ns for path in before}
