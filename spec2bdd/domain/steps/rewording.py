"""Drafts with new wordings, step files and the registry's answers in, out what of each carries the wordings on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from spec2bdd.domain.expressions.matchers import PARSE
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.decorator_rewrite import find_auto_accepted, parse_step_sources, rewrite_decorators
from spec2bdd.domain.steps.renames import derive_renames, derive_rewordings
from spec2bdd.domain.steps.step_modules import decode_step_file
from spec2bdd.model import StepAnswer


@dataclass(frozen=True, slots=True)
class RewordingResult:
    """The drafts, where what nobody implemented needs no acceptance; the step files, open answers, and notes."""

    drafts: tuple[SpecPlan, ...]
    files: Mapping[str, bytes]
    answers: tuple[StepAnswer, ...]
    notes: tuple[str, ...] = ()


def apply_rewordings(
    drafts: Sequence[SpecPlan],
    library: FeatureIndex,
    answers: Sequence[StepAnswer],
    *,
    files: Mapping[str, bytes],
    contents: Mapping[str, bytes],
    matcher: str = PARSE,
) -> RewordingResult:
    """Return the step files after their decorators have followed; `contents` holds all feature files.

    Only what is written for the `matcher` follows, since the new words were found to be free for that.
    Nearly always there is nothing to carry, and no step file is parsed.
    """
    moves = derive_renames(drafts, library, contents)
    rewordings = derive_rewordings(drafts, library, contents)
    if not moves and not rewordings:
        return RewordingResult(tuple(drafts), files, tuple(answers))
    rewritten = {draft.feature.path for draft in drafts if draft.feature and _is_written(draft)}
    texts = {path: text for path, content in files.items() if (text := decode_step_file(content)) is not None}
    others = [path for path in contents if path.endswith(".feature") and path not in rewritten]
    features = [contents[path].decode("utf-8", "replace") for path in others]
    default = next((answer.default for answer in answers), PARSE)
    shelf = parse_step_sources(texts, features=features, default=default)
    planned = [(answer.query.kind, answer.query.text) for answer in answers]
    followed = rewrite_decorators(moves, answers, shelf, planned=planned, matcher=matcher)
    forgiven = find_auto_accepted(rewordings, answers, shelf)
    changed = {path: text.encode("utf-8") for path, text in followed.texts.items()}
    settled = tuple(_forgive(draft, forgiven) for draft in drafts)
    return RewordingResult(settled, {**files, **changed}, followed.answers, followed.notes)


def _is_written(draft: SpecPlan) -> bool:
    """Tell whether the feature file of a draft is written anew."""
    return not any(problem.code == "edited-by-hand" for problem in draft.problems)


def _forgive(draft: SpecPlan, ids: Set[str]) -> SpecPlan:
    """Return a draft in which the wording of these criteria is the accepted one."""
    if draft.feature is None or not any(item.id in ids for item in draft.identified):
        return draft
    scenarios = tuple(replace(one, reworded="") if one.id in ids else one for one in draft.feature.scenarios)
    return replace(draft, feature=replace(draft.feature, scenarios=scenarios))
