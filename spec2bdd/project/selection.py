"""What somebody wants to run in, the plan of a run out: by name, by the last results, by what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from spec2bdd.adapters.system.git import read_changed_files
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.scenarios.context import ignore_vacuity
from spec2bdd.domain.verdicts.scenarios.last_failed import find_last_failed
from spec2bdd.errors import ConfigError
from spec2bdd.model import RunOptions, TrackedCriterion
from spec2bdd.project.loader import SPEC_SUFFIX, Project
from spec2bdd.project.lookup import find_criterion, find_spec
from spec2bdd.project.runs import load_last_runs

# What these say can change any scenario; so can every Python file, since any of them may be imported.
_SETTINGS = ("pyproject.toml", "spec2bdd.toml", "behave.ini", ".behaverc", "setup.cfg", "tox.ini")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be run: the `only` names, what `failed` in the last records, what changed `since` a revision."""

    only: tuple[str, ...] = ()
    failed: bool = False
    since: str = ""


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class SelectedRun:
    """The plan of the run, whether there is `nothing` to run, and notes for the reader."""

    plan: RunOptions
    nothing: bool = False
    notes: tuple[str, ...] = ()


def select_run(project: Project, choice: Selection, plan: RunOptions) -> SelectedRun:
    """Return the plan with what was chosen; several choices leave what all of them name.

    Raises:
        ConfigError: a name means no criterion, or more than one, or git cannot compare.
    """
    chosen = SelectedRun(plan)
    if choice.only:
        chosen = _keep(chosen, _find_named(project, choice.only), "")
    if choice.failed:
        chosen = _choose_failed(project, chosen)
    return _choose_changed(project, choice.since, chosen) if choice.since else chosen


def is_whole_run(selection: Selection, plan: RunOptions) -> bool:
    """Whether everything is to be run, so that the records replace all earlier ones."""
    return selection == EVERYTHING and not may_be_partial(plan)


def may_be_partial(plan: RunOptions) -> bool:
    """Tell whether a run may leave something out on purpose; of Behave's own arguments only values certainly do not."""
    arguments = iter(plan.arguments)
    for argument in arguments:
        if argument in ("-D", "--define"):
            next(arguments, None)
        elif not argument.startswith(("-D", "--define=")):
            return True
    return plan.is_partial


def _keep(chosen: SelectedRun, ids: frozenset[str], note: str) -> SelectedRun:
    """Keep of what was chosen the criteria with these ids."""
    left = ids if chosen.plan.only is None else ids & chosen.plan.only
    notes = (*chosen.notes, note) if note else chosen.notes
    return SelectedRun(replace(chosen.plan, only=left), chosen.nothing or not left, notes)


def _find_named(project: Project, typed: Sequence[str]) -> frozenset[str]:
    """Return the ids of all criteria that are named, those nested below them among them."""
    return frozenset(one for text in typed for one in _find_ids(project, text))


def _find_ids(project: Project, typed: str) -> Sequence[str]:
    """Return the ids that one name stands for: a feature file, a spec, a criterion, or a part of a spec's name."""
    path = PurePosixPath(typed.replace("\\", "/")).as_posix()
    every = [item for draft in project.drafts for item in draft.identified]
    if path in project.digests:
        return _check_any([item.id for item in every if path in item.files], typed)
    if exact := [draft for draft in project.drafts if typed and typed in _list_names(draft, path)]:
        return _check_any([item.id for draft in exact for item in draft.identified if item.files], typed)
    try:
        draft, item = find_criterion(project.drafts, typed)
    except ConfigError as error:
        if "could be" in error.message:
            raise
        return _find_in_spec(project, typed, error)
    return _check_any([one.id for one in _find_below(draft, item) if one.files], typed)


def _list_names(draft: SpecPlan, path: str) -> tuple[str, ...]:
    """Return the names that mean a spec and nothing else."""
    return (draft.spec.find_value("feature_id"), path if draft.spec.path == path else draft.spec.path)


def _find_in_spec(project: Project, typed: str, error: ConfigError) -> Sequence[str]:
    """Return the ids of a spec that is named in part, or say what was wrong with it as a criterion."""
    try:
        draft = find_spec(project.drafts, typed)
    except ConfigError as other:
        raise other if "could be" in other.message else error from None
    return _check_any([item.id for item in draft.identified if item.files], typed)


def _find_below(draft: SpecPlan, item: TrackedCriterion) -> list[TrackedCriterion]:
    """Return a criterion and all that are nested below it."""
    found = {draft.identified.index(item)}
    for index, other in enumerate(draft.identified):
        if other.criterion.parent in found:
            found.add(index)
    return [draft.identified[index] for index in sorted(found)]


def _check_any(ids: Sequence[str], typed: str) -> Sequence[str]:
    """Return the ids, if there are any.

    Raises:
        ConfigError: nothing that was named has a scenario.
    """
    if not ids:
        hint = "type `spec2bdd generate` first; what people judge, and what is waived, has none"
        raise ConfigError(f"nothing that `{typed}` means has a scenario", hint=hint)
    return ids


def _choose_failed(project: Project, chosen: SelectedRun) -> SelectedRun:
    """Keep what did not pass in the last records; without records, nothing did."""
    runs = load_last_runs(project.config).runs
    if not runs:
        return replace(chosen, notes=(*chosen.notes, "there are no records of a run yet, so nothing is left out"))
    ids = [item.id for draft in project.drafts for item in draft.identified if item.files]
    counted = [ignore_vacuity(run) for run in runs] if project.config.vacuous == "pass" else runs
    failed = find_last_failed(counted, ids)
    note = "" if failed else "everything passed in the last records: nothing was run"
    return _keep(chosen, failed, note)


def _choose_changed(project: Project, since: str, chosen: SelectedRun) -> SelectedRun:
    """Keep what the files can affect that have changed since a revision.

    A spec or a feature file affects its own scenarios. Everything that Python or Behave may load affects all.
    """
    changed = read_changed_files(project.config.root, since)
    wide = next((path for path in changed if _affects_all(path, project)), "")
    if wide:
        return replace(
            chosen, notes=(*chosen.notes, f"`{wide}` has changed since `{since}`, and may affect everything")
        )
    affected = frozenset(path for name in changed for path in _find_features(name, project))
    before = chosen.plan.features
    left = affected if before is None else affected & before
    note = () if left else (f"nothing that has changed since `{since}` affects a scenario: nothing was run",)
    return SelectedRun(replace(chosen.plan, features=left), chosen.nothing or not left, (*chosen.notes, *note))


def _affects_all(path: str, project: Project) -> bool:
    """Tell whether a file may have to do with any scenario: Python, settings, what lies beside the steps."""
    config = project.config
    steps = path.startswith(f"{config.steps}/")
    return steps or path.endswith(".py") or PurePosixPath(path).name in _SETTINGS


def _find_features(path: str, project: Project) -> set[str]:
    """Return the feature files whose scenarios a spec or a feature file affects."""
    if path in project.digests:
        return {path}
    if not path.endswith(SPEC_SUFFIX):
        return set()
    drafts = [draft for draft in project.drafts if draft.spec.path == path]
    return {name for draft in drafts for item in draft.identified for name in item.files}
