"""Two runs at once in one project: whole ones go one after the other, partial runs at the same time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_project import SPEC_PATH, write_basket

from spec2bdd.adapters.system.files import folder_lock
from spec2bdd.adapters.system.files.temp_files import write_temp_file
from spec2bdd.config import read_config
from spec2bdd.project.locks import lock_project, lock_records

WAITING = "waiting for another run in this project"
posix = pytest.mark.skipif(os.name != "posix", reason="the locks of POSIX")


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a command in a project."""
    command = [sys.executable, "-m", "spec2bdd", *arguments]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_line(process: subprocess.Popen[str]) -> str:
    """Return the next line that a process writes on stderr."""
    assert process.stderr
    return process.stderr.readline().rstrip("\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with two criteria that a step proves or disproves."""
    return write_basket(tmp_path)


@posix
@pytest.mark.parametrize("writes", [True, False])
def test_only_who_writes_removes_what_a_killed_process_left(root: Path, writes: bool) -> None:
    made: list[Path] = []
    # A process with this id cannot be.
    temporary = write_temp_file(root / SPEC_PATH, b"half", old=None, mask=0o022, made=made)
    left = temporary.rename(temporary.with_name(temporary.name.replace(str(os.getpid()), "999999999")))
    with lock_project(read_config(root), writes=writes):
        assert left.exists() != writes


@posix
@pytest.mark.parametrize("command", [("verify",), ("run",), ("verify", "--only", "3.10#1"), ("run", "--shard", "1/2")])
@pytest.mark.parametrize("whole", [True, False])
def test_a_run_waits_for_one_that_would_take_its_records_and_says_so(
    root: Path, command: tuple[str, ...], whole: bool
) -> None:
    is_concurrent = not whole and len(command) > 1
    subprocess.run([sys.executable, "-m", "spec2bdd", "generate"], cwd=root, check=True, capture_output=True)
    events: list[dict[str, object]] = []
    with lock_records(read_config(root), lambda event: events.append(dict(event)), whole=whole, writes=True):
        process = start(root, *command)
        if is_concurrent:
            assert WAITING not in process.communicate()[1]
        else:
            assert WAITING in iter(lambda: read_line(process), "")
            assert "[x]" not in (root / SPEC_PATH).read_text()
            assert process.poll() is None
    output = process.communicate()[1]
    assert "run-crashed" not in output
    assert process.returncode == (0 if "--only" in command else 1)
    assert events == []
    assert ("[x]" in (root / SPEC_PATH).read_text()) is (command[0] == "verify")


@posix
def test_a_process_that_waits_for_a_run_can_be_interrupted(root: Path) -> None:
    with lock_records(read_config(root), ignore, whole=True, writes=True):
        process = start(root, "verify")
        assert WAITING in iter(lambda: read_line(process), "")
        process.send_signal(2)
        assert "interrupted; no spec was changed" in process.communicate()[1]
        assert process.returncode == 130


@posix
@pytest.mark.parametrize("command", ["mark", "generate", "explain", "verify --check"])
def test_nothing_else_waits_for_a_run(root: Path, command: str) -> None:
    with lock_records(read_config(root), ignore, whole=True, writes=True):
        assert WAITING not in start(root, *command.split()).communicate()[1]


def test_a_check_holds_nothing_and_leaves_nothing(root: Path) -> None:
    with lock_records(read_config(root), ignore, whole=True, writes=False):
        assert not (root / ".spec2bdd").exists()


STEPS = """\
import subprocess
import sys

from behave import then


@then("an item can be added")
def an_item_can_be_added(context):
    command = [sys.executable, "-m", "spec2bdd", *{arguments!r}]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "cannot start a run from a step" not in done.stderr, done.returncode
"""


@posix
@pytest.mark.parametrize(
    ("arguments", "verdict"), [(["run"], "failed"), (["verify"], "failed"), (["verify", "--check"], "passed")]
)
def test_a_run_that_a_step_starts_in_its_own_project_does_not_wait_for_ever(
    tmp_path: Path, arguments: list[str], verdict: str
) -> None:
    if "--check" in arguments:
        arguments += ["--only", "3.10#2"]
    write_basket(tmp_path, steps=STEPS.format(arguments=arguments))
    report = json.loads(start(tmp_path, "verify", "--format", "json").communicate()[0])
    (spec,) = report["specs"]
    found = {criterion["text"]: criterion for criterion in spec["criteria"]}["An item can be added"]
    assert (found["verdict"], "2" in found["reason"]) == (verdict, verdict == "failed")


@posix
def test_those_that_share_do_not_wait_for_each_other(tmp_path: Path) -> None:
    waited: list[str] = []
    note: Callable[[], None] = lambda: waited.append("waited")  # noqa: E731
    code = "import sys; from pathlib import Path; from spec2bdd.adapters.system.files import folder_lock\n"
    code += "with folder_lock(Path(sys.argv[1]), shared=True): print(flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout
    other.stdout.readline()
    with folder_lock(tmp_path, shared=True, on_wait=note):
        assert waited == []
    with pytest.raises(Exception, match="timed out"), folder_lock(tmp_path, longest=0.05, on_wait=note):
        pass
    other.communicate()
    assert waited == ["waited"]
    with folder_lock(tmp_path, on_wait=note):
        assert waited == ["waited"]


def ignore(event: object) -> None:
    """Listen to nothing."""
