"""Specs in, what stands after `generate` out, with decorators that follow; without a disk."""

from __future__ import annotations

from planned_project import World, ask, loaded

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.steps.rewording import apply_rewordings
from spec2bdd.domain.steps.step_modules import plan_step_modules
from spec2bdd.model import Spec


def carry(world: World, *specs: Spec, matcher: str = "parse") -> World:
    """Return what stands after `generate`, decorators that followed included."""
    drafts, problems = world.draft(*specs)
    with loaded(world.steps) as registry:
        answers = ask(registry, drafts, matcher)
    library = index_features(world.features)
    contents = {path: text.encode() for path, text in world.features.items()}
    carried = apply_rewordings(drafts, library, answers, files=world.steps, contents=contents, matcher=matcher)
    changes, _ = plan_step_modules(
        carried.drafts, carried.answers, folder="steps", files=carried.files, matcher=matcher
    )
    steps = {**carried.files, **{change.path: change.after or b"" for change in changes}}
    features = {draft.feature.path: render_feature(draft.feature) for draft in carried.drafts if draft.feature}
    return World({**world.features, **features}, steps, problems, carried.drafts)
