"""Remove what would harm a terminal or a record from text of other programs."""

from __future__ import annotations

# A failed comparison of two large values can print megabytes; the start of it says enough.
_LONGEST_ERROR = 20_000


def clean_text(text: str) -> str:
    """Return the text without lone surrogates, which no UTF-8 file can hold, and not longer than is useful."""
    return _escape(text if len(text) <= _LONGEST_ERROR else text[:_LONGEST_ERROR] + " ...")


def _escape(text: str) -> str:
    """Return the text without lone surrogates, which no UTF-8 file can hold."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
