"""The commands `waive`, `unwaive`, `manual` and `tick`: record what a person decided about criteria."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from spec2bdd.commands.decisions.decide import PlannedDecision, decide, describe_place, refuse_decision
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation
from spec2bdd.config.tables import name_tables
from spec2bdd.domain.editing.annotations import MANUAL, WAIVER, add_annotation, plan_box_edit, remove_annotation
from spec2bdd.domain.editing.verified_edit import find_verified_edit
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import BoxKind, Criterion, FileChange, Report, Tier, TrackedCriterion
from spec2bdd.project.loader import Project
from spec2bdd.project.selection import find_exemption
from spec2bdd.project.spec_files import parse_project_spec


def waive(project: ProjectLocation, *names: str, reason: str, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Waive criteria for a reason: their boxes become `[~]`, and the reason is recorded next to them.

    `names` are ids, numbers in a spec (`3.2#4`), or parts of the texts. The feature files of their specs follow.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, one is waived for another reason or a won't-have, or the
            reason cannot be written so that it reads back the same.
    """
    return decide("waive", project, names, partial(_plan_waiver, reason=reason), mode=mode)


def unwaive(project: ProjectLocation, *names: str, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Remove the waivers of criteria, and empty their boxes; the feature files of their specs follow.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, or a note cannot be removed exactly.
    """
    return decide("unwaive", project, names, _plan_unwaiver, mode=mode)


def manual(project: ProjectLocation, *names: str, off: bool = False, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Mark criteria as manual, or with `off` let scenarios verify them again; the feature files of their specs follow.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, or a note cannot be written or removed exactly.
    """
    report = decide("manual", project, names, partial(_plan_manual, off=off), mode=mode)
    return replace(report, follow_up="run `spec2bdd verify`") if off and report.changes else report


def tick(project: ProjectLocation, *names: str, off: bool = False, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Tick manual criteria, or with `off` remove the ticks; the status follows, as far as the last records allow.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches no criterion or several, or scenarios verify one of them.
    """
    return decide("tick", project, names, partial(_plan_tick, off=off), mode=mode)


def _plan_waiver(project: Project, plan: SpecPlan, tracked: TrackedCriterion, *, reason: str) -> PlannedDecision:
    """Plan to waive a criterion for a reason, which must read back exactly as it was given."""
    criterion = tracked.criterion
    if not reason.strip():
        raise refuse_decision("waive", plan, tracked, "a waiver needs a reason", 'use `--reason "postponed to 2.0"`')
    if criterion.waived == reason:
        return (), (f"nothing to waive: {describe_place(plan, tracked)} is already waived for this reason",)
    if criterion.waived:
        hint = f"run `spec2bdd unwaive {tracked.id}` first"
        raise refuse_decision("waive", plan, tracked, f'it is already waived: "{criterion.waived}"', hint)
    if criterion.tier is Tier.WONT:
        raise refuse_decision(
            "waive", plan, tracked, "won't-have criteria are not required", "there is nothing to waive"
        )
    # A box that the author set aside keeps the author's character.
    has_box = criterion.box.kind is BoxKind.BOX
    mark = "~" if has_box and not criterion.box.set_aside else criterion.box.mark
    waived = replace(criterion, waived=reason, box=replace(criterion.box, mark=mark))
    edit = partial(add_annotation, note=f"waived: {reason}")
    hint = "write it on one line, without `-->`, with single spaces between words and none at the ends"
    refusal = ("the reason would not read back as given", hint)
    change = _plan_edit(project, plan, tracked, waived, edit, refusal=refusal)
    return (change,), (f"{describe_place(plan, tracked)} is now waived",)


def _plan_unwaiver(project: Project, plan: SpecPlan, tracked: TrackedCriterion) -> PlannedDecision:
    """Plan to remove the waiver of a criterion and to empty its box."""
    criterion = tracked.criterion
    if not criterion.waived:
        aside = f", only set aside with `[{criterion.box.mark}]`: empty its box" if criterion.box.set_aside else ""
        return (), (f"nothing to unwaive: {describe_place(plan, tracked)} is not waived{aside}",)
    mark = " " if criterion.box.set_aside else criterion.box.mark
    unwaived = replace(criterion, waived="", box=replace(criterion.box, mark=mark))
    change = _plan_removal(project, plan, tracked, unwaived)
    how = f"; its box is empty: tick it with `spec2bdd tick {tracked.id}`" if criterion.manual and mark == " " else ""
    return (change,), (f"{describe_place(plan, tracked)} is no longer waived{how}",)


def _plan_manual(project: Project, plan: SpecPlan, tracked: TrackedCriterion, *, off: bool) -> PlannedDecision:
    """Plan to mark a criterion as manual, or with `off` to let scenarios verify it again; its box stays as it is."""
    if tracked.criterion.manual != off:
        return (), (f"nothing to change: {describe_place(plan, tracked)} is {'not' if off else 'already'} manual",)
    changed = replace(tracked.criterion, manual=not off)
    # A box that was set aside is a person's then, and from a won't-have the note may be removed.
    exempt = tracked.criterion.waived or (tracked.criterion.tier is Tier.WONT and not off)
    if exempt and (exemption := find_exemption(plan, tracked)):
        why, hint = exemption
        raise refuse_decision("change", plan, tracked, f"it is {why}", hint)
    if off:
        change = _plan_removal(project, plan, tracked, changed)
        return (change,), (f"{describe_place(plan, tracked)} is no longer manual",)
    edit = partial(add_annotation, note="manual")
    refusal = ("the note would not be recognized", "write `(manual)` after its text yourself")
    change = _plan_edit(project, plan, tracked, changed, edit, refusal=refusal)
    # A tick that scenarios earned stays: nothing contradicts it, and only a person may remove it now.
    how = f"tick it with `spec2bdd tick {tracked.id}`"
    if changed.box.ticked:
        untick = f"untick it with `spec2bdd tick --off {tracked.id}`"
        how = f"its box keeps the tick and counts as proved; if no person has checked it, {untick}"
    return (change,), (f"{describe_place(plan, tracked)} is now manual; {how}",)


def _plan_tick(project: Project, plan: SpecPlan, tracked: TrackedCriterion, *, off: bool) -> PlannedDecision:
    """Plan to tick a manual criterion, or with `off` to remove the tick."""
    criterion = tracked.criterion
    verb = "untick" if off else "tick"
    if exemption := find_exemption(plan, tracked):
        why, hint = exemption
        raise refuse_decision(verb, plan, tracked, f"it is {why}", hint)
    if not criterion.manual:
        results = "unticks criteria whose scenarios do not" if off else "ticks criteria whose scenarios"
        hint = f"`spec2bdd manual {tracked.id}` makes it manual; `spec2bdd verify` {results} pass"
        raise refuse_decision(verb, plan, tracked, f"only manual criteria can be {verb}ed by hand", hint)
    if criterion.box.ticked != off:
        return (), (f"nothing to change: {describe_place(plan, tracked)} is {'not' if off else 'already'} ticked",)
    if criterion.box.kind is BoxKind.NONE:
        hint = 'set `marks = "comments"` under `[tool.spec2bdd]`'
        raise refuse_decision(verb, plan, tracked, "it has no box", name_tables(hint, project.config))
    ticked = replace(criterion, box=replace(criterion.box, mark=" " if off else "x"))
    edit = partial(find_verified_edit, candidates=[plan_box_edit(criterion, ticked)])
    refusal = ("its box cannot be edited exactly", "edit the spec yourself")
    change = _plan_edit(project, plan, tracked, ticked, edit, refusal=refusal)
    return (change,), (f"{describe_place(plan, tracked)} is {'no longer' if off else 'now'} ticked",)


def _plan_removal(project: Project, plan: SpecPlan, tracked: TrackedCriterion, changed: Criterion) -> FileChange:
    """Plan to remove the waiver or the `(manual)` note by which a criterion differs from what it shall be."""
    edit = partial(remove_annotation, pattern=WAIVER if tracked.criterion.waived else MANUAL)
    refusal = ("the note cannot be removed exactly", "edit the spec yourself")
    return _plan_edit(project, plan, tracked, changed, edit, refusal=refusal)


def _plan_edit(
    project: Project,
    plan: SpecPlan,
    tracked: TrackedCriterion,
    changed: Criterion,
    edit: Callable[..., str],
    *,
    refusal: tuple[str, str],
) -> FileChange:
    """Plan the spec in which a criterion reads as `changed`, or raise the refusal, a reason and a hint."""
    spec = plan.spec
    text = edit(spec, plan.tracked.index(tracked), changed, read=partial(parse_project_spec, project.config))
    if not text:
        raise refuse_decision("change", plan, tracked, *refusal)
    return FileChange(spec.path, project.contents[spec.path], text.encode("utf-8"))
