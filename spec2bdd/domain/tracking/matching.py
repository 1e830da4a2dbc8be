"""Criteria and what is remembered of them in, an id for each out; an id that was given once is kept.

A criterion is matched by the author's own id, then by its text, up to typography, then by a text that differs in values
alone, then by one that is clearly the same in other words. Whatever is left is new, and gets an id minted from its
text: no counters, so that two branches never give one id to two criteria.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from spec2bdd.domain.tracking.similarity import is_similar, match_similar
from spec2bdd.domain.tracking.wording import derive_shape
from spec2bdd.model import Criterion, RecordedCriterion
from spec2bdd.text.normalize import digest_text, to_comparison_key, to_single_line
from spec2bdd.text.slugs import slugify_unique


@dataclass(frozen=True, slots=True)
class CriterionMatch:
    """The id of one criterion, and the memory it was found by, if it is not new.

    `alike` holds the texts of which a new criterion may be one in other words; nobody can be sure which.
    """

    criterion: Criterion
    id: str
    remembered: RecordedCriterion | None = None
    alike: tuple[str, ...] = ()


def match_criteria(
    key: str,
    criteria: Sequence[Criterion],
    remembered: Sequence[RecordedCriterion],
    *,
    reserved: Set[str] = frozenset(),
) -> tuple[CriterionMatch, ...]:
    """Return one match for each criterion of the spec `key`, in order; no two have the same id.

    `reserved` names ids that are not minted anew: those that other specs remember, whose number this one may have got.
    """
    free = {entry.id: entry for entry in remembered}
    found = _match_given_ids(key, criteria, free)
    given = frozenset(found)
    # The strictest way goes first, or two that differ in tier or typography alone would swap their ids.
    for exact, tiered in ((True, True), (True, False), (False, True), (False, False)):
        _match_texts(criteria, free, found, exact=exact, tiered=tiered)
    _match_shapes(criteria, free, found)
    alike = _match_near(criteria, remembered, free, found)
    taken = {match.id for match in found.values()} | {entry.id for entry in remembered}
    salts: dict[str, int] = {}
    for index, criterion in enumerate(criteria):
        if index not in found:
            minted = _mint_id(key, criterion.text, taken, reserved=reserved, salts=salts)
            taken.add(minted)
            found[index] = CriterionMatch(criterion, minted, alike=alike.get(index, ()))
    _sort_twins(found, [index for index in range(len(criteria)) if index not in given])
    return tuple(found[index] for index in range(len(criteria)))


def _match_given_ids(
    key: str, criteria: Sequence[Criterion], free: dict[str, RecordedCriterion]
) -> dict[int, CriterionMatch]:
    """Match the criteria that carry an author's id; a second one with the same id is treated as if it had none."""
    found: dict[int, CriterionMatch] = {}
    taken: set[str] = set()
    for index, criterion in enumerate(criteria):
        given = f"ac_{key}_{slugify_unique(criterion.given_id)}" if criterion.given_id else ""
        if given and given not in taken:
            taken.add(given)
            entry = free.pop(given, None) or _pop_namesake(criterion, free)
            found[index] = CriterionMatch(criterion, entry.id if entry else given, entry)
    return found


def _pop_namesake(criterion: Criterion, free: dict[str, RecordedCriterion]) -> RecordedCriterion | None:
    """Take out what had the author's id and nearly these words when the spec had another number, if just one did."""
    end = f"_{slugify_unique(criterion.given_id)}"
    named = [entry for entry in free.values() if entry.id.endswith(end) and entry.state != "retired"]
    same = [entry for entry in named if is_similar(entry.text, criterion.text)]
    return free.pop(same[0].id) if len(same) == 1 else None


