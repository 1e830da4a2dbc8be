"""A heading's clean text in, what it announces out, be it in words of the program's or of the project's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from spec2bdd.domain.specs.vocabulary.rules import DEFAULT, HeadingVocabulary
from spec2bdd.domain.specs.vocabulary.words import find_words
from spec2bdd.model import Tier
from spec2bdd.text.normalize import normalize_heading


class HeadingKind(StrEnum):
    """What a heading announces; the first four are tiers by the same names."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"
    CRITERIA = "criteria"
    DONE = "done"
    PURPOSE = "purpose"
    REQUIREMENTS = "requirements"
    OTHER = "other"
    LEFT_OUT = "leave-out"

    @property
    def tier(self) -> Tier | None:
        """Return the tier that the heading names, if it names one."""
        return _TIERS.get(self)


_TIERS = {HeadingKind(tier.value): tier for tier in Tier}


@dataclass(frozen=True, slots=True)
class _HeadingTable:
    """What names mean: `known` by the name, `joints` begin what may follow a name, the patterns take whole words."""

    known: Mapping[str, HeadingKind]
    joints: frozenset[str]
    behind: frozenset[str]
    front: re.Pattern[str]
    apart: re.Pattern[str]


_NUMBER = re.compile(r"^\W*\d+(?:\.\d+)*[.):]?\s+")
_PART = re.compile(r"[()\[\]:\uff08\uff09\uff1a|/,;\u2013\u2014]|\s-+\s|\s-+$")


def classify_heading(heading: str, rules: HeadingVocabulary = DEFAULT) -> HeadingKind | None:
    """Return what a heading announces, or nothing; notes behind the name (`(P0)`, `- DONE`) do not hide it."""
    names = _derive_names(rules)
    whole = normalize_heading(heading)
    return names.known.get(whole) or _find_in_parts(_NUMBER.sub("", heading), names)


def derive_parts(heading: str) -> list[str]:
    """Return the parts of a heading that punctuation sets off, as the tables spell them."""
    return [name for part in _PART.split(heading) if (name := normalize_heading(part))]


def render_choice(words: Iterable[str]) -> str:
    """Return a pattern that takes any of some words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def _derive_names(rules: HeadingVocabulary) -> _HeadingTable:
    """Return the names of the program with those of a project; a project's own win."""
    known = {normalize_heading(name): kind for kind in list(HeadingKind)[:-1] for name in find_words("headings", kind)}
    own = {normalize_heading(name): HeadingKind(key) for key, names in rules.names for name in names}
    front = render_choice(find_words("around", "front"))
    counted = render_choice(find_words("around", "counted"))
    tiers = render_choice(word for tier in ("must", "should", "could") for word in find_words("priorities", tier))
    apart = render_choice(find_words("around", "apart"))
    return _HeadingTable(
        known={**known, **own},
        joints=frozenset(find_words("around", "joints")),
        behind=frozenset(find_words("around", "behind")),
        front=re.compile(rf"(?:{front} )+|{counted} \d\w* "),
        apart=re.compile(rf"(?:{tiers}|{apart})(?: \d+)?|p\d|\d+"),
    )


def _find_in_parts(heading: str, names: _HeadingTable) -> HeadingKind | None:
    """Look at the parts of a heading one by one, until one means nothing."""
    found: HeadingKind | None = None
    for name in derive_parts(heading):
        known = _find_name(name, names)
        if known is None and not names.apart.fullmatch(name):
            break
        # A tier is more than the criteria it stands with, as in "Acceptance Criteria (Must Have)".
        if known is not None and found in (None, HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS):
            found = known
    return found


def _find_name(name: str, names: _HeadingTable) -> HeadingKind | None:
    """Look a name up, as it is and without what may stand in front of it."""
    front = names.front.match(name)
    return _find_beginning(name, names) or (_find_beginning(name[front.end() :], names) if front else None)


def _find_beginning(name: str, names: _HeadingTable) -> HeadingKind | None:
    """Look up the beginning of a name; what follows must be words that change nothing, or begin with a joint."""
    words = name.split()
    for size in range(len(words), 0, -1):
        known, rest = names.known.get(" ".join(words[:size])), words[size:]
        if known and (not rest or names.behind.issuperset(rest) or (size > 1 and rest[0] in names.joints)):
            return known
    return None
