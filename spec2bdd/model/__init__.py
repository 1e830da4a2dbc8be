"""Frozen values that the rooms hand to each other: what a spec says, what is made of it, what Behave said of that."""

from spec2bdd.model.explanation import Entry, Explanation, Rule
from spec2bdd.model.feature import (
    Examples,
    Feature,
    Identified,
    Kept,
    Proof,
    Remembered,
    Scenario,
    Step,
    StepAnswer,
    StepQuery,
    UnusedStep,
)
from spec2bdd.model.history import Past, Sighting
from spec2bdd.model.plan import EVERYTHING, RunPlan
from spec2bdd.model.problem import Problem, Severity
from spec2bdd.model.record import Run, ScenarioRecord, StepRecord
from spec2bdd.model.report import Change, Report, SpecReport
from spec2bdd.model.spec import Box, Checkbox, Criterion, DoneItem, Field, Nested, NestedKind, Spec, Tier
from spec2bdd.model.verdict import Judgement, Verdict

__all__ = [
    "EVERYTHING",
    "Box",
    "Change",
    "Checkbox",
    "Criterion",
    "DoneItem",
    "Entry",
    "Examples",
    "Explanation",
    "Feature",
    "Field",
    "Identified",
    "Judgement",
    "Kept",
    "Nested",
    "NestedKind",
    "Past",
    "Problem",
    "Proof",
    "Remembered",
    "Report",
    "Rule",
    "Run",
    "RunPlan",
    "Scenario",
    "ScenarioRecord",
    "Severity",
    "Sighting",
    "Spec",
    "SpecReport",
    "Step",
    "StepAnswer",
    "StepQuery",
    "StepRecord",
    "Tier",
    "UnusedStep",
    "Verdict",
]
