"""The message file: one JSON record on each line, written at the end only, except when old messages are forgotten."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chatstore.errors import DamagedFileError
from chatstore.rooms import Room, apply_record

Record = dict[str, Any]


def read_rooms(path: Path) -> dict[str, Room]:
    """Return the rooms that the file describes, none if there is no file; a last line that was cut off is left out.

    Raises:
        DamagedFileError: a line is not a record, or does not fit the lines before it.
    """
    rooms: dict[str, Room] = {}
    for number, line in enumerate(_read_whole_lines(path), start=1):
        try:
            apply_record(rooms, json.loads(line))
        except (KeyError, ValueError) as error:
            raise DamagedFileError(path, number) from error
    return rooms


def read_records(path: Path) -> list[Record]:
    """Return the records of a file that `read_rooms` could read."""
    return [json.loads(line) for line in _read_whole_lines(path)]


def drop_cut_line(path: Path) -> None:
    """Remove what follows the last line break: a crash left it there before it was reported as stored."""
    if path.exists():
        whole = sum(len(line) + 1 for line in _read_whole_lines(path))
        os.truncate(path, whole)


def append_record(path: Path, record: Record) -> None:
    """Write one record at the end of the file, and return when it is on the disk."""
    with path.open("ab") as file:
        file.write(_render_record(record))
        file.flush()
        os.fsync(file.fileno())


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Replace the file by one with these records, in one instant: a crash leaves the old file or the new one."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.writelines(_render_record(record) for record in records)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def derive_forgotten(records: Iterable[Record], old: set[tuple[str, int]]) -> list[Record]:
    """Return the records without the old messages, given as room and number; their numbers stay taken."""
    kept = []
    for record in records:
        if (record["room"], record.get("number")) not in old or record["kind"] == "read":
            kept.append(record)
        elif record["kind"] == "post":
            kept.append({"kind": "forgotten", "room": record["room"], "number": record["number"]})
    return kept


def _read_whole_lines(path: Path) -> list[bytes]:
    """Return the lines that end in a line break."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def _render_record(record: Record) -> bytes:
    """Return the line for one record."""
    return json.dumps(record).encode() + b"\n"
