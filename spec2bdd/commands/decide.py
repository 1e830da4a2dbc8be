"""What a person decides of one criterion in, the one exact change of its spec out: waived, manual, ticked, or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from spec2bdd.commands._report import _finish, _write
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.domain.editing.annotations import MANUAL, WAIVER, add_annotation, plan_box_edit, remove_annotation
from spec2bdd.domain.editing.verified_edit import SpecReader, find_verified_edit
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import ConfigError
from spec2bdd.model import Criterion, FileChange, Report, Spec, Tier, TrackedCriterion
from spec2bdd.project.loader import Project, load_project, parse_project_spec
from spec2bdd.project.locks import lock_project
from spec2bdd.project.lookup import find_criterion

PlannedDecision = tuple[tuple[FileChange, ...], tuple[str, ...]]
"""The changes that are planned, and what there is to say of them."""

_REGENERATE = "`spec2bdd generate` brings its feature file up to date"


def plan_waiver(project: Project, typed: str, reason: str) -> PlannedDecision:
    """Plan to waive a criterion for a reason, which reads back exactly as it was given.

    Raises:
        ConfigError: it is not clear which criterion is meant, it has another reason already, or is a won't-have; or
            the reason cannot be written so that it would be read as the same.
    """
    draft, item = find_criterion(project.drafts, typed)
    criterion = item.criterion
    if not reason.strip():
        raise _refuse(draft, item, "it is waived for a reason or not at all", 'type `--reason "no users there"`')
    if criterion.waived == reason:
        return (), (f"nothing to waive: `{item.id}` is waived for this reason",)
    if criterion.waived:
        raise _refuse(draft, item, f'it is waived already: "{criterion.waived}"', f"`spec2bdd unwaive {item.id}` first")
    if criterion.tier is Tier.WONT:
        raise _refuse(draft, item, "nobody asks for what stands below Won't Have", "there is nothing to waive")
    mark = criterion.box.mark if criterion.box.set_aside else "~"
    wanted = replace(criterion, waived=reason, box=replace(criterion.box, mark=mark))
    hint = "write it on one line, without `-->`, and with single blanks between words and none at the ends"
    edit = partial(add_annotation, note=f"waived: {reason}")
    change = _plan(project, draft, item, wanted, edit, refusal=("the reason would not be read as it is given", hint))
    return (change,), (f"`{item.id}` is waived; {_REGENERATE}",)


def plan_unwaiver(project: Project, typed: str) -> PlannedDecision:
    """Plan to ask for a waived criterion again: its note goes, and its box is empty.

    Raises:
        ConfigError: it is not clear which criterion is meant, or its note cannot be taken off exactly.
    """
    draft, item = find_criterion(project.drafts, typed)
    criterion = item.criterion
    if not criterion.waived:
        return (), (f"nothing to take back: `{item.id}` is not waived",)
    mark = " " if criterion.box.set_aside else criterion.box.mark
    wanted = replace(criterion, waived="", box=replace(criterion.box, mark=mark))
    return (_plan_off(project, draft, item, wanted),), (f"`{item.id}` is asked for again; {_REGENERATE}",)


def plan_manual(project: Project, typed: str, *, off: bool) -> PlannedDecision:
    """Plan to hand a criterion over to people, or with `off` back to its scenarios; the box stays.

    Raises:
        ConfigError: it is not clear which criterion is meant, or the note cannot be written or taken off exactly.
    """
    draft, item = find_criterion(project.drafts, typed)
    if item.criterion.manual != off:
        return (), (f"nothing to change: `{item.id}` is {'not ' if off else ''}manual",)
    wanted = replace(item.criterion, manual=not off)
    if off:
        return (_plan_off(project, draft, item, wanted),), (f"`{item.id}` is proved by scenarios; {_REGENERATE}",)
    hint = "write `(manual)` behind its text yourself"
    edit = partial(add_annotation, note="manual")
    change = _plan(project, draft, item, wanted, edit, refusal=("the note would not be read", hint))
    return (change,), (f"`{item.id}` is judged by people: `spec2bdd tick {item.id}`; {_REGENERATE}",)


def plan_tick(project: Project, typed: str, *, off: bool) -> PlannedDecision:
    """Plan to tick a criterion that people judge, or with `off` to take the tick away.

    Raises:
        ConfigError: it is not clear which criterion is meant, or scenarios judge it.
    """
    draft, item = find_criterion(project.drafts, typed)
    criterion = item.criterion
    if not criterion.manual or criterion.waived or criterion.tier is Tier.WONT:
        hint = f"`spec2bdd manual {item.id}` hands it over to people; else `spec2bdd verify` ticks what is proved"
        raise _refuse(draft, item, "only a manual criterion is ticked by a person", hint)
    if criterion.box.ticked != off:
        return (), (f"nothing to change: `{item.id}` is {'not ' if off else ''}ticked",)
    wanted = replace(criterion, box=replace(criterion.box, mark=" " if off else "x"))
    refusal = ("its box cannot be edited exactly", "edit the spec yourself")
    return (_plan(project, draft, item, wanted, _set_box, refusal=refusal),), ()


def _plan_off(project: Project, draft: SpecPlan, item: TrackedCriterion, wanted: Criterion) -> FileChange:
    """Plan to take the note off by which a criterion differs from what is wanted."""
    pattern = WAIVER if item.criterion.waived else MANUAL
    refusal = ("the note cannot be taken off exactly", "edit the spec yourself")
    return _plan(project, draft, item, wanted, partial(remove_annotation, pattern=pattern), refusal=refusal)


def _plan(
    project: Project,
    draft: SpecPlan,
    item: TrackedCriterion,
    wanted: Criterion,
    edit: Callable[..., str],
    *,
    refusal: tuple[str, str],
) -> FileChange:
    """Plan the spec in which a criterion is as wanted, or refuse."""
    spec = draft.spec
    text = edit(spec, draft.identified.index(item), wanted, read=partial(parse_project_spec, project.config))
    if not text:
        raise _refuse(draft, item, *refusal)
    return FileChange(spec.path, project.contents[spec.path], text.encode("utf-8"))


def _set_box(spec: Spec, index: int, wanted: Criterion, *, read: SpecReader) -> str:
    """Return the text in which the box of a criterion has another mark."""
    return find_verified_edit(spec, index, wanted, [plan_box_edit(spec.criteria[index], wanted)], read=read)


def _refuse(draft: SpecPlan, item: TrackedCriterion, why: str, hint: str) -> ConfigError:
    """Return the error for a criterion that cannot be as it was asked."""
    criterion, path = item.criterion, draft.spec.path
    message = f"`{criterion.text}`: {why}"
    return ConfigError(message, hint=hint, path=path, line=criterion.line, column=criterion.column)


def decide(command: str, config: Config, plan: Callable[[Project], PlannedDecision], options: Options) -> Report:
    """Write what a person decided of one criterion, and say so."""
    with lock_project(config, writes=options.writes):
        project = load_project(config)
        changes, notes = plan(project)
        written = _write(config, changes, options)
        report = Report(command, written.changes, notes=notes)
        return _finish(project, report, options, problems=written.problems)
