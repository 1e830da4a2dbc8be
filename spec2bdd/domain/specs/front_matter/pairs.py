"""Front matter that is nothing but plain `key: value` lines in, its fields out; nothing for all other YAML.

Plain are words of ASCII that begin with a letter or a digit and hold no sign that could mean anything to YAML.
"""

from __future__ import annotations

import re
import sys

from spec2bdd.model import Field
from spec2bdd.text.source_file import Page

_LINE = re.compile(
    r"\n([A-Za-z_][A-Za-z0-9_-]{0,60}): +([A-Za-z0-9](?:[A-Za-z0-9_./,()+@; -]|:(?=[A-Za-z0-9]))*)\r?(?=\n)"
)


def find_plain_fields(page: Page, start: int, end: int) -> tuple[Field, ...] | None:
    """Return the fields that stand from one place to another, or nothing if a line is not plain."""
    fields: list[Field] = []
    while start < end - 1:
        match = _LINE.match(page.text, start, end)
        if match is None:
            return None
        key, value = match[1], match[2].rstrip(" ")
        begin = match.start(2)
        # A thousand specs have the same nine keys.
        fields.append(Field(sys.intern(key), value, *page.find_place(match.start(1)), begin, begin + len(value)))
        start = match.end()
    return tuple(fields) or None
