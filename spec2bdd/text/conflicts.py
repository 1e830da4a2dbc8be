"""Find what git and other tools write into a file that they cannot merge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.model.values import dataclass

# At the start of a line. `=======` alone may be the underline of a heading.
_MARKER = re.compile(r"^(?:<{7}|>{7}|\|{7})(?=[ \t\r\n]|$)", re.MULTILINE)

RESOLVE = "resolve the merge conflict"
"""The hint for a file that a person has to edit."""


@dataclass(frozen=True, slots=True)
class ConflictMarker:
    """A marker of a merge conflict, with its offset and its line, counted from 1."""

    text: str
    offset: int
    line: int

    @property
    def message(self) -> str:
        """What a diagnostic says of it."""
        return f"`{self.text}` is a conflict marker"


def list_conflict_markers(text: str) -> Iterator[ConflictMarker]:
    """List the conflict markers of a text; some may be part of an example in it."""
    if "<<<<<<<" in text or ">>>>>>>" in text:
        for match in _MARKER.finditer(text):
            yield ConflictMarker(match[0], match.start(), text.count("\n", 0, match.start()) + 1)


def find_conflict_marker(text: str) -> ConflictMarker | None:
    """Find the first conflict marker of a text that cannot be parsed."""
    return next(list_conflict_markers(text), None)


def suggest_regeneration(path: str) -> str:
    """Suggest how to resolve the conflict of a generated file: either side will do, as the spec decides."""
    command = f"`git checkout --ours {path}`"
    return f"the file is generated: resolve any conflict of its spec, run {command}, then `spec2bdd generate`"
