"""Export: a room's name and messages in, one Markdown page out."""

from collections.abc import Sequence

from chatstore.rooms import Message


def render_markdown(room: str, messages: Sequence[Message]) -> str:
    """Return a page with one list item for each message, or with a sentence if there is none."""
    lines = [_render_message(message) for message in messages] or ["There are no messages in this room."]
    return "\n".join([f"# {room}", "", *lines, ""])


def _render_message(message: Message) -> str:
    """Return the list item for one message; line breaks in its text become spaces."""
    note = " (edited)" if message.edited else ""
    return f"- {message.posted:%Y-%m-%d %H:%M} **{message.author}**: {' '.join(message.text.split())}{note}"
