"""What workers and their children print goes into a file of each worker, and nowhere else, while a scenario runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spec2bdd.adapters.behave.glue.output_capture import create_captured, open_captured, read_captured, remove_captured

SCRIPT = """\
import json, os, subprocess, sys
from spec2bdd.adapters.behave.glue.output_capture import OutputCapture, create_captured

descriptor, path = create_captured()
capture = OutputCapture(descriptor)
found = []
for round in "12":
    os.write(1, b"before ")
    capture.start()
    print("out", flush=True)
    print("err", file=sys.stderr, flush=True)
    os.write(2, b"direct\\n")
    subprocess.run([sys.executable, "-c", f"import os; os.write(1, b'child {round}'); os.write(2, b'!')"])
    capture.stop()
    found.append(capture.read())
    os.write(1, b"after ")
    os.write(2, b"after ")
os.closerange(3, 5000) if "close" in sys.argv else None
found.append(capture.read())
os.write(1, json.dumps(found).encode())
"""


def run(*arguments: str) -> tuple[list[str], str, str]:
    """Capture two scenarios; return what was captured, and what was printed otherwise."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], check=True, capture_output=True, text=True)
    printed, bracket, found = done.stdout.partition("[")
    return json.loads(bracket + found), printed, done.stderr


def test_both_streams_of_a_scenario_and_of_its_children_are_captured() -> None:
    found, printed, errors = run()
    assert found == ["out\nerr\ndirect\nchild 1!", "out\nerr\ndirect\nchild 2!", "out\nerr\ndirect\nchild 2!"]
    assert (printed, errors) == ("before after before after ", "after after ")


def test_nothing_is_captured_where_a_step_has_closed_the_file() -> None:
    found, printed, _ = run("close")
    assert (found[2], printed) == ("", "before after before after ")


def test_a_file_is_appended_to_and_removed() -> None:
    descriptor, path = create_captured()
    other = open_captured(path)
    with os.fdopen(descriptor, "wb", buffering=0) as first, os.fdopen(other, "wb", buffering=0) as second:
        first.write(b"a")
        second.write(b"b")
        assert read_captured(descriptor) == "ab"
    remove_captured(path)
    assert not Path(path).exists()
    remove_captured(path)


def test_without_a_folder_for_it_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    assert create_captured() == (-1, "")


def test_the_beginning_of_much_output_is_left_out() -> None:
    descriptor, path = create_captured()
    with os.fdopen(descriptor, "wb", buffering=0) as stream:
        stream.write(b"x" * 300_000 + b"end")
        text = read_captured(descriptor)
    remove_captured(path)
    assert (text.endswith("xend"), 200_000 <= len(text) < 201_000) == (True, True)
