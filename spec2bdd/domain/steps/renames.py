"""Drafts and what the feature files on disk hold in, out which step of a scenario has become which in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spec2bdd.domain.gherkin.grammar.outlines import StepLine, list_lines, walk_steps
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.gherkin.manifest.manifest import cut_block
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_fenced
from spec2bdd.domain.gherkin.phrasing.script import ScriptError
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import Feature, TrackedCriterion
from spec2bdd.text.normalize import to_comparison_key

_Step = tuple[str, str]
_QUOTES = '"""'


@dataclass(frozen=True, slots=True)
class StepRename:
    """A step line of the criterion `id` that had other words."""

    id: str
    before: StepLine
    after: StepLine


@dataclass(frozen=True, slots=True)
class CriterionRewording:
    """A criterion in other words, with its step lines as they stand on disk and as they are to stand."""

    id: str
    before: tuple[StepLine, ...]
    after: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class _ChangedCriterion:
    """A criterion whose scenario on disk is another one than today's: `lines` are its step lines there."""

    item: TrackedCriterion
    feature: Feature
    reworded: bool
    lines: tuple[StepLine, ...]


def derive_rewordings(
    drafts: Iterable[SpecPlan], library: FeatureIndex, contents: Mapping[str, bytes]
) -> tuple[CriterionRewording, ...]:
    """Return the criteria with a generated scenario whose new wording the feature file does not have yet."""
    found = (one for draft in drafts for one in _walk_changed(draft, library, contents) if one.item.reworded)
    return tuple(CriterionRewording(one.item.id, one.lines, tuple(_list_lines(one.item, one.feature))) for one in found)


def derive_renames(
    drafts: Sequence[SpecPlan], library: FeatureIndex, contents: Mapping[str, bytes]
) -> tuple[StepRename, ...]:
    """Return the steps whose definitions may follow them: what no scenario has any more, and what it became.

    A step moves with its criterion's wording, which is stale until somebody accepts it, or in its typography alone. A
    step that is changed below the same wording is another step: nobody would be asked whether its code proves it.
    `contents` holds the feature files on disk.
    """
    changed = (one for draft in drafts for one in _walk_changed(draft, library, contents))
    moves = [move for one in changed for move in _pair_lines(one)]
    wanted = {step for draft in drafts for step in _walk_planned(draft)} if moves else set()
    goals: dict[_Step, set[str]] = defaultdict(set)
    for move in moves:
        goals[move.before.kind, move.before.text].add(move.after.text)
    free = [move for move in moves if wanted.isdisjoint((move.before.kind, text) for text in move.before.texts)]
    return tuple(move for move in free if len(goals[move.before.kind, move.before.text]) == 1)


def parse_lines(text: str, language: str) -> list[StepLine]:
    """Return the step lines in a block of a generated feature file, each once; doc strings hold none."""
    scripts = parse_fenced("\n".join(_walk_inner(text)), language)
    found = () if isinstance(scripts, ScriptError) else scripts
    return list(dict.fromkeys(line for script in found for line in list_lines(script.steps, script.examples)))


def _walk_inner(text: str) -> Iterator[str]:
    """Yield the lines of a block but for its tags and the name of its rule: what an author could have written."""
    first, *lines = text.split("\n")
    quoted = False
    for line in lines if not first.strip().startswith("@") else (first, *lines):
        quoted ^= line.strip() == _QUOTES
        if quoted or not line.strip().startswith("@"):
            yield line


def _walk_changed(draft: SpecPlan, library: FeatureIndex, contents: Mapping[str, bytes]) -> Iterator[_ChangedCriterion]:
    """Yield the criteria of a draft whose scenario on disk is another one than today's."""
    feature = draft.feature
    memory = library.memories.get(feature.path) if feature else None
    if memory is None or feature is None or any(problem.code == "edited-by-hand" for problem in draft.problems):
        return
    blocks = {block.id: block for block in memory.blocks if block.id}
    changed = [item for item in draft.identified if not item.current and item.id in blocks]
    text = contents[feature.path].decode("utf-8", "replace") if changed else ""
    for item in changed:
        block = blocks[item.id]
        lines = parse_lines(cut_block(text, block), feature.language)
        yield _ChangedCriterion(item, feature, bool(block.reworded), tuple(lines))


def _pair_lines(changed: _ChangedCriterion) -> Iterator[StepRename]:
    """Yield the step lines of one criterion that have other words, where each kind of step has as many as before."""
    item, before, after = changed.item, changed.lines, _list_lines(changed.item, changed.feature)
    old, new = ({(line.kind, line.text) for line in lines} for lines in (before, after))
    # Whoever goes back to the accepted wording takes along what had followed away from it.
    asked = bool(item.reworded or changed.reworded)
    for kind in ("given", "when", "then"):
        gone = [line for line in before if line.kind == kind and (kind, line.text) not in new]
        come = [line for line in after if line.kind == kind and (kind, line.text) not in old]
        for one, other in zip(gone, come, strict=True) if len(gone) == len(come) else ():
            if asked or to_comparison_key(one.text) == to_comparison_key(other.text):
                yield StepRename(item.id, one, other)


def _list_lines(item: TrackedCriterion, feature: Feature) -> list[StepLine]:
    """Return the planned step lines of one criterion, each once."""
    own = (scenario for scenario in feature.scenarios if scenario.id == item.id)
    return list(dict.fromkeys(line for scenario in own for line in list_lines(scenario.steps, scenario.examples)))


def _walk_planned(draft: SpecPlan) -> Iterator[_Step]:
    """Yield every planned step of a draft."""
    return (step for scenario in (draft.feature.scenarios if draft.feature else ()) for step in walk_steps(scenario))
