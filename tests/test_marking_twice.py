"""Two `mark` runs at once, and editors in between: what is true at the end is what one after the other would give."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from marking_project import RECORDS, choose_at_random, render_records, write_marking_project
from small_project import NOW, read_all, write_files

from spec2bdd.adapters.system.files import folder_lock, write_changes
from spec2bdd.commands.mark import mark
from spec2bdd.config import read_config
from spec2bdd.model import FileChange

SPECS = int(os.environ.get("SPEC2BDD_SPECS", "4"))
ROUNDS = int(os.environ.get("SPEC2BDD_ROUNDS", "3"))
TESTS = Path(__file__).parent

# Marks each of its record files in turn, as often as it is told, and prints what could not be done. The time is fixed,
# so that only the verdicts decide what stands in the end.
MARKER = """\
import sys
from pathlib import Path
from small_project import NOW
from spec2bdd.commands.mark import mark
from spec2bdd.config import read_config

root, rounds, *records = sys.argv[1:]
for number in range(int(rounds)):
    for path in records:
        report = mark(read_config(Path(root)), now=NOW, records=[str(Path(root) / path)])
        print(*[diagnostic.message for diagnostic in report.diagnostics], sep="", end="")
"""

# Saves a file as editors do, a new one in the place of the old, again and again; after each save the file must come to
# say what was saved, with or without a mark. Prints the saves that were lost. Now and then, it waits for a mark.
EDITOR = """\
import os
import sys
import time
path = sys.argv[1]
for number in range(int(sys.argv[2])):
    saved = b"%d\\n" % number
    with open(path + "~", "wb") as stream:
        stream.write(saved)
    os.replace(path + "~", path)
    deadline = time.monotonic() + 5
    while not open(path, "rb").read().startswith(saved):
        if time.monotonic() > deadline:
            print(number)
            break
    while number % 100 == 50 and open(path, "rb").read() == saved and time.monotonic() < deadline:
        time.sleep(0.001)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a process that runs some code."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)


def mark_once(root: Path, records: str) -> None:
    """Mark the verdicts of a record file, in this process."""
    mark(read_config(root), now=NOW, records=[str(root / records)])


def write_rivals(root: Path) -> tuple[str, str]:
    """Write two runs whose verdicts are different, and that both begin with the musts passed."""
    project = write_marking_project(root, specs=SPECS)
    names = (f"{RECORDS}.1", f"{RECORDS}.2")
    write_files(root, {name: render_records(project, choose_at_random(n)) for n, name in enumerate(names)})
    return names


def test_two_processes_that_mark_the_same_run_end_where_one_does(tmp_path: Path) -> None:
    first, _ = write_rivals(tmp_path / "alone")
    write_rivals(tmp_path / "both")
    mark_once(tmp_path / "alone", first)
    markers = [start(MARKER, str(tmp_path / "both"), str(ROUNDS), first) for _ in range(2)]
    assert [marker.communicate()[0] for marker in markers] == ["", ""]
    assert read_all(tmp_path / "alone") == read_all(tmp_path / "both")


def test_two_processes_that_disagree_end_where_the_last_one_does_in_every_spec(tmp_path: Path) -> None:
    names = write_rivals(tmp_path / "both")
    write_rivals(tmp_path / "alone")
    markers = [start(MARKER, str(tmp_path / "both"), str(ROUNDS), name) for name in names]
    assert [marker.communicate()[0] for marker in markers] == ["", ""]
    # Whoever came last, the state is wholly a serial one: both orders are tried.
    ends = []
    for order in (names, names[::-1]):
        for name in order:
            mark_once(tmp_path / "alone", name)
        ends.append(read_all(tmp_path / "alone"))
    assert read_all(tmp_path / "both") in ends


@pytest.mark.skipif(os.name != "posix", reason="the locks of POSIX")
def test_a_second_process_waits_until_the_first_has_written(tmp_path: Path) -> None:
    names = write_rivals(tmp_path)
    before = read_all(tmp_path)
    with folder_lock(tmp_path):
        marker = start(MARKER, str(tmp_path), "1", names[0])
        with pytest.raises(subprocess.TimeoutExpired):
            marker.communicate(timeout=0.5)
        assert read_all(tmp_path) == before
    assert marker.communicate()[0] == ""
    assert read_all(tmp_path) != before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can exchange two names")
def test_what_an_editor_saves_meanwhile_is_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"")
    made = refused = 0
    for _ in range(10):
        editor = start(EDITOR, str(path), "2000")
        while editor.poll() is None:
            before = path.read_bytes()
            written = write_changes(tmp_path, [FileChange("a.md", before, before + b"mark\n")])
            made += len(written.changes)
            refused += len(written.errors)
        assert editor.communicate()[0] == ""
        assert path.read_bytes().startswith(b"1999\n")
        # On a busy machine, one of them may be too slow to meet the other.
        if made and refused:
            break
    # Both happened, so that the race was one.
    assert made > 0
    assert refused > 0
