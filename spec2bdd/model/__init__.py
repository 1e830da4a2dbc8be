"""Frozen values that the rooms hand to each other: what a spec says, what is made of it, what Behave said of that."""

from spec2bdd.model.diagnostic import Problem, Severity
from spec2bdd.model.evidence import (
    Coverage,
    Demand,
    Document,
    Documents,
    DoneJudgement,
    Exit,
    Fact,
    Found,
    Kind,
    Tally,
    Timing,
    Timings,
)
from spec2bdd.model.explanation import Entry, Explanation, Rule
from spec2bdd.model.external_report import ForeignReport, ForeignScenario, ListedFeature
from spec2bdd.model.feature import Examples, Feature, Scenario, Step
from spec2bdd.model.file_change import Change
from spec2bdd.model.history import Past, Sighting
from spec2bdd.model.manifest import Identified, Kept, Proof, Remembered
from spec2bdd.model.report import Blocking, Report, SpecReport
from spec2bdd.model.run_options import EVERYTHING, RunPlan
from spec2bdd.model.spec import (
    Box,
    Checkbox,
    Criterion,
    DoneItem,
    Field,
    Nested,
    NestedKind,
    Spec,
    Tier,
    Upstream,
)
from spec2bdd.model.step_query import StepAnswer, StepQuery, UnusedStep
from spec2bdd.model.test_run import Run, ScenarioRecord, StepRecord
from spec2bdd.model.verdict import Judgement, Status, Verdict

__all__ = [
    "EVERYTHING",
    "Blocking",
    "Box",
    "Change",
    "Checkbox",
    "Coverage",
    "Criterion",
    "Demand",
    "Document",
    "Documents",
    "DoneItem",
    "DoneJudgement",
    "Entry",
    "Examples",
    "Exit",
    "Explanation",
    "Fact",
    "Feature",
    "Field",
    "ForeignReport",
    "ForeignScenario",
    "Found",
    "Identified",
    "Judgement",
    "Kept",
    "Kind",
    "ListedFeature",
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
    "Status",
    "Step",
    "StepAnswer",
    "StepQuery",
    "StepRecord",
    "Tally",
    "Tier",
    "Timing",
    "Timings",
    "UnusedStep",
    "Upstream",
    "Verdict",
]
