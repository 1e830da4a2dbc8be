"""Lines of a worker that are to be written to the event log together with its next one.

They are in memory that it shares with its parent, so that they survive whatever ends the worker, and the parent writes
them. The module is imported in the processes that run the features.
"""

from __future__ import annotations

import mmap
import struct

_LENGTH = struct.Struct("=Q")
_BUFFER_SIZE = 1 << 16


class PendingLines:
    """Lines in the memory of a process and of those that it forks after this was made."""

    __slots__ = ("_memory",)

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _BUFFER_SIZE)

    def add(self, line: bytes) -> bool:
        """Add a line; whether there was room for it."""
        begin = _LENGTH.size + _LENGTH.unpack_from(self._memory)[0]
        end = begin + len(line)
        if end > _BUFFER_SIZE:
            return False
        # First the line: whenever the process ends, the length is that of whole lines.
        self._memory[begin:end] = line
        _LENGTH.pack_into(self._memory, 0, end - _LENGTH.size)
        return True

    def read(self) -> bytes:
        """Read all lines."""
        (length,) = _LENGTH.unpack_from(self._memory)
        return self._memory[_LENGTH.size : _LENGTH.size + length] if length else b""

    def clear(self) -> None:
        """Forget all lines, which are written."""
        _LENGTH.pack_into(self._memory, 0, 0)
