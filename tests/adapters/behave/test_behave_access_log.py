"""What a process reads while it loads step modules is known, so that its result can be kept until that changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """\
import json, os, sys
from spec2bdd.adapters.behave.registry.access_log import AccessLog

log = AccessLog()
log.watch()
{}
print(json.dumps(log.describe()))
"""


def describe(root: Path, code: str) -> tuple[set[str], set[str], bool]:
    """Run code in a folder; return what it read and listed there, and whether nothing else matters."""
    command = [sys.executable, "-c", SCRIPT.format(code)]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    facts = json.loads(done.stdout.splitlines()[-1])
    files, folders = (
        {os.path.relpath(path, root) for path in facts[kind] if Path(path).is_relative_to(root)}
        for kind in ("files", "folders")
    )
    return files, folders, facts["closed"]


READS = {
    "a file": ("open('a.txt')", {"a.txt"}),
    "bytes": ("open('a.txt', 'rb')", {"a.txt"}),
    "a descriptor": ("os.open('a.txt', os.O_RDONLY)", {"a.txt"}),
    "a file by its absolute path": ("open(os.path.abspath('sub/b.txt'))", {"sub/b.txt"}),
    "a descriptor that was opened before": ("open(os.open('a.txt', os.O_RDONLY))", {"a.txt"}),
    "a module": ("sys.path.insert(0, 'sub'); import b", {"sub/b.py"}),
}
WRITES = {
    "a new file": "open('new.txt', 'w')",
    "a file that is appended to": "open('a.txt', 'a')",
    "an exclusive file": "open('new.txt', 'x')",
    "a file that is changed": "open('a.txt', 'r+')",
    "a descriptor": "os.open('a.txt', os.O_WRONLY)",
    "a descriptor for both": "os.open('a.txt', os.O_RDWR)",
}
LISTS = {
    "this folder": ("os.listdir()", {"."}),
    "a folder": ("os.scandir('sub')", {"sub"}),
    "no folder": ("os.path.exists('sub')", set[str]()),
}
OPEN = {
    "another process": "import subprocess; subprocess.run(['true'])",
    "a command": "os.system('true')",
    "a database": "import sqlite3; sqlite3.connect(':memory:')",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder with files."""
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt", "sub/b.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    return tmp_path.resolve()


@pytest.mark.parametrize(("code", "expected"), READS.values(), ids=READS)
def test_it_is_read(root: Path, code: str, expected: set[str]) -> None:
    files, _, is_closed = describe(root, code)
    assert (files, is_closed) == (expected, True)


@pytest.mark.parametrize("code", WRITES.values(), ids=WRITES)
def test_what_is_written_is_not_read(root: Path, code: str) -> None:
    assert describe(root, code)[0] == set()


@pytest.mark.parametrize(("code", "expected"), LISTS.values(), ids=LISTS)
def test_it_is_listed(root: Path, code: str, expected: set[str]) -> None:
    # The folder of the process is on the path of its modules.
    assert describe(root, code)[1] | {"."} == expected | {"."}


@pytest.mark.parametrize("code", OPEN.values(), ids=OPEN)
def test_what_it_read_is_not_all_if_it_asks(root: Path, code: str) -> None:
    assert describe(root, code)[2] is False
