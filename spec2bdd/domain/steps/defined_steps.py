"""Find the new criteria whose steps are all defined before anything was written for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from spec2bdd.domain.gherkin.grammar.outlines import build_step_queries
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.definitions import decode_step_file, parse_definitions
from spec2bdd.model import StepAnswer, StepQuery


def list_defined_at_once(
    plans: Sequence[SpecPlan], answers: Sequence[StepAnswer], files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """List the ids of new criteria whose generated scenarios have no undefined step, and no step with a stub.

    `files` holds the content of the step files by path.
    """
    undefined = {(answer.query.kind, answer.query.text) for answer in answers if answer.pattern}
    defined: dict[str, list[StepQuery]] = {}
    for plan in plans:
        new = {tracked.id for tracked in plan.tracked if not tracked.known}
        for scenario in plan.feature.scenarios if new and plan.feature else ():
            if scenario.id in new:
                defined.setdefault(scenario.id, []).extend(build_step_queries(scenario))
    found = {
        criterion: {(query.kind, pattern) for query in queries for pattern in query.patterns}
        for criterion, queries in defined.items()
        if not any((query.kind, query.text) in undefined for query in queries)
    }
    stubs: set[tuple[str, str]] = set()
    # Step files are parsed only where the answer depends on it.
    for content in files.values() if found else ():
        # The registry reports a file that is not Python.
        with suppress(SyntaxError, ValueError):
            definitions = parse_definitions(decode_step_file(content) or "")
            stubs.update((definition.kind, definition.pattern) for definition in definitions if definition.is_stub)
    return tuple(criterion for criterion, patterns in found.items() if not patterns & stubs)
