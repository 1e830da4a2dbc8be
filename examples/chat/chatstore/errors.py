"""Every error that the chat store raises on purpose; catch `ChatError` for all of them."""

from pathlib import Path


class ChatError(Exception):
    """Root of all errors that a caller can cause or should show to the user."""


class UnknownRoomError(ChatError):
    """The room does not exist."""

    def __init__(self, room: str) -> None:
        super().__init__(f'unknown room: there is no room "{room}"')


class RoomExistsError(ChatError):
    """The name of a new room is taken."""

    def __init__(self, room: str) -> None:
        super().__init__(f'room exists: "{room}" was created before')


class NotAMemberError(ChatError):
    """The person has not joined the room."""

    def __init__(self, room: str, person: str) -> None:
        super().__init__(f'not a member: {person} has not joined "{room}"')


class UnknownMessageError(ChatError):
    """The room has no message of that number."""

    def __init__(self, room: str, number: int) -> None:
        super().__init__(f'unknown message: "{room}" has no message {number}')


class NotYourMessageError(ChatError):
    """A member tried to edit what another member wrote."""

    def __init__(self, person: str, author: str) -> None:
        super().__init__(f"not your message: {author} wrote it, {person} cannot edit it")


class EmptyMessageError(ChatError):
    """The message has no text."""

    def __init__(self) -> None:
        super().__init__("empty message: write at least one character")


class MessageTooLongError(ChatError):
    """The message is longer than a message may be."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"message too long: {size} bytes, at most {limit} are allowed")


class DamagedFileError(ChatError):
    """A line of the message file cannot be understood; nothing was changed."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path.name}: line {line} is not a chat record")
