"""A real terminal for tests: tmux runs a shell in it, keys are typed, and the screen is read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None, reason="tmux is not installed; `.ci/run` installs it, and so does `apt install tmux`"
)
_PROMPT = "ready>"
# The screen is read this often, and for so long at most.
_PAUSE, _PATIENCE = 0.05, 60.0


class Terminal:
    """A terminal with a shell at its prompt, 100 columns wide."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._name = f"spec2bdd-{uuid4().hex}"
        size = ("-x", "100", "-y", "40")
        variables = {**environment, "LC_ALL": "C.UTF-8"}
        self._tmux("new-session", "-d", *size, "-c", str(root), "sh", environment=variables)

    def wait_for_shell(self) -> None:
        """Wait for the prompt of the shell."""
        self.run(f"PS1='{_PROMPT[:2]}''{_PROMPT[2:]} '; clear")
        self.wait_for(lambda screen: screen == _PROMPT)

    def _tmux(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Run a command of tmux on a server of this terminal's own."""
        command = ["tmux", "-L", self._name, "-f", os.devnull, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, *keys: str) -> None:
        """Type keys, by their names in tmux."""
        self._tmux("send-keys", *keys)

    def run(self, command: str) -> None:
        """Type a command line, and Enter."""
        self._tmux("send-keys", "-l", command)
        self.type("Enter")

    def read_screen(self) -> str:
        """Read what is on the screen, without the empty lines at its end."""
        return self._tmux("capture-pane", "-p").rstrip()

    def wait_for(self, expected: str | Callable[[str], bool]) -> str:
        """Wait until a text is on the screen, or until something holds for it; return the screen."""
        holds = (lambda screen: expected in screen) if isinstance(expected, str) else expected
        deadline = time.monotonic() + _PATIENCE
        while not holds(screen := self.read_screen()):
            assert time.monotonic() < deadline, f"waited in vain; the screen is:\n{screen}"
            time.sleep(_PAUSE)
        return screen

    def ask(self, command: str) -> str:
        """Run a short command at the prompt, and return what it prints."""
        # What is typed earlier may be read by the program that is about to end.
        self.wait_for(lambda screen: screen.endswith(_PROMPT))
        mark = uuid4().hex[:8]
        typed = f"{command}; echo {mark[:4]}''{mark[4:]}"
        self.run(typed)
        screen = self.wait_for(lambda screen: f"\n{mark}" in screen)
        return screen.partition(typed)[2].partition(f"\n{mark}")[0].strip()

    def describe_mode(self) -> set[str]:
        """Return those settings of the terminal that a program with keys of its own changes."""
        words = set(self.ask("stty -a").split())
        cursor = self._tmux("display-message", "-p", "#{cursor_flag}").strip()
        return (words & {"icanon", "-icanon", "echo", "-echo", "isig", "-isig"}) | {f"cursor={cursor}"}

    def close(self) -> None:
        """End the terminal with all that runs in it."""
        self._tmux("kill-server")


# The settings of a terminal at the prompt of a shell.
USUAL = {"icanon", "echo", "isig", "cursor=1"}


@contextmanager
def open_terminal(root: Path, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Open a terminal in a folder."""
    terminal = Terminal(root, environment)
    try:
        terminal.wait_for_shell()
        yield terminal
    finally:
        terminal.close()


WATCH = f"{sys.executable} -m spec2bdd watch"
