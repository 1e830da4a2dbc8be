"""The texts of feature files and what a run told of in: the scenarios of a criterion that it did not tell of, by name.

The files are those of the run: a criterion whose files have changed since is stale, whatever else there is to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_MOST_NAMES = 3
_TAGS = re.compile(r"\s*@")
_BETWEEN = re.compile(r"\s*(?:#|$)")


@dataclass(frozen=True, slots=True)
class _Tagged:
    """Whatever carries a tag in a feature file: its line, and what stands behind its keyword."""

    path: str
    line: int
    name: str

    def is_told(self, places: Iterable[tuple[str, int, str]]) -> bool:
        """Tell whether it stands in one of these lines, or one of them is a row that it was made of."""
        rows = f"{self.name} -- @"
        return any(path == self.path and (line == self.line or name.startswith(rows)) for path, line, name in places)


def describe_missing(
    criterion: str, files: Sequence[str], features: Mapping[str, bytes], *, told: Collection[tuple[str, int, str]]
) -> str:
    """Return the names and places of a criterion's scenarios that nothing was told of, or nothing where unsure.

    `told` holds file, line and name of each scenario or row that there is a word on.
    """
    tagged = [one for path in files for one in _find_tagged(path, features.get(path, b""), f"@{criterion}")]
    missing = [f"`{one.name}` ({one.path}:{one.line})" for one in tagged if not one.is_told(told)]
    more = len(missing) - _MOST_NAMES
    return ", ".join([*missing[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else [])])


def _find_tagged(path: str, content: bytes, tag: str) -> Iterator[_Tagged]:
    """Yield what carries a tag in a file: it begins in the first line below its tags, behind a keyword and a colon."""
    carried = False
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if _TAGS.match(line):
            carried = carried or tag in line.partition(" #")[0].split()
        elif not _BETWEEN.match(line):
            _, colon, name = line.partition(":")
            if carried and colon:
                yield _Tagged(path, number, name.strip())
            carried = False
