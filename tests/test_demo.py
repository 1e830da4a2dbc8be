"""The demo: what `make demo` prints is true and short; the specs change only in boxes, `status` and `updated`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
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


def play_demo(folder: Path) -> list[str]:
    """Play the demo on a copy of the examples, and return what it prints."""
    examples = folder / "examples"
    shutil.copytree(EXAMPLE, examples / "chat", ignore=shutil.ignore_patterns("features", "__pycache__", ".spec2bdd"))
    shutil.copy(EXAMPLE.parent / "demo.py", examples)
    done = subprocess.run(
        [sys.executable, str(examples / "demo.py")], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.stdout.decode().splitlines()


def find_in_order(lines: list[str], texts: tuple[str, ...]) -> Iterator[int]:
    """Yield the number of the first line that holds each text, from the line of the one before on."""
    number = 0
    for text in texts:
        number = next((n for n, line in enumerate(lines[number:], number) if text in line), -1)
        yield number


CRITERION = "A message of 500 characters is accepted in every language"


def test_the_demo_shows_one_criterion_fail_and_pass_in_at_most_80_lines(tmp_path: Path) -> None:
    lines = play_demo(tmp_path)
    assert len(lines) <= 80
    story = (
        "two criteria fail on purpose",
        f"- [x] {CRITERION}",
        f"Scenario: {CRITERION}",
        '@then("a message of {length:d} characters',
        "assert not refusal",
        "$ spec2bdd verify",
        "2 failures",
        "Failed: 11 of 14 musts proved",
        "  -status: Review",
        f"  -- [x] {CRITERION}",
        f"  +- [ ] {CRITERION}",
        "Both bugs are fixed",
        "$ spec2bdd verify",
        "Passed: 13 of 14 musts proved",
        "  +status: Review",
        f"  +- [x] {CRITERION}",
    )
    # With the environment in which the demo ran.
    assert lines[-1].endswith("build/demo && spec2bdd verify")
    numbers = list(find_in_order(lines, story))
    assert all(0 <= number < other for number, other in pairwise(numbers)), numbers


def hide_marks(content: bytes) -> list[bytes]:
    """Return the lines of a spec with the inside of each box and the two values taken out."""
    lines = content.split(b"\n")
    return [VALUE.sub(rb"\1:\2", BOX.sub(rb"\1\2", line)) for line in lines]


def test_the_demo_passes_fails_and_leaves_open_what_its_readme_says(verified: tuple[Path, Report]) -> None:
    _, report = verified
    verdicts = list(list_verdicts(report).values())
    assert {word: verdicts.count(word) for word in set(verdicts)} == {
        "passed": 14,
        "failed": 2,
        "pending": 4,
        "manual": 1,
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
    assert {path: (root / path).stat().st_mtime_ns for path in before} == times
