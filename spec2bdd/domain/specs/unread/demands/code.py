"""Report lists and steps in blocks of code that are all that is under a heading of criteria."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import SectionHeading, classify_heading_source
from spec2bdd.domain.specs.unread.file_places import find_places
from spec2bdd.domain.specs.unread.places import LinePlace
from spec2bdd.domain.specs.unread.steps.shown import is_shown
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

# A fence with a plain text or data, and the first line of what is in it: an item, or a key of a scenario. Boxes in code
# are reported by other rules, or are meant to be there.
CODE = re.compile(
    r"""
    \n[ ]{0,3}(?:`{3}|~{3})[ \t]*(?:te?xt|plain|plaintext|ya?ml|json|md|markdown)?[ \t]*\r?\n
    (?:[ \t]*(?:[\w-]+:|\{|\[)[ \t]*\r?\n){0,2}                                 # the keys above a list
    [ \t]*(?:(?:[-+*\u2022]|\d{1,3}[.)])[ \t]+[^\s\[]|\[?[ \t]*"[^"\n]{8}|["']?(?i:given|scenario)["']?[ \t]*:)
    """,
    re.VERBOSE,
)


def report_code_criteria(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of the first block of code with a list under each heading of criteria of which nothing else is read."""
    # What each line is in takes a look at all lines.
    announcing = _find_announcing(file.text, vocabulary)
    matches = [match for match in CODE.finditer(f"\n{file.text}") if announcing(match.start())]
    if not matches:
        return
    places = find_places(file, spec, dialect, vocabulary)
    known = {*places.parts, *places.reported}
    seen = {_find_owner(places.find_path(file.places.find_start(line)).owner) for line in known}
    for match in matches:
        path = places.find_path(match.start())
        owner = _find_owner(path.owner)
        # The fence may be that at the end of a block, which a list follows.
        last = file.places.find_start(file.find_place(match.end() - 2)[0])
        is_code = places.lines.get(last) in (LinePlace.CODE, LinePlace.OPEN_CODE)
        if owner in seen or path.is_wont or not is_code or not places.is_among_criteria(path):
            continue
        if not places.find_other_use(path) and not is_shown(file.text, match.start(), path):
            seen.add(owner)
            message = f"the list under `{path.headings[-1].text}` is not read: it is in a block of code"
            hint = "remove the fences, or put `<!-- spec2bdd: ignore unread-criterion -->` above"
            yield file.build_warning(match.start(), "unread-criterion", message=message, hint=hint)


def _find_announcing(text: str, vocabulary: HeadingVocabulary) -> Callable[[int], bool]:
    """Give a function that finds out whether the nearest heading or label above an offset is one of criteria or a tier.

    It is for a first look.
    """
    lines = [[*re.finditer(rf"^{mark}[^\r\n]*", text, re.MULTILINE)] for mark in ("#", r"\*\*")]
    starts = [[match.start() for match in found] for found in lines]

    @cache
    def announces(source: str) -> bool:
        """Whether a heading or label is one of criteria or of a tier."""
        kind = classify_heading_source(source.strip("#*_: "), vocabulary)
        return kind is HeadingKind.CRITERIA or (kind is not None and kind.tier is not None)

    def is_announced(offset: int) -> bool:
        """Whether the nearest heading, or the nearest label, above an offset announces criteria."""
        numbers = [bisect_left(found, offset) - 1 for found in starts]
        return any(number >= 0 and announces(found[number][0]) for number, found in zip(numbers, lines, strict=True))

    return is_announced


def _find_owner(owner: SectionHeading | None) -> int:
    """Find the offset of a heading of criteria; -1 without one."""
    return owner.offset if owner else -1
