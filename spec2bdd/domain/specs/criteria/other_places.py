"""Read the criteria of a spec that are in no list: the rows of tables, and the scenarios of fenced Gherkin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spec2bdd.domain.specs.dialects.protocol import ReadingOptions
from spec2bdd.domain.specs.headings.sections import Section, list_paths
from spec2bdd.domain.specs.markdown.blocks import Links
from spec2bdd.model import Criterion, Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile


class OtherPlaces(NamedTuple):
    """The criteria outside of lists, what is wrong with them, and the offsets of the boxes that were read there."""

    criteria: tuple[Criterion, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    boxes: frozenset[int] = frozenset()


def read_other_places(
    file: SourceFile,
    spec: Spec,
    start: int,
    *,
    sections: Sequence[Section],
    links: Links,
    options: ReadingOptions,
    criteria: Sequence[Criterion],
) -> OtherPlaces:
    """Read the tables and the fenced Gherkin from offset `start` on; `criteria` are those of the lists."""
    has_tables, has_fences = "|" in file.text, "gherkin" in file.text or "cucumber" in file.text
    if not has_tables and not has_fences:
        return OtherPlaces()
    paths = list_paths(sections, links, options.vocabulary)
    scenarios: tuple[Criterion, ...] = ()
    # Few specs have either, so what reads them is imported here.
    if has_fences:
        from spec2bdd.domain.gherkin.grammar.keywords import find_language
        from spec2bdd.domain.specs.criteria.fences import read_fences

        scenarios = tuple(read_fences(file, start, paths, find_language(spec.find_value("language")) or "en"))
    if not has_tables:
        return OtherPlaces(scenarios)
    from spec2bdd.domain.specs.criteria.tables import read_tables

    tables = read_tables(file, start, paths, links=links, options=options, known=criteria)
    return OtherPlaces((*tables.criteria, *scenarios), tables.diagnostics, tables.boxes)
