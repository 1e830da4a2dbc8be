"""Frozen values that the rooms hand to each other: what a spec says, what is made of it, what Behave said of that."""

from spec2bdd.model.diagnostic import Diagnostic, Severity
from spec2bdd.model.evidence import (
    Benchmark,
    BenchmarkReport,
    CommandResult,
    Coverage,
    DoneItemVerdict,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileCheck,
    FileChecks,
    Measurement,
    TestCounts,
)
from spec2bdd.model.explanation import CriterionExplanation, Explanation, Rule
from spec2bdd.model.external_report import ExternalReport, ExternalScenario, FeatureOutline
from spec2bdd.model.feature import Examples, Feature, Scenario, Step
from spec2bdd.model.file_change import FileChange
from spec2bdd.model.history import CriterionHistory, Observation
from spec2bdd.model.manifest import ManifestEntry, ProofSource, RecordedCriterion, TrackedCriterion
from spec2bdd.model.report import BlockingSpec, Cause, CauseKind, Report, SpecReport
from spec2bdd.model.run_options import DEFAULT_RUN, RunOptions
from spec2bdd.model.spec import (
    Box,
    Checkbox,
    Criterion,
    Dependency,
    DoneItem,
    Field,
    NestedBlock,
    NestedBlockKind,
    Spec,
    Tier,
)
from spec2bdd.model.step_query import StepAnswer, StepQuery, UnusedStep
from spec2bdd.model.test_run import ScenarioResult, StepResult, TestRun
from spec2bdd.model.verdict import CriterionVerdict, RuleId, Status, Verdict

__all__ = [
    "DEFAULT_RUN",
    "Benchmark",
    "BenchmarkReport",
    "BlockingSpec",
    "Box",
    "Cause",
    "CauseKind",
    "Checkbox",
    "CommandResult",
    "Coverage",
    "Criterion",
    "CriterionExplanation",
    "CriterionHistory",
    "CriterionVerdict",
    "Dependency",
    "Diagnostic",
    "DoneItem",
    "DoneItemVerdict",
    "EvidenceKind",
    "EvidenceRequirement",
    "EvidenceResult",
    "Examples",
    "Explanation",
    "ExternalReport",
    "ExternalScenario",
    "Feature",
    "FeatureOutline",
    "Field",
    "FileChange",
    "FileCheck",
    "FileChecks",
    "ManifestEntry",
    "Measurement",
    "NestedBlock",
    "NestedBlockKind",
    "Observation",
    "ProofSource",
    "RecordedCriterion",
    "Report",
    "Rule",
    "RuleId",
    "RunOptions",
    "Scenario",
    "ScenarioResult",
    "Severity",
    "Spec",
    "SpecReport",
    "Status",
    "Step",
    "StepAnswer",
    "StepQuery",
    "StepResult",
    "TestCounts",
    "TestRun",
    "Tier",
    "TrackedCriterion",
    "UnusedStep",
    "Verdict",
]
