"""Criteria and what is remembered of them in, an id for each out; an id that was given once is kept.

A criterion is matched by the author's own id, then by its text, up to typography. Whatever is left is new, and gets an
id minted from its text: no counters, so that two branches never give one id to two criteria.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from spec2bdd.model import Criterion, Remembered
from spec2bdd.writing.names import derive_digest, derive_id, derive_sameness


@dataclass(frozen=True, slots=True)
class Match:
    """The id of one criterion, and the memory it was found by, if it is not new."""

    criterion: Criterion
    id: str
    remembered: Remembered | None = None


def derive_matches(
    key: str, criteria: Sequence[Criterion], remembered: Sequence[Remembered], *, reserved: Set[str] = frozenset()
) -> tuple[Match, ...]:
    """Return one match for each criterion of the spec `key`, in order; no two have the same id.

    `reserved` names ids that are not minted anew: those that other specs remember, whose number this one may have got.
    """
    free = {entry.id: entry for entry in remembered}
    found = _match_given_ids(key, criteria, free)
    given = frozenset(found)
    # Equal texts are told apart by their tier first, or one that is a must and one that is a could would swap ids.
    _match_texts(criteria, free, found, across_tiers=False)
    _match_texts(criteria, free, found, across_tiers=True)
    taken = {match.id for match in found.values()} | {entry.id for entry in remembered}
    for index, criterion in enumerate(criteria):
        if index not in found:
            minted = _mint_id(key, criterion.text, taken, reserved=reserved)
            taken.add(minted)
            found[index] = Match(criterion, minted)
    _sort_twins(found, [index for index in range(len(criteria)) if index not in given])
    return tuple(found[index] for index in range(len(criteria)))


def _match_given_ids(key: str, criteria: Sequence[Criterion], free: dict[str, Remembered]) -> dict[int, Match]:
    """Match the criteria that carry an author's id; a second one with the same id is treated as if it had none."""
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for index, criterion in enumerate(criteria):
        given = f"ac_{key}_{derive_id(criterion.given_id)}" if criterion.given_id else ""
        if given and given not in taken:
            taken.add(given)
            found[index] = Match(criterion, given, free.pop(given, None))
    return found


def _match_texts(
    criteria: Sequence[Criterion],
    free: dict[str, Remembered],
    found: dict[int, Match],
    *,
    across_tiers: bool,
) -> None:
    """Match those of the rest that have one text, and one tier too if asked; what was retired is matched last."""
    by_text: dict[str, list[Remembered]] = defaultdict(list)
    for entry in sorted(free.values(), key=lambda entry: entry.state == "retired"):
        by_text[derive_sameness(entry.text)].append(entry)
    for index, criterion in enumerate(criteria):
        candidates = by_text[derive_sameness(criterion.text)] if index not in found else []
        alike = [entry for entry in candidates if across_tiers or entry.state == criterion.tier]
        for entry in alike[:1]:
            candidates.remove(entry)
            del free[entry.id]
            found[index] = Match(criterion, entry.id, entry)


def _sort_twins(found: dict[int, Match], indices: Sequence[int]) -> None:
    """Hand out the ids of criteria with one text and one tier in the order of the ids.

    They are told apart by nothing else, and their order in the feature file is another one: memory without a scenario
    stands above the scenarios. Without this, they would swap their ids each time.
    """
    twins: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in indices:
        criterion = found[index].criterion
        twins[derive_sameness(criterion.text), criterion.tier].append(index)
    for group in twins.values():
        matches = sorted((found[index] for index in group), key=lambda match: (len(match.id), match.id))
        criteria = [found[index].criterion for index in group]
        for index, match, criterion in zip(group, matches, criteria, strict=True):
            found[index] = replace(match, criterion=criterion)


def _mint_id(key: str, text: str, taken: set[str], *, reserved: Set[str]) -> str:
    """Return a new id: six digits of the text's digest, more where that is taken, and again for an equal text."""
    for salt in range(len(taken) + len(reserved) + 1):
        digest = derive_digest(derive_sameness(text) + "\n" * salt, length=64)
        for length in (6, 10, 16):
            minted = f"ac_{key}_{digest[:length]}"
            if minted not in taken and minted not in reserved:
                return minted
    raise AssertionError("more digests than ids cannot all be taken")
