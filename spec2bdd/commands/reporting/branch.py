"""The `report --since` command: what a branch changes in the criteria that its base claimed."""

from __future__ import annotations

from spec2bdd.adapters.git.merge_base import find_merge_base
from spec2bdd.commands._report import finish_report, soften_levels
from spec2bdd.commands.explain import judge_by_last_runs
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation
from spec2bdd.config.lowered import find_lowered
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.verdicts.branch import find_status_transitions, find_transitions, list_base_criteria
from spec2bdd.errors import RecordError
from spec2bdd.model import Report, Severity
from spec2bdd.model.history import BranchReport, TransitionKind
from spec2bdd.project.loader import load_project
from spec2bdd.project.merge_base.changes import find_changes
from spec2bdd.project.merge_base.claims import find_restepped, follow_move, read_base_plans
from spec2bdd.project.merge_base.settings import find_more_marks, read_base_config
from spec2bdd.project.merge_base.step_code import find_recoded
from spec2bdd.project.runs import find_last_run_files
from spec2bdd.project.since.base import refuse_since

# What only results can say.
_BY_RESULTS = (TransitionKind.LOST, TransitionKind.STALE, TransitionKind.UNPROVED)


def report_branch(project: ProjectLocation = ".", *, since: str) -> BranchReport:
    """Compare the verdicts of the last records with what the specs claimed where the branch left `since`.

    `since` is the name of a branch, a tag or a commit. Nothing is run or written. The exit code is 1 if a criterion
    that was claimed there is not proved any more, or a ticked one is not proved, and 2 if something cannot be read.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        RunError: a feature or step file cannot be read.
        UsageError: git cannot find the base.
    """
    loaded = load_project(project, scenarios=False)
    judged = judge_by_last_runs(loaded)
    with refuse_since(since):
        base = find_merge_base(loaded.config.root, since)
        changed = find_changes(loaded, base, base.commit).paths
        base = follow_move(loaded, base)
        before, note = read_base_config(loaded.config, base, changed)
        plans = read_base_plans(loaded, base, changed, config=before)
        restepped = find_restepped(loaded, base, changed)
        recoded = find_recoded(loaded, base, changed, runs=judged.runs.runs)
        marks = find_more_marks(loaded.config.root, base, changed)
        lowered = (*find_lowered(before, loaded.config), *marks)
    specs = judged.assessed.specs
    criteria = list_base_criteria(plans)
    transitions, (proved, still_open) = find_transitions(specs, criteria, judged.strengths, restepped, recoded)
    diagnostics = [*loaded.diagnostics, *judged.diagnostics]
    has_results = bool(find_last_run_files(loaded.config)) or not any(item.fails for item in transitions)
    if not has_results:
        # Nothing is lost that was not run yet.
        transitions = [item for item in transitions if item.kind not in _BY_RESULTS]
        hint = "run `spec2bdd verify` first; `verify --check` keeps no records"
        diagnostics.append(diagnose_error(RecordError("no results yet", hint=hint)))
    finished = finish_report(loaded, Report("report"), diagnostics=diagnostics, mode=WriteMode.CHECK)
    fails = any(transition.fails for transition in transitions)
    return BranchReport(
        base.name,
        base.commit,
        tuple(transitions),
        tuple(find_status_transitions(specs, plans)),
        lowered,
        loaded.config.file,
        proved,
        still_open,
        (note,) if note else (),
        tuple(item for item in soften_levels(finished.diagnostics) if item.severity is Severity.ERROR),
        # An error that the project has made of a warning is no reason: everything was read.
        exit_code=2 if finished.exit_code == 2 else int(fails),
        has_results=has_results,
    )
