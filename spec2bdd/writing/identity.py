"""Criteria and what is remembered of them in, an id for each out; an id that was given once is kept.

A criterion is matched by the author's own id, then by its text, up to typography. Whatever is left is new, and gets an
id minted from its text: no counters, so that two branches never give one id to two criteria.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from spec2bdd.model import Criterion, Remembered
from spec2bdd.writing.names import derive_digest, derive_sameness, derive_slug


@dataclass(frozen=True, slots=True)
class Match:
    """The id of one criterion, and the memory it was found by, if it is not new."""

    criterion: Criterion
    id: str
    remembered: Remembered | None = None


def derive_matches(key: str, criteria: Sequence[Criterion], remembered: Sequence[Remembered]) -> tuple[Match, ...]:
    """Return one match for each criterion of the spec `key`, in order; no two have the same id."""
    free = {entry.id: entry for entry in remembered}
    found = _match_given_ids(key, criteria, free)
    _match_texts(criteria, free, found)
    taken = {match.id for match in found.values()} | {entry.id for entry in remembered}
    for index, criterion in enumerate(criteria):
        if index not in found:
            minted = _mint_id(key, criterion.text, taken)
            taken.add(minted)
            found[index] = Match(criterion, minted)
    return tuple(found[index] for index in range(len(criteria)))


def _match_given_ids(key: str, criteria: Sequence[Criterion], free: dict[str, Remembered]) -> dict[int, Match]:
    """Match the criteria that carry an author's id; a second one with the same id is treated as if it had none."""
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for index, criterion in enumerate(criteria):
        given = f"ac_{key}_{derive_slug(criterion.given_id)}" if criterion.given_id else ""
        if given and given not in taken:
            taken.add(given)
            found[index] = Match(criterion, given, free.pop(given, None))
    return found


def _match_texts(criteria: Sequence[Criterion], free: dict[str, Remembered], found: dict[int, Match]) -> None:
    """Match the rest by text; equal texts are matched in file order."""
    by_text: dict[str, deque[Remembered]] = defaultdict(deque)
    for entry in free.values():
        by_text[derive_sameness(entry.text)].append(entry)
    for index, criterion in enumerate(criteria):
        candidates = by_text.get(derive_sameness(criterion.text))
        if index not in found and candidates:
            entry = candidates.popleft()
            del free[entry.id]
            found[index] = Match(criterion, entry.id, entry)


def _mint_id(key: str, text: str, taken: set[str]) -> str:
    """Return a new id: six digits of the text's digest, more where that is taken, and again for an equal text."""
    for salt in range(len(taken) + 1):
        digest = derive_digest(derive_sameness(text) + "\n" * salt, length=64)
        for length in (6, 10, 16):
            minted = f"ac_{key}_{digest[:length]}"
            if minted not in taken:
                return minted
    raise AssertionError("more digests than ids cannot all be taken")
