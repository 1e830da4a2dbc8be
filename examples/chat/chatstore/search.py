"""Search: messages and words in, the messages that hold the words out."""

from collections.abc import Iterable

from chatstore.rooms import Message


def find_messages(messages: Iterable[Message], words: str) -> tuple[Message, ...]:
    """Return the messages whose text holds the words, the newest first."""
    found = [message for message in messages if words in message.text]
    return tuple(sorted(found, key=lambda message: message.posted, reverse=True))
