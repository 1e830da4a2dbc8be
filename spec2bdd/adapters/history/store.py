"""Store observations of criteria in SQLite: bounded in size, shared by several processes, and never required.

Every write is one transaction that waits a moment for others. Pruning keeps the newest observations of a criterion, the
last one of each of the days before, its first pass, its last failure, and the last time that it did not pass in its
newest wording.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from spec2bdd.errors import HistoryError
from spec2bdd.model import Observation, Verdict

MOST_KEPT = 30
"""How many of the newest observations of a criterion are kept, besides at most three older ones and one a day."""

DAYS_KEPT = 10
"""For how many days before its newest observation the last one of each day is kept, to look back on a week."""

_VERSION = 1
_TIMEOUT = 5.0
# Pruning takes longer than a write; it starts only when a criterion is this much over the bound.
_SLACK = 20
_SCHEMA = (
    "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT UNIQUE, started TEXT, revision TEXT)",
    """
    CREATE TABLE sightings (
        criterion TEXT, run INTEGER, verdict TEXT, wording TEXT, seconds REAL, PRIMARY KEY (criterion, run)
    ) WITHOUT ROWID
    """,
    f"PRAGMA user_version = {_VERSION}",
)
# In the order of time for each criterion; the id decides between runs that began in the same instant.
_SELECT = (
    "SELECT criterion, id, started, verdict, wording, seconds, revision FROM sightings JOIN runs ON number = run"
    " ORDER BY criterion, started, id"
)
# Rank the observations of each criterion that has too many: `age` from the newest one, `daily` from the last one of
# the day, `early` and `late` from the first and the last with the same verdict, `red` from the last of the same wording
# that passed or did not. A time that is none has no Julian day.
_PRUNE = """
    DELETE FROM sightings WHERE (criterion, run) IN (
        SELECT criterion, run FROM (
            SELECT criterion, run, verdict, wording,
                row_number() OVER newest AS age,
                first_value(wording) OVER newest AS today,
                julianday(substr(first_value(started) OVER newest, 1, 10)) - julianday(substr(started, 1, 10)) AS days,
                row_number() OVER (PARTITION BY criterion, substr(started, 1, 10)
                    ORDER BY started DESC, id DESC) AS daily,
                row_number() OVER (PARTITION BY criterion, verdict ORDER BY started, id) AS early,
                row_number() OVER (PARTITION BY criterion, verdict ORDER BY started DESC, id DESC) AS late,
                row_number() OVER (PARTITION BY criterion, wording, verdict = 'passed'
                    ORDER BY started DESC, id DESC) AS red
            FROM sightings JOIN runs ON number = run
            WHERE criterion IN (SELECT criterion FROM sightings GROUP BY criterion HAVING count(*) > :limit)
            WINDOW newest AS (PARTITION BY criterion ORDER BY started DESC, id DESC))
        WHERE age > :kept
            AND NOT (daily = 1 AND coalesce(days, :days + 1) <= :days)
            AND NOT (verdict = 'passed' AND early = 1)
            AND NOT (verdict = 'failed' AND late = 1)
            AND NOT (verdict != 'passed' AND wording = today AND red = 1))
