"""Report steps in quotes, and backgrounds that are no Gherkin, where criteria are: neither is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.heading_path import HeadingPath
from spec2bdd.domain.specs.unread.file_places import FilePlaces, find_places
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_MARKER = r"(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?(?:\[.\][ \t]+)?[*_]{0,3}"
_QUOTED = re.compile(
    rf"^[ \t]*(?:[-+*][ \t]+)?>[ \t>]*{_MARKER}"
    r"(?P<word>Given|When|Then|And|But|GIVEN|WHEN|THEN|AND|BUT)\b(?P<bold>\*\*)?",
    re.MULTILINE,
)
# A label with a step after it, or under it.
_BACKGROUND = re.compile(
    rf"^[ \t>]*{_MARKER}Background[*_]{{0,3}}[ \t]*:[ \t*_]*(?:(?:\r?\n[ \t>]*)+{_MARKER})?(?:Given|And|When)\b",
    re.MULTILINE | re.IGNORECASE,
)
_VISIBLE = frozenset({LinePlace.TEXT, LinePlace.QUOTE})


def report_stray_steps(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of quoted steps and of backgrounds among the criteria, once under each heading."""
    quoted = list(_QUOTED.finditer(file.text)) if ">" in file.text else []
    backgrounds = list(_BACKGROUND.finditer(file.text)) if "ackground" in file.text else []
    if not quoted and not backgrounds:
        return
    places = find_places(file, spec, dialect, vocabulary)
    words: dict[HeadingPath, dict[str, int]] = defaultdict(dict)
    for match in quoted:
        if path := _find_path(file, places, match):
            words[path].setdefault(match["bold"] or match["word"].lower(), match.start("word"))
    for kinds in words.values():
        # A sentence may begin with one of these words, but a keyword in bold letters is that of a step.
        if "**" in kinds or ("then" in kinds and len(kinds) > 1):
            message = "these steps are in a quote, so they are not read"
            yield file.build_warning(min(kinds.values()), "unread-steps", message=message, hint="remove the `>`")
    for match in backgrounds:
        if _find_path(file, places, match):
            message = "this background is not read: each criterion has only its own steps"
            hint = "begin each scenario with its steps, or write both as Gherkin in a fenced block"
            yield file.build_warning(match.start(), "unread-steps", message=message, hint=hint)


def _find_path(file: SourceFile, places: FilePlaces, match: re.Match[str]) -> HeadingPath | None:
    """Find the headings above a line if there are criteria under them and the line is visible and was not read."""
    line = file.find_place(match.start())[0]
    path = places.find_path(match.start())
    is_unread = line not in places.reported and places.lines.get(match.start()) in _VISIBLE
    return path if is_unread and places.is_among_criteria(path) else None
