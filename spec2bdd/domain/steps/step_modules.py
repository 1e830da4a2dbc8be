"""Plan the changes of step modules: stubs for undefined steps are appended, nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import compress

from spec2bdd.domain.expressions.ambiguity import find_ambiguous_steps
from spec2bdd.domain.expressions.matchers import PARSE
from spec2bdd.domain.expressions.patterns import parse_parameters
from spec2bdd.domain.gherkin.grammar.outlines import build_step_queries, walk_steps
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.definitions import decode_python, decode_step_file
from spec2bdd.domain.steps.module_names import parse_module_names
from spec2bdd.domain.steps.step_homes import choose_step_files, find_hand_written
from spec2bdd.domain.steps.stubs import (
    DEFAULT_WIDTH,
    Stub,
    describe_criterion,
    describe_unreadable,
    render_literal,
    render_step_file,
)
from spec2bdd.model import Diagnostic, FileChange, Scenario, Severity, StepAnswer, StepQuery
from spec2bdd.model.values import dataclass
from spec2bdd.text.encoding import SAVE_AS_UTF8
from spec2bdd.text.mapping import Mapper, map_serially


@dataclass(frozen=True, slots=True)
class _MissingSteps:
    """The stubs that a step file lacks, in order; `before` is its content on disk, `default` the default matcher.

    `width` is the length of a line, `hand_written` the content of the hand-written file that the stubs do not go into.
    """

    path: str
    before: bytes | None
    spec_path: str
    stubs: Sequence[Stub]
    default: str
    width: int
    hand_written: bytes | None = None


def list_queries(plans: Sequence[SpecPlan]) -> tuple[StepQuery, ...]:
    """Build one registry query for each distinct step, those with most parameters first.

    A pattern with fewer parameters may match the text of one with more, so the specific ones choose first.
    """
    queries: dict[tuple[str, str], StepQuery] = {}
    for query in (query for _, scenario in _walk_scenarios(plans) for query in build_step_queries(scenario)):
        known = queries.setdefault((query.kind, query.text), query)
        # The row of an outline has one more pattern, for all rows, than the same text as a plain step.
        if len(query.patterns) > len(known.patterns):
            queries[query.kind, query.text] = query
    return tuple(sorted(queries.values(), key=lambda q: (-len(parse_parameters(q.patterns[0])), q.kind, q.text)))


def plan_step_modules(
    plans: Sequence[SpecPlan],
    answers: Sequence[StepAnswer],
    *,
    folder: str,
    files: Mapping[str, bytes],
    matcher: str = PARSE,
    width: int = DEFAULT_WIDTH,
    spread: Mapper = map_serially,
) -> tuple[tuple[FileChange, ...], tuple[Diagnostic, ...]]:
    """Plan a stub for every answer with a pattern; a file that cannot be added to gets a diagnostic.

    `files` holds the content of the step files on disk by path; other files are created. The patterns are written for
    the `matcher`, and lines are broken at `width`. `spread` calls a function with each of many values, possibly on
    several cores.
    """
    ambiguous = find_ambiguous_steps(answers, matcher)
    steps = (((answer.query.kind, answer.query.text), answer.pattern) for answer in answers if answer.pattern)
    patterns = {step: pattern for step, pattern in steps if step not in ambiguous}
    default = next((answer.default for answer in answers), PARSE)
    missing = [
        _MissingSteps(path, files.get(path), spec_path, stubs, default, width, files.get(find_hand_written(path)))
        for path, (spec_path, stubs) in _gather_stubs(
            plans, patterns, folder=folder, files=files, matcher=matcher
        ).items()
    ]
    # With many thousands of steps, these are a good part of the memory in use, and no longer needed.
    patterns.clear()
    planned = spread(_plan_step_module, missing)
    diagnostics: list[Diagnostic] = []
    # Each criterion with a step that Behave confuses with another one gets an error instead of a stub.
    for plan, scenario in _walk_scenarios(plans) if ambiguous else ():
        for step in walk_steps(scenario):
            if rival := ambiguous.get(step):
                criterion = next(tracked.criterion for tracked in plan.tracked if tracked.id == scenario.id)
                message = f"Behave cannot distinguish the step `{step[1]}` from `{rival}`, so it got no stub"
                hint = "reword one of the two"
                place = (plan.spec.path, criterion.line, criterion.column)
                diagnostics.append(Diagnostic(*place, Severity.ERROR, "ambiguous-step", message, hint))
    diagnostics += (diagnostic for _, of_file in planned for diagnostic in of_file)
    return tuple(change for change, _ in planned if change), tuple(diagnostics)


def _walk_scenarios(plans: Sequence[SpecPlan]) -> Iterator[tuple[SpecPlan, Scenario]]:
    """Yield every scenario to be generated, with the plan of its spec."""
    for plan in plans:
        for scenario in plan.feature.scenarios if plan.feature else ():
            yield plan, scenario


def _gather_stubs(
    plans: Sequence[SpecPlan],
    patterns: dict[tuple[str, str], str],
    *,
    folder: str,
    files: Mapping[str, bytes],
    matcher: str,
) -> dict[str, tuple[str, list[Stub]]]:
    """Gather the stubs that each step file needs, with its spec, in the order of the feature.

    Two specs may share a step file: see `choose_step_files`. Each of the `patterns` is removed once it has a stub, so a
    step of several specs is defined by the first of them.
    """
    homes = choose_step_files([plan.spec for plan in plans], folder=folder, files=files) if patterns else {}
    gathered: dict[str, tuple[str, list[Stub]]] = {}
    for plan in plans:
        for _, scenario in _walk_scenarios([plan]):
            criterion = describe_criterion(scenario.tier, scenario.text or scenario.rule or scenario.name)
            for step in walk_steps(scenario):
                if pattern := patterns.pop(step, ""):
                    _, stubs = gathered.setdefault(homes[plan.spec.path], (plan.spec.path, []))
                    stubs.append(Stub(step[0], pattern, criterion, matcher))
    return gathered


def _plan_step_module(missing: _MissingSteps) -> tuple[FileChange | None, list[Diagnostic]]:
    """Plan the change of one step file, or report why it cannot be changed."""
    path = missing.path
    text = decode_step_file(missing.before)
    if missing.before is not None and text is None:
        message = "not UTF-8, so no stubs were added"
        return None, [Diagnostic(path, 1, 1, Severity.ERROR, "step-encoding", message, SAVE_AS_UTF8)]
    try:
        defined = parse_module_names(text or "").defined
        # A hand-written file that is not Python is reported by the registry.
        with suppress(SyntaxError, ValueError):
            defined |= parse_module_names(decode_python(missing.hand_written)).defined
        known = [(stub.kind, stub.written) in defined for stub in missing.stubs]
        new = [stub for stub, is_known in zip(missing.stubs, known, strict=True) if not is_known]
        after = (
            render_step_file(text, new, spec_path=missing.spec_path, default=missing.default, width=missing.width)
            if new
            else ""
        )
    except (SyntaxError, ValueError) as error:
        return None, [describe_unreadable(path, error)]
    # The file defines such a step and Behave does not find it; a second definition would not be found either.
    diagnostics: list[Diagnostic] = []
    for stub in compress(missing.stubs, known):
        message = f"`@{stub.kind}({render_literal(stub.written)})` exists but Behave does not match its step with it"
        hint = f'if another step matcher is active, put `use_step_matcher("{stub.matcher}")` above the definition'
        diagnostics.append(Diagnostic(path, 1, 1, Severity.ERROR, "unmatched-step", message, hint))
    return (FileChange(path, missing.before, after.encode()) if after else None), diagnostics
