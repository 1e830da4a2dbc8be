"""The trace of a whole project or a part of it, and the gaps in it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic, Severity
from spec2bdd.model.test_run import TestRun
from spec2bdd.model.trace.code import TracedLine, Untested
from spec2bdd.model.trace.nodes import TracedCriterion, TracedDefinition, TracedScenario, TracedSection, TracedSpec
from spec2bdd.model.values import dataclass


class GapKind(StrEnum):
    """The ways in which a chain can be broken; the values are part of the JSON output."""

    SECTION_WITHOUT_SPEC = "section-without-spec"
    SPEC_WITHOUT_SECTION = "spec-without-section"
    UNKNOWN_SECTION = "unknown-section"
    SPEC_WITHOUT_CRITERION = "spec-without-criterion"
    CRITERION_WITHOUT_SCENARIO = "criterion-without-scenario"
    SCENARIO_WITHOUT_CRITERION = "scenario-without-criterion"
    STEP_WITHOUT_DEFINITION = "step-without-definition"
    DEFINITION_WITHOUT_USE = "step-definition-without-use"

    @property
    def label(self) -> str:
        """The kind in words."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where a chain ends: `node` is the id of what lacks something, and `text` names it."""

    kind: GapKind
    node: str
    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What was traced: a whole project, or what `names` lead to and come from.

    `upstream` are the specs that the traced ones wait for, directly or through others, and that are not traced.
    `lines` are the named lines of code. `untested` is given if the lines that no criterion runs were asked for.
    `unusable` counts the specs that have errors and are not traced.
    """

    sections: tuple[TracedSection, ...] = ()
    specs: tuple[TracedSpec, ...] = ()
    criteria: tuple[TracedCriterion, ...] = ()
    scenarios: tuple[TracedScenario, ...] = ()
    definitions: tuple[TracedDefinition, ...] = ()
    upstream: tuple[TracedSpec, ...] = ()
    gaps: tuple[Gap, ...] = ()
    names: tuple[str, ...] = ()
    run: TestRun | None = None
    diagnostics: Sequence[Diagnostic] = ()
    unusable: int = 0
    exit_code: int = 0
    # What is asked for is only the gaps.
    only_gaps: bool = False
    lines: tuple[TracedLine, ...] = ()
    untested: Untested | None = None
    project: str = ""

    @property
    def steps_loaded(self) -> bool:
        """Whether all step files could be loaded; else the definition of a step may be in one of the others."""
        return not any(item.severity is Severity.ERROR and item.path.endswith(".py") for item in self.diagnostics)
