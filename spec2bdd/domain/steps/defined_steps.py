"""Find the new criteria whose steps are all defined before anything was written for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from spec2bdd.domain.gherkin.grammar.outlines import build_step_queries, walk_steps
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.definitions import decode_step_file, parse_definitions
from spec2bdd.model import Scenario, StepAnswer

# What each stub raises.
_STUB_ERROR = b"StepNotImplementedError"


def list_defined_at_once(
    plans: Sequence[SpecPlan], answers: Sequence[StepAnswer], files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """List the ids of new criteria whose generated scenarios have no undefined step, and no step with a stub.

    `files` holds the content of the step files by path.
    """
    undefined = {(answer.query.kind, answer.query.text) for answer in answers if answer.pattern}
    scenarios: dict[str, list[Scenario]] = {}
    for plan in plans:
        new = {tracked.id for tracked in plan.tracked if not tracked.known}
        for scenario in plan.feature.scenarios if new and plan.feature else ():
            if scenario.id in new:
                scenarios.setdefault(scenario.id, []).append(scenario)
    # Patterns take time to build, and most new criteria have a step that is undefined.
    found = {
        criterion: {
            (query.kind, pattern)
            for scenario in own
            for query in build_step_queries(scenario)
            for pattern in query.patterns
        }
        for criterion, own in scenarios.items()
        if not any(step in undefined for scenario in own for step in walk_steps(scenario))
    }
    stubs: set[tuple[str, str]] = set()
    # Step files are parsed only where the answer depends on it, and they may hold a stub.
    for content in files.values() if found else ():
        if _STUB_ERROR not in content:
            continue
        # The registry reports a file that is not Python.
        with suppress(SyntaxError, ValueError):
            definitions = parse_definitions(decode_step_file(content) or "")
            stubs.update((definition.kind, definition.pattern) for definition in definitions if definition.is_stub)
    return tuple(criterion for criterion, patterns in found.items() if not patterns & stubs)
