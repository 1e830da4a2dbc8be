"""Select what to run: by name, by the last results, or by what changed since a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec2bdd.domain.planning.affected import find_affected_features
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import AmbiguousNameError, NotFoundError, UsageError
from spec2bdd.model import ProofSource, RunOptions, Selection, Tier, TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.project.left_out import check_in_project, report_left_out
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import Match, find_match, is_partial_path, normalize_path, suggest_names

_FEATURE_SUFFIX = ".feature"
# All feature files of a small project can be listed.
_MOST_LISTED = 3


@dataclass(frozen=True, slots=True)
class SelectedRun:
    """The plan of the run, whether there is `nothing` to run, and notes for the reader."""

    plan: RunOptions
    nothing: bool = False
    notes: tuple[str, ...] = ()


def select_run(project: Project, selection: Selection, options: RunOptions) -> SelectedRun:
    """Narrow a run down to the selection; several criteria of selection are combined with "and".

    Raises:
        UsageError: a name matches nothing or more than one thing, or git cannot compare.
    """
    selected = SelectedRun(options)
    if selection.names:
        paths = {name: find_feature(project, name) for name in selection.names}
        features = frozenset(path for path in paths.values() if path)
        # Feature files alone are run as they are, with the scenarios that are linked to no criterion.
        if len(features) == len(paths):
            selected = _keep_features(selected, features)
        else:
            ids = (id_ for name, path in paths.items() for id_ in _find_ids(project, name, path))
            selected = _keep(selected, frozenset(ids), "")
    if selection.failed or selection.failed_first:
        selected = _select_failed(project, selected, only=selection.failed)
    if selection.changed:
        note = "no scenario is affected by what was saved: nothing was run"
        affected = find_affected_features(project.plans, selection.changed, known=project.digests.keys())
        selected = _keep_features(selected, affected, note)
    return _select_changed(project, selection.since, selected) if selection.since else selected


def check_names(project: Project, names: Sequence[str]) -> None:
    """Check before anything is written that names match; feature files may still have to be generated.

    Raises:
        UsageError: a name matches nothing or more than one thing.
    """
    for name in names:
        if not name.endswith(_FEATURE_SUFFIX):
            find_project_match(project, name)


def find_named_plans(project: Project, names: Sequence[str]) -> tuple[SpecPlan, ...]:
    """Find the plans of the specs that are named, by themselves, by a criterion or by their feature file.

    Raises:
        UsageError: a name matches nothing or more than one thing, or the feature file was not generated.
    """
    named: set[str] = set()
    for name in names:
        if (path := find_feature(project, name)) is None:
            named.add(find_project_match(project, name).plan.spec.path)
            continue
        paths = {plan.spec.path for plan in project.plans if plan.feature and plan.feature.path == path}
        if not paths:
            raise UsageError(f"`{path}` is not generated from a spec", hint="name a spec, or a generated feature file")
        named |= paths
    return tuple(plan for plan in project.plans if plan.spec.path in named)


def find_project_match(project: Project, name: str) -> Match:
    """Find the spec or the criterion with that name.

    Raises:
        UsageError: a name matches nothing or more than one thing.
    """
    if normalize_path(name).rstrip("/") == project.config.features:
        hint = "run the command without it for all features, or name the feature files"
        raise NotFoundError(f"`{name}` is the folder of the features", hint=hint)
    file, _, line = name.rpartition(":")
    if line.isdecimal() and file.endswith(_FEATURE_SUFFIX):
        hint = f"use `{file}`, or the criterion, by its id or its line in the spec"
        raise NotFoundError(f"`{name}` names a line, but only whole feature files can be run", hint=hint)
    with report_left_out(project, name):
        return find_match(project.plans, name)


def _keep(selected: SelectedRun, ids: frozenset[str], note: str) -> SelectedRun:
    """Keep only the criteria with these ids."""
    # Without an earlier selection, everything is selected.
    left = ids if selected.plan.only is None else ids & selected.plan.only
    notes = (*selected.notes, note) if note else selected.notes
    return SelectedRun(replace(selected.plan, only=left), selected.nothing or not left, notes)


def _keep_features(selected: SelectedRun, paths: frozenset[str], note: str = "") -> SelectedRun:
    """Keep only these feature files; the note is added where nothing is left."""
    before = selected.plan.features
    left = paths if before is None else before & paths
    notes = (*selected.notes, note) if note and not left else selected.notes
    return SelectedRun(replace(selected.plan, features=left), selected.nothing or not left, notes)


def find_feature(project: Project, name: str) -> str | None:
    """Find the feature file with that path; nothing where the name is not that of a feature file.

    Raises:
        NotFoundError: no feature file has that path.
        AmbiguousNameError: it is a part of several paths.
    """
    if not name.endswith(_FEATURE_SUFFIX):
        return None
    paths, path = tuple(project.feature_index.tags), check_in_project(project.config, name) or normalize_path(name)
    if path in paths:
        return path
    matches = [known for known in paths if is_partial_path(known, path)]
    if len(matches) > 1:
        shown = "; ".join(f"`{match}`" for match in matches)
        raise AmbiguousNameError(f"`{name}` matches {len(matches)} feature files: {shown}", hint="use the full path")
    # A criterion's text may end in this suffix as well.
    if not matches and " " in name:
        return None
    if not matches:
        raise NotFoundError(f"no feature file matches `{name}`", hint=_find_feature_hint(project, path))
    return matches[0]


def _find_feature_hint(project: Project, path: str) -> str:
    """Choose the hint for a path that no feature file has: that it is still to be generated, similar paths, or all."""
    paths = sorted(project.feature_index.tags)
    planned = [plan.feature.path for plan in project.plans if plan.feature and plan.feature.path not in paths]
    if not paths or any(is_partial_path(known, path) for known in planned):
        return "run `spec2bdd generate` first"
    # The folder is often left out, as the whole path need not be typed.
    names = {known.rpartition("/")[2]: (known, "") for known in paths} | {known: (known, "") for known in paths}
    if hint := suggest_names(path, names):
        return hint
    if len(paths) > _MOST_LISTED:
        return f"the feature files are in `{project.config.features}/`"
    listed = ", ".join(f"`{known}`" for known in paths)
    return f"the feature files are {listed}" if paths[1:] else f"the only feature file is {listed}"


def _find_ids(project: Project, name: str, feature: str | None) -> Sequence[str]:
    """Find the ids of the criteria that a name covers: those of a feature file, of a spec, or a criterion.

    Raises:
        UsageError: nothing that was named has a scenario.
    """
    if feature:
        tracked = [tracked for plan in project.plans for tracked in plan.tracked if feature in tracked.files]
        if not tracked:
            hint = "name only feature files, which are run as they are"
            raise UsageError(f"no scenario in `{feature}` has the tag of a criterion", hint=hint)
        return [criterion.id for criterion in tracked]
    match = find_project_match(project, name)
    if not match.plan.tracked:
        hint = f"write them in `{match.plan.spec.path}`, then `spec2bdd generate`"
        raise UsageError(f"`{name}` has no criteria yet", hint=hint)
    selected: set[int] = set()
    # All of a spec, or a criterion and what is nested under it; parents come before their children.
    for index, candidate in enumerate(match.plan.tracked):
        is_named = match.tracked is None or candidate.id == match.tracked.id
        if is_named or candidate.criterion.parent in selected:
            selected.add(index)
    tracked = [match.plan.tracked[index] for index in sorted(selected)]
    if ids := [criterion.id for criterion in tracked if criterion.files]:
        return ids
    if len(tracked) == 1:
        exemption = find_exemption(match.plan, tracked[0])
        if tracked[0].criterion.manual and not exemption:
            exemption = ("manual", f"check it by hand, then `spec2bdd tick {tracked[0].id}`")
        if exemption:
            why, hint = exemption
            raise UsageError(f"`{tracked[0].criterion.text}` is {why}, so there is nothing to run", hint=hint)
    is_missing = any(candidate.proof is not ProofSource.NONE for candidate in tracked)
    hint = "criteria that are waived, manual, set aside or won't-haves have none"
    raise UsageError(f"no criterion in `{name}` has a scenario", hint="run `spec2bdd generate`" if is_missing else hint)


def find_exemption(plan: SpecPlan, tracked: TrackedCriterion) -> tuple[str, str] | None:
    """Find why neither a scenario nor a person has to prove a criterion, after `it is`, and what to do about it."""
    criterion = tracked.criterion
    if criterion.tier is Tier.WONT:
        return "a won't-have", "move it to another tier if it is required"
    if criterion.waived:
        return f'waived: "{criterion.waived}"', f"run `spec2bdd unwaive {tracked.id}` if it is required again"
    # A box that was set aside is a person's where a person judges it.
    if criterion.box.set_aside and not criterion.manual:
        place = f"{plan.spec.path}:{criterion.line}"
        hint = f'empty the box in {place}, or `spec2bdd waive {tracked.id} --reason "..."`'
        return f"set aside with `[{criterion.box.mark}]`", hint
    return None


def _select_failed(project: Project, selected: SelectedRun, *, only: bool) -> SelectedRun:
    """Keep what did not pass in the last records, or put it first; everything stays where there are none.

    Scenarios without a criterion are kept as well.
    """
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.domain.verdicts.scenarios.context import ignore_vacuity
    from spec2bdd.domain.verdicts.scenarios.last_failed import find_last_failed, find_last_failing
    from spec2bdd.project.assessment import find_criterion_ids
    from spec2bdd.project.runs import load_last_runs

    runs = [run for run in load_last_runs(project.config).runs if not run.outdated]
    if not runs and only:
        return replace(selected, notes=(*selected.notes, "no results yet: `--failed` runs everything"))
    ids = [tracked.id for plan in project.plans for tracked in plan.tracked if tracked.files]
    # Where the project accepts vacuous steps, they do not count as failed here either.
    counted = [ignore_vacuity(run) for run in runs] if project.config.vacuous == "pass" else runs
    failed = find_last_failed(counted, ids)
    if not only:
        return replace(selected, plan=replace(selected.plan, urgent=failed))
    named, files = selected.plan.only, selected.plan.features
    # Where criteria are named, scenarios without one are not asked for.
    others = find_last_failing(counted, find_criterion_ids(project)) if named is None else frozenset()
    again = {(path, name) for path, name in others if path in (project.digests if files is None else files)}
    note = "" if failed or again else "nothing failed last time: nothing was run"
    kept = _keep(selected, failed, note)
    plan = replace(kept.plan, scenarios=frozenset(again))
    return replace(kept, plan=plan, nothing=selected.nothing or not (plan.only or again))


def _select_changed(project: Project, since: str, selected: SelectedRun) -> SelectedRun:
    """Keep what can be affected by the files that changed since a revision."""
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.project.since.affected import find_affected

    affected = find_affected(project, since, selected.plan.values)
    notes = (*selected.notes, affected.note) if affected.note else selected.notes
    if affected.everything:
        return replace(selected, notes=notes)
    if affected.kept is None:
        return _keep_features(selected, affected.features, affected.note)
    plan, ids, scenarios = selected.plan, affected.criteria, affected.scenarios
    if plan.only is not None:
        of_features = [project.feature_index.tags.get(path, frozenset()) for path in affected.features]
        ids = plan.only & ids.union(*of_features)
        scenarios = frozenset(one for one in plan.scenarios if one in scenarios or one[0] in affected.features)
    also = affected.features if plan.only is None else frozenset[str]()
    # Another part of the run may judge the scenarios that this one leaves out.
    kept = {} if plan.shard else affected.kept
    nothing = selected.nothing or not (ids or also or scenarios or (kept and affected.is_news))
    return SelectedRun(replace(plan, only=ids, also=also, scenarios=scenarios, kept=kept), nothing, notes)
