"""Drafts and what the feature files on disk hold in, out which step of a scenario has become which in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spec2bdd.model import Feature, Identified
from spec2bdd.writing.drafts import Draft
from spec2bdd.writing.languages import compile_keywords, find_keyword
from spec2bdd.writing.library import Library
from spec2bdd.writing.memory import Block
from spec2bdd.writing.names import derive_sameness
from spec2bdd.writing.outlines import walk_steps

_Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """A step of the criterion `id` that had other words; `kind` is what Behave looks it up by."""

    id: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rewording:
    """A criterion in other words, with the steps of its scenarios as they stand on disk and as they are to stand."""

    id: str
    before: tuple[_Step, ...]
    after: tuple[_Step, ...]


def derive_rewordings(drafts: Iterable[Draft], library: Library) -> tuple[Rewording, ...]:
    """Return the criteria with a generated scenario whose new wording the feature file does not have yet."""
    found = (one for draft in drafts for one in _walk_changed(draft, library) if one[0].reworded)
    return tuple(
        Rewording(item.id, tuple(parse_steps(block.text, feature.language)), tuple(_list_steps(item, feature)))
        for item, block, feature in found
    )


def derive_moves(drafts: Sequence[Draft], library: Library) -> tuple[Move, ...]:
    """Return the steps whose definitions may follow them: what no scenario has any more, and what it became.

    A step moves with its criterion's wording, which is stale until somebody accepts it, or in its typography alone. A
    step that is changed below the same wording is another step: nobody would be asked whether its code proves it.
    """
    moves = [move for draft in drafts for one in _walk_changed(draft, library) for move in _pair_steps(*one)]
    wanted = {step for draft in drafts for step in _walk_planned(draft)} if moves else set()
    goals: dict[_Step, set[str]] = defaultdict(set)
    for move in moves:
        goals[move.kind, move.before].add(move.after)
    free = [move for move in moves if (move.kind, move.before) not in wanted]
    return tuple(move for move in free if len(goals[move.kind, move.before]) == 1)


def parse_steps(text: str, language: str) -> Iterator[_Step]:
    """Yield kind and text of the steps in a block of a generated feature file; doc strings hold none."""
    kind, quoted = "", False
    for line in map(str.strip, text.split("\n")):
        quoted ^= line == '"""'
        match = compile_keywords(language).fullmatch(line)
        if match and not quoted:
            found = find_keyword(match[1], language)[1]
            kind = kind if found in ("and", "but") else found
            yield kind, match[2]


def _walk_changed(draft: Draft, library: Library) -> Iterator[tuple[Identified, Block, Feature]]:
    """Yield the criteria of a draft whose scenario on disk is another one than today's."""
    memory = library.memories.get(draft.feature.path) if draft.feature else None
    if memory is None or draft.feature is None or any(problem.code == "edited-by-hand" for problem in draft.problems):
        return
    blocks = {block.id: block for block in memory.blocks if block.id}
    for item in draft.identified:
        if not item.current and item.id in blocks:
            yield item, blocks[item.id], draft.feature


def _pair_steps(item: Identified, block: Block, feature: Feature) -> Iterator[Move]:
    """Yield the steps of one criterion that have other words, where each kind of step has as many as before."""
    before, after = list(parse_steps(block.text, feature.language)), list(_list_steps(item, feature))
    for kind in ("given", "when", "then"):
        old = [text for step, text in before if step == kind and (step, text) not in after]
        new = [text for step, text in after if step == kind and (step, text) not in before]
        if len(old) == len(new):
            pairs = list(zip(old, new, strict=True))
            # Whoever goes back to the accepted wording takes along what had followed away from it.
            asked = bool(item.reworded or block.reworded)
            same = (asked or derive_sameness(one) == derive_sameness(other) for one, other in pairs)
            yield from (Move(item.id, kind, *pair) for pair, may in zip(pairs, same, strict=True) if may)


def _list_steps(item: Identified, feature: Feature) -> Iterator[_Step]:
    """Yield the planned steps of one criterion."""
    return (step for scenario in feature.scenarios if scenario.id == item.id for step in walk_steps(scenario))


def _walk_planned(draft: Draft) -> Iterator[_Step]:
    """Yield every planned step of a draft."""
    return (step for scenario in (draft.feature.scenarios if draft.feature else ()) for step in walk_steps(scenario))
