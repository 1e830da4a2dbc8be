"""The dialect of OpenSpec: scenarios under requirements, in accepted specs and in the deltas of open changes.

An accepted spec is `openspec/specs/NAME/spec.md`. A change restates what it adds or modifies in a delta,
`openspec/changes/CHANGE/specs/NAME/spec.md`, until it is archived and its deltas are merged into the accepted specs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from spec2bdd.domain.specs.criteria.annotations import parse_annotations
from spec2bdd.domain.specs.dialects.openspec_changes import PLACE, add_former_texts, place_spec
from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.reading.scenario_titles import (
    REQUIREMENT,
    SCENARIO,
    find_language,
    split_scenarios,
    unwrap_title,
)
from spec2bdd.domain.specs.dialects.reading.spec_builder import (
    ItemPlace,
    SpecBuilder,
    add_item,
    open_spec,
    read_outline,
    read_words,
    shorten_name,
)
from spec2bdd.domain.specs.dialects.reading.step_lines import arrange_steps, compile_steps, has_outcome
from spec2bdd.domain.specs.dialects.reading.unread import report_unread_lines
from spec2bdd.domain.specs.markdown.blocks import Block, Heading, MarkdownList, Paragraph
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.model import Field, Spec, Tier
from spec2bdd.text.source_file import SourceFile

# The sections of a delta whose requirements are not criteria of the change.
_WITHOUT_CRITERIA = re.compile(
    r"(?:removed|renamed)\s+requirements"
    r"|requisitos\s+(?:eliminados|removidos|renombrados|renomeados)"
    r"|(?:\u79fb\u9664|\u5220\u9664|\u91cd\u547d\u540d)(?:\u7684)?\u9700\u6c42",
    re.IGNORECASE,
)
_PURPOSES = frozenset({"purpose", "prop\u00f3sito", "\u76ee\u7684"})
_TITLE_END = re.compile(r"\s*(?:[-\u2013:]\s*)?(?:delta\s+)?(?:specification|spec)(?:\s*\(?delta\)?)?$", re.IGNORECASE)
_SHALL = re.compile(r"\b(?:SHALL|MUST)\b")
_WEAKER = ((Tier.SHOULD, re.compile(r"\bSHOULD\b")), (Tier.COULD, re.compile(r"\bMAY\b")))
# An item that demands something.
_DEMAND = re.compile(r"(?m)^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=[^\r\n]*\bSHALL\b(?!/))")
_DEMANDS = re.compile(r"\bSHALL\b(?!/)")
# The level of the headings that OpenSpec itself takes for scenarios.
_SCENARIO_LEVEL = 4


@dataclass(slots=True)
class _Requirement:
    """A requirement: its heading, its title, its tier, and whether a scenario was found under it."""

    heading: Heading
    title: str
    tier: Tier = Tier.MUST
    has_scenario: bool = False


@dataclass(slots=True)
class _Scenario:
    """A scenario as it is found: its title in Markdown, the blocks under it, and the requirement that it is part of."""

    title: Paragraph
    blocks: list[Block]
    requirement: _Requirement | None
    level: int


@dataclass(slots=True)
class _Reading:
    """What was found so far in the sections of a file, and the language of its scenarios."""

    builder: SpecBuilder
    language: str
    requirement: _Requirement | None = None
    scenarios: list[_Scenario] = field(default_factory=list)

    def add_scenario(self, title: Paragraph, blocks: Sequence[Block], *, level: int) -> None:
        """Add a scenario of the current requirement."""
        self.scenarios.append(_Scenario(title, list(blocks), self.requirement, level))
        if self.requirement:
            self.requirement.has_scenario = True

    def add_labelled(self, scenarios: Sequence[tuple[Paragraph, list[Block]]]) -> None:
        """Add scenarios of the current requirement that have no heading."""
        for title, blocks in scenarios:
            self.add_scenario(title, blocks, level=0)

    def close_requirement(self) -> None:
        """End the current requirement, and report it if it has no scenario."""
        if self.requirement and not self.requirement.has_scenario:
            message = f"the requirement `{self.requirement.title}` has no scenario, so it has no criteria"
            hint = "add a heading `#### Scenario: NAME` under it, and `- **WHEN** ...` and `- **THEN** ...` under that"
            self.builder.warn(self.requirement.heading.offset, "no-scenario", message=message, hint=hint)
        self.requirement = None


class OpenSpecDialect:
    """Reads the accepted specs of OpenSpec and the deltas of its open changes."""

    name: ClassVar[str] = "openspec"
    criteria_place: ClassVar[str] = "under `#### Scenario: NAME` of a requirement"
    criteria_heading: ClassVar[re.Pattern[str]] = REQUIREMENT
    other_heading: ClassVar[re.Pattern[str]] = _WITHOUT_CRITERIA

    def detects(self, path: str, text: str) -> bool:
        """Accept files in the folders of OpenSpec, and others that have both of its headings."""
        return PLACE.fullmatch(path) is not None or (
            re.search(r"^### Requirement: ", text, re.MULTILINE) is not None
            and re.search(r"^#### Scenario: ", text, re.MULTILINE) is not None
        )

    def parse(self, file: SourceFile, content: bytes, options: ReadingOptions) -> Spec:  # noqa: ARG002 - the protocol's
        """Parse the scenarios of all requirements but the removed ones."""
        builder = open_spec(file, content, dialect=self.name)
        sections = read_outline(builder, is_wanted=_is_wanted)
        language = find_language(section.headings[-1].source for section in sections if section.headings)
        reading = _Reading(builder, language)
        title = purpose = ""
        for section in sections:
            heading = section.headings[-1] if section.headings else None
            if heading is None:
                continue
            if heading.level == 1:
                title = title or _TITLE_END.sub("", read_words(builder, heading.source).text)
            elif heading.source.casefold() in _PURPOSES:
                purpose = " ".join(read_words(builder, block.source).text for block in _find_prose(section))
            else:
                _read_section(reading, section, heading)
        reading.close_requirement()
        report_unread_lines(builder, sections, _DEMAND, place=self.criteria_place, skip=_has_requirement)
        sources = (read_words(builder, scenario.title.source) for scenario in reading.scenarios)
        titles = [parse_annotations(source).text for source in sources]
        counts = Counter(map(str.casefold, titles))
        for scenario, own_title in zip(reading.scenarios, titles, strict=True):
            _add_criterion(reading, scenario, own_title, is_unique=counts[own_title.casefold()] == 1)
        if language != "en" and not any(found.key == "language" for found in builder.spec.fields):
            # The phrasing of the steps and the feature file follow it, as if the front matter named it.
            language_field = Field("language", language, line=1, column=1)
            builder.spec = replace(builder.spec, fields=(*builder.spec.fields, language_field))
        return place_spec(builder.build(title=title, purpose="" if purpose.startswith("TBD") else purpose))

    def add_former_texts(self, spec: Spec, texts: Sequence[str]) -> Spec:
        """Add to each criterion the texts that it had before deltas renamed its requirement."""
        return add_former_texts(spec, texts)


def _is_wanted(heading: Heading) -> bool:
    """Whether the blocks under a heading are needed."""
    source = heading.source
    return heading.level > 2 or source.casefold() in _PURPOSES or bool(REQUIREMENT.match(source))


def _has_requirement(section: OutlineSection) -> bool:
    """Whether a section is a part of a requirement, the purpose, or one without criteria."""
    return any(
        REQUIREMENT.match(heading.source)
        or _WITHOUT_CRITERIA.fullmatch(heading.source.strip())
        or heading.source.casefold() in _PURPOSES
        or heading.level >= _SCENARIO_LEVEL - 1
        for heading in section.headings
    )


def _find_prose(section: OutlineSection) -> Iterator[Paragraph]:
    """Find the paragraphs of a section, and those that its list items begin with."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, MarkdownList):
            yield from (item.paragraph for item in block.items if item.paragraph)


