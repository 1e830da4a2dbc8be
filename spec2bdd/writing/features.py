"""A spec and its identified criteria in, its feature as a value and as text out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from spec2bdd.model import Feature, Identified, Kept, Proof, Remembered, Scenario, Spec, Step
from spec2bdd.templates import render_template
from spec2bdd.writing.memory import derive_block_digest, derive_head_digest, derive_kept_digest, render_note
from spec2bdd.writing.names import derive_id, derive_line, derive_section, derive_slug
from spec2bdd.writing.phrasing import derive_steps

# What neither parser may meet at the start of a line of free description: Behave takes a step keyword there, in any
# case, for a step, and both take these marks and words for the start of something else.
_UNSAFE_START = re.compile(
    r"[@#|*]|\"\"\"|```|(?:given|when|then|and|but)\b|"
    r"(?:feature|business need|ability|background|rule|examples?|scenarios?|scenario outline|scenario template)\s*:",
    re.IGNORECASE,
)
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """The text of a head or a scenario, the digest that stands above it, and the note behind that."""

    digest: str
    text: str
    note: str = ""


def derive_key(spec: Spec) -> str:
    """Return what stands for a spec in tags and file names: its feature id, else the name of its file."""
    return derive_id(spec.find_value("feature_id") or PurePosixPath(spec.path).stem, limit=40)


def derive_name(spec: Spec) -> str:
    """Return the name that a spec goes by."""
    stem = PurePosixPath(spec.path).stem
    names = (derive_line(name) for name in (spec.find_value("name"), spec.title, stem))
    return next(filter(None, names), derive_key(spec))


def derive_feature_stem(spec: Spec) -> str:
    """Return the name of a new feature file without its ending; it never leads out of its folder."""
    if not spec.find_value("feature_id"):
        return derive_key(spec)
    return f"{derive_key(spec)}_{derive_slug(derive_name(spec))}"


def derive_feature(
    spec: Spec, identified: Sequence[Identified], *, path: str, retired: Sequence[Remembered] = ()
) -> Feature:
    """Return the feature of a spec, with a scenario for each criterion that is proved by a generated one."""
    return Feature(
        path=path,
        spec_path=spec.path,
        name=derive_name(spec),
        description=derive_line(spec.purpose),
        tags=_derive_tags(spec),
        scenarios=tuple(_derive_scenario(item) for item in identified if item.proof is Proof.GENERATED),
        kept=(
            *(_derive_kept(item) for item in identified if item.proof is not Proof.GENERATED),
            *(Kept(entry.id, "retired", derive_line(entry.text), reworded=entry.reworded) for entry in retired),
        ),
    )


def derive_scenario_block(scenario: Scenario) -> RenderedBlock:
    """Return the text of a scenario, tags first, and its digest."""
    text = render_template(
        "scenario.jinja", tags=f"@{scenario.id} @{scenario.tier}", name=scenario.name, steps=scenario.steps
    )
    note = render_note(trusted=scenario.trusted, reworded=scenario.reworded)
    return RenderedBlock(derive_block_digest(text), text, note)


def render_feature(feature: Feature) -> str:
    """Return the text of a generated feature file."""
    head = render_template(
        "head.jinja",
        tags=" ".join(f"@{tag}" for tag in feature.tags),
        name=feature.name,
        description=_derive_description(feature.description),
    )
    spec_path = derive_line(feature.spec_path)
    return render_template(
        "feature.jinja",
        spec_path=spec_path,
        kept=[
            (
                entry,
                derive_kept_digest(entry.id, entry.state, entry.text),
                render_note(trusted=entry.trusted, reworded=entry.reworded),
            )
            for entry in feature.kept
        ],
        head=RenderedBlock(derive_head_digest(spec_path, head), head),
        blocks=[derive_scenario_block(scenario) for scenario in feature.scenarios],
    )


def _derive_tags(spec: Spec) -> tuple[str, ...]:
    """Return the feature's tags in order: its plan and PRD sections where they are filled in, and its spec."""
    tags = [f"spec_{derive_key(spec)}"]
    for prefix, key in (("prd", "prd_section"), ("plan", "implementation_plan_section")):
        if value := spec.find_value(key):
            tags.append(f"{prefix}_{derive_section(value)}")
    return tuple(sorted(set(tags)))


def _derive_scenario(item: Identified) -> Scenario:
    """Return the scenario of one criterion; its texts are single lines."""
    steps = tuple(Step(step.keyword, step.kind, derive_line(step.text)) for step in derive_steps(item.criterion))
    criterion = item.criterion
    name = derive_line(criterion.text)
    return Scenario(item.id, criterion.tier, name, steps, criterion.group, item.trusted, item.reworded)


def _derive_kept(item: Identified) -> Kept:
    """Return the line of memory of a criterion without a generated scenario."""
    tier = item.criterion.tier
    return Kept(item.id, tier.value, derive_line(item.criterion.text), item.trusted, item.reworded)


def _derive_description(text: str) -> list[str]:
    """Return the description in lines that no parser takes for anything else."""
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    if not any(_UNSAFE_START.match(line) for line in lines):
        return lines
    return [f"Purpose: {text}"]
