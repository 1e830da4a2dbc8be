"""`run --pdb` on a pseudo terminal: a debugger in a step has the prompt, and the run goes on after it."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_project import generate, run, write_files

from spec2bdd.cli.main import main
from spec2bdd.model import Selection, Verdict

SPEC = """\
---
feature_id: 1.1
name: Basket
status: Draft
---

## Acceptance Criteria

- [ ] An item can be added
- [ ] The total is right
- [ ] The basket is empty
"""
STEPS = """\
from behave import then


@then("an item can be added")
def an_item_can_be_added(context):
    count = 41
    {stop}
    assert count == 42, count


@then("the total is right")
def the_total_is_right(context):
    total = 41
    assert total == 42


@then("the basket is empty")
def the_basket_is_empty(context):
    assert context.config
"""
# Ends a test that would otherwise wait for a prompt that never comes.
LIMIT = 60


class Terminal:
    """A command on a pseudo terminal of its own."""

    def __init__(self, process: int, descriptor: int) -> None:
        self._process, self._descriptor = process, descriptor
        self._end = time.monotonic() + LIMIT
        self.text = ""

    def read_until(self, words: str) -> str:
        """Read until the terminal shows some words, and return what came before them."""
        while words not in self.text:
            if not self._read():
                raise AssertionError(f"ended before {words!r}:\n{self.text}")
        before, _, self.text = self.text.partition(words)
        return before

    def type(self, line: str) -> None:
        """Type a line, or a control character, as a person would."""
        os.write(self._descriptor, line.encode())

    def wait(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])

    def _read(self) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, self._end - time.monotonic()))
        if not ready:
            os.kill(self._process, signal.SIGKILL)
            raise AssertionError(f"nothing more within {LIMIT} s:\n{self.text}")
        # Linux reports the end of a terminal as an error.
        with suppress(OSError):
            content = os.read(self._descriptor, 10_000)
            self.text += content.decode().replace("\r\n", "\n")
            return bool(content)
        return False


@contextmanager
def open_terminal(root: Path, arguments: Sequence[str]) -> Iterator[Terminal]:
    """Start `spec2bdd` with a pseudo terminal as its controlling one."""
    process, descriptor = pty.fork()
    if process == 0:
        os.chdir(root)
        os.execv(sys.executable, [sys.executable, "-m", "spec2bdd", *arguments])
    try:
        yield Terminal(process, descriptor)
    finally:
        os.close(descriptor)


def write_project(root: Path, stop: str) -> Path:
    """Write a project whose first two criteria fail; the first step has the line `stop`."""
    write_files(root, {"specs/1.md": SPEC, "steps/own_steps.py": STEPS.format(stop=stop)})
    generate(root)
    return root


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_breakpoint_in_a_step_has_the_terminal(tmp_path: Path, stop: str) -> None:
    write_project(tmp_path, stop)
    with open_terminal(tmp_path, ["run", "1.1#1", "--pdb"]) as terminal:
        terminal.read_until("(Pdb) ")
        terminal.type("print(count + 1000)\n")
        assert "1041" in terminal.read_until("(Pdb) ")
        terminal.type("count = 42\n")
        terminal.read_until("(Pdb) ")
        terminal.type("c\n")
        code = terminal.wait()
        assert "1 passed" in terminal.text
        assert code == 0, terminal.text


def test_each_failure_starts_the_debugger_where_it_was_raised(tmp_path: Path) -> None:
    write_project(tmp_path, "")
    with open_terminal(tmp_path, ["run", "--pdb"]) as terminal:
        assert "AssertionError: 41" in terminal.read_until("(Pdb) ")
        terminal.type("print(count + 1000)\n")
        assert "1041" in terminal.read_until("(Pdb) ")
        terminal.type("c\n")
        assert "failed: The total is right" in terminal.read_until("(Pdb) ")
        terminal.type("c\n")
        code = terminal.wait()
        assert "2 failed" in terminal.text
        assert "1 passed" in terminal.text
        assert code == 1, terminal.text


@pytest.mark.parametrize("stop", ["breakpoint()", ""])
def test_quit_ends_the_run_after_the_scenario(tmp_path: Path, stop: str) -> None:
    write_project(tmp_path, stop)
    with open_terminal(tmp_path, ["run", "--pdb"]) as terminal:
        terminal.read_until("(Pdb) ")
        terminal.type("q\n")
        code = terminal.wait()
        assert "(Pdb)" not in terminal.text
        assert "1 failed" in terminal.text
        assert code == 1, terminal.text


def test_ctrl_c_at_the_prompt_does_not_end_the_run(tmp_path: Path) -> None:
    write_project(tmp_path, "breakpoint()")
    with open_terminal(tmp_path, ["run", "1.1#1", "--pdb"]) as terminal:
        terminal.read_until("(Pdb) ")
        terminal.type("\x03")
        terminal.read_until("--KeyboardInterrupt--")
        terminal.type("count = 42\n")
        terminal.read_until("(Pdb) ")
        terminal.type("c\n")
        code = terminal.wait()
        assert code == 0, terminal.text


def test_a_debugger_has_no_time_limit_and_no_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise, pdb of Python 3.14 colors the line of code.
    monkeypatch.setenv("PYTHON_COLORS", "0")
    write_project(tmp_path, "breakpoint()")
    write_files(tmp_path, {"spec2bdd.toml": "timeout = 0.3\n"})
    with open_terminal(tmp_path, ["run", "1.1#1", "--pdb"]) as terminal:
        assert "\x1b" not in terminal.read_until("(Pdb) ")
        terminal.type("import time; time.sleep(1)\n")
        terminal.read_until("(Pdb) ")
        terminal.type("count = 42\n")
        terminal.read_until("(Pdb) ")
        terminal.type("c\n")
        code = terminal.wait()
        assert code == 0, terminal.text


@pytest.mark.parametrize(
    ("options", "message"), [([], "`--pdb` needs a terminal"), (["-j", "2"], "`--pdb` needs one process")]
)
def test_where_a_debugger_cannot_work_the_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.chdir(write_project(tmp_path, ""))
    result = CliRunner().invoke(main, ["run", "--pdb", *options])
    assert (result.exit_code, message in result.output) == (2, True)


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_breakpoint_without_the_option_fails_its_step_and_names_the_option(tmp_path: Path, stop: str) -> None:
    report = run(write_project(tmp_path, stop), selection=Selection(names=("1.1#1",)))
    verdict = report.specs[0].verdicts[0]
    assert verdict.verdict is Verdict.FAILED
    assert "run `spec2bdd run --pdb`" in verdict.reason
