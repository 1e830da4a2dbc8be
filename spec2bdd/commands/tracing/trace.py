"""The `trace` command: what leads from the sections of documents to the results of scenarios, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.commands._report import compute_exit_code, finish_report
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.trace.selection import select_trace
from spec2bdd.model import Report, Severity
from spec2bdd.model.trace import Trace
from spec2bdd.project.trace.load import trace_project
from spec2bdd.project.trace.names import find_seeds


def trace(
    project: ProjectLocation = ".", *, names: Sequence[str] = (), only_gaps: bool = False, check: bool = False
) -> Trace:
    """Trace a project, or what is named with all that leads to it and that it leads to; nothing is run or written.

    A name is a spec, a criterion, a feature file or a line of one, a step file or a line of one, a line of code that
    scenarios have run, a tag, or a section of a document, such as `PRD-4.2`. With `check`, gaps in what was traced make
    the exit code 1.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read, or Python cannot be started.
        UsageError: a name matches nothing or more than one thing.
    """
    config = resolve_config(project)
    traced = trace_project(config)
    selected = select_trace(traced.trace, find_seeds(traced, names)) if names else traced.trace
    report = finish_report(traced.project, Report("trace"), diagnostics=traced.trace.diagnostics, mode=WriteMode.CHECK)
    # Of other specs than those that were traced, only what could not be read matters.
    others = {spec.path for spec in traced.trace.specs} - {spec.path for spec in selected.specs}
    diagnostics = tuple(
        diagnostic
        for diagnostic in report.diagnostics
        if diagnostic.path not in others or diagnostic.severity is Severity.ERROR
    )
    return replace(
        selected,
        names=tuple(names),
        diagnostics=diagnostics,
        unusable=0 if names else selected.unusable,
        only_gaps=only_gaps,
        # A diagnostic that the project has made an error of is no reason to call the trace incomplete.
        exit_code=compute_exit_code(failed=check and bool(selected.gaps), incomplete=report.exit_code == 2),
    )
