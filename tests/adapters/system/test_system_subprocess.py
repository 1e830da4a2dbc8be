"""Processes of our own: Ctrl-C that comes while modules are imported, and children that end while nobody looks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from spec2bdd.adapters.system.subprocess import (
    defer_interrupt,
    exit_on_signals,
    follow_process,
    open_scratch,
    read_output,
    start_command,
    start_python,
)


def test_an_interrupt_in_a_deferred_block_comes_at_its_end() -> None:
    reached = []

    def work() -> None:
        with defer_interrupt():
            signal.raise_signal(signal.SIGINT)
            reached.append("the end of the block")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert reached == ["the end of the block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_an_interrupt_a_deferred_block_changes_nothing() -> None:
    with defer_interrupt():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_in_a_deferred_block_is_raised_and_the_handler_is_back() -> None:
    with pytest.raises(ImportError, match="No module named"), defer_interrupt():
        import_module("no.such.module")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_caller_is_kept() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        with defer_interrupt():
            signal.raise_signal(signal.SIGINT)
        assert seen == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_defers_nothing() -> None:
    handlers = []

    def work() -> None:
        with defer_interrupt():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.default_int_handler]


def test_an_interrupt_while_modules_are_imported_ends_the_child(tmp_path: Path) -> None:
    with open_scratch() as output:
        process = start_command(tmp_path, [sys.executable, "-c", "import time; time.sleep(600)"], output=output)
        with pytest.raises(KeyboardInterrupt):
            follow_process(process, lambda: None, meanwhile=lambda: signal.raise_signal(signal.SIGINT))
    assert process.returncode is not None


def test_a_child_that_ended_before_is_noticed(tmp_path: Path) -> None:
    with open_scratch() as output:
        process = start_command(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"], output=output)
        while subprocess.Popen.poll(process) is None:
            pass
        assert follow_process(process, lambda: None) == 3


def test_the_end_of_a_child_is_noticed_on_systems_without_handles_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "other")
    looks: list[None] = []
    with open_scratch() as output:
        process = start_command(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"], output=output)
        assert follow_process(process, lambda: looks.append(None)) == 3
    # It waits between two looks.
    assert 1 <= len(looks) < 1000


def test_a_signal_that_ends_a_process_ends_it_as_an_exit_and_the_default_is_back() -> None:
    with pytest.raises(SystemExit) as caught, exit_on_signals():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_that_is_handled_or_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with exit_on_signals():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_child_in_another_folder_finds_what_a_relative_path_of_python_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "lib" / "probe.py").write_text("def main(arguments):\n    print('found')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"lib{os.pathsep}gone")
    with open_scratch() as output:
        follow_process(start_python(tmp_path / "elsewhere", "probe", args=[], output=output), lambda: None)
        assert read_output(output) == "found\n"


def test_what_a_child_printed_is_read_whatever_its_bytes() -> None:
    with open_scratch("a lämp\n".encode() + b"\xff\n") as output:
        assert read_output(output) == "a lämp\n\ufffd\n"


def test_a_child_that_runs_is_looked_at_again_and_again(tmp_path: Path) -> None:
    looks: list[int] = []

    def look() -> bool:
        looks.append(len(looks))
        return len(looks) == 3

    with open_scratch() as output:
        process = start_command(tmp_path, ["sleep", "0.9"], output=output)
        # It still runs at the third look.
        assert (follow_process(process, look), process.poll()) == (0, None)
        process.kill()
        process.wait()
