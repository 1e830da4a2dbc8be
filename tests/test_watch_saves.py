"""Two hundred saves in a row, each answered or not: no process is left, and nothing grows."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from watched_project import DOOR, FILES, PRODUCT, WORKS, watch, write_project

from spec2bdd.adapters.system.process_tree import list_descendants
from spec2bdd.commands.watching.watch import watch as watch_command
from spec2bdd.config import read_config
from spec2bdd.domain.watching.orders import Order

SAVES = 200
# Of those, what is loaded and reserved at first is not counted.
WARM = 20
# Python and the library reserve memory in larger pieces than they need.
SLACK = 4_000_000

ROOT = Path(__file__).parent


def read_memory(process: int) -> int:
    """Read how many bytes of memory a process uses."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def count_open(process: int) -> int:
    """Count the open files of a process."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


class Saving:
    """Saves a spec whenever the last save was answered, and interrupts the command in the end."""

    variables: Mapping[str, str] = {}

    def __init__(self, root: Path) -> None:
        self._root = root
        self.answers: list[str] = []
        self.measured: list[tuple[int, int, int, list[int]]] = []

    def show_start(self, order: Order) -> None:
        """Show nothing."""

    def show_event(self, event: Mapping[str, Any]) -> None:
        """Show nothing."""

    def show_again(self) -> None:
        """Show nothing."""

    def show_end(self) -> None:
        """Show nothing."""

    def show_answer(self, answer: str) -> None:
        """Measure, and save."""
        self.answers.append(answer)
        count = len(self.answers)
        if count in (WARM, SAVES):
            gc.collect()
            own = os.getpid()
            self.measured.append((read_memory(own), count_open(own), threading.active_count(), list_descendants(own)))
        if count > SAVES:
            raise KeyboardInterrupt
        (self._root / DOOR).write_text(f"{FILES[DOOR]}\nSaved {count} times.\n")


def test_each_of_two_hundred_saves_is_answered_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    root = write_project(tmp_path)
    known = list_descendants(os.getpid())
    saving = Saving(root)
    with pytest.raises(KeyboardInterrupt):
        watch_command(lambda: read_config(root), view=saving, terminal=None, module="quick_answer", options={})
    assert saving.answers == ["all\n", *[f"changed {DOOR}\n"] * SAVES]
    (memory, *before), (grown, *after) = saving.measured
    assert before == after
    # Tests before this one may have left some.
    assert before[-1] == known
    assert grown - memory < SLACK
    assert threading.active_count() == saving.measured[0][2] - 1


def test_two_hundred_saves_during_runs_leave_no_process_and_one_result(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    with watch(root) as watched:
        watched.read_run()
        process = watched.process.pid
        for number in range(SAVES):
            (root / PRODUCT).write_text(f"{WORKS}SAVED = {number}\n")
            time.sleep(0.05)
            if number == WARM:
                memory = read_memory(process)
        text = watched.read_run()
        while more := watched.read_rest(seconds=3):
            text += more
        assert text.rstrip().endswith("next: run `spec2bdd mark`\nwaiting for the next save; Ctrl-C ends")
        assert list_descendants(process) == []
        assert read_memory(process) - memory < SLACK
        assert [path.name for path in (root / ".spec2bdd").glob("part-*")] == []
        assert watched.end(signal.SIGINT) == 130
