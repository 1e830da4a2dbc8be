"""`kill -9` after any write of a decision: the same command, given again, completes it, and nothing is doubled."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import read_all, write_files
from test_killed import hide_time

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

# Runs a command, and kills itself right after the file with that number was put in its place (0: never), when it
# removes what was there before; the calls that exchange the two are not audited.
KILLED = """\
import os, signal, sys
last, count = int(sys.argv.pop(1)), 0
def hook(event, arguments):
    global count
    if event == "os.remove" and os.fspath(arguments[0]).endswith(".tmp"):
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from spec2bdd.cli.main import main
main()
"""
SPEC = """\
---
feature_id: {number}.1
name: {name}
status: In Progress
updated: 2026-01-01T00:00:00-04:00
---

# {name}

## Acceptance Criteria

### Must Have

- [ ] A {name} can be opened
- [ ] A {name} can be closed
"""
FILES = {f"specs/{number}.1.md": SPEC.format(number=number, name=name) for number, name in ((1, "door"), (2, "gate"))}
BOTH = ("1.1#1", "2.1#1")
# The command, and those before it.
COMMANDS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "waive": (("waive", *BOTH, "--reason", "later"), ()),
    "unwaive": (("unwaive", *BOTH), (("waive", *BOTH, "--reason", "later"),)),
    "manual": (("manual", *BOTH), ()),
    "manual --off": (("manual", "--off", *BOTH), (("manual", *BOTH),)),
    "tick": (("tick", *BOTH), (("manual", *BOTH),)),
    "tick --off": (("tick", "--off", *BOTH), (("manual", *BOTH), ("tick", *BOTH))),
    "accept": (("accept", *BOTH), ()),
}


def call(root: Path, *arguments: str, kill: int = 0) -> int:
    """Run a command, and kill it after the file with that number is written."""
    command = [sys.executable, "-c", KILLED, str(kill), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode


def read(root: Path) -> dict[str, bytes]:
    """Read all files of a project, without the time in its specs and what a killed process left."""
    return {path: hide_time(content) for path, content in read_all(root).items() if not path.endswith(".tmp")}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_decision_that_was_killed_and_is_made_again_ends_as_one_that_was_not(tmp_path: Path, name: str) -> None:
    command, before = COMMANDS[name]
    start = write_files(tmp_path / "start", FILES)
    assert call(start, "generate") == 0
    if name == "accept":
        # A step that is not written yet follows a new wording at once.
        steps = {path: content for path, content in read_all(start).items() if path.startswith("steps/")}
        write_files(start, {path: re.sub(rb"raise \w+\(.*\)", b"assert context", text) for path, text in steps.items()})
        write_files(
            start, {path: text.replace("can be opened", "can always be opened") for path, text in FILES.items()}
        )
        assert call(start, "generate") in (0, 1)
    for earlier in before:
        assert call(start, *earlier) == 0
    whole = tmp_path / "whole"
    shutil.copytree(start, whole)
    assert call(whole, *command) == 0
    expected = read(whole)
    assert expected != read(start)
    kills = 0
    while True:
        root = tmp_path / f"killed{kills + 1}"
        shutil.copytree(start, root)
        if call(root, *command, kill=kills + 1) != -signal.SIGKILL:
            break
        kills += 1
        assert call(root, *command) == 0
        assert read(root) == expected
    # Two feature files or two specs, or both.
    assert kills in (2, 4)
