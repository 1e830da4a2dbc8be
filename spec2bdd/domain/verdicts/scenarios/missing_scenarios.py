"""Name the scenarios of a criterion that have no result in a run, from the texts of its feature files.

The files are those of the run: a criterion whose files have changed since is stale in any case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from spec2bdd.model.values import dataclass

_MOST_NAMES = 3
_TAGS = re.compile(r"\s*@")
# A comment or a blank line, which may come between tags and what they belong to.
_BETWEEN = re.compile(r"\s*(?:#|$)")


@dataclass(frozen=True, slots=True)
class _Tagged:
    """A scenario, rule or feature that has a tag: its line, and the name after its keyword."""

    path: str
    line: int
    name: str

    def is_reported(self, places: Iterable[tuple[str, int, str]]) -> bool:
        """Whether one of these places is in its line, or is a row of its outline."""
        # Behave 1.3.3 appends ` -- @1.1 ` and the name of the examples to the name of each row.
        rows = f"{self.name} -- @"
        return any(path == self.path and (line == self.line or name.startswith(rows)) for path, line, name in places)


def describe_missing(
    criterion: str, files: Sequence[str], features: Mapping[str, bytes], *, reported: Collection[tuple[str, int, str]]
) -> str:
    """List the names and places of a criterion's scenarios that have no result.

    `reported` holds file, line and name of each scenario or row that has one.
    """
    tagged = [scenario for path in files for scenario in _find_tagged(path, features.get(path, b""), f"@{criterion}")]
    missing = [
        f"`{scenario.name}` ({scenario.path}:{scenario.line})"
        for scenario in tagged
        if not scenario.is_reported(reported)
    ]
    more = len(missing) - _MOST_NAMES
    return ", ".join([*missing[:_MOST_NAMES], *([f"and {more} more"] if more > 0 else [])])


def _find_tagged(path: str, content: bytes, tag: str) -> Iterator[_Tagged]:
    """Find what has a tag in a file: it begins in the first line under its tags, with a keyword and a colon."""
    tagged = False
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if _TAGS.match(line):
            # Tags may be on several lines, each with a comment after them.
            tagged = tagged or tag in line.partition(" #")[0].split()
        elif not _BETWEEN.match(line):
            _, colon, name = line.partition(":")
            # Without a colon it is a line of a description or a doc string that looks like a tag.
            if tagged and colon:
                yield _Tagged(path, number, name.strip())
            tagged = False
