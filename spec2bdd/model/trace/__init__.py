"""The trace of a project: what leads from sections of documents to the results of scenarios, and back."""

from spec2bdd.model.trace.code import LineUse, TracedLine, Untested, UntestedFile, UntestedRange
from spec2bdd.model.trace.nodes import (
    LastResult,
    SectionKind,
    StepUses,
    TracedCriterion,
    TracedDefinition,
    TracedScenario,
    TracedSection,
    TracedSpec,
    TracedStep,
)
from spec2bdd.model.trace.whole import Gap, GapKind, Trace

__all__ = [
    "Gap",
    "GapKind",
    "LastResult",
    "LineUse",
    "SectionKind",
    "StepUses",
    "Trace",
    "TracedCriterion",
    "TracedDefinition",
    "TracedLine",
    "TracedScenario",
    "TracedSection",
    "TracedSpec",
    "TracedStep",
    "Untested",
    "UntestedFile",
    "UntestedRange",
]
