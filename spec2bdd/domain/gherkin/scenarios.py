"""Build the scenarios of a criterion, and render them as the blocks of a feature file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, GherkinDialect
from spec2bdd.domain.gherkin.grammar.step_arguments import render_doc, render_table
from spec2bdd.domain.gherkin.manifest.digests import compute_block_digest
from spec2bdd.domain.gherkin.manifest.entries import render_criterion_text, render_note
from spec2bdd.domain.gherkin.manifest.manifest import build_group_tag, build_id_suffix, is_group_name
from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.templates import render_part
from spec2bdd.model import Feature, Scenario, Step, TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import drop_dangling, to_comparison_key, to_single_line


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """The text of all scenarios of the criterion `id`, the digest above it, and the note after the digest.

    `group` is the heading above the first block of a group, else empty.
    """

    id: str
    digest: str
    text: str
    note: str = ""
    group: str = ""


def build_scenarios(tracked: TrackedCriterion, language: str) -> tuple[Scenario, ...]:
    """Build the scenarios of one criterion; all their texts are single lines."""
    criterion = tracked.criterion
    text = to_single_line(criterion.text)
    phrased = phrase_criterion(criterion, language)
    scripts = phrased.scripts
    name = criterion.name or drop_dangling(phrased.name or text) or text
    names = [name]
    rule = name if len(scripts) > 1 else ""
    if rule:
        # Each has the name that the author gave it, with a number if that is not unique.
        counts = Counter(script.name for script in scripts)
        names = [
            script.name if script.name and counts[script.name] == 1 else f"{script.name or name} ({number})"
            for number, script in enumerate(scripts, 1)
        ]
    return tuple(
        Scenario(
            tracked.id,
            criterion.tier,
            name,
            script.steps,
            group=to_single_line(criterion.group),
            unverified=tracked.unverified,
            examples=script.examples,
            rule=rule,
            reworded=tracked.reworded,
            tags=criterion.tags,
            # A name that is the text but for typography identifies the criterion as well.
            text="" if name == text or to_comparison_key(name) == to_comparison_key(text) else text,
        )
        for name, script in zip(names, scripts, strict=True)
    )


def make_names_unique(scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """Yield the scenarios of a feature, with the id after a name that is taken: reports identify scenarios by name."""
    names: set[str] = set()
    for scenario in scenarios:
        name = scenario.name if scenario.name not in names else f"{scenario.name}{build_id_suffix(scenario.id)}"
        names.add(name)
        yield scenario if name == scenario.name else replace(scenario, name=name)


def render_blocks(feature: Feature) -> tuple[RenderedBlock, ...]:
    """Render the blocks of a feature, one for each criterion that has scenarios."""
    dialect = LANGUAGES[feature.language]
    blocks: list[RenderedBlock] = []
    previous_group = ""
    for key, group in groupby(feature.scenarios, key=lambda scenario: scenario.id):
        scenarios = list(group)
        first = scenarios[0]
        rule = ""
        if first.rule:
            # Where Behave knows no keyword for a rule, a comment names it, and the scenarios are not indented.
            keyword = dialect.rule or f"# {LANGUAGES['en'].rule}"
            rule = f"  {keyword}: {first.rule}\n"
        pad = "    " if first.rule and dialect.rule else "  "
        text = rule + "\n".join(_render_scenario(scenario, dialect, pad=pad) for scenario in scenarios)
        note = render_criterion_text(first.text) + render_note(unverified=first.unverified, reworded=first.reworded)
        # A heading that reads like a digest or an entry would break the manifest; such a group has only its tag.
        heading = first.group if is_group_name(first.group) else ""
        shown = heading if heading != previous_group else ""
        blocks.append(RenderedBlock(key, compute_block_digest(text, first.text), text, note, shown))
        previous_group = heading
    return tuple(blocks)


def _render_scenario(scenario: Scenario, dialect: GherkinDialect, *, pad: str) -> str:
    """Render the text of one scenario, tags first."""
    tags = sorted({scenario.id, scenario.tier.value, build_group_tag(scenario.group), *scenario.tags} - {""})
    steps: list[tuple[Step, list[str]]] = []
    for step in scenario.steps:
        argument = render_table(step.table) if step.table else render_doc(step.doc) if step.doc is not None else []
        steps.append((step, argument))
    return render_part(
        "scenario.jinja",
        pad=pad,
        tags=" ".join(f"@{tag}" for tag in tags),
        keyword=dialect.outline[0] if scenario.examples else dialect.scenario[0],
        name=scenario.name,
        steps=steps,
        examples=[(dialect.examples[0], table.name, render_table(table.rows)) for table in scenario.examples],
    )
