"""spec2bdd: executable specifications from the checklists of Markdown specs.

The public API: the functions of the command line, and the values that they take and return. `docs/api.md` has examples
that run as tests. Everything is imported when it is first used, so that `import spec2bdd` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

# As in `typing`, whose import takes as long as the start of Python does.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from spec2bdd.commands.decisions.accept import accept
    from spec2bdd.commands.decisions.annotate import manual, tick, unwaive, waive
    from spec2bdd.commands.decisions.eject import eject
    from spec2bdd.commands.explain import explain
    from spec2bdd.commands.generate import generate
    from spec2bdd.commands.lint import lint
    from spec2bdd.commands.mark import mark
    from spec2bdd.commands.options import WriteMode
    from spec2bdd.commands.reporting.report import report
    from spec2bdd.commands.run import run
    from spec2bdd.commands.setup.init import init
    from spec2bdd.commands.setup.new import new
    from spec2bdd.commands.status import status, status_of_spec
    from spec2bdd.commands.verify import verify
    from spec2bdd.config import Config, read_config
    from spec2bdd.config.location import ProjectLocation
    from spec2bdd.errors import (
        AmbiguousNameError,
        BaselineError,
        ConfigError,
        EditError,
        EvidenceError,
        FileChangedError,
        HistoryError,
        NotFoundError,
        RecordError,
        RunError,
        Spec2bddError,
        SpecError,
        TemplateError,
        UsageError,
        WriteError,
        WriteInterrupted,
    )
    from spec2bdd.model import (
        Criterion,
        CriterionExplanation,
        CriterionVerdict,
        Diagnostic,
        DoneItem,
        DoneItemVerdict,
        Explanation,
        FileChange,
        JudgeOptions,
        Report,
        RunFailure,
        RunOptions,
        ScenarioResult,
        Selection,
        Severity,
        Spec,
        SpecReport,
        Status,
        StepResult,
        TestRun,
        Tier,
        Verdict,
    )
    from spec2bdd.project.loader import Project, load_project

# Where each public name is defined. The imports above, for type checkers, and `__all__` list the same names; a test
# compares the three.
_HOMES = {
    "spec2bdd.commands.decisions.accept": ("accept",),
    "spec2bdd.commands.decisions.annotate": ("manual", "tick", "unwaive", "waive"),
    "spec2bdd.commands.decisions.eject": ("eject",),
    "spec2bdd.commands.explain": ("explain",),
    "spec2bdd.commands.generate": ("generate",),
    "spec2bdd.commands.lint": ("lint",),
    "spec2bdd.commands.mark": ("mark",),
    "spec2bdd.commands.options": ("WriteMode",),
    "spec2bdd.commands.reporting.report": ("report",),
    "spec2bdd.commands.run": ("run",),
    "spec2bdd.commands.setup.init": ("init",),
    "spec2bdd.commands.setup.new": ("new",),
    "spec2bdd.commands.status": ("status", "status_of_spec"),
    "spec2bdd.commands.verify": ("verify",),
    "spec2bdd.config": ("Config", "read_config"),
    "spec2bdd.config.location": ("ProjectLocation",),
    "spec2bdd.errors": (
        "AmbiguousNameError",
        "BaselineError",
        "ConfigError",
        "EditError",
        "EvidenceError",
        "FileChangedError",
        "HistoryError",
        "NotFoundError",
        "RecordError",
        "RunError",
        "Spec2bddError",
        "SpecError",
        "TemplateError",
        "UsageError",
        "WriteError",
        "WriteInterrupted",
    ),
    "spec2bdd.model": (
        "Criterion",
        "CriterionExplanation",
        "CriterionVerdict",
        "Diagnostic",
        "DoneItem",
        "DoneItemVerdict",
        "Explanation",
        "FileChange",
        "JudgeOptions",
        "Report",
        "RunFailure",
        "RunOptions",
        "ScenarioResult",
        "Selection",
        "Severity",
        "Spec",
        "SpecReport",
        "Status",
        "StepResult",
        "TestRun",
        "Tier",
        "Verdict",
    ),
    "spec2bdd.project.loader": ("Project", "load_project"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AmbiguousNameError",
    "BaselineError",
    "Config",
    "ConfigError",
    "Criterion",
    "CriterionExplanation",
    "CriterionVerdict",
    "Diagnostic",
    "DoneItem",
    "DoneItemVerdict",
    "EditError",
    "EvidenceError",
    "Explanation",
    "FileChange",
    "FileChangedError",
    "HistoryError",
    "JudgeOptions",
    "NotFoundError",
    "Project",
    "ProjectLocation",
    "RecordError",
    "Report",
    "RunError",
    "RunFailure",
    "RunOptions",
    "ScenarioResult",
    "Selection",
    "Severity",
    "Spec",
    "Spec2bddError",
    "SpecError",
    "SpecReport",
    "Status",
    "StepResult",
    "TemplateError",
    "TestRun",
    "Tier",
    "UsageError",
    "Verdict",
    "WriteError",
    "WriteInterrupted",
    "WriteMode",
    "__version__",
    "accept",
    "eject",
    "explain",
    "generate",
    "init",
    "lint",
    "load_project",
    "manual",
    "mark",
    "new",
    "read_config",
    "report",
    "run",
    "status",
    "status_of_spec",
    "tick",
    "unwaive",
    "verify",
    "waive",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    # Kept, so that the next access does not come here.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, also those that were not imported yet."""
    return sorted({*globals(), *_HOME_OF})
