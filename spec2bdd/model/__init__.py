"""Frozen values that the layers exchange: specs, features, test runs, verdicts, reports.

Each module is imported when one of its names is first used: a command needs few of them, and a frozen dataclass
takes half a millisecond to be made (measured with Python 3.11).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spec2bdd.model.challenge import (
        Challenge,
        ChallengedCriterion,
        ChallengedScenario,
        ChallengeOutcome,
        ChallengeReport,
        CriterionStrength,
        Fault,
        Strength,
    )
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
    from spec2bdd.model.explanation import (
        CriterionExplanation,
        CriterionGroup,
        Documentation,
        Explanation,
        OverviewFilter,
        ProjectOverview,
        Rule,
        SpecDocument,
        SpecOverview,
    )
    from spec2bdd.model.external_report import ExternalReport, ExternalScenario, FeatureOutline
    from spec2bdd.model.feature import Examples, Feature, Scenario, Step
    from spec2bdd.model.files import FileChange, Fingerprint
    from spec2bdd.model.history import Change, CriterionHistory, Observation, Timeline, TimelineRun
    from spec2bdd.model.manifest import ManifestEntry, ProofSource, RecordedCriterion, TrackedCriterion
    from spec2bdd.model.report import (
        BlockingSpec,
        Cause,
        CauseKind,
        FailureKind,
        FailureReason,
        Outcome,
        Report,
        SpecReport,
        UnlinkedScenario,
        describe_blocking,
    )
    from spec2bdd.model.run_options import DEFAULT_RUN, EVERYTHING, MOST_RETRIES, JudgeOptions, RunOptions, Selection
    from spec2bdd.model.spec import (
        Box,
        BoxKind,
        Checkbox,
        Criterion,
        Dependency,
        DoneItem,
        Field,
        NestedBlock,
        NestedBlockKind,
        Spec,
        SpecReading,
        Status,
        Tier,
    )
    from spec2bdd.model.step_query import StepAnswer, StepChange, StepQuery, UnusedStep
    from spec2bdd.model.test_run import RunFailure, ScenarioResult, StepResult, TestRun, find_vacuous_step
    from spec2bdd.model.verdict import CriterionVerdict, RuleId, Verdict

# Where each name is defined; the imports above, for type checkers, and `__all__` list the same names.
_HOMES = {
    "challenge": (
        "Challenge",
        "ChallengedCriterion",
        "ChallengedScenario",
        "ChallengeOutcome",
        "ChallengeReport",
        "CriterionStrength",
        "Fault",
        "Strength",
    ),
    "diagnostic": (
        "Diagnostic",
        "Severity",
    ),
    "evidence": (
        "Benchmark",
        "BenchmarkReport",
        "CommandResult",
        "Coverage",
        "DoneItemVerdict",
        "EvidenceKind",
        "EvidenceRequirement",
        "EvidenceResult",
        "FileCheck",
        "FileChecks",
        "Measurement",
        "TestCounts",
    ),
    "explanation": (
        "CriterionExplanation",
        "CriterionGroup",
        "Documentation",
        "Explanation",
        "OverviewFilter",
        "ProjectOverview",
        "Rule",
        "SpecDocument",
        "SpecOverview",
    ),
    "external_report": (
        "ExternalReport",
        "ExternalScenario",
        "FeatureOutline",
    ),
    "feature": (
        "Examples",
        "Feature",
        "Scenario",
        "Step",
    ),
    "files": ("FileChange", "Fingerprint"),
    "history": ("Change", "CriterionHistory", "Observation", "Timeline", "TimelineRun"),
    "manifest": (
        "ManifestEntry",
        "ProofSource",
        "RecordedCriterion",
        "TrackedCriterion",
    ),
    "report": (
        "BlockingSpec",
        "Cause",
        "CauseKind",
        "FailureKind",
        "FailureReason",
        "Outcome",
        "Report",
        "SpecReport",
        "UnlinkedScenario",
        "describe_blocking",
    ),
    "run_options": (
        "DEFAULT_RUN",
        "MOST_RETRIES",
        "EVERYTHING",
        "JudgeOptions",
        "RunOptions",
        "Selection",
    ),
    "spec": (
        "Box",
        "BoxKind",
        "Checkbox",
        "Criterion",
        "Dependency",
        "DoneItem",
        "Field",
        "NestedBlock",
        "NestedBlockKind",
        "Spec",
        "SpecReading",
        "Status",
        "Tier",
    ),
    "step_query": (
        "StepAnswer",
        "StepChange",
        "StepQuery",
        "UnusedStep",
    ),
    "test_run": (
        "RunFailure",
        "ScenarioResult",
        "StepResult",
        "TestRun",
        "find_vacuous_step",
    ),
    "verdict": (
        "CriterionVerdict",
        "RuleId",
        "Verdict",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DEFAULT_RUN",
    "EVERYTHING",
    "MOST_RETRIES",
    "Benchmark",
    "BenchmarkReport",
    "BlockingSpec",
    "Box",
    "BoxKind",
    "Cause",
    "CauseKind",
    "Challenge",
    "ChallengeOutcome",
    "ChallengeReport",
    "ChallengedCriterion",
    "ChallengedScenario",
    "Change",
    "Checkbox",
    "CommandResult",
    "Coverage",
    "Criterion",
    "CriterionExplanation",
    "CriterionGroup",
    "CriterionHistory",
    "CriterionStrength",
    "CriterionVerdict",
    "Dependency",
    "Diagnostic",
    "Documentation",
    "DoneItem",
    "DoneItemVerdict",
    "EvidenceKind",
    "EvidenceRequirement",
    "EvidenceResult",
    "Examples",
    "Explanation",
    "ExternalReport",
    "ExternalScenario",
    "FailureKind",
    "FailureReason",
    "Fault",
    "Feature",
    "FeatureOutline",
    "Field",
    "FileChange",
    "FileCheck",
    "FileChecks",
    "Fingerprint",
    "JudgeOptions",
    "ManifestEntry",
    "Measurement",
    "NestedBlock",
    "NestedBlockKind",
    "Observation",
    "Outcome",
    "OverviewFilter",
    "ProjectOverview",
    "ProofSource",
    "RecordedCriterion",
    "Report",
    "Rule",
    "RuleId",
    "RunFailure",
    "RunOptions",
    "Scenario",
    "ScenarioResult",
    "Selection",
    "Severity",
    "Spec",
    "SpecDocument",
    "SpecOverview",
    "SpecReading",
    "SpecReport",
    "Status",
    "Step",
    "StepAnswer",
    "StepChange",
    "StepQuery",
    "StepResult",
    "Strength",
    "TestCounts",
    "TestRun",
    "Tier",
    "Timeline",
    "TimelineRun",
    "TrackedCriterion",
    "UnlinkedScenario",
    "UnusedStep",
    "Verdict",
    "describe_blocking",
    "find_vacuous_step",
]


def __getattr__(name: str) -> object:
    """Import a name when it is first used (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
