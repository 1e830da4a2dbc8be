"""Determine what proves each criterion, and whether its scenario on disk is up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest
from spec2bdd.domain.gherkin.scenarios import render_blocks
from spec2bdd.domain.tracking.matching import CriterionMatch
from spec2bdd.domain.tracking.wording import find_accepted, find_revalued
from spec2bdd.model import Feature, ProofSource, Tier, TrackedCriterion
from spec2bdd.text.normalize import to_comparison_key, to_single_line


def track_criteria(
    matches: Sequence[CriterionMatch], *, files: Mapping[str, tuple[str, ...]], generated: Set[str], is_new: bool
) -> Iterator[TrackedCriterion]:
    """Yield each criterion of a spec with its id and what proves it.

    `files` are the feature files by tag, of which those in `generated` are spec2bdd's. `is_new` is true if no
    `generate` has read the spec before.
    """
    parents = {match.criterion.parent for match in matches}
    for index, match in enumerate(matches):
        criterion, entry = match.criterion, match.recorded
        carriers = files.get(match.id, ())
        if criterion.tier is Tier.WONT or criterion.manual or criterion.waived or criterion.box.set_aside:
            proof = ProofSource.NONE
        elif index in parents:
            proof = ProofSource.CHILDREN
        elif any(file not in generated for file in carriers):
            proof = ProofSource.HAND_WRITTEN
        else:
            proof = ProofSource.GENERATED
        reworded = find_accepted(criterion, entry, proof)

        # A tick by hand is unverified where the spec is new, and then as long as the wording stays. In a spec that was
        # read before, a tick that comes with a new criterion is one that nothing has proved.
        if entry is None:
            was_trusted = is_new
        else:
            was_trusted = entry.unverified and to_comparison_key(entry.text) == to_comparison_key(criterion.text)
        is_provable = proof in (ProofSource.GENERATED, ProofSource.HAND_WRITTEN)
        yield TrackedCriterion(
            criterion,
            match.id,
            proof,
            known=entry is not None,
            unverified=criterion.box.ticked and was_trusted and is_provable and not reworded,
            files=carriers,
            reworded=reworded,
            revalued=find_revalued(criterion, entry, proof),
        )


def compare_with_disk(
    identified: Sequence[TrackedCriterion], feature: Feature, manifest: FeatureManifest | None
) -> tuple[TrackedCriterion, ...]:
    """Set `current` of each criterion: whether the scenario on disk is the one that the spec gives today."""
    intact = {block.id: block.digest for block in manifest.blocks if block.intact} if manifest else {}
    # Without a scenario on disk there is nothing to compare with, and rendering takes time.
    today = {block.id: block.digest for block in render_blocks(feature)} if intact else {}
    planned = {scenario.id for scenario in feature.scenarios}
    recorded_texts = {entry.id: entry.text for entry in manifest.entries} if manifest else {}
    compared: list[TrackedCriterion] = []
    for tracked in identified:
        if tracked.id in planned:
            current = tracked.id in intact and intact[tracked.id] == today[tracked.id]
        else:
            # A scenario written by hand is up to date unless the wording is one that no `generate` has reported yet.
            current = not tracked.reworded or recorded_texts.get(tracked.id) == to_single_line(tracked.criterion.text)
        compared.append(tracked if current == tracked.current else replace(tracked, current=current))
    return tuple(compared)
