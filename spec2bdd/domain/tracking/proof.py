"""Criteria with their ids in, out what each is proved by, and whether what stands on disk for it is today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from spec2bdd.domain.gherkin.manifest.manifest import Memory
from spec2bdd.domain.gherkin.scenarios import derive_blocks
from spec2bdd.domain.tracking.matching import Match
from spec2bdd.domain.tracking.wording import find_accepted
from spec2bdd.model import Criterion, Feature, Identified, Proof, Tier
from spec2bdd.text.normalize import derive_line, derive_sameness


def derive_identified(
    matches: Sequence[Match], *, files: Mapping[str, tuple[str, ...]], generated: Set[str], retiring: bool
) -> Iterator[Identified]:
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
        provable = proof in (Proof.GENERATED, Proof.HAND_WRITTEN)
        trusted = criterion.box.ticked and _tell_trust(match, retiring=retiring) and provable and not reworded
        known = match.remembered is not None
        yield Identified(criterion, match.id, proof, known=known, trusted=trusted, files=carriers, reworded=reworded)


def _tell_trust(match: Match, *, retiring: bool) -> bool:
    """Tell whether a ticked box may be trusted: where it was, in the same words, or where it is met for the first time.

    Beside a criterion that has just gone a new one is not trusted: it may be the same in other words, and a tick does
    not survive a new wording.
    """
    entry = match.remembered
    if entry is None:
        return not retiring
    return entry.trusted and derive_sameness(entry.text) == derive_sameness(match.criterion.text)


def _derive_proof(criterion: Criterion, *, children: bool, hand_written: bool) -> Proof:
    """Return what a criterion is proved by; one that was set aside with `[~]` or `[-]` asks for no proof."""
    aside = criterion.box.mark in ("~", "-")
    if criterion.tier is Tier.WONT or criterion.manual or criterion.waived or aside:
        return Proof.NOBODY
    if children:
        return Proof.CHILDREN
    return Proof.HAND_WRITTEN if hand_written else Proof.GENERATED


def compare_with_disk(
    identified: Sequence[Identified], feature: Feature, memory: Memory | None
) -> tuple[Identified, ...]:
    """Return the criteria with `current` set where the scenario on disk is the one that the spec gives today."""
    intact = {block.id: block.digest for block in memory.blocks if block.intact} if memory else {}
    # Without a scenario on disk there is nothing to compare with, and rendering takes time.
    today = {block.id: block.digest for block in derive_blocks(feature)} if intact else {}
    planned = {scenario.id for scenario in feature.scenarios}
    texts = {entry.id: entry.text for entry in memory.remembered} if memory else {}
    found: list[Identified] = []
    for item in identified:
        if item.id in planned:
            current = item.id in intact and intact[item.id] == today[item.id]
        else:
            # A proof of its author's own is today's unless the wording is one that nobody has been told of.
            current = not item.reworded or texts.get(item.id) == derive_line(item.criterion.text)
        found.append(item if current == item.current else replace(item, current=current))
    return tuple(found)
