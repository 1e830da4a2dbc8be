"""Specs in, what stands after `generate` out, with decorators that follow; without a disk."""

from __future__ import annotations

from writing.writing_project import World, loaded

from spec2bdd.model import Spec, StepAnswer
from spec2bdd.running.choosing import choose_patterns
from spec2bdd.writing.carrying import carry_wordings
from spec2bdd.writing.drafts import parse_library
from spec2bdd.writing.features import render_feature
from spec2bdd.writing.step_files import derive_queries, plan_step_files


def carry(world: World, *specs: Spec) -> World:
    """Return what stands after `generate`, decorators that followed included."""
    drafts, problems = world.draft(*specs)
    with loaded(world.steps) as registry:
        queries = derive_queries(drafts)
        patterns = list(choose_patterns(registry.steps, queries))
    answers = [StepAnswer(query, pattern) for query, pattern in zip(queries, patterns, strict=True)]
    library = parse_library(world.features)
    carried = carry_wordings(drafts, library, answers, files=world.steps, features=world.features)
    changes, _ = plan_step_files(carried.drafts, carried.answers, folder="steps", files=carried.files)
    steps = {**carried.files, **{change.path: change.after or b"" for change in changes}}
    features = {draft.feature.path: render_feature(draft.feature) for draft in carried.drafts if draft.feature}
    return World({**world.features, **features}, steps, problems, carried.drafts)
