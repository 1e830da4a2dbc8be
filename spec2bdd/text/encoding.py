"""Say where a file is not UTF-8, in the same words for every kind of file."""

from __future__ import annotations

from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import LineIndex

SAVE_AS_UTF8 = "save the file as UTF-8"
"""The hint for a file in another encoding."""


@dataclass(frozen=True, slots=True)
class BadByte:
    """The first byte of a file that is not UTF-8: what to say of it, and its line and column, counted from 1."""

    message: str
    line: int
    column: int


def describe_bad_byte(error: UnicodeDecodeError) -> BadByte:
    """Describe the byte at which decoding a file failed; everything before it is UTF-8."""
    before = error.object[: error.start].decode("utf-8")
    return BadByte(
        f"byte 0x{error.object[error.start]:02X} is not valid UTF-8", *LineIndex(before).find_place(len(before))
    )
