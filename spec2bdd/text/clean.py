"""Make text of other programs safe to write: encodable as UTF-8, and not too long."""

from __future__ import annotations

# A failed comparison of two large values can print megabytes; the beginning is enough to see what failed.
_LONGEST_ERROR = 20_000


def clean_text(text: str) -> str:
    """Escape lone surrogates and cut the text to a useful length."""
    return escape_surrogates(text if len(text) <= _LONGEST_ERROR else text[:_LONGEST_ERROR] + " ...")


def escape_surrogates(text: str) -> str:
    """Escape lone surrogates, which no UTF-8 file can hold."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def keep_ends(text: str, longest: int, *, note: str = "") -> str:
    """Keep both ends of a text with more than `longest` characters, and say how many are left out, with a note."""
    half = longest // 2
    left_out = len(text) - 2 * half
    if len(text) <= longest:
        return text
    return f"{text[:half]}\n... {left_out} characters are left out here{note} ...\n{text[-half:]}"
