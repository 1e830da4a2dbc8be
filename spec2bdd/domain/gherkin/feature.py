"""Build the feature of a spec, and render it as the text of a feature file."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Sequence

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_starts
from spec2bdd.domain.gherkin.manifest.digests import compute_head_digest
from spec2bdd.domain.gherkin.manifest.entries import build_manifest_entries, render_entry
from spec2bdd.domain.gherkin.naming import build_spec_key, choose_name
from spec2bdd.domain.gherkin.scenarios import build_scenarios, make_names_unique, render_blocks
from spec2bdd.domain.templates import render_template
from spec2bdd.model import Feature, ProofSource, RecordedCriterion, Spec, TrackedCriterion
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify_section

# A line of free description must not start with these, nor with a keyword: a parser would not read it as description.
_UNSAFE_START = re.compile(r"[@#|*]|\"\"\"|```")
# Without the indent of two.
_DESCRIPTION_WIDTH = 110


def build_feature(
    spec: Spec,
    identified: Sequence[TrackedCriterion],
    *,
    path: str,
    name: str = "",
    remembered: Sequence[RecordedCriterion] = (),
    language: str = "en",
    names_language: bool = False,
) -> Feature:
    """Build the feature of a spec, with scenarios for each criterion that is proved by generated ones.

    `remembered` is what the feature file on disk records of the criteria.
    """
    generated = [tracked for tracked in identified if tracked.proof is ProofSource.GENERATED]
    scenarios = [scenario for tracked in generated for scenario in build_scenarios(tracked, language)]
    rules = {scenario.id for scenario in scenarios if scenario.rule}
    # The keys of front matter whose sections become tags, where they are filled in.
    sections = {"prd": spec.find_value("prd_section"), "plan": spec.find_value("implementation_plan_section")}
    tags = {f"{prefix}_{slugify_section(value)}" for prefix, value in sections.items() if value}
    return Feature(
        path=path,
        spec_path=spec.path,
        name=name or choose_name(spec),
        description=to_single_line(spec.purpose),
        tags=tuple(sorted(tags | {f"spec_{build_spec_key(spec)}"})),
        # Rules come last: in Gherkin, whatever follows a rule belongs to it.
        scenarios=tuple(sorted(make_names_unique(scenarios), key=lambda scenario: bool(scenario.rule))),
        manifest_entries=build_manifest_entries(identified, remembered, rules=rules),
        language=language,
        names_language=names_language,
    )


def render_feature(feature: Feature) -> str:
    """Render the text of a generated feature file."""
    head = render_template(
        "head.jinja",
        tags=" ".join(f"@{tag}" for tag in feature.tags),
        keyword=LANGUAGES[feature.language].feature,
        name=feature.name,
        description=_wrap_description(feature.description, feature.language),
    )
    # The lines of the manifest by the id of the scenario under them; empty for those above the head.
    entries: dict[str, list[str]] = defaultdict(list)
    for entry in feature.manifest_entries:
        entries[entry.above].append(render_entry(entry))
    spec_path = to_single_line(feature.spec_path)
    return render_template(
        "feature.jinja",
        language=feature.language if feature.language != "en" or feature.names_language else "",
        spec_path=spec_path,
        entries=entries,
        digest=compute_head_digest(spec_path, head, language=feature.language),
        head=head,
        blocks=render_blocks(feature),
    )


def _wrap_description(text: str, language: str) -> list[str]:
    """Wrap the description into lines that every parser reads as description."""
    lines = textwrap.wrap(text, _DESCRIPTION_WIDTH, break_long_words=False, break_on_hyphens=False)
    keywords = compile_starts(language)
    if any(_UNSAFE_START.match(line) or keywords.match(line) for line in lines):
        # Not wrapped, so that a single word makes the only start of a line safe.
        return [f"Purpose: {text}"]
    return lines
