"""Plan and write feature files and step stubs: the part that `generate` and `verify` share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from shlex import quote

from spec2bdd.adapters.behave.preloaded import PreloadedBehave
from spec2bdd.adapters.behave.registry.client import RegistryClient, open_registry
from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.git import find_indexed
from spec2bdd.adapters.system.memory import pause_collector
from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.commands._report import apply_changes, finish_report
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.prune import (
    describe_unused,
    find_prunable_features,
    list_other_features,
    prune_steps,
)
from spec2bdd.config import Config
from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.expressions.matchers import translate_answers, translate_queries
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.steps.defined_steps import list_defined_at_once
from spec2bdd.domain.steps.rewording import RewordingResult, apply_rewordings
from spec2bdd.domain.steps.step_homes import choose_step_files
from spec2bdd.domain.steps.step_modules import list_queries, plan_step_modules
from spec2bdd.domain.steps.value_changes import list_value_changes, record_unread_values
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, FileChange, Report, Severity, StepAnswer
from spec2bdd.project.assessment import find_status_diagnostics
from spec2bdd.project.cache.first_sight import remember_defined
from spec2bdd.project.cache.folder import store_rendered
from spec2bdd.project.cache.generate_cache import CacheInputs
from spec2bdd.project.loader import Project, load_project, suggest_criteria
from spec2bdd.project.locks import lock_project
from spec2bdd.project.outcome import PlannedChanges
from spec2bdd.project.selection import check_names, find_named_plans


@pause_collector()
def write_generated(
    config: Config,
    *,
    names: Sequence[str] = (),
    checked: Sequence[str] = (),
    prune: bool = False,
    mode: WriteMode,
    registry: PreloadedBehave | None = None,
) -> tuple[Report, CacheInputs, Project | None]:
    """Plan and write feature files and step files; return the report, what it was computed from, and the project.

    With `names`, only the specs that they match are planned; those that are `checked` have to match something as well.
    `registry` answers which steps are defined, if it has loaded today's step files; else a process of its own does.
    The project is that of a `verify`, which brings a `registry`; there is none if files were to be written.
    """
    with ExitStack() as stack:
        stack.enter_context(lock_project(config, writes=mode.writes))
        client: RegistryClient | None = registry
        if client is None:
            # It loads the step modules while the specs are parsed here.
            client = stack.enter_context(open_registry(config.root, steps=config.steps))
        project = load_project(config, sources=registry is not None)
        if registry is not None and not registry.has_loaded(project.digests):
            client = stack.enter_context(open_registry(config.root, steps=config.steps))
        check_names(project, checked)
        if names:
            project = _narrow(project, names)
        planned = plan_generation(project, client, prune=prune, whole=not names)
        written = apply_changes(config, planned.changes, mode)
        if mode.writes:
            remember_defined(config, planned.defined)
    if mode.writes:
        store_rendered(config)
    notes = (*_describe_stubs(written.changes), *planned.notes)
    # Where there is nothing to write of, "up to date" alone would be no help.
    follow_up = suggest_criteria(project)
    report = Report("generate", written.changes, notes=notes, details=planned.details, follow_up=follow_up)
    removed = {change.path for change in written.changes if change.after is None}
    diagnostics = [diagnostic for diagnostic in project.diagnostics if diagnostic.path not in removed]
    diagnostics += [item for plan in project.plans for item in find_status_diagnostics(project, plan.spec)]
    diagnostics += [*planned.diagnostics, *written.diagnostics]
    unchanged = project if registry and not (mode.writes and planned.changes) else None
    return finish_report(project, report, diagnostics=diagnostics, mode=mode), planned.inputs, unchanged


def _narrow(project: Project, names: Sequence[str]) -> Project:
    """Narrow a project down to the specs that are named, and to the diagnostics about them and their features."""
    plans = find_named_plans(project, names)
    left_out = [plan for plan in project.plans if plan not in plans]
    others = {plan.spec.path for plan in left_out} | {plan.feature.path for plan in left_out if plan.feature}
    diagnostics = tuple(diagnostic for diagnostic in project.diagnostics if diagnostic.path not in others)
    return replace(project, plans=plans, diagnostics=diagnostics)


def plan_generation(
    project: Project, registry: RegistryClient, *, prune: bool = False, whole: bool = True
) -> PlannedChanges:
    """Plan the step files and feature files of a project, and what `prune` deletes.

    Step files come before the feature files in the changes, since these record the wordings that their steps were
    written for. New feature files come first: with a step file alone, a spec would be one whose feature file is lost.
    Nothing is planned for a spec with errors. Only where the `whole` project is planned, it is known which steps are
    unused.
    """
    config = project.config
    certain = tuple(plan for plan in project.plans if not plan.spec.has_errors)
    if len(certain) < len(project.plans):
        # What the others ask for is not certain: what was generated for them stays, and may need any step.
        project, whole = replace(project, plans=certain), False
    removed = find_prunable_features(project) if prune else ()
    merged = [path for plan in project.plans for path in plan.merged]
    queries = list_queries(project.plans)
    registry.put_question(
        translate_queries(queries, config.matcher),
        features=list_other_features(project, frozenset({*removed, *merged})),
        changes=list_value_changes(project.plans),
    )
    # Features are planned while the registry works; few of them change once it is known which steps are defined.
    features = [plan_feature(plan, project) for plan in project.plans]
    removals = tuple(FileChange(path, project.contents[path], None) for path in removed)
    # They remember the ids of their criteria until the feature files of the specs with these criteria are written.
    written = frozenset(plan.feature.path for plan in project.plans if plan.feature)
    merged_removals = tuple(FileChange(path, project.contents[path], None, needs=written) for path in merged)
    without_steps = (*removals, *filter(None, features), *merged_removals)
    try:
        reply = registry.read_answer()
    except RunError as error:
        return PlannedChanges(without_steps, diagnostics=(diagnose_error(error),))
    if any(diagnostic.severity is Severity.ERROR for diagnostic in reply.diagnostics):
        # A step module did not load, so its definitions are unknown: a stub might define a step a second time.
        return PlannedChanges(without_steps, diagnostics=reply.diagnostics)

    answers = tuple(translate_answers(reply.answers, queries))
    step_files = files.LazyFiles(config.root, (path for path in project.digests if path.endswith(".py")))
    reworded, step_changes, refused, unused = _plan_step_files(project, registry, answers, step_files, prune=prune)
    plans = record_unread_values(reworded.plans, {change.id for change in reply.unread})
    # A plan that a rewording left alone is the same object; its feature file has been planned above.
    for index, (plan, before) in enumerate(zip(plans, project.plans, strict=True)):
        if plan is not before:
            features[index] = plan_feature(plan, project)
    if step_changes:
        step_changes, features = _join_files(project, step_changes, features, step_files)
    changed = [change for change in features if change]
    new = [change for change in changed if change.before is None]
    # They record the new wordings: if a definition could not follow now, the next `generate` would not know of it.
    renamed = {path for path, content in reworded.changed.items() if content != step_files.get(path)}
    others = [replace(change, needs=change.needs | renamed) for change in changed if change.before is not None]
    inputs = (str(config.root / path) for path in {*project.contents, *project.digests})
    return PlannedChanges(
        (*removals, *new, *step_changes, *others, *merged_removals),
        diagnostics=(*reply.diagnostics, *refused, *_report_lost(config, step_changes)),
        notes=(*reworded.notes, *(unused if prune and whole else ())),
        # Without `--prune`, definitions that are not used are nothing to act on.
        details=() if prune or not whole else unused,
        inputs=CacheInputs((*inputs, *reply.files), reply.folders, closed=reply.closed),
        defined=list_defined_at_once(project.plans, answers, step_files),
    )


def _report_lost(config: Config, changes: Sequence[FileChange]) -> Iterator[Diagnostic]:
    """Report new step files in the place of those that were deleted: the code of the steps may have been lost."""
    paths = [change.path for change in changes if change.before is None]
    tracked = find_indexed(config.root, config.steps) if paths else frozenset()
    for path in paths:
        if path in tracked:
            message = "this file is gone, and git has it; new stubs take its place"
            hint = f"restore it with `git restore {quote(path)}`"
            yield build_diagnostic("lost-steps", message, path=path, hint=hint)


def _join_files(
    project: Project,
    steps: Sequence[FileChange],
    features: Sequence[FileChange | None],
    step_files: Mapping[str, bytes],
) -> tuple[list[FileChange], list[FileChange | None]]:
    """Let the feature file of each spec and the step file that its stubs go to be written both, or neither."""
    chosen = choose_step_files([plan.spec for plan in project.plans], folder=project.config.steps, files=step_files)
    stubs = [chosen[plan.spec.path] for plan in project.plans]
    own = {path: feature.path for path, feature in zip(stubs, features, strict=True) if feature}
    homes = {own[change.path]: change.path for change in steps if change.path in own}
    return (
        [replace(each, needs=each.needs | {own[each.path]}) if each.path in own else each for each in steps],
        [
            replace(each, needs=each.needs | {homes[each.path]}) if each and each.path in homes else each
            for each in features
        ],
    )


def _plan_step_files(
    project: Project,
    registry: RegistryClient,
    answers: Sequence[StepAnswer],
    step_files: Mapping[str, bytes],
    *,
    prune: bool,
) -> tuple[RewordingResult, list[FileChange], Sequence[Diagnostic], tuple[str, ...]]:
    """Plan the step files: decorators that follow a rewording, new stubs, and what `prune` deletes.

    The result is what the rewordings left to do, the changes, the stubs that were refused, and notes on what is unused.
    """
    config = project.config
    reworded = apply_rewordings(
        project.plans,
        project.feature_index,
        answers,
        files=step_files,
        contents=project.contents,
        matcher=config.matcher,
        width=config.line_length,
    )
    stubs, refused = plan_step_modules(
        project.plans,
        reworded.answers,
        folder=config.steps,
        files=reworded.files,
        matcher=config.matcher,
        width=config.line_length,
        spread=parallel_map,
    )
    added = {change.path: change.after for change in stubs if change.after is not None}
    unused = registry.read_unused()
    # In most projects each definition is in use, and no step file is needed.
    pruned = prune_steps(project, unused, {**reworded.files, **added} if unused else {})
    after: Mapping[str, bytes | None] = {**reworded.changed, **added, **(pruned.files if prune else {})}
    # Those that are on disk come first, by their paths.
    known, new = sorted(after.keys() & step_files.keys()), [path for path in after if path not in step_files]
    changes = [
        FileChange(path, step_files.get(path), after[path])
        for path in (*known, *new)
        if after[path] != step_files.get(path)
    ]
    return reworded, changes, refused, describe_unused(pruned, prune=prune)


def plan_feature(plan: SpecPlan, project: Project) -> FileChange | None:
    """Plan the feature file of one spec, or nothing if it is up to date, was edited by hand, or the spec has errors."""
    if plan.feature is None or plan.hand_edited or plan.spec.has_errors:
        return None
    path = plan.feature.path
    before = project.contents.get(path)
    after = render_feature(plan.feature).encode("utf-8", "replace")
    # A checkout with `core.autocrlf` has other line endings than a new file; that is no change, and they are kept.
    if before is not None and before.replace(b"\r\n", b"\n") == after:
        return None
    if before is not None and b"\r\n" in before:
        after = after.replace(b"\n", b"\r\n")
    # What follows from an edit of the spec that cannot be written would contradict it.
    return FileChange(path, before, after, needs=frozenset({plan.spec.path}))


def _describe_stubs(changes: Iterable[FileChange]) -> tuple[str, ...]:
    """Count the stubs that were added to each step file."""
    stub = b"raise StepNotImplementedError("
    counts = {change.path: (change.after or b"").count(stub) - (change.before or b"").count(stub) for change in changes}
    return tuple(
        f"{count} new {'stub' if count == 1 else 'stubs'} in `{path}`" for path, count in counts.items() if count > 0
    )
