"""A spec and its identified criteria in, its feature as a value and as text out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_starts
from spec2bdd.domain.gherkin.manifest.digests import derive_entry_digest, derive_head_digest
from spec2bdd.domain.gherkin.manifest.entries import derive_manifest_entries
from spec2bdd.domain.gherkin.manifest.manifest import render_note
from spec2bdd.domain.gherkin.naming import derive_key, derive_name
from spec2bdd.domain.gherkin.scenarios import derive_blocks, derive_scenarios, derive_unique
from spec2bdd.domain.templates import render_template
from spec2bdd.model import Feature, ManifestEntry, ProofSource, RecordedCriterion, Spec, TrackedCriterion
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify_section

# What neither parser may meet at the start of a line of free description, besides a keyword: marks of something else.
_UNSAFE_START = re.compile(r"[@#|*]|\"\"\"|```")
_WIDTH = 110


def derive_feature(
    spec: Spec,
    identified: Sequence[TrackedCriterion],
    *,
    path: str,
    name: str = "",
    remembered: Sequence[RecordedCriterion] = (),
    language: str = "en",
) -> Feature:
    """Return the feature of a spec, with scenarios for each criterion that is proved by generated ones.

    Rules stand last: in Gherkin, whatever follows a rule belongs to one. `remembered` is what its file holds already.
    """
    generated = [item for item in identified if item.proof is ProofSource.GENERATED]
    scenarios = tuple(derive_unique(scenario for item in generated for scenario in derive_scenarios(item, language)))
    return Feature(
        path=path,
        spec_path=spec.path,
        name=name or derive_name(spec),
        description=to_single_line(spec.purpose),
        tags=_derive_tags(spec),
        scenarios=tuple(sorted(scenarios, key=lambda scenario: bool(scenario.rule))),
        kept=derive_manifest_entries(
            identified, remembered, rules={scenario.id for scenario in scenarios if scenario.rule}
        ),
        language=language,
    )


def render_feature(feature: Feature) -> str:
    """Return the text of a generated feature file."""
    head = _render_head(feature)
    spec_path = to_single_line(feature.spec_path)
    return render_template(
        "feature.jinja",
        language=feature.language,
        spec_path=spec_path,
        kept=_describe_margins(feature.kept),
        digest=derive_head_digest(spec_path, head, language=feature.language),
        head=head,
        blocks=derive_blocks(feature),
    )


def _render_head(feature: Feature) -> str:
    """Return the tags, the name and the description of a feature."""
    return render_template(
        "head.jinja",
        tags=" ".join(f"@{tag}" for tag in feature.tags),
        keyword=LANGUAGES[feature.language].feature,
        name=feature.name,
        description=_derive_description(feature.description, feature.language),
    )


def _describe_margins(kept: Sequence[ManifestEntry]) -> dict[str, list[tuple[ManifestEntry, str, str]]]:
    """Return the lines of memory with their digests and the notes behind those, by what they stand above."""
    margins: dict[str, list[tuple[ManifestEntry, str, str]]] = {}
    for entry in kept:
        digest = derive_entry_digest(entry.id, entry.state, entry.text)
        note = render_note(trusted=entry.trusted, reworded=entry.reworded)
        margins.setdefault(entry.above, []).append((entry, digest, note))
    return margins


def _derive_tags(spec: Spec) -> tuple[str, ...]:
    """Return the feature's tags in order: its plan and PRD sections where they are filled in, and its spec."""
    tags = [f"spec_{derive_key(spec)}"]
    for prefix, key in (("prd", "prd_section"), ("plan", "implementation_plan_section")):
        if value := spec.find_value(key):
            tags.append(f"{prefix}_{slugify_section(value)}")
    return tuple(sorted(set(tags)))


def _derive_description(text: str, language: str) -> list[str]:
    """Return the description in lines that no parser takes for anything else."""
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    unsafe = compile_starts(language)
    if not any(_UNSAFE_START.match(line) or unsafe.match(line) for line in lines):
        return lines
    return [f"Purpose: {text}"]
