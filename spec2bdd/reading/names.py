"""A heading's clean text in, what it announces out: the one table of heading names that a spec is read by."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from types import MappingProxyType

from spec2bdd.model import Tier


class Known(StrEnum):
    """What a heading announces; the first four are tiers by the same names."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"
    CRITERIA = "criteria"
    DONE = "done"
    PURPOSE = "purpose"

    @property
    def tier(self) -> Tier | None:
        """Return the tier that the heading names, if it names one."""
        return Tier(self.value) if self.value in list(Tier) else None


# Spellings are compared in lower case, with hyphens as spaces and without emoji and punctuation.
_SPELLINGS: dict[Known, tuple[str, ...]] = {
    Known.MUST: ("must", "musts", "must have", "must haves"),
    Known.SHOULD: ("should", "shoulds", "should have", "should haves"),
    Known.COULD: ("could", "coulds", "could have", "could haves", "nice to have", "nice to haves"),
    Known.WONT: (
        "won't",
        "wont",
        "won't have",
        "wont have",
        "won't haves",
        "wont haves",
        "will not have",
        "would not have",
    ),
    Known.CRITERIA: ("acceptance criteria", "acceptance criterion", "success criteria", "success criterion"),
    Known.DONE: ("definition of done", "dod"),
    Known.PURPOSE: ("purpose",),
}

# Words that may follow a name without changing it: "Must Have Features", "Acceptance Criteria Checklist".
_TRAILING = re.compile(
    r"checklists?|criteri(?:a|on)|features|functionality|items|list|requirements|this|time|release|phase"
)

# What may stand in front of a name, set off from it: "High Priority (Must Have)", "P0 - Must have".
_LEADING = re.compile(r"(?:(?:high|highest|medium|low|lower|lowest|top) )?priority(?: \d+)?|p\d|mvp|moscow|\d+")

_NAMES = MappingProxyType({spelling: known for known, spellings in _SPELLINGS.items() for spelling in spellings})
_NUMBER = re.compile(r"^\W*\d+(?:\.\d+)*[.):]?\s+")
_PART = re.compile(r"[()\[\]:|/,;\u2013\u2014]|\s-+\s|\s-+$")
_APOSTROPHE = re.compile(r"(?<=n)[\u2018\u2019\u02bc`\u00b4](?=t)")
_NOT_A_WORD = re.compile(r"[^\w']+|_+")


def find_known(heading: str) -> Known | None:
    """Return what a heading announces, or nothing; notes behind the name (`(P0)`, `- DONE`) do not hide it."""
    parts = [name for part in _PART.split(_NUMBER.sub("", heading)) if (name := _derive_name(part))]
    found: Known | None = None
    for name in parts:
        known = _find_name(name)
        if known is None and not _LEADING.fullmatch(name):
            break
        # A tier is more than the criteria it stands with, as in "Acceptance Criteria (Must Have)".
        if known is not None and found in (None, Known.CRITERIA):
            found = known
    return found


def _derive_name(part: str) -> str:
    """Return a part of a heading as the table spells it."""
    plain = _APOSTROPHE.sub("'", unicodedata.normalize("NFKC", part).casefold())
    return " ".join(_NOT_A_WORD.sub(" ", plain).split())


def _find_name(name: str) -> Known | None:
    """Look a name up, with ever more of its trailing words left out."""
    words = name.split()
    while words:
        if known := _NAMES.get(" ".join(words)):
            return known
        if not _TRAILING.fullmatch(words.pop()):
            return None
    return None
