"""The live line, on a terminal that the test opens itself."""

# What is expected stands on the left.

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

from spec2bdd.reporting.progress import Progress

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
    """Read until the other end is closed, which Linux tells by an error and others by an empty answer."""
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
    progress.update({"event": "run", "expected_scenarios": 3})
    for status in ("passed", "failed", "hook_error"):
        progress.update({"event": "scenario_start", "name": "The till [bold]opens\x1b[2J at night " + "long " * 40})
        progress.update({"event": "scenario_end", "status": status})
    progress.update({"event": "end"})


def interrupt(progress: Progress) -> None:
    run_scenarios(progress)
    raise KeyboardInterrupt


def fail(progress: Progress) -> None:
    run_scenarios(progress)
    raise ValueError


def test_it_tells_how_many_are_done_and_failed() -> None:
    seen = draw(run_scenarios)
    assert "3/3" in seen
    assert "2 failed" in seen


def test_it_shows_the_name_of_a_scenario_as_text() -> None:
    assert "The till [bold]opens\\x1b[2J at" in draw(run_scenarios)


def test_it_stays_on_one_line() -> None:
    rows = re.split(r"[\r\n]+", re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", draw(run_scenarios)))
    assert [] == [row for row in rows if len(row) > 80]


@pytest.mark.parametrize("work", [run_scenarios, interrupt, fail])
def test_it_leaves_the_terminal_clean(work: Callable[[Progress], None]) -> None:
    seen = draw(work)
    assert seen.count(HIDE) == seen.count(SHOW) == 1
    assert "" == seen.rpartition(ERASE)[2].strip()


def test_an_exception_passes_through() -> None:
    with (
        open_terminal() as (stream, _),
        pytest.raises(KeyboardInterrupt),
        Progress(stream, environ=TERMINAL) as progress,
    ):
        interrupt(progress)


@pytest.mark.parametrize("environ", [{**TERMINAL, "CI": "true"}, {"TERM": "dumb"}])
def test_it_is_silent_where_nobody_looks(environ: dict[str, str]) -> None:
    assert "" == draw(run_scenarios, environ)


def test_it_is_silent_where_there_is_no_terminal() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with Progress(stream, environ=TERMINAL) as progress:
        run_scenarios(progress)
    stream.flush()
    assert 0 == stream.buffer.tell()


ODD_EVENTS: list[dict[str, object]] = [
    {},
    {"event": "unheard of"},
    {"event": None},
    {"event": "run"},
    {"event": "run", "expected_scenarios": "many"},
    {"event": "scenario_start"},
    {"event": "scenario_start", "name": 3},
    {"event": "scenario_end"},
    {"event": "scenario_end", "status": ["failed"]},
]


@pytest.mark.parametrize("event", ODD_EVENTS)
def test_an_event_that_is_not_understood_stops_nothing(event: dict[str, object]) -> None:
    assert " failed" not in draw(lambda progress: progress.update(event))
