"""A message store for a small team's chat: one file of records in; rooms, unread counts, search and exports out."""

from chatstore.errors import ChatError
from chatstore.rooms import Message
from chatstore.store import Store

__all__ = ["ChatError", "Message", "Store"]
