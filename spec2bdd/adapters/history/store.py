"""Sightings in, the history file out, and back: kept small, shared by several processes, and never needed.

Every write is one transaction that waits a moment for others. What is pruned is never the newest sightings of a
criterion, its first pass, its last failure, or the last time that it was red in its newest wording.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from spec2bdd.errors import HistoryError
from spec2bdd.model import Observation, Verdict

MOST_KEPT = 30
"""So many of the newest sightings of a criterion are kept, and at most three older ones."""

_VERSION = 1
_MOST_SECONDS = 5.0
# What is over the bound is taken away now and then, and not with every run.
_SLACK = 10
_SCHEMA = (
    "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT UNIQUE, started TEXT, revision TEXT)",
    """
    CREATE TABLE sightings (
        criterion TEXT, run INTEGER, verdict TEXT, wording TEXT, seconds REAL, PRIMARY KEY (criterion, run)
    ) WITHOUT ROWID
    """,
    f"PRAGMA user_version = {_VERSION}",
)
_SELECT = (
    "SELECT criterion, id, started, verdict, wording, seconds, revision FROM sightings JOIN runs ON number = run"
    " ORDER BY criterion, started, id"
)
_PRUNE = """
    DELETE FROM sightings WHERE (criterion, run) IN (
        SELECT criterion, run FROM (
            SELECT criterion, run, verdict, wording,
                row_number() OVER newest AS age,
                first_value(wording) OVER newest AS today,
                row_number() OVER (PARTITION BY criterion, verdict ORDER BY started, id) AS early,
                row_number() OVER (PARTITION BY criterion, verdict ORDER BY started DESC, id DESC) AS late,
                row_number() OVER (PARTITION BY criterion, wording, verdict = 'passed'
                    ORDER BY started DESC, id DESC) AS red
            FROM sightings JOIN runs ON number = run
            WHERE criterion IN (SELECT criterion FROM sightings GROUP BY criterion HAVING count(*) > :limit)
            WINDOW newest AS (PARTITION BY criterion ORDER BY started DESC, id DESC))
        WHERE age > :kept
            AND NOT (verdict = 'passed' AND early = 1)
            AND NOT (verdict = 'failed' AND late = 1)
            AND NOT (verdict != 'passed' AND wording = today AND red = 1))
"""


def read_observations(path: Path, *, patience: float = _MOST_SECONDS) -> tuple[Observation, ...]:
    """Return all that is remembered, the oldest first for each criterion; nothing where there is no history yet.

    Raises:
        HistoryError: the file cannot be read, or is none of ours.
    """
    if not path.exists():
        return ()
    with _connect(path, "ro", patience) as connection:
        if _is_empty(connection):
            return ()
        _refuse_foreign(connection, path)
        return tuple(
            Observation(criterion, run, started, Verdict(verdict), wording, seconds=seconds, commit=revision)
            for criterion, run, started, verdict, wording, seconds, revision in connection.execute(_SELECT)
        )


def write_observations(
    path: Path, sightings: Sequence[Observation], *, afresh: bool = False, patience: float = _MOST_SECONDS
) -> None:
    """Add sightings, and take away what is over the bound; `afresh` forgets all others, whatever the file holds.

    Raises:
        HistoryError: the file cannot be written, or is none of ours.
    """
    if afresh:
        _remove(path)
    with _connect(path, "rwc", patience) as connection:
        # Freed pages are given back at the end of each transaction. It has to be said before the first table.
        connection.execute("PRAGMA auto_vacuum = FULL")
        # A process that dies loses nothing by this; a machine that does may, and no run waits for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):
            for statement in _SCHEMA:
                connection.execute(statement)
        _refuse_foreign(connection, path)
        _insert(connection, sightings)
        connection.execute(_PRUNE, {"limit": MOST_KEPT + _SLACK, "kept": MOST_KEPT})
        connection.execute("DELETE FROM runs WHERE number NOT IN (SELECT run FROM sightings)")
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, sightings: Iterable[Observation]) -> None:
    """Add rows; a run that is told again replaces what was remembered of it."""
    runs = {one.run: (one.run, one.started, one.commit) for one in sightings}
    connection.executemany("INSERT OR IGNORE INTO runs (id, started, revision) VALUES (?, ?, ?)", runs.values())
    rows = ((one.criterion, one.run, str(one.verdict), one.wording, one.seconds) for one in sightings)
    connection.executemany(
        "INSERT OR REPLACE INTO sightings SELECT ?1, number, ?3, ?4, ?5 FROM runs WHERE id = ?2", rows
    )


@contextmanager
def _connect(path: Path, mode: str, patience: float) -> Iterator[sqlite3.Connection]:
    """Open the file; a transaction that is not committed comes to nothing."""
    try:
        address = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, ValueError) as error:
        hint = "delete it, or make it anew from kept records: `spec2bdd history --rebuild RECORDS`"
        raise HistoryError(
            f"the history cannot be used: {error}", path=f"{path.parent.name}/{path.name}", hint=hint
        ) from error


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Tell whether nothing was ever written."""
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file of another version, or of another program."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        raise sqlite3.DatabaseError(f"version {version} of `{path.name}` is not known, only version {_VERSION}")


def _remove(path: Path) -> None:
    """Take away the file, and what a killed process left beside it."""
    try:
        for each in (path, path.with_name(f"{path.name}-journal")):
            each.unlink(missing_ok=True)
    except OSError as error:
        raise HistoryError(
            f"the history cannot be written: {error.strerror}", path=f"{path.parent.name}/{path.name}"
        ) from error
