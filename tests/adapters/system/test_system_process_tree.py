"""Only what has no process to belong to any longer is ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spec2bdd.adapters.system.process_tree import end_children, has_ended, is_running, kill_processes, list_descendants

# It starts a process, says so, and waits until its input ends.
PARENT = "import subprocess, sys; inner = subprocess.Popen(['sleep', '60']); print(inner.pid, flush=True); input()"


def test_other_children_are_ended_with_all_that_they_have_started() -> None:
    """Of a child that is kept, what it has started meanwhile is kept as well."""
    before = set(list_descendants(os.getpid()))
    kept, other = (
        subprocess.Popen([sys.executable, "-S", "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    )
    assert kept.stdout
    assert other.stdout
    inner, lost = int(kept.stdout.readline()), int(other.stdout.readline())
    try:
        end_children({*before, kept.pid})
        assert has_ended(other.pid, waits=True)
        assert {kept.pid, inner} <= {*list_descendants(os.getpid())}
        assert lost not in list_descendants(os.getpid())
    finally:
        kill_processes([inner, kept.pid, lost, other.pid])
        kept.communicate()
        other.communicate()


def test_a_process_that_has_ended_runs_no_longer_though_its_parent_has_not_asked_for_its_exit_code() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    assert is_running(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    states = [is_running(process.pid)]
    process.communicate()
    assert [*states, is_running(process.pid)] == [False, False]


def test_without_the_files_of_linux_a_process_runs_while_the_system_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)

    def refuse(path: Path) -> bytes:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert is_running(process.pid)
    process.communicate()
    assert not is_running(process.pid)