def _read_section(reading: _Reading, section: OutlineSection, heading: Heading) -> None:
    """Read one section under the title: a requirement, a scenario, or a part of one."""
    if any(_WITHOUT_CRITERIA.fullmatch(above.source.strip()) for above in section.headings):
        reading.close_requirement()
        return
    requirement = reading.requirement
    if match := REQUIREMENT.match(heading.source):
        reading.close_requirement()
        _open_requirement(reading, section, match["title"], is_sure=True)
        leading, labelled = split_scenarios(section.blocks)
        if reading.requirement and has_outcome(leading, reading.language):
            reading.add_scenario(Paragraph(reading.requirement.title, heading.offset), leading, level=0)
        reading.add_labelled(labelled)
    elif match := SCENARIO.match(heading.source):
        # The heading begins with its signs.
        start = max(reading.builder.file.text.find(match["title"], heading.offset), heading.offset)
        title = Paragraph(unwrap_title(match), start)
        leading, labelled = split_scenarios(section.blocks)
        reading.add_scenario(title, leading, level=heading.level)
        reading.add_labelled(labelled)
    elif requirement and heading.level > requirement.heading.level:
        if any(SCENARIO.match(above.source) for above in section.headings[:-1]):
            # `##### Examples` and the like are a part of the scenario, and so is a step.
            is_step = compile_steps(reading.language).step.match(heading.source) is not None
            label = heading.source if is_step else f"{heading.source}:"
            reading.scenarios[-1].blocks += [Paragraph(label, heading.offset), *section.blocks]
        elif has_outcome(section.blocks, reading.language):
            reading.add_scenario(Paragraph(heading.source, heading.offset), section.blocks, level=heading.level)
    else:
        reading.close_requirement()
        if heading.level == _SCENARIO_LEVEL - 1:
            # OpenSpec takes any heading of this level for a requirement, but few of them are meant.
            demand = " ".join(paragraph.source for paragraph in _find_prose(section))
            _open_requirement(reading, section, heading.source, is_sure=_DEMANDS.search(demand) is not None)


