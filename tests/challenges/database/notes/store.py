"""Notes in SQLite."""

import sqlite3


class NoteStore:
    """Notes in a file."""

    def __init__(self, path):
        self._connection = sqlite3.connect(path)
        self._connection.execute("create table if not exists notes (id integer primary key, text text)")

    def add(self, text):
        """Store a note."""
        with self._connection:
            self._connection.execute("insert into notes (text) values (?)", (text,))

    def delete(self, text):
        """Delete a note."""
        with self._connection:
            self._connection.execute("delete from notes where text = ?", (text,))

    def list_newest(self):
        """List the notes."""
        return [row[0] for row in self._connection.execute("select text from notes order by id desc")]

    def close(self):
        """Close the file."""
        self._connection.close()