def _match_texts(
    criteria: Sequence[Criterion],
    free: dict[str, RecordedCriterion],
    found: dict[int, CriterionMatch],
    *,
    exact: bool,
    tiered: bool,
) -> None:
    """Match those of the rest that have one text, and one tier too if asked; what was retired is matched last."""
    if not free:
        return
    by_text: dict[tuple[str, str], list[RecordedCriterion]] = defaultdict(list)
    for entry in sorted(free.values(), key=lambda entry: entry.state == "retired"):
        by_text[_derive_look(entry.text, entry.state, exact=exact, tiered=tiered)].append(entry)
    for index, criterion in enumerate(criteria):
        look = _derive_look(criterion.text, criterion.tier, exact=exact, tiered=tiered)
        if index not in found and by_text[look]:
            entry = by_text[look].pop(0)
            del free[entry.id]
            found[index] = CriterionMatch(criterion, entry.id, entry)


def _match_shapes(
    criteria: Sequence[Criterion], free: dict[str, RecordedCriterion], found: dict[int, CriterionMatch]
) -> None:
    """Match the one of the rest with the one that is gone that differs from it in values alone.

    Where more criteria differ in nothing else, a value that is gone and one that is new need not be the same criterion.
    """
    living = [entry for entry in free.values() if entry.state != "retired"]
    if not living or len(found) == len(criteria):
        return
    shapes = [derive_shape(criterion.text) for criterion in criteria]
    counts = Counter(shapes)
    gone: dict[str, list[RecordedCriterion]] = defaultdict(list)
    for entry in living:
        gone[derive_shape(entry.text)].append(entry)
    for index, shape in enumerate(shapes):
        if index not in found and counts[shape] == 1 and len(gone[shape]) == 1:
            (entry,) = gone[shape]
            del free[entry.id]
            found[index] = CriterionMatch(criteria[index], entry.id, entry)


def _match_near(
    criteria: Sequence[Criterion],
    remembered: Sequence[RecordedCriterion],
    free: dict[str, RecordedCriterion],
    found: dict[int, CriterionMatch],
) -> dict[int, tuple[str, ...]]:
    """Match what is clearly the same in other words; return the texts that others are like without being sure."""
    living = [entry for entry in remembered if entry.state != "retired"]
    near = match_similar(
        [entry.text for entry in living],
        [criterion.text for criterion in criteria],
        free_old={number for number, entry in enumerate(living) if entry.id in free},
        free_new=set(range(len(criteria))) - found.keys(),
    )
    for index, number in near.pairs.items():
        entry = living[number]
        found[index] = CriterionMatch(criteria[index], entry.id, free.pop(entry.id, entry))
    return {index: tuple(living[number].text for number in numbers) for index, numbers in near.doubts.items()}


def _derive_look(text: str, tier: str, *, exact: bool, tiered: bool) -> tuple[str, str]:
    """Return what two criteria have in common that are taken for one."""
    return to_single_line(text) if exact else to_comparison_key(text), tier if tiered else ""


def _sort_twins(found: dict[int, CriterionMatch], indices: Sequence[int]) -> None:
    """Hand out the ids of criteria with one text and one tier in the order of the ids.

    They are told apart by nothing else, and their order in the feature file may be another one: rules stand last there.
    Without this, they would swap their ids each time.
    """
    twins: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in indices:
        criterion = found[index].criterion
        twins[_derive_look(criterion.text, criterion.tier, exact=True, tiered=True)].append(index)
    for group in (group for group in twins.values() if len(group) > 1):
        matches = sorted((found[index] for index in group), key=lambda match: (len(match.id), match.id))
        criteria = [found[index].criterion for index in group]
        for index, match, criterion in zip(group, matches, criteria, strict=True):
            found[index] = replace(match, criterion=criterion)


def _mint_id(key: str, text: str, taken: Set[str], *, reserved: Set[str], salts: dict[str, int]) -> str:
    """Return a new id: six digits of the text's digest, more where that is taken, and again for an equal text.

    `salts` remembers for each text how often that was done before: all of those ids are taken for good.
    """
    same = to_comparison_key(text)
    for salt in range(salts.get(same, 0), len(taken) + len(reserved) + 1):
        digest = digest_text(same + "\n" * salt, length=64)
        for length in (6, 10, 16):
            minted = f"ac_{key}_{digest[:length]}"
            if minted not in taken and minted not in reserved:
                salts[same] = salt
                return minted
    raise AssertionError("more digests than ids cannot all be taken")
