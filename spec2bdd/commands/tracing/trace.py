"""The `trace` command: what leads from the sections of documents to the results of scenarios, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.commands._report import compute_exit_code, finish_report, soften_levels
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.trace.selection import select_trace
from spec2bdd.errors import UsageError
from spec2bdd.model import Report, Severity
from spec2bdd.model.trace import Trace
from spec2bdd.project.trace.load import trace_project
from spec2bdd.project.trace.names import find_seeds


def trace(
    project: ProjectLocation = ".",
    *,
    names: Sequence[str] = (),
    only_gaps: bool = False,
    check: bool = False,
    untested: bool = False,
    since: str = "",
) -> Trace:
    """Trace a project, or what is named with all that leads to it and that it leads to; nothing is run or written.

    A name is a spec, a criterion, a feature file or a line of one, a step file or a line of one, a line of code that
    scenarios have run, a tag, or a section of a document, such as `PRD-4.2`. With `untested`, the lines of the product
    that no criterion runs are found: those of all files, or of the files that have changed since the merge base with
    `since`. With `check`, such lines, or else gaps in what was traced, make the exit code 1.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read, or Python cannot be started.
        UsageError: a name matches nothing or more than one thing, or which lines run is not known.
    """
    if since and not untested:
        raise UsageError("`--since` needs `--untested`", hint="add `--untested`, or remove `--since`")
    if untested and (names or only_gaps):
        what = "`--gaps`" if only_gaps else f"`{names[0]}`"
        raise UsageError(f"`--untested` is about all criteria: it takes no {what}", hint=f"remove {what}")
    config = resolve_config(project)
    traced = trace_project(config)
    seeds = find_seeds(traced, names)
    selected = select_trace(traced.trace, seeds) if names else traced.trace
    if seeds.lines or untested:
        # Few commands are about lines of code.
        from spec2bdd.project.trace.code_lines import add_challenges, find_untested

        if untested:
            whole = traced.trace
            selected = Trace(run=whole.run, project=whole.project, untested=find_untested(traced, since))
        else:
            selected = replace(selected, lines=add_challenges(traced, selected, seeds.lines))
    report = finish_report(traced.project, Report("trace"), diagnostics=traced.trace.diagnostics, mode=WriteMode.CHECK)
    # Of other specs than those that were traced, only what could not be read matters.
    others = {spec.path for spec in traced.trace.specs} - {spec.path for spec in selected.specs}
    diagnostics = tuple(
        diagnostic
        for diagnostic in soften_levels(report.diagnostics)
        if diagnostic.path not in others or diagnostic.severity is Severity.ERROR
    )
    is_lacking = bool(selected.untested.files if selected.untested else selected.gaps)
    return replace(
        selected,
        names=tuple(names),
        diagnostics=diagnostics,
        unusable=0 if names else selected.unusable,
        only_gaps=only_gaps,
        # A diagnostic that the project has made an error of is no reason to call the trace incomplete.
        exit_code=compute_exit_code(failed=check and is_lacking, incomplete=report.exit_code == 2),
    )
