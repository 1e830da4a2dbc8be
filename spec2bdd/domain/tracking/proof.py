"""Criteria with their ids in, out what each is proved by, and whether what stands on disk for it is today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest
from spec2bdd.domain.gherkin.scenarios import derive_blocks
from spec2bdd.domain.tracking.matching import CriterionMatch
from spec2bdd.domain.tracking.wording import find_accepted
from spec2bdd.model import Criterion, Feature, ProofSource, Tier, TrackedCriterion
from spec2bdd.text.normalize import to_comparison_key, to_single_line


def track_criteria(
    matches: Sequence[CriterionMatch], *, files: Mapping[str, tuple[str, ...]], generated: Set[str], retiring: bool
) -> Iterator[TrackedCriterion]:
    """Yield each criterion of a spec with its id and what it is proved by.

    `files` are the feature files by tag, of which those in `generated` are ours. `retiring` tells that a criterion has
    just gone.
    """
    parents = {match.criterion.parent for match in matches}
    for index, match in enumerate(matches):
        criterion = match.criterion
        carriers = files.get(match.id, ())
        hand_written = any(file not in generated for file in carriers)
        proof = _derive_proof(criterion, children=index in parents, hand_written=hand_written)
        reworded = find_accepted(criterion, match.remembered, proof)
        provable = proof in (ProofSource.GENERATED, ProofSource.HAND_WRITTEN)
        trusted = criterion.box.ticked and _tell_trust(match, retiring=retiring) and provable and not reworded
        known = match.remembered is not None
        yield TrackedCriterion(
            criterion, match.id, proof, known=known, trusted=trusted, files=carriers, reworded=reworded
        )


def _tell_trust(match: CriterionMatch, *, retiring: bool) -> bool:
    """Tell whether a ticked box may be trusted: where it was, in the same words, or where it is met for the first time.

    Beside a criterion that has just gone a new one is not trusted: it may be the same in other words, and a tick does
    not survive a new wording.
    """
    entry = match.remembered
    if entry is None:
        return not retiring
    return entry.trusted and to_comparison_key(entry.text) == to_comparison_key(match.criterion.text)


def _derive_proof(criterion: Criterion, *, children: bool, hand_written: bool) -> ProofSource:
    """Return what a criterion is proved by; one that was set aside with `[~]` or `[-]` asks for no proof."""
    if criterion.tier is Tier.WONT or criterion.manual or criterion.waived or criterion.box.set_aside:
        return ProofSource.NOBODY
    if children:
        return ProofSource.CHILDREN
    return ProofSource.HAND_WRITTEN if hand_written else ProofSource.GENERATED


def compare_with_disk(
    identified: Sequence[TrackedCriterion], feature: Feature, memory: FeatureManifest | None
) -> tuple[TrackedCriterion, ...]:
    """Return the criteria with `current` set where the scenario on disk is the one that the spec gives today."""
    intact = {block.id: block.digest for block in memory.blocks if block.intact} if memory else {}
    # Without a scenario on disk there is nothing to compare with, and rendering takes time.
    today = {block.id: block.digest for block in derive_blocks(feature)} if intact else {}
    planned = {scenario.id for scenario in feature.scenarios}
    texts = {entry.id: entry.text for entry in memory.remembered} if memory else {}
    found: list[TrackedCriterion] = []
    for item in identified:
        if item.id in planned:
            current = item.id in intact and intact[item.id] == today[item.id]
        else:
            # A proof of its author's own is today's unless the wording is one that nobody has been told of.
            current = not item.reworded or texts.get(item.id) == to_single_line(item.criterion.text)
        found.append(item if current == item.current else replace(item, current=current))
    return tuple(found)
