"""The `generate` command: write feature files, and stubs for undefined steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.adapters.behave.registry.client import RegistryClient, RegistryReply, open_registry
from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.commands._report import _finish, _write
from spec2bdd.commands.options import Options
from spec2bdd.commands.prune import (
    describe_unused,
    find_prunable_features,
    list_other_features,
    plan_removals,
    prune_steps,
)
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.expressions.matchers import translate_answers, translate_queries
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.rewording import apply_rewordings
from spec2bdd.domain.steps.step_modules import derive_queries, plan_step_modules
from spec2bdd.errors import RunError
from spec2bdd.model import FileChange, Report, Severity
from spec2bdd.project.generate_cache import CacheInputs, read_clock, store_report
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.locks import lock_project
from spec2bdd.project.outcome import StageResult


def plan_generation(project: Project, registry: RegistryClient, *, prune: bool = False) -> StageResult:
    """Plan the step files and feature files; step files come first, since features remember what they are proved by.

    With `prune`, what nobody needs any more is removed: features of specs that are gone, and untouched stubs.
    """
    config = project.config
    removed = find_prunable_features(project) if prune else ()
    queries = derive_queries(project.drafts)
    registry.put_question(
        translate_queries(queries, config.matcher), features=list_other_features(project, frozenset(removed))
    )
    # Both work at the same time: few criteria are worded otherwise once it is known what is defined.
    planned = _plan_features(project.drafts, project)
    try:
        asked = registry.read_answer()
    except RunError as error:
        return StageResult(
            (*plan_removals(project, removed), *filter(None, planned)), problems=(diagnose_error(error),)
        )
    answers = tuple(translate_answers(asked.answers, queries))
    found = asked.problems
    step_files = {path: files.read_file(config.root, path) or b"" for path in project.digests if path.endswith(".py")}
    if any(problem.severity is Severity.ERROR for problem in found):
        # With a step module that does not load, nobody knows what is missing: a stub might define a step twice.
        return StageResult((*plan_removals(project, removed), *filter(None, planned)), problems=found)
    carried = apply_rewordings(
        project.drafts, project.library, answers, files=step_files, contents=project.contents, matcher=config.matcher
    )
    stubs, refused = plan_step_modules(
        project.drafts,
        carried.answers,
        folder=config.steps,
        files=carried.files,
        matcher=config.matcher,
        spread=parallel_map,
    )
    changed = {change.path: change.after for change in stubs if change.after is not None}
    pruned = prune_steps(project, registry.read_unused(), {**carried.files, **changed})
    new = {**carried.files, **changed, **(pruned.files if prune else {})}
    written = [
        FileChange(path, step_files.get(path), after) for path, after in new.items() if after != step_files.get(path)
    ]
    features_after = _plan_carried(carried.drafts, project, planned)
    changes = (*plan_removals(project, removed), *written, *filter(None, features_after))
    notes = (*carried.notes, *describe_unused(pruned, prune=prune))
    return StageResult(changes, problems=(*found, *refused), notes=notes, inputs=_derive_inputs(project, asked))


def _derive_inputs(project: Project, asked: RegistryReply) -> CacheInputs:
    """Return all that the plan came from."""
    files = (str(project.config.root / path) for path in {*project.contents, *project.digests})
    return CacheInputs((*files, *asked.files), asked.folders, closed=asked.closed)


def _plan_features(drafts: Iterable[SpecPlan], project: Project) -> list[FileChange | None]:
    """Plan the feature file of each spec."""
    return [_plan_feature(draft, project) for draft in drafts]


def _plan_carried(
    drafts: Sequence[SpecPlan], project: Project, planned: Sequence[FileChange | None]
) -> Iterator[FileChange | None]:
    """Yield the feature file of each spec as planned before, or anew where its draft has become another since."""
    for draft, before, change in zip(drafts, project.drafts, planned, strict=True):
        yield change if draft is before else _plan_feature(draft, project)


def _plan_feature(draft: SpecPlan, project: Project) -> FileChange | None:
    """Plan the feature file of one spec, or nothing if it is as it should be or was edited by hand."""
    if draft.feature is None or draft.hand_edited:
        return None
    path = draft.feature.path
    before = project.contents.get(path)
    after = render_feature(draft.feature).encode("utf-8", "replace")
    # A checkout may have turned the line ends; that is no change.
    same = before is not None and before.replace(b"\r\n", b"\n") == after
    return None if same else FileChange(path, before, after)


def describe_stubs(changes: Iterable[FileChange]) -> tuple[str, ...]:
    """Return a note for each step file that got stubs."""
    stub = b"raise StepNotImplementedError("
    counts = {change.path: (change.after or b"").count(stub) - (change.before or b"").count(stub) for change in changes}
    return tuple(
        f"{count} new {'stub' if count == 1 else 'stubs'} to fill in: {path}"
        for path, count in counts.items()
        if count > 0
    )


def generate(config: Config, options: Options) -> Report:
    """Write the feature files and step stubs that the specs ask for, and keep in mind when all is done."""
    started = read_clock(config)
    report, inputs = _generate(config, options)
    if not options.prune:
        store_report(config, report, inputs, started=started)
    return report


def _generate(config: Config, options: Options) -> tuple[Report, CacheInputs]:
    """Write what the specs ask for, and tell what it came from."""
    # The step modules are loaded while the specs are read.
    with lock_project(config, writes=options.writes), open_registry(config.root, steps=config.steps) as registry:
        project = load_project(config, sources=False)
        planned = plan_generation(project, registry, prune=options.prune)
        written = _write(config, planned.changes, options)
    report = Report("generate", written.changes, notes=(*describe_stubs(written.changes), *planned.notes))
    removed = {change.path for change in written.changes if change.after is None}
    problems = [problem for problem in project.problems if problem.path not in removed]
    problems += [*planned.problems, *written.problems]
    return _finish(project, report, options, problems=problems), planned.inputs
