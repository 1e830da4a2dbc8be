"""An identified criterion in, its scenarios out, and the blocks of text that they become in a feature file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.grammar.step_arguments import render_doc, render_table
from spec2bdd.domain.gherkin.manifest.digests import derive_block_digest
from spec2bdd.domain.gherkin.manifest.manifest import derive_group_tag, derive_mark, is_group_name, render_note
from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript
from spec2bdd.domain.templates import render_part
from spec2bdd.model import Feature, Scenario, Step, TrackedCriterion
from spec2bdd.text.normalize import to_single_line


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """The text of all scenarios of the criterion `id`, the digest above it, the note behind that.

    `group` is the heading that stands above the first block of a group.
    """

    id: str
    digest: str
    text: str
    note: str = ""
    group: str = ""


def derive_scenarios(item: TrackedCriterion, language: str) -> tuple[Scenario, ...]:
    """Return the scenarios of one criterion; its texts are single lines."""
    criterion = item.criterion
    text = to_single_line(criterion.text)
    scripts = phrase_criterion(criterion, language).scripts
    names = _derive_names(text, scripts)
    return tuple(
        Scenario(
            item.id,
            criterion.tier,
            name,
            script.steps,
            group=to_single_line(criterion.group),
            trusted=item.trusted,
            examples=script.examples,
            rule=text if len(scripts) > 1 else "",
            reworded=item.reworded,
        )
        for name, script in zip(names, scripts, strict=True)
    )


def derive_unique(scenarios: Iterable[Scenario]) -> Iterator[Scenario]:
    """Yield the scenarios of a feature, with the id behind a name that stands in it already: reports go by names."""
    seen: set[str] = set()
    for scenario in scenarios:
        name = scenario.name if scenario.name not in seen else f"{scenario.name}{derive_mark(scenario.id)}"
        seen.add(name)
        yield scenario if name == scenario.name else replace(scenario, name=name)


def derive_blocks(feature: Feature) -> tuple[RenderedBlock, ...]:
    """Return the blocks of a feature, one for each criterion that has scenarios."""
    blocks: list[RenderedBlock] = []
    group = ""
    for key, scenarios in groupby(feature.scenarios, key=lambda scenario: scenario.id):
        block = _derive_block(key, list(scenarios), feature.language)
        blocks.append(replace(block, group="") if block.group and block.group == group else block)
        group = block.group
    return tuple(blocks)


def _derive_names(text: str, scripts: Sequence[ScenarioScript]) -> list[str]:
    """Return a name for each script: the criterion's for a single one, else the author's own, or a number."""
    if len(scripts) == 1:
        return [text]
    shared = Counter(script.name for script in scripts)
    return [
        script.name if script.name and shared[script.name] == 1 else f"{script.name or text} ({number})"
        for number, script in enumerate(scripts, 1)
    ]


def _derive_block(key: str, scenarios: Sequence[Scenario], language: str) -> RenderedBlock:
    """Return the text of a criterion's scenarios, tags first, and its digest."""
    first = scenarios[0]
    pad = "    " if first.rule and LANGUAGES[language].rule else "  "
    rule = _render_rule(first.rule, language) if first.rule else ""
    text = rule + "\n".join(_render_scenario(scenario, language, pad=pad) for scenario in scenarios)
    note = render_note(trusted=first.trusted, reworded=first.reworded)
    group = first.group if is_group_name(first.group) else ""
    return RenderedBlock(key, derive_block_digest(text), text, note, group)


def _render_rule(name: str, language: str) -> str:
    """Return the line above the scenarios of a rule: a comment where Behave knows no word for one."""
    word = LANGUAGES[language].rule
    return f"  {word}: {name}\n" if word else f"  # {LANGUAGES['en'].rule}: {name}\n"


def _render_scenario(scenario: Scenario, language: str, *, pad: str) -> str:
    """Return the text of one scenario."""
    words = LANGUAGES[language]
    group = derive_group_tag(scenario.group)
    tags = sorted({scenario.id, scenario.tier.value, group} - {""})
    return render_part(
        "scenario.jinja",
        pad=pad,
        tags=" ".join(f"@{tag}" for tag in tags),
        keyword=words.outline[0] if scenario.examples else words.scenario[0],
        name=scenario.name,
        steps=[(step, list(_render_argument(step))) for step in scenario.steps],
        examples=[(words.examples[0], table.name, render_table(table.rows)) for table in scenario.examples],
    )


def _render_argument(step: Step) -> Iterator[str]:
    """Yield the lines below a step."""
    if step.table:
        yield from render_table(step.table)
    elif step.doc is not None:
        yield from render_doc(step.doc)
