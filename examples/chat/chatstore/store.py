"""The chat store: calls in, messages out, and every change written to one file before a call returns."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chatstore.errors import (
    EmptyMessageError,
    MessageTooLongError,
    NotAMemberError,
    NotYourMessageError,
    RoomExistsError,
    UnknownMessageError,
    UnknownRoomError,
)
from chatstore.export import render_markdown
from chatstore.journal import (
    append_record,
    derive_forgotten,
    drop_cut_line,
    read_records,
    read_rooms,
    write_records,
)
from chatstore.rooms import Message, Room, apply_record
from chatstore.search import find_messages

MAX_LENGTH = 500


def check_text(text: str) -> None:
    """Refuse a text that is empty or too long to be a message."""
    if not text.strip():
        raise EmptyMessageError
    size = len(text.encode())
    if size > MAX_LENGTH:
        raise MessageTooLongError(size, MAX_LENGTH)


def read_clock() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


class Store:
    """Rooms, members and messages, kept in one file.

    Raises:
        DamagedFileError: the file has a line that cannot be understood.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = read_clock) -> None:
        self._path = path
        self._clock = clock
        self._rooms = read_rooms(path)
        drop_cut_line(path)

    def create_room(self, room: str) -> None:
        """Make a new room without members."""
        if room in self._rooms:
            raise RoomExistsError(room)
        self._write("room", room)

    def join_room(self, room: str, member: str) -> None:
        """Add a member; what was posted before does not count as unread."""
        if member not in self._find_room(room).members:
            self._write("join", room, member=member)

    def post_message(self, room: str, *, author: str, text: str) -> Message:
        """Post a message to a room that its author has joined, and return it."""
        number = self._find_joined_room(room, author).last_number + 1
        check_text(text)
        self._write("post", room, number=number, author=author, text=text, posted=self._clock().isoformat())
        return self._rooms[room].messages[number]

    def edit_message(self, room: str, number: int, *, editor: str, text: str) -> Message:
        """Give a message a new text; only its author may."""
        message = self._find_room(room).messages.get(number)
        if message is None:
            raise UnknownMessageError(room, number)
        if message.author != editor:
            raise NotYourMessageError(editor, message.author)
        check_text(text)
        self._write("edit", room, number=number, text=text)
        return self._rooms[room].messages[number]

    def list_messages(self, room: str) -> tuple[Message, ...]:
        """Return the messages of a room in the order of posting."""
        return tuple(self._find_room(room).messages.values())

    def read_room(self, room: str, reader: str) -> tuple[Message, ...]:
        """Return the messages of a room, and note that this member has read them all."""
        self.mark_read(room, reader, number=self._find_room(room).last_number)
        return self.list_messages(room)

    def mark_read(self, room: str, reader: str, *, number: int) -> None:
        """Note that a member has read a room up to this message."""
        if number > self._find_joined_room(room, reader).members[reader]:
            self._write("read", room, member=reader, number=number)

    def count_unread(self, room: str, reader: str) -> int:
        """Return how many messages of a room a member has not read."""
        found = self._find_joined_room(room, reader)
        return sum(number > found.members[reader] for number in found.messages)

    def search_messages(self, searcher: str, words: str) -> tuple[Message, ...]:
        """Return the messages with these words in the rooms that the searcher has joined, the newest first."""
        joined = [room for room in self._rooms.values() if searcher in room.members]
        return find_messages((message for room in joined for message in room.messages.values()), words)

    def keep_messages_for(self, room: str, days: int) -> None:
        """Set how long a room keeps its messages."""
        self._find_room(room)
        self._write("keep", room, days=days)

    def forget_old_messages(self) -> int:
        """Take messages that are older than their room keeps them out of the file for good, and return how many."""
        old = {(message.room, message.number) for room in self._rooms.values() for message in self._find_old(room)}
        if old:
            write_records(self._path, derive_forgotten(read_records(self._path), old))
            self._rooms = read_rooms(self._path)
        return len(old)

    def export_room(self, room: str) -> str:
        """Return a room as one Markdown page."""
        return render_markdown(room, self.list_messages(room))

    def _find_room(self, room: str) -> Room:
        """Return the room of that name, or refuse."""
        if room not in self._rooms:
            raise UnknownRoomError(room)
        return self._rooms[room]

    def _find_joined_room(self, room: str, person: str) -> Room:
        """Return the room of that name, or refuse if this person is not a member."""
        found = self._find_room(room)
        if person not in found.members:
            raise NotAMemberError(room, person)
        return found

    def _find_old(self, room: Room) -> list[Message]:
        """Return the messages that the room should forget by now."""
        if room.days_kept is None:
            return []
        oldest = self._clock() - timedelta(days=room.days_kept)
        return [message for message in room.messages.values() if message.posted < oldest]

    def _write(self, kind: str, room: str, **values: Any) -> None:
        """Write one record to the file, and then change the rooms as it says."""
        record = {"kind": kind, "room": room, **values}
        append_record(self._path, record)
        apply_record(self._rooms, record)
