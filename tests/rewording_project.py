"""Generate a project in memory, with the decorators of reworded criteria rewritten."""

from __future__ import annotations

from planned_project import World, ask, loaded

from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.manifest.index import index_features
from spec2bdd.domain.steps.rewording import apply_rewordings
from spec2bdd.domain.steps.step_modules import plan_step_modules
from spec2bdd.domain.steps.stubs import DEFAULT_WIDTH
from spec2bdd.model import Spec


def regenerate(world: World, *specs: Spec, matcher: str = "parse", width: int = DEFAULT_WIDTH) -> World:
    """Generate the files of a project again, and rewrite the decorators of reworded steps."""
    drafts, diagnostics = world.draft(*specs)
    with loaded(world.steps) as registry:
        answers = ask(registry, drafts, matcher)
    library = index_features(world.features)
    contents = {path: text.encode() for path, text in world.features.items()}
    rewording = apply_rewordings(
        drafts, library, answers, files=world.steps, contents=contents, matcher=matcher, width=width
    )
    changes, _ = plan_step_modules(
        rewording.plans, rewording.answers, folder="steps", files=rewording.files, matcher=matcher, width=width
    )
    steps = {**rewording.files, **{change.path: change.after or b"" for change in changes}}
    features = {draft.feature.path: render_feature(draft.feature) for draft in rewording.plans if draft.feature}
    return World({**world.features, **features}, steps, diagnostics, rewording.plans)
