"""Trace a project on disk: from the sections of its documents to the results of its scenarios."""

from __future__ import annotations

from dataclasses import replace

from spec2bdd.adapters.behave.registry.client import open_registry
from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.config import Config
from spec2bdd.domain.lint.sections import check_sections
from spec2bdd.domain.trace.gaps import find_gaps
from spec2bdd.domain.trace.graph import JudgedSpec, TraceFacts, build_trace
from spec2bdd.domain.trace.results import judge_scenarios
from spec2bdd.domain.verdicts.scenarios.context import CheckedRun
from spec2bdd.model import JudgeOptions, Severity
from spec2bdd.model.trace import Trace
from spec2bdd.model.values import dataclass
from spec2bdd.project.assessment import find_criterion_ids, judge_project
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.project.run_diagnostics import find_current_errors
from spec2bdd.project.runs import find_last_run_files, load_last_runs
from spec2bdd.project.trace.documents import read_documents


@dataclass(frozen=True, slots=True)
class TracedProject:
    """A project as it was loaded, its whole trace, and the last runs, each compared with today's files."""

    project: Project
    trace: Trace
    runs: tuple[CheckedRun, ...] = ()


@pause_collector()
def trace_project(config: Config) -> TracedProject:
    """Trace a whole project by its feature files, its step modules as Behave loads them, and its last records.

    What cannot be read, such as a step module, is a diagnostic of the trace, and what it would have is missing.

    Raises:
        ConfigError: there are no specs at all.
        RunError: a feature or step file cannot be read, a step module ended Python, or Python cannot be started.
    """
    # It loads the step modules while the specs are parsed here.
    with open_registry(config.root, steps=config.steps) as registry:
        project = load_project(config, sources=False, scenarios=False)
        registry.put_question((), traced=list(project.feature_index.tags), language=config.behave_language)
        runs = load_last_runs(config) if find_last_run_files(config) else LoadedRuns()
        assessed = judge_project(project, runs.runs, JudgeOptions())
        results = judge_scenarios(assessed.context)
        documents = read_documents(config)
        uses = registry.read_uses()
    pairs = zip(assessed.specs, project.plans, strict=True)
    specs = [JudgedSpec(report, plan.tracked) for report, plan in pairs]
    trace = build_trace(TraceFacts(specs, uses, results, documents.sections))
    errors = [
        diagnostic for diagnostic in (*project.diagnostics, *uses.diagnostics) if diagnostic.severity is Severity.ERROR
    ]
    gaps = find_gaps(
        trace,
        documents=documents.sections.keys(),
        known=find_criterion_ids(project),
        left_out=config.headings.get("leave-out", ()),
        unread={diagnostic.path for diagnostic in errors},
    )
    # Step modules were loaded just now, so what they report is newer than what the run did.
    loaded = {(item.path, item.code) for item in errors}
    current = [
        item
        for item in find_current_errors(project, runs, assessed.specs, assessed.context)
        if (item.path, item.code) not in loaded
    ]
    sections = [diagnostic for plan in project.plans for diagnostic in check_sections(plan.spec, documents.sections)]
    trace = replace(
        trace,
        gaps=gaps,
        run=runs.run,
        diagnostics=(*errors, *current, *documents.diagnostics, *sections),
        unusable=project.unusable,
        project=config.root.resolve().name,
    )
    return TracedProject(project, trace, assessed.context.runs)
