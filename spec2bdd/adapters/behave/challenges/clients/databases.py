"""Intercept the rows that steps read from a database of SQLite."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial
from types import FrameType
from typing import Any

from spec2bdd.adapters.behave.challenges.answers import AnswerControl
from spec2bdd.adapters.behave.challenges.reach import Reach
from spec2bdd.adapters.behave.challenges.values.alterations import Alteration, list_alterations
from spec2bdd.adapters.behave.challenges.values.elements import GETS_ROW
from spec2bdd.model.values import dataclass

# The position of `factory` among the parameters of `sqlite3.connect` after the database.
_FACTORY_PLACE = 5


def intercept_sqlite(control: AnswerControl, reach: Reach, own: Sequence[dict[str, Any]]) -> None:
    """Intercept the rows that steps read; `own` are the names in the modules of the project."""
    original_connect = sqlite3.connect
    databases = _Databases(control, reach, set())

    def connect(database: Any, *args: Any, **kwargs: Any) -> Any:
        """Connect to a database; for a step, to one whose rows may be answers."""
        is_path = isinstance(database, (str, os.PathLike)) and str(database) not in ("", ":memory:")
        key = os.path.realpath(database) if is_path else ""
        if control.origins.find_step(sys._getframe(1)) is None:
            databases.used.add(key)
        elif "factory" not in kwargs and len(args) < _FACTORY_PLACE:
            kwargs["factory"] = _build_connection_class(databases, key)
        return original_connect(database, *args, **kwargs)

    # Modules may have imported the function itself; those of libraries, by its name.
    for names in filter(None, (getattr(module, "__dict__", None) for module in list(sys.modules.values()))):
        if names.get("connect") is original_connect:
            names["connect"] = connect
    for names in own:
        for name in [name for name, value in names.items() if value is original_connect]:
            names[name] = connect


@dataclass(frozen=True, slots=True)
class _Databases:
    """The databases that steps read, and those that the product has `used`: by their path, or their connection."""

    control: AnswerControl
    reach: Reach
    used: set[str | int]

    def note_use(self, key: str, connection: sqlite3.Connection, frame: FrameType) -> None:
        """Note that the product uses a connection that a step has given to it, if it does so from this frame."""
        if self.control.origins.is_of_product(frame):
            self.used.add(key or id(connection))

    def end(self, key: str, cursor: sqlite3.Cursor, rows: Any, frame: FrameType) -> Any:
        """Give the rows of one call, as the answer of a client if the product may have written them.

        It has done so if it has used the database, or unseen: before the scenario, or in another process.
        """
        is_unseen = bool(key) and (self.reach.is_elsewhere or self.reach.is_old(key))
        is_answer = is_unseen or (key or id(cursor.connection)) in self.used
        place = self.control.begin("", "sqlite3", 0, frame) if is_answer else None
        return rows if place is None else self.control.end(place, rows, partial(_alter_rows, cursor=cursor))


def _build_connection_class(databases: _Databases, key: str) -> type[sqlite3.Connection]:
    """Build a class of connections to one database: the methods of the original ones are written in C."""

    class InterceptedCursor(sqlite3.Cursor):
        """A cursor whose rows are answers."""

        def fetchone(self) -> Any:
            """Fetch a row."""
            return databases.end(key, self, super().fetchone(), sys._getframe(1))

        def fetchall(self) -> Any:
            """Fetch all rows."""
            return databases.end(key, self, super().fetchall(), sys._getframe(1))

        def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
            """Fetch some rows."""
            return databases.end(key, self, super().fetchmany(*args, **kwargs), sys._getframe(1))

        def __iter__(self) -> Any:
            """Iterate over the rows; the iterator in C does not call `fetchone`."""
            return iter(databases.end(key, self, super().fetchall(), sys._getframe(1)))

    class InterceptedConnection(sqlite3.Connection):
        """A connection whose cursors are intercepted."""

        def cursor(self, *args: Any, **kwargs: Any) -> Any:
            """Make a cursor."""
            databases.note_use(key, self, sys._getframe(1))
            return super().cursor(*(args or (InterceptedCursor,)), **kwargs)

        def execute(self, *args: Any) -> Any:
            """Execute a statement with a new cursor."""
            databases.note_use(key, self, sys._getframe(1))
            return self.cursor().execute(*args)

        def executemany(self, *args: Any) -> Any:
            """Execute a statement many times with a new cursor."""
            databases.note_use(key, self, sys._getframe(1))
            return self.cursor().executemany(*args)

        def executescript(self, *args: Any) -> Any:
            """Execute statements with a new cursor."""
            databases.note_use(key, self, sys._getframe(1))
            return self.cursor().executescript(*args)

    return InterceptedConnection


def _alter_rows(value: Any, words: Sequence[Any], *, cursor: sqlite3.Cursor) -> list[Alteration]:
    """Alter a row, rows, or that there is no row."""
    if value is None:
        other = ("x",) * len(cursor.description or "x")
        return [Alteration(GETS_ROW, lambda: other)]
    rows = value if isinstance(value, list) else [value]
    if not any(isinstance(row, sqlite3.Row) for row in rows):
        return list_alterations(value, words, is_product=lambda _: False)
    plain = [tuple(row) for row in rows]

    def build(altered: Any) -> Any:
        """Build what the cursor gives: rows that know the names of their columns."""
        return [sqlite3.Row(cursor, row) for row in altered] if value is rows else sqlite3.Row(cursor, altered)

    return [
        Alteration(alteration.description, lambda make=alteration.make: build(make()))  # type: ignore[misc]
        for alteration in list_alterations(plain if value is rows else plain[0], words, is_product=lambda _: False)
    ]
