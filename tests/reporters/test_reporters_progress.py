"""The live line, on a terminal that the test opens itself."""

# Assertions have the expected value on the left.

from __future__ import annotations

import io
import os
import pty
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

from spec2bdd.reporters.terminal.progress import Progress

TERMINAL = {"TERM": "xterm-256color", "COLUMNS": "80"}
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
ERASE = "\x1b[2K"


@contextmanager
def open_terminal() -> Iterator[tuple[TextIO, list[bytes]]]:
    """Open a terminal and gather all that is written to it; it is whole once the block has ended."""
    master, slave = pty.openpty()
    seen: list[bytes] = []
    reader = threading.Thread(target=_gather, args=(master, seen))
    reader.start()
    try:
        with open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123
            yield stream, seen
    finally:
        reader.join()
        os.close(master)


def _gather(master: int, seen: list[bytes]) -> None:
    """Read until the other end is closed, which Linux reports as an error and others by an empty answer."""
    try:
        while piece := os.read(master, 4096):
            seen.append(piece)
    except OSError:
        return


def draw(work: Callable[[Progress], None], environ: dict[str, str] = TERMINAL) -> str:
    """Return what a terminal sees of some work."""
    with open_terminal() as (stream, seen):
        try:
            with Progress(stream, environ=environ) as progress:
                work(progress)
        except (KeyboardInterrupt, ValueError):
            pass
    return b"".join(seen).decode()


def run_scenarios(progress: Progress) -> None:
    progress.update({"event": "run", "chosen_scenarios": 3})
    for number, status in enumerate(("passed", "failed", "hook_error")):
        run_scenario(progress, number, status)
    progress.update({"event": "end"})


def run_scenario(progress: Progress, number: int, status: str) -> None:
    name = "The till [bold]opens\x1b[2J at night " + "long " * 40
    place: dict[str, object] = {"scenario": number, "feature": "features/till.feature", "line": 3 + number}
    progress.update({"event": "scenario_start", "name": name, **place})
    progress.update({"event": "scenario_end", "status": status, **place})


def read_rows(seen: str) -> list[str]:
    """Return what was on each row, whatever was drawn over it."""
    return re.split(r"[\r\n]+", re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", seen))


def interrupt(progress: Progress) -> None:
    run_scenarios(progress)
    raise KeyboardInterrupt


def fail(progress: Progress) -> None:
    run_scenarios(progress)
    raise ValueError


def test_it_shows_how_many_are_done_and_failed() -> None:
    seen = draw(run_scenarios)
    assert "3 of 3 scenarios: 1 passed, 2 failed" in seen


def test_what_fails_stays_above_the_bar() -> None:
    rows = read_rows(draw(run_scenarios))
    assert sum(row.startswith(f"features/till.feature:{n}: failed: The till") for row in rows for n in (4, 5)) == 2


def test_it_shows_the_name_of_a_scenario_as_text() -> None:
    assert "The till [bold]opens\\x1b[2J at" in draw(run_scenarios)


def test_it_stays_on_one_line() -> None:
    assert [row for row in read_rows(draw(run_scenarios)) if len(row) > 80] == []


@pytest.mark.parametrize("work", [run_scenarios, interrupt, fail])
def test_it_leaves_the_terminal_clean(work: Callable[[Progress], None]) -> None:
    seen = draw(work)
    assert seen.count(HIDE) == seen.count(SHOW) == 1
    assert seen.rpartition(ERASE)[2].strip() == ""


def test_an_exception_passes_through() -> None:
    with (
        open_terminal() as (stream, _),
        pytest.raises(KeyboardInterrupt),
        Progress(stream, environ=TERMINAL) as progress,
    ):
        interrupt(progress)


NAME = "The till [bold]opens\\x1b[2J at night " + "long " * 40
FAILURES = [f"features/till.feature:{line}: failed: {NAME}" for line in (4, 5)]


@pytest.mark.parametrize("environ", [{**TERMINAL, "CI": "true"}, {"TERM": "dumb"}])
def test_where_a_bar_cannot_be_drawn_each_failure_is_a_line(environ: dict[str, str]) -> None:
    assert draw(run_scenarios, environ).splitlines() == FAILURES


def log(work: Callable[[Progress], None]) -> list[str]:
    """Return the lines that a pipe gets of some work."""
    stream = io.StringIO()
    with Progress(stream, environ=TERMINAL) as progress:
        work(progress)
    return stream.getvalue().splitlines()


def test_where_there_is_no_terminal_each_failure_is_a_line() -> None:
    assert log(run_scenarios) == FAILURES


def run_many(progress: Progress, count: int) -> None:
    progress.update({"event": "run", "chosen_scenarios": count})
    for number in range(count):
        run_scenario(progress, number, "passed")


def test_each_quarter_of_a_long_run_but_the_last_is_a_line() -> None:
    lines = log(lambda progress: run_many(progress, 200))
    assert lines == [f"{n} of 200 scenarios: {n} passed" for n in (50, 100, 150)]


def test_a_short_run_that_goes_well_says_nothing() -> None:
    assert log(lambda progress: run_many(progress, 19)) == []


ODD_EVENTS: list[dict[str, object]] = [
    {},
    {"event": "unheard of"},
    {"event": None},
    {"event": "run"},
    {"event": "run", "chosen_scenarios": "many"},
    {"event": "scenario_start"},
    {"event": "scenario_start", "name": 3},
    {"event": "scenario_end"},
    {"event": "scenario_end", "status": ["failed"]},
    {"event": "scenario_end", "scenario": 7, "status": "failed"},
    {"event": "hook", "name": "before_all", "error": "boom", "scenarios": [[]]},
    {"event": "step", "scenario": 7, "status": ["failed"]},
]


@pytest.mark.parametrize("event", ODD_EVENTS)
def test_an_event_that_is_not_understood_stops_nothing(event: dict[str, object]) -> None:
    assert log(lambda progress: progress.update(event)) == []
