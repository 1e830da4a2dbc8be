"""Hardened parsers for XML and JSON, which other tools write and anybody can edit."""

from __future__ import annotations

_BOM = b"\xef\xbb\xbf"


def starts_with(content: bytes, prefixes: tuple[bytes, ...]) -> bool:
    """Whether a file begins with one of the prefixes, apart from a byte order mark and white space."""
    return content.removeprefix(_BOM).lstrip().startswith(prefixes)
