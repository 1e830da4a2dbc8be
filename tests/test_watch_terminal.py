"""`watch` in a real terminal: what it shows, each key, and that it leaves the terminal as it was."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_watch import save, wait_for
from watched_project import BROKEN, DOOR, FILES, LAMP, PRODUCT, STEPS, WORKS, build_environment, write_project
from watched_terminal import USUAL, WATCH, Terminal, needs_tmux, open_terminal

from spec2bdd.adapters.system.process_tree import list_descendants

pytestmark = needs_tmux

KEYS = "a all · f not passed · m mark · enter again · q quit"
WAITING = "    open('run.log', 'w').close()\n    import time\n    time.sleep(product.WAIT)\n    assert"
SLOW = {STEPS: FILES[STEPS].replace("    assert", WAITING), PRODUCT: WORKS + "WAIT = 600\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project whose door never shuts."""
    return write_project(tmp_path, {PRODUCT: BROKEN})


@pytest.fixture
def terminal(root: Path) -> Iterator[Terminal]:
    """Open a terminal in which the project is watched, after the first run."""
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(WATCH)
        terminal.wait_for("ran everything")
        yield terminal


def read_specs(root: Path) -> list[str]:
    """Return the specs of the project."""
    return [(root / path).read_text() for path in (LAMP, DOOR)]


def test_a_failure_and_its_fix_take_the_place_of_what_was_shown(root: Path, terminal: Terminal) -> None:
    screen = terminal.wait_for("ran everything")
    assert "the door never shuts" in screen
    assert "Passed" not in screen
    assert screen.splitlines()[-1] == KEYS
    save(root, PRODUCT, WORKS)
    screen = terminal.wait_for("Passed: 4 of 4 musts proved")
    assert screen.splitlines()[0] == f"{PRODUCT} was saved: ran everything"
    assert "the door never shuts" not in screen
    assert screen.splitlines()[-1] == KEYS
    save(root, DOOR, FILES[DOOR].replace("status:", "owner: ana\nstatus:"))
    terminal.wait_for(f"{DOOR} was saved: ran what it affects")


def test_the_keys_do_what_the_last_line_says(root: Path, terminal: Terminal) -> None:
    before = read_specs(root)
    terminal.type("f")
    terminal.wait_for("ran what did not pass")
    terminal.type("a")
    terminal.wait_for("ran everything")
    save(root, DOOR, FILES[DOOR] + "\n")
    terminal.wait_for(f"{DOOR} was saved: ran what it affects")
    terminal.type("Enter")
    terminal.wait_for("ran the same again")
    assert read_specs(root) == [before[0], before[1] + "\n"]
    terminal.type("m")
    assert "3 boxes ticked" in terminal.wait_for("marked the specs")
    lamp, door = read_specs(root)
    assert (lamp.count("[x]"), door.count("[x]")) == (2, 1)
    terminal.type("x", "Enter")
    terminal.wait_for("ran the same again")
    terminal.type("q")
    assert terminal.ask("echo code $?") == "code 0"
    assert terminal.describe_mode() == USUAL


def test_to_mark_waits_for_the_end_of_a_run(tmp_path: Path) -> None:
    root = write_project(tmp_path / "slow", {**SLOW, PRODUCT: WORKS + "WAIT = 0.5\n"})
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(WATCH)
        wait_for(root / "run.log")
        terminal.type("m")
        assert "4 boxes ticked" in terminal.wait_for("marked the specs")


def test_ctrl_c_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.type("C-c")
    assert terminal.ask("echo code $?") == "code 130"
    assert terminal.describe_mode() == USUAL


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_during_a_run_leaves_the_terminal_as_it_was_and_no_process(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    root = write_project(tmp_path / "slow", SLOW)
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(f"echo $$ > shell.log; {WATCH}")
        wait_for(root / "run.log")
        shell = int((root / "shell.log").read_text())
        (watching, *_), processes = list_descendants(shell), list_descendants(shell)
        os.kill(watching, number)
        assert terminal.ask("echo code $?") == f"code {code}"
        assert terminal.describe_mode() == USUAL
        assert [process for process in processes if Path(f"/proc/{process}").exists()] == []


def test_q_during_a_run_ends_it(tmp_path: Path) -> None:
    root = write_project(tmp_path / "slow", SLOW)
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(f"echo $$ > shell.log; {WATCH}")
        wait_for(root / "run.log")
        shell = int((root / "shell.log").read_text())
        terminal.type("q")
        assert terminal.ask("echo code $?") == "code 0"
        assert list_descendants(shell) == []


def test_a_terminal_that_cannot_be_cleared_has_no_keys(root: Path) -> None:
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(f"TERM=dumb {WATCH}")
        screen = terminal.wait_for("3 passed, 1 failed")
        assert "running everything" in screen
        assert "q quit" not in screen
        terminal.type("C-c")
        assert terminal.ask("echo code $?") == "code 130"


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(terminal: Terminal) -> None:
    terminal.type("C-z")
    terminal.wait_for(lambda screen: "Stopped" in screen or "Suspended" in screen)
    assert terminal.describe_mode() == USUAL
    terminal.run("fg")
    terminal.wait_for(lambda screen: screen.startswith("ran everything"))
    terminal.type("f")
    terminal.wait_for("ran what did not pass")
    terminal.type("q")
    assert terminal.ask("echo code $?") == "code 0"
    assert terminal.describe_mode() == USUAL


def test_in_the_background_it_leaves_the_terminal_to_the_shell(root: Path, terminal: Terminal) -> None:
    terminal.type("C-z")
    terminal.wait_for(lambda screen: "Stopped" in screen or "Suspended" in screen)
    terminal.run("bg > /dev/null; clear")
    save(root, PRODUCT, WORKS)
    terminal.wait_for("Passed: 4 of 4 musts proved")
    terminal.run("")
    assert terminal.describe_mode() == USUAL
    terminal.run("fg")
    terminal.type("a")
    terminal.wait_for(lambda screen: screen.startswith("ran everything"))
    terminal.type("q")
    assert terminal.ask("echo code $?") == "code 0"
    assert terminal.describe_mode() == USUAL


FAILING = """
import sys
from spec2bdd.adapters.watching.keyboard import open_keyboard

with open_keyboard(0, sys.stdout, lambda: None):
    sys.stdout.write("\\x1b[?25l")
    raise ValueError("a bug")
"""


def test_a_bug_leaves_the_terminal_as_it_was(root: Path) -> None:
    (root / "failing.py").write_text(FAILING)
    with open_terminal(root, build_environment()) as terminal:
        terminal.run(f"{sys.executable} failing.py")
        terminal.wait_for("ValueError: a bug")
        # The traceback is there before the process has ended.
        assert terminal.ask("echo code $?") == "code 1"
        assert terminal.describe_mode() == USUAL
