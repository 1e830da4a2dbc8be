"""The commands `waive`, `unwaive`, `manual` and `tick`: record what a person decided about one criterion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from spec2bdd.commands._report import apply_changes, finish_report
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.editing.annotations import MANUAL, WAIVER, add_annotation, plan_box_edit, remove_annotation
from spec2bdd.domain.editing.verified_edit import SpecReader, find_verified_edit
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import ConfigError
from spec2bdd.model import Criterion, FileChange, Report, Spec, Tier, TrackedCriterion
from spec2bdd.project.loader import Project, load_project, parse_project_spec
from spec2bdd.project.locks import lock_project
from spec2bdd.project.lookup import find_criterion

PlannedDecision = tuple[tuple[FileChange, ...], tuple[str, ...]]
"""The changes that a decision needs, and notes for the reader."""

_REGENERATE = "run `spec2bdd generate` to update its feature file"


def decide(
    command: str,
    project: ProjectLocation,
    plan: Callable[[Project], PlannedDecision],
    *,
    mode: WriteMode = WriteMode.WRITE,
) -> Report:
    """Plan a decision about one criterion, write it, and report it under the name of the command.

    Raises:
        ConfigError: the configuration is invalid, there are no specs, or the plan was refused.
    """
    config = resolve_config(project)
    with lock_project(config, writes=mode.writes):
        loaded = load_project(config)
        changes, notes = plan(loaded)
        written = apply_changes(config, changes, mode)
        report = Report(command, written.changes, notes=notes)
        return finish_report(loaded, report, diagnostics=written.diagnostics, mode=mode)


def plan_waiver(project: Project, query: str, reason: str) -> PlannedDecision:
    """Plan to waive a criterion for a reason, which must read back exactly as it was given.

    Raises:
        ConfigError: no criterion matches or several do, it already has another reason, it is a won't-have, or the
            reason cannot be written so that it reads back the same.
    """
    draft, item = find_criterion(project.plans, query)
    criterion = item.criterion
    if not reason.strip():
        raise _refuse(draft, item, "a waiver needs a reason", 'use `--reason "no users there"`')
    if criterion.waived == reason:
        return (), (f"nothing to waive: `{item.id}` is waived for this reason",)
    if criterion.waived:
        raise _refuse(draft, item, f'it is waived already: "{criterion.waived}"', f"`spec2bdd unwaive {item.id}` first")
    if criterion.tier is Tier.WONT:
        raise _refuse(draft, item, "won't-have criteria cannot be waived", "there is nothing to waive")
    # A box that the author set aside keeps the author's character.
    mark = criterion.box.mark if criterion.box.set_aside else "~"
    waived = replace(criterion, waived=reason, box=replace(criterion.box, mark=mark))
    edit = partial(add_annotation, note=f"waived: {reason}")
    hint = "write it on one line, without `-->`, and with single blanks between words and none at the ends"
    refusal = ("the reason would not read back as given", hint)
    change = _plan_edit(project, draft, item, waived, edit, refusal=refusal)
    return (change,), (f"`{item.id}` is waived; {_REGENERATE}",)


def plan_unwaiver(project: Project, query: str) -> PlannedDecision:
    """Plan to remove the waiver of a criterion and to empty its box.

    Raises:
        ConfigError: no criterion matches or several do, or its note cannot be removed exactly.
    """
    draft, item = find_criterion(project.plans, query)
    criterion = item.criterion
    if not criterion.waived:
        return (), (f"nothing to remove: `{item.id}` is not waived",)
    mark = " " if criterion.box.set_aside else criterion.box.mark
    unwaived = replace(criterion, waived="", box=replace(criterion.box, mark=mark))
    change = _plan_removal(project, draft, item, unwaived)
    return (change,), (f"`{item.id}` is no longer waived; {_REGENERATE}",)


def plan_manual(project: Project, query: str, *, off: bool) -> PlannedDecision:
    """Plan to mark a criterion as manual, or with `off` to let scenarios verify it again; its box stays as it is.

    Raises:
        ConfigError: no criterion matches or several do, or the note cannot be written or removed exactly.
    """
    draft, item = find_criterion(project.plans, query)
    if item.criterion.manual != off:
        return (), (f"nothing to change: `{item.id}` is {'not ' if off else ''}manual",)
    changed = replace(item.criterion, manual=not off)
    if off:
        change = _plan_removal(project, draft, item, changed)
        return (change,), (f"`{item.id}` is verified by scenarios; {_REGENERATE}",)
    edit = partial(add_annotation, note="manual")
    refusal = ("the note would not be recognized", "write `(manual)` after its text yourself")
    change = _plan_edit(project, draft, item, changed, edit, refusal=refusal)
    return (change,), (f"`{item.id}` is now manual; tick it with `spec2bdd tick {item.id}`; {_REGENERATE}",)


def plan_tick(project: Project, query: str, *, off: bool) -> PlannedDecision:
    """Plan to tick a manual criterion, or with `off` to remove the tick.

    Raises:
        ConfigError: no criterion matches or several do, or scenarios verify it.
    """
    draft, item = find_criterion(project.plans, query)
    criterion = item.criterion
    if not criterion.manual or criterion.waived or criterion.tier is Tier.WONT:
        hint = f"`spec2bdd manual {item.id}` makes it manual; all others are ticked by `spec2bdd verify`"
        raise _refuse(draft, item, "only manual criteria can be ticked by hand", hint)
    if criterion.box.ticked != off:
        return (), (f"nothing to change: `{item.id}` is {'not ' if off else ''}ticked",)
    ticked = replace(criterion, box=replace(criterion.box, mark=" " if off else "x"))
    refusal = ("its box cannot be edited exactly", "edit the spec yourself")
    return (_plan_edit(project, draft, item, ticked, _set_box, refusal=refusal),), ()


def _plan_removal(project: Project, draft: SpecPlan, item: TrackedCriterion, changed: Criterion) -> FileChange:
    """Plan to remove the waiver or the `(manual)` note by which a criterion differs from what it shall be."""
    edit = partial(remove_annotation, pattern=WAIVER if item.criterion.waived else MANUAL)
    refusal = ("the note cannot be removed exactly", "edit the spec yourself")
    return _plan_edit(project, draft, item, changed, edit, refusal=refusal)


def _plan_edit(
    project: Project,
    draft: SpecPlan,
    item: TrackedCriterion,
    changed: Criterion,
    edit: Callable[..., str],
    *,
    refusal: tuple[str, str],
) -> FileChange:
    """Plan the spec in which a criterion reads as `changed`, or raise the refusal, a reason and a hint."""
    spec = draft.spec
    text = edit(spec, draft.tracked.index(item), changed, read=partial(parse_project_spec, project.config))
    if not text:
        raise _refuse(draft, item, *refusal)
    return FileChange(spec.path, project.contents[spec.path], text.encode("utf-8"))


def _set_box(spec: Spec, index: int, changed: Criterion, *, read: SpecReader) -> str:
    """Edit the box of a criterion."""
    return find_verified_edit(spec, index, changed, [plan_box_edit(spec.criteria[index], changed)], read=read)


def _refuse(draft: SpecPlan, item: TrackedCriterion, why: str, hint: str) -> ConfigError:
    """Build the error of a decision that is not possible for this criterion."""
    criterion, path = item.criterion, draft.spec.path
    message = f"`{criterion.text}`: {why}"
    return ConfigError(message, hint=hint, path=path, line=criterion.line, column=criterion.column)
