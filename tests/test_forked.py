"""What is forked in tests is what a new process would be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forked import ForkServer, fork_behave, start_behave
from small_project import write_files

from spec2bdd.adapters.system.subprocess import open_scratch, read_output, start_python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks and signals")

ENVIRONMENT = """\
import json, os, sys, time, signal

def before_all(context):
    mask = os.umask(0)
    facts = {
        "arguments": sys.argv[1:],
        "environment": {name: value for name, value in os.environ.items() if name != "_"},
        "files": sorted(int(name) for name in os.listdir("/proc/self/fd"))[:4],
        "folder": os.getcwd(),
        "group": os.getpgid(0) == os.getpid(),
        "handler": str(signal.getsignal(signal.SIGINT)),
        "input": sys.stdin.read(),
        "mask": mask,
        "parent": os.getppid(),
        "path": sys.path,
        "session": os.getsid(0),
        "zone": time.tzname,
    }
    with open("facts.json", "w") as file:
        json.dump(facts, file)
    print("printed")
    print("complained", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


def start(root: Path, server: ForkServer | None, *, code: str = "") -> tuple[subprocess.Popen[bytes], str]:
    """Start Behave in a project, and wait for its end; return the process and what it printed."""
    features = write_files(root, {"environment.py": ENVIRONMENT + code, "features/a.feature": "Feature: A\n"})
    write_files(root, {"steps/a.py": ""})
    with fork_behave(server) if server else start_behave(), open_scratch() as output, open_scratch(b"asked") as source:
        variables = {"GIVEN": "ü\udcff"}
        process = start_python(
            features, "behave.__main__", args=["features"], output=output, source=source, variables=variables
        )
        process.wait(60)
        return process, read_output(output)


def read_facts(root: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((root / "facts.json").read_text())
    return facts


def test_it_has_the_arguments_the_folder_the_environment_and_the_streams_of_a_new_one(
    tmp_path: Path, server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    forked, output = start(tmp_path, server)
    facts = read_facts(tmp_path)
    new, expected = start(tmp_path, None)
    assert type(forked) is not type(new)
    assert (read_facts(tmp_path), new.returncode) == (facts, forked.returncode)
    assert {"printed", "complained"} <= set(output.splitlines()) & set(expected.splitlines())
    assert (facts["input"], facts["parent"], facts["group"]) == ("asked", os.getpid(), True)


@pytest.mark.parametrize("code", ["os._exit(3)", "os.kill(os.getpid(), 9)", "sys.exit(4)", "raise ValueError('bad')"])
def test_it_ends_as_a_new_one(tmp_path: Path, server: ForkServer, code: str) -> None:
    forked, output = start(tmp_path, server, code=f"\n{code}\n")
    new, expected = start(tmp_path, None, code=f"\n{code}\n")
    assert new.returncode == forked.returncode != 0
    assert expected.splitlines()[-1:] == output.splitlines()[-1:]


def test_what_python_reads_when_it_starts_makes_a_new_process(
    tmp_path: Path, server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked, _ = start(tmp_path, server)
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    new, _ = start(tmp_path, server)
    assert type(forked) is not type(new)
    assert type(new) is subprocess.Popen
