"""Add the criteria that a file of any dialect has in tables and in fenced Gherkin under its headings of criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.specs.criteria.criteria import merge_criteria
from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, choose_name
from spec2bdd.domain.specs.headings.classifier import HeadingKind, classify_heading
from spec2bdd.domain.specs.headings.heading_path import (
    ROOT,
    HeadingPath,
    is_criteria_section,
    parse_section_heading,
    push_heading,
)
from spec2bdd.domain.specs.headings.sections import Section
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.model import Criterion


def add_other_places(
    builder: SpecBuilder, sections: Sequence[OutlineSection], options: ReadingOptions, *, title: str
) -> None:
    """Add the criteria of tables and of fenced Gherkin to those of the lists.

    A criterion that is a sentence of steps is named by `title` and its number.
    """
    text = builder.file.text
    if "\n|" not in text and "gherkin" not in text:
        return
    # Few files have either, so what reads them is imported here.
    from spec2bdd.domain.specs.criteria.other_places import read_other_places

    open_paths = [ROOT]
    own = [Section(ROOT, sections[0].blocks)] if sections else []
    for section in sections[1:]:
        heading = parse_section_heading(section.headings[-1], builder.links, options.vocabulary)
        path = push_heading(open_paths, heading)
        if not is_criteria_section(path):
            # Elsewhere, a table of criteria is a report on them.
            path = HeadingPath(path.headings, heading._replace(kind=HeadingKind.OTHER))
        own.append(Section(path, section.blocks))
    others = read_other_places(
        builder.file,
        builder.spec,
        builder.start,
        sections=own,
        links=builder.links,
        options=options,
        criteria=builder.criteria,
    )
    named: list[Criterion] = []
    for number, criterion in enumerate(others.criteria, len(builder.criteria) + 1):
        name = criterion.name or choose_name(criterion.text, title, criterion.number or str(number))
        # The heading of the criteria itself makes no group.
        is_group = classify_heading(criterion.group, options.vocabulary) is not HeadingKind.CRITERIA
        named.append(replace(criterion, name=name, group=criterion.group if is_group else ""))
    builder.criteria = list(merge_criteria(builder.criteria, named))
    builder.diagnostics += others.diagnostics
