"""Find where chains of a trace end, in both directions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spec2bdd.model.trace import Gap, GapKind, SectionKind, Trace, TracedSection
from spec2bdd.text.normalize import to_comparison_key


def find_gaps(
    trace: Trace,
    *,
    documents: Collection[SectionKind],
    known: Collection[str],
    left_out: Collection[str] = (),
    unread: Collection[str] = (),
) -> tuple[Gap, ...]:
    """Find all gaps, in the order of the chain from the documents to the step definitions.

    `documents` are the kinds of documents that the project configures; without one, its sections are not compared.
    `known` are the ids of all criteria, those of specs that could not be read included. Sections with a title of
    `left_out`, and those below them, need no spec. `unread` are the paths of step and feature files that could not be
    loaded: a step may have its definition there, and a definition its use.
    """
    is_any_definition_unknown = any(path.endswith(".py") for path in unread)
    is_any_use_unknown = any(path.endswith(".feature") for path in unread)
    return (
        *find_section_gaps(trace, left_out),
        *find_spec_gaps(trace, documents),
        *(
            Gap(GapKind.CRITERION_WITHOUT_SCENARIO, criterion.id, criterion.spec, criterion.line, criterion.text)
            for criterion in trace.criteria
            if criterion.lacks_scenario
        ),
        *(
            Gap(GapKind.SCENARIO_WITHOUT_CRITERION, scenario.id, scenario.path, scenario.line, scenario.name)
            for scenario in trace.scenarios
            if not any(tag in known for tag in scenario.tags)
        ),
        *(
            Gap(GapKind.STEP_WITHOUT_DEFINITION, scenario.id, scenario.path, step.line, f"{step.kind} {step.text}")
            for scenario in trace.scenarios
            for step in scenario.steps
            if not step.definition and not is_any_definition_unknown
        ),
        *(
            Gap(
                GapKind.DEFINITION_WITHOUT_USE,
                definition.id,
                definition.path,
                definition.line,
                f"{definition.kind} {definition.pattern}",
            )
            for definition in trace.definitions
            # Those of installed packages are for other projects as well.
            if not (definition.scenarios or definition.callers or is_any_use_unknown)
            and not (definition.path.startswith(("/", "../")))
        ),
    )


def find_section_gaps(trace: Trace, left_out: Collection[str]) -> Iterator[Gap]:
    """Find sections without a spec, and sections that specs name and no document has.

    A spec for a section counts for those below and above it.
    """
    needless = {to_comparison_key(title) for title in left_out}
    skipped = [section for section in trace.sections if to_comparison_key(section.title) in needless and section.path]
    covered = [section for section in trace.sections if section.specs]
    for section in trace.sections:
        name = f"{section.kind.label} {section.number} {section.title}".strip()
        if section.unknown:
            yield Gap(GapKind.UNKNOWN_SECTION, section.id, section.specs[0] if section.specs else "", 0, name)
        elif (
            section.path
            and not any(is_within(section, other) or is_within(other, section) for other in covered)
            and not any(is_within(section, other) for other in skipped)
        ):
            yield Gap(GapKind.SECTION_WITHOUT_SPEC, section.id, section.path, section.line, name)


def find_spec_gaps(trace: Trace, documents: Collection[SectionKind]) -> Iterator[Gap]:
    """Find specs that name no section of a document, and specs without criteria."""
    kinds = {section.id: section.kind for section in trace.sections}
    for spec in trace.specs:
        for kind in documents:
            if kind not in {kinds[id_] for id_ in spec.sections}:
                name = f"{spec.feature_id} {spec.name}".strip()
                yield Gap(GapKind.SPEC_WITHOUT_SECTION, spec.path, spec.path, 1, f"{name} ({kind.label})")
        if not spec.criteria:
            yield Gap(GapKind.SPEC_WITHOUT_CRITERION, spec.path, spec.path, 1, f"{spec.feature_id} {spec.name}".strip())


def is_within(section: TracedSection, other: TracedSection) -> bool:
    """Whether a section is another one, or below it by its number."""
    if section.id == other.id:
        return True
    is_same_document = section.kind is other.kind and section.path == other.path
    return is_same_document and bool(other.number) and section.number.startswith(f"{other.number}.")
