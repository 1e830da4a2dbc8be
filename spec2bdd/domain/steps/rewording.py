"""Apply the rewordings of criteria to the plans of their specs and to the step files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from spec2bdd.domain.expressions.matchers import PARSE
from spec2bdd.domain.gherkin.grammar.outlines import StepLine
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.decorator_rewrite import rewrite_decorators
from spec2bdd.domain.steps.definitions import decode_step_file
from spec2bdd.domain.steps.renames import CriterionRewording, find_decomposed, find_renames, find_rewordings
from spec2bdd.domain.steps.step_sources import StepSources, is_every_row_matched, parse_step_sources
from spec2bdd.domain.steps.stubs import DEFAULT_WIDTH
from spec2bdd.model import StepAnswer
from spec2bdd.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RewordingResult:
    """What remains after rewordings were applied: the plans, the step files, the registry's answers, and notes.

    In the plans, a rewording that has no implemented step is accepted already. `changed` are those of the `files` that
    were rewritten.
    """

    plans: tuple[SpecPlan, ...]
    files: Mapping[str, bytes]
    answers: tuple[StepAnswer, ...]
    notes: tuple[str, ...] = ()
    changed: Mapping[str, bytes] = field(default_factory=dict)


def apply_rewordings(
    plans: Sequence[SpecPlan],
    feature_index: FeatureIndex,
    answers: Sequence[StepAnswer],
    *,
    files: Mapping[str, bytes],
    contents: Mapping[str, bytes],
    matcher: str = PARSE,
    width: int = DEFAULT_WIDTH,
) -> RewordingResult:
    """Rewrite the decorators of reworded steps, and accept the rewordings that nothing was implemented for.

    `files` are the step files and `contents` all feature files. Only definitions that are written for the `matcher`
    follow, since the new texts were checked against that one. `width` is the length of a line in stubs.
    """
    renames = find_renames(plans, feature_index, contents)
    rewordings = find_rewordings(plans, feature_index, contents)
    missing = {(answer.query.kind, answer.query.text) for answer in answers if answer.pattern}
    if missing:
        decoded = (text for content in files.values() if (text := decode_step_file(content)) is not None)
        renames = (*renames, *find_decomposed(plans, missing, decoded))
    # Nearly every `generate` returns here, before a step file is parsed.
    if not renames and not rewordings:
        return RewordingResult(tuple(plans), files, tuple(answers))

    # Features that this `generate` does not write count as the user's own: their steps must stay defined.
    rewritten = {plan.feature.path for plan in plans if plan.feature and not plan.hand_edited}
    texts = {path: text for path, content in files.items() if (text := decode_step_file(content)) is not None}
    own_paths = [path for path in contents if path.endswith(".feature") and path not in rewritten]
    features = [contents[path].decode("utf-8", "replace") for path in own_paths]
    default = next((answer.default for answer in answers), PARSE)
    sources = parse_step_sources(texts, features=features, default=default)

    planned = [(answer.query.kind, answer.query.text) for answer in answers]
    rewrite = rewrite_decorators(renames, answers, sources, planned=planned, matcher=matcher, width=width)
    changed = {path: text.encode("utf-8") for path, text in rewrite.texts.items()}

    accepted = find_auto_accepted(rewordings, answers, sources)
    new_plans: list[SpecPlan] = []
    for plan in plans:
        new_plan = plan
        if plan.feature and any(tracked.id in accepted for tracked in plan.tracked):
            scenarios = tuple(
                replace(scenario, reworded="") if scenario.id in accepted else scenario
                for scenario in plan.feature.scenarios
            )
            new_plan = replace(plan, feature=replace(plan.feature, scenarios=scenarios))
        new_plans.append(new_plan)
    return RewordingResult(tuple(new_plans), {**files, **changed}, rewrite.answers, rewrite.notes, changed)


def find_auto_accepted(
    rewordings: Sequence[CriterionRewording], answers: Sequence[StepAnswer], sources: StepSources
) -> frozenset[str]:
    """Find the criteria of whose steps, old and new, none is implemented: there is no proof that could be accepted."""
    missing = {(answer.query.kind, answer.query.text): answer.pattern for answer in answers if answer.pattern}
    accepted: set[str] = set()
    for rewording in rewordings:
        # A process that was killed may have renamed the stubs of the old lines, and not written the new ones yet.
        is_unimplemented = all(not sources.find_sites(line) or _is_stub(line, sources) for line in rewording.before)
        for line in rewording.after:
            # A new line is not implemented either if all its rows get stubs in this run.
            new_stubs = [missing[line.kind, text] for text in line.texts if (line.kind, text) in missing]
            is_unimplemented = is_unimplemented and (is_every_row_matched(line, new_stubs) or _is_stub(line, sources))
        if is_unimplemented:
            accepted.add(rewording.id)
    return frozenset(accepted)


def _is_stub(line: StepLine, sources: StepSources) -> bool:
    """Whether all rows of a step line are defined, and by untouched stubs alone."""
    sites = sources.find_sites(line)
    return is_every_row_matched(line, [site.pattern for site in sites]) and all(
        site.definition.is_stub for site in sites
    )