def _open_requirement(reading: _Reading, section: OutlineSection, title: str, *, is_sure: bool) -> None:
    """Begin a requirement; its tier is what its sentences demand. One that is not sure may have no scenario."""
    sentences = " ".join(paragraph.source for paragraph in _find_prose(section))
    weaker = () if _SHALL.search(sentences) else _WEAKER
    tier = next((tier for tier, pattern in weaker if pattern.search(sentences)), Tier.MUST)
    words = read_words(reading.builder, title).text
    reading.requirement = _Requirement(section.headings[-1], words, tier, has_scenario=not is_sure)


def _add_criterion(reading: _Reading, scenario: _Scenario, title: str, *, is_unique: bool) -> None:
    """Add the criterion of a scenario, and report what OpenSpec itself does not read in it."""
    builder = reading.builder
    lines = arrange_steps(builder.file.text, scenario.blocks, scenario.title, language=reading.language)
    requirement = scenario.requirement
    group = requirement.title if requirement else ""
    is_named = bool(group) and group != title
    text = f"{group}: {title}" if is_named else title
    place = ItemPlace(
        tier=requirement.tier if requirement else Tier.MUST,
        group=group,
        name=shorten_name(text if is_named and not is_unique else title),
        mark=lines.mark,
    )
    if add_item(builder, scenario.title, lines.blocks, place, text=text) is None:
        return
    if scenario.level != _SCENARIO_LEVEL:
        message = "OpenSpec ignores this scenario, because it has no heading of level 4"
        hint = f"write `#### Scenario: {title}`"
        builder.warn(scenario.title.offset, "scenario-heading", message=message, hint=hint)
    hint = "add `- **WHEN** ...` and `- **THEN** ...` under it"
    if lines.is_unfinished:
        message = "this scenario has no THEN, so no step says what has to be true"
        builder.warn(scenario.title.offset, "no-steps", message=message, hint="add `- **THEN** ...` under it")
    if not lines.has_steps:
        message = "this scenario has no WHEN and THEN, so its lines are read as outcomes"
        if not scenario.blocks:
            message = "this scenario has no steps, so its title is read as the outcome"
        builder.warn(scenario.title.offset, "no-steps", message=message, hint=hint)
