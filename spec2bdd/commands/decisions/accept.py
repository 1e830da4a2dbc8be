"""The `accept` command: accept the new wording of criteria, or list what was reworded."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.commands._report import compute_exit_code
from spec2bdd.commands.decisions.decide import PlannedDecision, finish_decision, plan_decisions, refuse_decision
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.domain.gherkin.manifest.manifest import accept_rewording
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.model import FileChange, Report, Severity, TrackedCriterion
from spec2bdd.project.left_out import report_left_out
from spec2bdd.project.loader import Project, load_project
from spec2bdd.project.locks import lock_project
from spec2bdd.project.lookup import find_match
from spec2bdd.text.normalize import to_quotable

# More ids than this would not be typed.
_MOST_NAMES = 3


def accept(project: ProjectLocation, *names: str, mode: WriteMode = WriteMode.WRITE) -> Report:
    """Accept the new wording of criteria, so that they are no longer stale; without names, list what was reworded.

    `names` are ids, numbers in a spec (`3.2#4`), parts of a text, or specs, which select all of their reworded
    criteria. Without names, nothing is planned, whatever the mode is.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches nothing or more than one thing, or a feature file does not have the new wording yet.
    """
    config = resolve_config(project)
    if not names:
        return _list_reworded(load_project(config))
    with lock_project(config, writes=mode.writes):
        loaded = load_project(config)
        ids: list[str] = []
        notes: list[str] = []
        for name in names:
            with report_left_out(loaded, name):
                match = find_match(loaded.plans, name)
            reworded = [tracked for tracked in match.plan.tracked if tracked.reworded]
            ids += [tracked.id for tracked in ([match.tracked] if match.tracked else reworded)]
            if not match.tracked and not reworded:
                notes.append(
                    f"nothing to accept: the wording of each criterion of `{match.plan.spec.path}` is accepted already"
                )
        # A criterion may be named twice, as by itself and by its spec.
        changes, remarks = plan_decisions(loaded, list(dict.fromkeys(ids)), _plan_acceptance)
        return finish_decision("accept", loaded, (changes, (*notes, *remarks)), mode=mode)


def _plan_acceptance(project: Project, plan: SpecPlan, tracked: TrackedCriterion) -> PlannedDecision:
    """Plan to remove the note of the old wording from the feature file."""
    if not tracked.reworded:
        return (), (f"nothing to accept: the wording of `{tracked.criterion.text}` is accepted already",)
    path = plan.feature.path if plan.feature else ""
    before = project.contents.get(path)
    if before is not None and tracked.current:
        text = accept_rewording(before.decode("utf-8", "surrogateescape"), {tracked.id})
        after = text.encode("utf-8", "surrogateescape")
        if after != before:
            return (FileChange(path, before, after),), (f"accepted: {_describe(plan, tracked)}",)
    hint = "run `spec2bdd generate` first, and check its output"
    raise refuse_decision("accept", plan, tracked, "the feature file does not have this wording yet", hint)


def _list_reworded(project: Project) -> Report:
    """List the criteria that were reworded, with the old and the new words."""
    reworded = [(plan, tracked) for plan in project.plans for tracked in plan.tracked if tracked.reworded]
    notes: Sequence[str] = [_describe(plan, tracked) for plan, tracked in reworded]
    count = f"{len(reworded)} {'criterion was' if len(reworded) == 1 else 'criteria were'} reworded"
    if reworded:
        first = "" if all(tracked.current for _, tracked in reworded) else "run `spec2bdd generate`, then "
        names = " ".join(tracked.id for _, tracked in reworded[:_MOST_NAMES])
        more = "" if len(reworded) <= _MOST_NAMES else " ..."
        notes = [*notes, f"{count}; {first}accept with `spec2bdd accept {names}{more}`"]
    elif not project.unusable:
        notes = ["nothing to accept: the wording of each criterion is accepted already"]
    planned = {plan.spec.path for plan in project.plans}
    # What is reworded in a spec that cannot be read, as in the middle of a merge, is not known.
    errors = tuple(
        diagnostic
        for diagnostic in project.diagnostics
        if project.unusable and diagnostic.severity is Severity.ERROR and diagnostic.path not in planned
    )
    exit_code = compute_exit_code(failed=False, incomplete=bool(errors))
    return Report("accept", notes=tuple(notes), diagnostics=errors, exit_code=exit_code)


def _describe(plan: SpecPlan, tracked: TrackedCriterion) -> str:
    """Describe a rewording with its place and both texts."""
    place = f"{plan.spec.path}:{tracked.criterion.line}"
    # The old text was recorded with other quotes, which are no change.
    return f"`{tracked.id}` ({place}) was `{tracked.reworded}` and is now `{to_quotable(tracked.criterion.text)}`"
