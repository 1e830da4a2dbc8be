"""Scalar values of front matter: timestamps in the form of ISO 8601, and YAML quotes."""

from __future__ import annotations

import re

from spec2bdd.text.lazy_patterns import compile_lazily

# A date, or a date and a time with or without an offset; a blank may replace the `T` and precede the offset.
TIMESTAMP = compile_lazily(
    r"""
    (?P<date>\d{4}-\d\d-\d\d)
    (?:
        (?P<joint>[Tt\ ])
        (?P<time>\d\d:\d\d)
        (?:(?P<seconds>:\d\d)(?P<fraction>[.,]\d+)?)?
        (?P<gap>\ ?)
        (?P<offset>Z|z|[+-]\d\d(?::?\d\d)?)?
    )?
    """,
    re.ASCII | re.VERBOSE,
)
# What `datetime` can reproduce: microseconds after a dot, and an offset that exists.
_FRACTION = re.compile(r"\.\d{1,6}", re.ASCII)
_OFFSET = re.compile(r"[Zz]|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?", re.ASCII)


def match_writable_timestamp(text: str) -> re.Match[str] | None:
    """Match a whole timestamp whose form another time can be written in."""
    match = TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    if match["fraction"] and not _FRACTION.fullmatch(match["fraction"]):
        return None
    if match["offset"] and not _OFFSET.fullmatch(match["offset"]):
        return None
    return match


def quote_scalar(value: str) -> str:
    """Quote a YAML value in the quotes that need the fewest changes to it."""
    # In double quotes a backslash begins an escape; in single quotes only the quote itself is special.
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