"""


def read_observations(path: Path, *, patience: float = _TIMEOUT) -> tuple[Observation, ...]:
    """Read all observations, the oldest first for each criterion; none where there is no history yet.

    Raises:
        HistoryError: the file cannot be read, or is not one of ours.
    """
    if not path.exists():
        return ()
    # Where a process was killed while it wrote, the file is whole again once its journal was applied, which is a write.
    with _connect(path, "rw" if _find_journal(path).exists() else "ro", patience) as connection:
        if _is_empty(connection):
            return ()
        _refuse_foreign(connection, path)
        return tuple(
            Observation(criterion, run, started, Verdict(verdict), wording, seconds=seconds, commit=revision)
            for criterion, run, started, verdict, wording, seconds, revision in connection.execute(_SELECT)
        )


def write_observations(
    path: Path, observations: Sequence[Observation], *, replace: bool = False, patience: float = _TIMEOUT
) -> None:
    """Add observations and prune; `replace` writes a new file in place of the old one, whatever that contains.

    Raises:
        HistoryError: the file cannot be written, or is not one of ours.
    """
    if replace:
        fresh, shown = path.with_name(f"{path.name}-new"), f"{path.parent.name}/{path.name}"
        try:
            for file in (fresh, _find_journal(fresh)):
                file.unlink(missing_ok=True)
            # If the disk is full, the old one is still there.
            write_observations(fresh, observations, patience=patience)
            # SQLite leaves a journal where a process was killed, and would apply it to the new file.
            _find_journal(path).unlink(missing_ok=True)
            fresh.replace(path)
        except HistoryError as error:
            fresh.unlink(missing_ok=True)
            raise HistoryError(error.message, path=shown) from error
        except OSError as error:
            raise HistoryError(f"cannot write the history: {error.strerror}", path=shown) from error
        return
    with _connect(path, "rwc", patience) as connection:
        # From the first write on, do not wait for the disk. A killed process loses nothing by this; a power failure may
        # damage the file.
        connection.execute("PRAGMA synchronous = OFF")
        # Return freed pages to the system after each transaction. This works only before the first table is made.
        connection.execute("PRAGMA auto_vacuum = FULL")
        # Lock at once: a transaction that reads first and then finds another writer would fail without waiting.
        connection.execute("BEGIN IMMEDIATE")
        if _is_empty(connection):
            for statement in _SCHEMA:
                connection.execute(statement)
        _refuse_foreign(connection, path)
        runs = {seen.run: (seen.run, seen.started, seen.commit) for seen in observations}
        connection.executemany("INSERT OR IGNORE INTO runs (id, started, revision) VALUES (?, ?, ?)", runs.values())
        rows = ((seen.criterion, str(seen.verdict), seen.wording, seen.seconds, seen.run) for seen in observations)
        # A run that is recorded again replaces what was stored of it.
        # Not `?1`, `?2`: the first releases of Python 3.12 take these for names and warn.
        connection.executemany(
            "INSERT OR REPLACE INTO sightings SELECT ?, number, ?, ?, ? FROM runs WHERE id = ?", rows
        )
        connection.execute(_PRUNE, {"limit": MOST_KEPT + _SLACK, "kept": MOST_KEPT, "days": DAYS_KEPT})
        connection.execute("DELETE FROM runs WHERE number NOT IN (SELECT run FROM sightings)")
        connection.execute("COMMIT")


_HINT = "delete it, or rebuild it from record files: `spec2bdd history --rebuild RECORDS`"
_WAIT = "wait until the other commands of spec2bdd have ended, and run again"
# Where nothing is wrong with the file itself.
_HINTS = {
    sqlite3.SQLITE_FULL: "free some space on the disk",
    sqlite3.SQLITE_BUSY: _WAIT,
    sqlite3.SQLITE_LOCKED: _WAIT,
    sqlite3.SQLITE_READONLY: "make the file and its folder writable",
}


def _find_journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


@contextmanager
def _connect(path: Path, mode: str, patience: float) -> Iterator[sqlite3.Connection]:
    """Open the file, and close it again; a transaction that is not committed is rolled back."""
    try:
        address = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, ValueError) as error:
        # Of an extended code, the last byte is the kind.
        hint = _HINTS.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF, _HINT)
        raise HistoryError(
            f"cannot use the history: {error}", path=f"{path.parent.name}/{path.name}", hint=hint
        ) from error


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever written."""
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file of another version, or of another program.

    Raises:
        sqlite3.DatabaseError: it is one.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        raise sqlite3.DatabaseError(f"unsupported version {version} of `{path.name}`, expected {_VERSION}")
