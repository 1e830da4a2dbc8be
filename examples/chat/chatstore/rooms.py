"""Rooms and messages in memory: records in, rooms with their members and messages out."""

from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `number` counts from 1 in its room and is never used twice."""

    number: int
    room: str
    author: str
    text: str
    posted: datetime
    edited: bool = False


@dataclass(slots=True)
class Room:
    """One room; `members` maps each name to the number of the last message that this member has read.

    How many messages are unread is counted from that number on request, so no stored count can be wrong.
    """

    name: str
    members: dict[str, int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_number: int = 0
    days_kept: int | None = None

    def add_message(self, message: Message) -> None:
        """Add a message; its author has read it."""
        self.messages[message.number] = message
        self.members[message.author] = self.last_number = message.number


def apply_record(rooms: dict[str, Room], record: object) -> None:
    """Change `rooms` as one record of the message file says.

    Raises:
        KeyError: the record names a room or a message that no earlier record made.
        ValueError: it is not a record at all.
    """
    match record:
        case {"kind": "room", "room": str(room)}:
            rooms[room] = Room(room)
        case {"kind": "join", "room": str(room), "member": str(member)}:
            rooms[room].members[member] = rooms[room].last_number
        case {"kind": "post", "room": str(room), "number": int(number), "author": str(author), **rest}:
            posted = datetime.fromisoformat(str(rest["posted"]))
            rooms[room].add_message(Message(number, room, author, str(rest["text"]), posted))
        case {"kind": "edit", "room": str(room), "number": int(number), "text": str(text)}:
            rooms[room].messages[number] = replace(rooms[room].messages[number], text=text, edited=True)
        case {"kind": "read", "room": str(room), "member": str(member), "number": int(number)}:
            rooms[room].members[member] = number
        case {"kind": "keep", "room": str(room), "days": int(days)}:
            rooms[room].days_kept = days
        case {"kind": "forgotten", "room": str(room), "number": int(number)}:
            rooms[room].last_number = number
        case _:
            raise ValueError(record)
