"""Classify a heading by its text: a tier, acceptance criteria, a definition of done, or something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary, find_words, render_choice
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
        """The tier that the heading names, if it names one."""
        return _TIERS.get(self)


_TIERS = {HeadingKind(tier.value): tier for tier in Tier}


@dataclass(frozen=True, slots=True)
class _HeadingTable:
    """The kinds of heading by their normalized names, and the words that may come with a name.

    `prefix` matches what may come before a name. After it may come any `suffixes`, or any words that begin with one of
    `joints`. `remark` matches a part of a heading that does not change what the heading announces.
    """

    kinds: Mapping[str, HeadingKind]
    joints: frozenset[str]
    suffixes: frozenset[str]
    prefix: re.Pattern[str]
    remark: re.Pattern[str]


# The number of a section, such as `4.` or `3.2)`.
_NUMBER = re.compile(r"^\W*\d+(?:\.\d+)*[.):]?\s+")
# The punctuation between the parts of a heading; a hyphen is some only with a blank before it.
_SEPARATOR = re.compile(r"[()\[\]:\uff08\uff09\uff1a|/,;\u2013\u2014]|\s-+\s|\s-+$")


def classify_heading(heading: str, vocabulary: HeadingVocabulary = DEFAULT) -> HeadingKind | None:
    """Find out what a heading announces, if anything; notes after the name (`(P0)`, `- DONE`) do not hide it."""
    table = _build_table(vocabulary)
    if kind := table.kinds.get(normalize_heading(heading)):
        return kind
    # Otherwise read the parts one by one, up to the first one that is unknown.
    announced: HeadingKind | None = None
    for name in split_heading(_NUMBER.sub("", heading)):
        prefix = table.prefix.match(name)
        kind = _find_kind(name, table) or (_find_kind(name[prefix.end() :], table) if prefix else None)
        if kind is None and not table.remark.fullmatch(name):
            break
        # A tier is more specific than the criteria it is named with, as in "Acceptance Criteria (Must Have)".
        if kind is not None and announced in (None, HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS):
            announced = kind
    return announced


def split_heading(heading: str) -> list[str]:
    """Split a heading at its punctuation into normalized parts, without empty ones."""
    return [name for part in _SEPARATOR.split(heading) if (name := normalize_heading(part))]


@cache
def _build_table(vocabulary: HeadingVocabulary) -> _HeadingTable:
    """Build the table of names; those of the project override the built-in ones."""
    # `LEFT_OUT`, the last kind, has only names that a project gives it.
    kinds = {normalize_heading(name): kind for kind in list(HeadingKind)[:-1] for name in find_words("headings", kind)}
    for key, names in vocabulary.names:
        kinds.update({normalize_heading(name): HeadingKind(key) for name in names})
    prefixes, counted = render_choice(find_words("around", "prefixes")), render_choice(find_words("around", "counted"))
    tiers = render_choice(word for tier in ("must", "should", "could") for word in find_words("priorities", tier))
    remarks = render_choice(find_words("around", "remarks"))
    return _HeadingTable(
        kinds=kinds,
        joints=frozenset(find_words("around", "joints")),
        suffixes=frozenset(find_words("around", "suffixes")),
        prefix=re.compile(rf"(?:{prefixes} )+|{counted} \d\w* "),
        remark=re.compile(rf"(?:{tiers}|{remarks})(?: \d+)?|p\d|\d+"),
    )


def _find_kind(name: str, table: _HeadingTable) -> HeadingKind | None:
    """Find the longest known name at the beginning of a part; the rest must not change what it announces."""
    words = name.split()
    for size in range(len(words), 0, -1):
        kind, rest = table.kinds.get(" ".join(words[:size])), words[size:]
        # A joint after a single word proves nothing: "must for the team" is no tier.
        if kind and (not rest or table.suffixes.issuperset(rest) or (size > 1 and rest[0] in table.joints)):
            return kind
    return None
