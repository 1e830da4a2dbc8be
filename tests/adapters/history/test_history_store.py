"""The history file gives back what was written, stays small, is shared by processes, and is refused when damaged."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spec2bdd.adapters.history import store
from spec2bdd.adapters.history.store import MOST_KEPT, read_observations, write_observations
from spec2bdd.errors import HistoryError
from spec2bdd.model import Observation, Verdict

PASSED, FAILED, PENDING = Verdict.PASSED, Verdict.FAILED, Verdict.PENDING


def see(number: int, verdict: Verdict = PASSED, *, criterion: str = "ac_1", wording: str = "w") -> Observation:
    """Build the observation of one run; runs are numbered in time."""
    started = f"2026-01-01T00:00:00.{number:06d}Z"
    return Observation(criterion, f"run-{number}", started, verdict, wording, seconds=number / 10, commit=f"c{number}")


def list_runs(path: Path) -> list[str]:
    """List the runs that are stored, the oldest first."""
    return [observation.run for observation in read_observations(path)]


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    sightings = (see(1, FAILED), see(2), see(1, criterion="ac_2"), see(2, PENDING, criterion="ac_2"))
    write_observations(path, sightings)
    assert read_observations(path) == sightings


def test_a_run_that_is_recorded_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write_observations(path, [see(1, FAILED)])
    write_observations(path, [see(1, FAILED)])
    assert read_observations(path) == (see(1, FAILED),)


def test_without_a_file_or_with_an_empty_one_nothing_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    assert read_observations(path) == ()
    assert not path.exists()
    path.write_bytes(b"")
    assert read_observations(path) == ()
    write_observations(path, [see(1)])
    assert read_observations(path) == (see(1),)


def test_reading_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write_observations(path, [see(1)])
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    read_observations(path)
    assert ((path.read_bytes(), path.stat().st_mtime_ns), list(tmp_path.iterdir())) == (before, [path])


def test_of_many_runs_the_newest_stay_and_what_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    early = {0: see(0, PENDING), 1: see(1), 2: see(2, FAILED), 3: see(3, PENDING), 4: see(4, FAILED, wording="old")}
    for number in range(80):
        write_observations(path, [early.get(number, see(number)), see(number, criterion="ac_2")])
    kept = [seen for seen in read_observations(path) if seen.criterion == "ac_1"]
    assert MOST_KEPT <= len(kept) <= MOST_KEPT + 24
    assert [seen.run for seen in kept[:3]] == ["run-1", "run-3", "run-4"]
    assert kept[-1].run == "run-79"


def test_the_last_run_of_each_day_stays_for_ten_days(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    days = [f"2026-03-{day:02}" for day in range(1, 15)]
    runs = [Observation("ac_1", f"{day} {n}", f"{day}T10:00:{n:02}Z", PENDING, "w") for day in days for n in range(5)]
    # Pruning waits until there are more than can be kept.
    write_observations(path, runs)
    last = [Observation("ac_1", f"x {n}", f"2026-03-15T10:00:{n:02}Z", PENDING, "w") for n in range(MOST_KEPT)]
    write_observations(path, last)
    assert list_runs(path) == [*(f"{day} 4" for day in days[4:]), *(run.run for run in last)]


def test_the_file_does_not_grow_with_the_runs(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    sizes = []
    for number in range(90):
        write_observations(path, [see(number, criterion=f"ac_{item}") for item in range(40)])
        sizes.append(path.stat().st_size)
    assert max(sizes[55:]) <= max(sizes[:55])


def test_what_a_killed_process_began_to_write_is_undone(tmp_path: Path) -> None:
    path, killed = tmp_path / "history.db", tmp_path / "killed.db"
    sightings = [see(number) for number in range(20)]
    write_observations(path, sightings)
    connection = sqlite3.connect(path, isolation_level=None)
    # With one page in memory, the others are written before the transaction ends.
    for statement in ("PRAGMA synchronous = OFF", "PRAGMA cache_size = 1", "BEGIN IMMEDIATE"):
        connection.execute(statement)
    connection.execute("UPDATE sightings SET wording = hex(randomblob(5000))")
    for suffix in ("", "-journal"):
        shutil.copy(f"{path}{suffix}", f"{killed}{suffix}")
    connection.close()
    assert read_observations(killed) == tuple(sightings)


def test_a_history_that_cannot_be_replaced_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.db"
    write_observations(path, [see(1)])
    monkeypatch.setattr("spec2bdd.adapters.history.store._PRUNE", "a full disk")
    with pytest.raises(HistoryError, match="cannot use the history") as caught:
        write_observations(path, [see(2)], replace=True)
    assert caught.value.path == f"{tmp_path.name}/history.db"
    assert list_runs(path) == ["run-1"]
    assert [file.name for file in tmp_path.iterdir()] == ["history.db"]


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: write_observations(path, [see(number)]), range(20)))
    assert sorted(f"run-{number}" for number in range(20)) == sorted(list_runs(path))


def test_a_file_that_another_process_locks_is_refused_in_time(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write_observations(path, [see(1)])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryError, match="locked") as caught:
        write_observations(path, [see(2)], patience=0)
    assert caught.value.hint == "wait until the other commands of spec2bdd have ended, and run again"
    with pytest.raises(HistoryError, match="locked"):
        read_observations(path, patience=0)
    other.close()
    assert list_runs(path) == ["run-1"]


def make_foreign(path: Path) -> None:
    """Write a database of another program."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sightings (x)")
    connection.close()


BROKEN = {
    "no database": lambda path: path.write_bytes(b"not a database at all" * 99),
    "a folder": lambda path: path.mkdir(),
    "another program's": make_foreign,
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_is_refused_with_what_to_type(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "history.db"
    assert callable(damage)
    damage(path)
    for attempt in (lambda: read_observations(path), lambda: write_observations(path, [see(1)])):
        with pytest.raises(HistoryError) as caught:
            attempt()
        assert "spec2bdd history --rebuild" in caught.value.hint


def test_a_page_that_is_damaged_is_noticed_or_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write_observations(path, [see(number, criterion=f"ac_{number}") for number in range(400)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(HistoryError):
        read_observations(path)


def test_a_damaged_file_is_rebuilt_on_request(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database at all" * 99)
    write_observations(path, [see(1)], replace=True)
    assert list_runs(path) == ["run-1"]
    write_observations(path, [see(2)], replace=True)
    assert list_runs(path) == ["run-2"]


def test_on_a_full_disk_the_hint_is_not_to_delete_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = ("PRAGMA max_page_count = 2", *store._SCHEMA)
    monkeypatch.setattr("spec2bdd.adapters.history.store._SCHEMA", full)
    with pytest.raises(HistoryError, match="database or disk is full") as caught:
        write_observations(tmp_path / "history.db", [see(1)])
    assert caught.value.hint == "free some space on the disk"
