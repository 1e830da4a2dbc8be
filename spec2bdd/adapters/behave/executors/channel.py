"""Messages between the pool and a worker, over a connection that the code of the steps can damage.

A step may write to every file descriptor, or close them all. So each message begins with a mark, what comes between two
messages is dropped, and both ends are moved to file descriptors that are out of reach of a loop over the usual ones.
The module is imported in the processes that run the features.
"""

from __future__ import annotations

import os
import pickle
import struct
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

try:
    import fcntl
    import resource
except ImportError:  # Windows
    fcntl = resource = None  # type: ignore[assignment]

# A hook may replace them in the modules.
_fcntl: Any = fcntl.fcntl if fcntl else None
_getrlimit: Any = resource.getrlimit if resource else None

# Random once and for all: no step writes these bytes by chance.
_MARK = bytes.fromhex("9f1c6be07d2a48f3a5e4d8c05b7216ee")
_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 16
# The soft limit of most systems is 1,024, and a process forks faster with few descriptors.
_HIGHEST = 4096
_MARGIN = 64


class Channel:
    """One end of a connection; `connection` is what the system waits for."""

    __slots__ = ("_buffer", "_identity", "connection")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._buffer = b""
        self._identity = _identify(connection.fileno())

    def move_out_of_reach(self) -> None:
        """Move this end to a high file descriptor."""
        descriptor = duplicate_high(self.connection.fileno())
        if descriptor >= 0:
            self.connection.close()
            self.connection = Connection(descriptor)
            self._identity = _identify(descriptor)

    @property
    def is_open(self) -> bool:
        """Whether the connection is still the one that was made: a step may close it, and a file get its number."""
        return _identify(self.connection.fileno()) == self._identity

    def send(self, message: Any) -> None:
        """Send a message.

        Raises:
            OSError: the other end is gone.
        """
        content = pickle.dumps(message)
        self.connection.send_bytes(_MARK + _LENGTH.pack(len(content)) + content)

    def receive(self) -> Any:
        """Wait for the next message.

        Raises:
            EOFError: the other end is gone.
            OSError: the connection is broken.
        """
        while not (messages := self._read_some(most=1)):
            pass
        return messages[0]

    def read_messages(self) -> list[Any]:
        """Read the whole messages that have arrived; waits only if nothing has arrived at all.

        Raises:
            EOFError: the other end is gone.
            OSError: the connection is broken.
            ValueError: a message is damaged.
        """
        return self._read_some()

    def _read_some(self, most: int = 0) -> list[Any]:
        """Read once, and take at most so many messages."""
        messages = self._take_messages(most)
        if messages:
            return messages
        if os.name == "posix":
            # Not `recv`: it would wait for the rest of a length that is none.
            try:
                content = os.read(self.connection.fileno(), _CHUNK)
            except BlockingIOError:
                # A step may make every descriptor one that does not block.
                os.set_blocking(self.connection.fileno(), True)
                content = os.read(self.connection.fileno(), _CHUNK)
            if not content:
                raise EOFError
        else:
            content = self.connection.recv_bytes()
        self._buffer += content
        return self._take_messages(most)

    def _take_messages(self, most: int) -> list[Any]:
        """Take whole messages out of the buffer, and drop what is between them."""
        messages: list[Any] = []
        while not most or len(messages) < most:
            start = self._buffer.find(_MARK)
            if start < 0:
                # The end may be the beginning of a mark.
                self._buffer = self._buffer[-len(_MARK) :]
                break
            begin = start + len(_MARK) + _LENGTH.size
            if len(self._buffer) < begin:
                break
            (length,) = _LENGTH.unpack_from(self._buffer, begin - _LENGTH.size)
            if len(self._buffer) < begin + length:
                break
            content, self._buffer = self._buffer[begin : begin + length], self._buffer[begin + length :]
            try:
                messages.append(pickle.loads(content))  # noqa: S301  It is from a process of this run.
            except Exception as error:
                raise ValueError("a message is damaged") from error
        return messages


def duplicate_high(descriptor: int) -> int:
    """Duplicate a file descriptor to a high number; -1 where that cannot be done."""
    if _fcntl is None:
        return -1
    with suppress(OSError, ValueError):
        soft, _ = _getrlimit(resource.RLIMIT_NOFILE)
        limit = _HIGHEST if soft == resource.RLIM_INFINITY else min(soft, _HIGHEST)
        duplicate: int = _fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, max(limit - _MARGIN, 0))
        return duplicate
    return -1


def _identify(descriptor: int) -> tuple[int, int]:
    """Identify the file of a descriptor; (0, 0) if there is none, or the system does not say."""
    # After each scenario, for which `suppress` takes too long.
    try:
        status = os.fstat(descriptor)
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino
