"""Select what to run: by name, by the last results, or by what changed since a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from spec2bdd.errors import AmbiguousNameError, ConfigError
from spec2bdd.model import RunOptions, Selection
from spec2bdd.project.loader import SPEC_SUFFIX, Project

# These files can affect any scenario. So can every Python file, since any of them may be imported.
_SETTINGS = ("pyproject.toml", "spec2bdd.toml", "behave.ini", ".behaverc", "setup.cfg", "tox.ini")


@dataclass(frozen=True, slots=True)
class SelectedRun:
    """The plan of the run, whether there is `nothing` to run, and notes for the reader."""

    plan: RunOptions
    nothing: bool = False
    notes: tuple[str, ...] = ()


def select_run(project: Project, choice: Selection, plan: RunOptions) -> SelectedRun:
    """Narrow a run down to the selection; several criteria of selection are combined with "and".

    Raises:
        ConfigError: a name matches no criterion, or more than one, or git cannot compare.
    """
    chosen = SelectedRun(plan)
    if choice.only:
        chosen = _keep(chosen, frozenset(id_ for name in choice.only for id_ in _find_ids(project, name)), "")
    if choice.failed:
        chosen = _choose_failed(project, chosen)
    return _choose_changed(project, choice.since, chosen) if choice.since else chosen


def _keep(chosen: SelectedRun, ids: frozenset[str], note: str) -> SelectedRun:
    """Keep only the criteria with these ids."""
    # Without an earlier selection, everything is selected.
    left = ids if chosen.plan.only is None else ids & chosen.plan.only
    notes = (*chosen.notes, note) if note else chosen.notes
    return SelectedRun(replace(chosen.plan, only=left), chosen.nothing or not left, notes)


def _find_ids(project: Project, typed: str) -> Sequence[str]:
    """Find the ids that a name covers: a feature file, a spec, a criterion, or a part of the name of a spec."""
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.project.lookup import find_criterion

    path = PurePosixPath(typed.replace("\\", "/")).as_posix()
    items = [item for draft in project.plans for item in draft.tracked]
    if path in project.digests:
        return _check_any([item.id for item in items if path in item.files], typed)
    # The exact name of a spec comes before a criterion that contains the same words.
    names = [(draft, (draft.spec.find_value("feature_id"), draft.spec.path)) for draft in project.plans]
    if exact := [draft for draft, known in names if typed and typed in known]:
        return _check_any([item.id for draft in exact for item in draft.tracked if item.files], typed)
    # A criterion by part of its text comes before a spec by part of its name.
    try:
        draft, item = find_criterion(project.plans, typed)
    except AmbiguousNameError:
        raise
    except ConfigError as error:
        return _find_in_spec(project, typed, error)
    # A criterion includes all that are nested below it; parents come before their children.
    selected = {draft.tracked.index(item)}
    for index, tracked in enumerate(draft.tracked):
        if tracked.criterion.parent in selected:
            selected.add(index)
    return _check_any([draft.tracked[index].id for index in sorted(selected) if draft.tracked[index].files], typed)


def _find_in_spec(project: Project, typed: str, error: ConfigError) -> Sequence[str]:
    """Find the ids of a spec that is named in part, or raise the error for the name as a criterion."""
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.project.lookup import find_spec

    try:
        draft = find_spec(project.plans, typed)
    except AmbiguousNameError:
        raise
    except ConfigError:
        raise error from None
    return _check_any([item.id for item in draft.tracked if item.files], typed)


def _check_any(ids: Sequence[str], typed: str) -> Sequence[str]:
    """Check that there are any ids, and return them.

    Raises:
        ConfigError: nothing that was named has a scenario.
    """
    if not ids:
        hint = "run `spec2bdd generate` first; what people judge, and what is waived, has none"
        raise ConfigError(f"nothing that `{typed}` means has a scenario", hint=hint)
    return ids


def _choose_failed(project: Project, chosen: SelectedRun) -> SelectedRun:
    """Keep what did not pass in the last records; everything where there are none."""
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.domain.verdicts.scenarios.context import ignore_vacuity
    from spec2bdd.domain.verdicts.scenarios.last_failed import find_last_failed
    from spec2bdd.project.runs import load_last_runs

    runs = load_last_runs(project.config).runs
    if not runs:
        return replace(chosen, notes=(*chosen.notes, "there are no records of a run yet, so nothing is left out"))
    ids = [item.id for draft in project.plans for item in draft.tracked if item.files]
    # Where the project accepts vacuous steps, they do not count as failed here either.
    counted = [ignore_vacuity(run) for run in runs] if project.config.vacuous == "pass" else runs
    failed = find_last_failed(counted, ids)
    note = "" if failed else "everything passed in the last records: nothing was run"
    return _keep(chosen, failed, note)


def _choose_changed(project: Project, since: str, chosen: SelectedRun) -> SelectedRun:
    """Keep what can be affected by the files that changed since a revision.

    A spec or a feature file affects its own scenarios. Everything that Python or Behave may load affects all of them.
    """
    # Few runs are limited, so what a limit needs is imported here.
    from spec2bdd.adapters.system.git import read_changed_files

    changed = read_changed_files(project.config.root, since)
    steps = f"{project.config.steps}/"
    affected: set[str] = set()
    for path in changed:
        if path.startswith(steps) or path.endswith(".py") or PurePosixPath(path).name in _SETTINGS:
            note = f"`{path}` has changed since `{since}`, and may affect everything"
            return replace(chosen, notes=(*chosen.notes, note))
        if path in project.digests:
            affected.add(path)
        elif path.endswith(SPEC_SUFFIX):
            drafts = [draft for draft in project.plans if draft.spec.path == path]
            affected.update(name for draft in drafts for item in draft.tracked for name in item.files)
    before = chosen.plan.features
    left = frozenset(affected) if before is None else before & affected
    notes = () if left else (f"nothing that has changed since `{since}` affects a scenario: nothing was run",)
    return SelectedRun(replace(chosen.plan, features=left), chosen.nothing or not left, (*chosen.notes, *notes))
