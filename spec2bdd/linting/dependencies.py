"""Specs in, findings about features out that one of them waits for and that none of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from pathlib import PurePosixPath

from spec2bdd.linting.finding import derive_finding
from spec2bdd.linting.sheet import Kind, Line, Sheet
from spec2bdd.model import Problem, Spec

_LABEL = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:#{1,6}\s+)?[*_]*upstream dependenc(?:y|ies)[*_]*\s*(?::[*_]*|#*$)", re.IGNORECASE
)
_BOLD = re.compile(r"\s*(?:[-*+]\s+)?\*\*")

# An id stands where an entry begins: behind the label, a marker, a comma, "and", or the word feature or spec. What
# stands behind another word, as in "Python 3.11", is a version.
_ENTRY = re.compile(
    r"(?:^\s*(?:(?:[-*+]|\d+[.)])\s+)?|[:,;&(]\s*|\band\s+|\bor\s+)(?:\[[ xX]\]\s+)?[\[(*`_]*(?:the\s+)?"
    r"(?:features?\s+|specs?\s+)?#?(?P<id>{id})(?![\w%+]|\.\d|-(?:alpha|beta|dev|rc)\b)",
    re.IGNORECASE,
)


def derive_known_ids(specs: Sequence[Spec]) -> frozenset[str]:
    """Return the ids of all specs; the number that a file's name begins with counts as well."""
    given = {spec.find_value("feature_id").casefold() for spec in specs}
    names = (re.match(r"\d+(?:\.\d+)+", PurePosixPath(spec.path).name) for spec in specs)
    return frozenset(given | {name[0] for name in names if name}) - {""}


def find_unknown_dependencies(sheet: Sheet, known: Set[str]) -> Iterator[Problem]:
    """Yield a finding for each feature id below `Upstream Dependencies` that is not known, once."""
    pattern = _derive_pattern(known)
    told = set(known)
    for line, start in _find_lines(sheet):
        for match in pattern.finditer(line.text, start):
            if match["id"].casefold() not in told:
                told.add(match["id"].casefold())
                message = f"no spec has the feature id `{match['id']}`"
                place = (line.number, match.start("id") + 1)
                yield derive_finding(sheet.path, place, code="unknown-dependency", message=message)


def _derive_pattern(known: Set[str]) -> re.Pattern[str]:
    """Return the pattern of an entry: `3.2`, or letters as in the ids of this project, such as `AUTH-2`."""
    stems = {found[1] for name in known if (found := re.fullmatch(r"([^\W\d_]+[-_])\d+", name))}
    lettered = "".join(rf"|{re.escape(stem)}\d+" for stem in sorted(stems))
    return re.compile(_ENTRY.pattern.replace("{id}", rf"\d+(?:\.\d+)+{lettered}"), re.IGNORECASE)


def _find_lines(sheet: Sheet) -> Iterator[tuple[Line, int]]:
    """Yield the lines that list what a spec waits for, and where in them the list begins."""
    label: Line | None = None
    for line in sheet.lines:
        if line.kind in (Kind.FRONT, Kind.CODE, Kind.BLANK):
            continue
        match = _LABEL.match(line.text)
        if match:
            label = line
            yield line, max(match.end() - 1, 0)
        elif label and _is_below(line, label):
            yield line, 0
        else:
            label = None


def _is_below(line: Line, label: Line) -> bool:
    """Tell whether a line still belongs to the list below a label."""
    if line.kind is Kind.HEADING:
        return False
    if label.kind is Kind.ITEM:
        return line.indent > label.indent or line.kind is Kind.WORDS
    return not _BOLD.match(line.text)
