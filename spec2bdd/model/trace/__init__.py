"""The trace of a project: what leads from sections of documents to the results of scenarios, and back."""

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
    "SectionKind",
    "StepUses",
    "Trace",
    "TracedCriterion",
    "TracedDefinition",
    "TracedScenario",
    "TracedSection",
    "TracedSpec",
    "TracedStep",
]
