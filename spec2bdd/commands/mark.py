"""The `mark` command: write the verdicts of recorded runs into the specs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.commands._report import _finish, _judge, _write, merge_changes
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.editing.marks import PlannedMarks, apply_marks, check_marked, find_uneditable_status, plan_edits
from spec2bdd.domain.gherkin.manifest.manifest import drop_trust
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.criteria import find_no_longer_on_trust
from spec2bdd.errors import EditError
from spec2bdd.model import FileChange, Report, SpecReport
from spec2bdd.project.assessment import find_status_problems
from spec2bdd.project.loader import Project, load_project, parse_project_spec
from spec2bdd.project.locks import lock_project
from spec2bdd.project.outcome import StageResult
from spec2bdd.project.runs import describe_settings, describe_unfinished, load_runs


def plan_all_marks(reports: Sequence[SpecReport], project: Project, *, now: datetime) -> list[StageResult]:
    """Plan the marks of each spec; to read the marked ones again is shared among all cores."""
    return parallel_map(partial(plan_marks, project=project, now=now), reports)


def plan_marks(report: SpecReport, project: Project, *, now: datetime) -> StageResult:
    """Plan the marks of one spec; what would not be read as the same spec afterwards is refused."""
    spec = report.spec
    problems = (*find_status_problems(project, spec), *find_uneditable_status(spec, report.status_after))
    marks = PlannedMarks(report.judgements, report.done, report.status_after)
    edits = plan_edits(spec, marks, now=now)
    if not edits:
        return StageResult(problems=problems)
    try:
        after = apply_marks(spec, edits, marks).encode("utf-8")
        check_marked(spec, parse_project_spec(project.config, spec.path, after), marks)
    except EditError as error:
        return StageResult(problems=(*problems, diagnose_error(error, path=spec.path)))
    return StageResult((FileChange(spec.path, project.contents[spec.path], after),), problems=problems)


def plan_trust_removal(draft: SpecPlan, report: SpecReport, project: Project) -> FileChange | None:
    """Plan to take the note of trust off the criteria that have now passed or failed."""
    settled = find_no_longer_on_trust(draft.identified, report.judgements)
    before = project.contents.get(draft.feature.path) if draft.feature else None
    if not settled or not draft.feature or before is None:
        return None
    after = drop_trust(before.decode("utf-8", "surrogateescape"), settled).encode("utf-8", "surrogateescape")
    return FileChange(draft.feature.path, before, after) if after != before else None


def mark(config: Config, options: Options, *, now: datetime, records: Sequence[str] = ()) -> Report:
    """Mark the verdicts of finished runs into the specs; `now` is an aware time for `updated`.

    `records` names record files, folders of them, and patterns of either; without any, it is those of the last run.
    """
    ran = load_runs(config, records)
    with lock_project(config, writes=options.writes):
        return _mark(Report("mark"), load_project(config), ran, options, now=now)


def _mark(
    report: Report, project: Project, ran: StageResult, options: Options, *, now: datetime, partial: bool = False
) -> Report:
    """Judge every spec, mark it, and say so in the report."""
    judged = _judge(project, ran, options, partial=partial)
    specs = judged.specs
    planned = plan_all_marks(specs, project, now=now)
    settled = [plan_trust_removal(draft, spec, project) for draft, spec in zip(project.drafts, specs, strict=True)]
    # Trust ends before the boxes change: whoever is killed in between has lost a note, and keeps no unearned tick.
    changes = [*filter(None, settled), *(change for outcome in planned for change in outcome.changes)]
    written = _write(project.config, changes, options)
    report = replace(report, changes=merge_changes((*report.changes, *written.changes)), specs=specs, run=ran.run)
    report = replace(report, notes=(*report.notes, *judged.notes), older=ran.older)
    problems = [
        *ran.problems,
        *(describe_settings(project.config, specs) if report.command == "verify" and not partial else ()),
        *describe_unfinished(report),
        *judged.problems,
        *(problem for outcome in planned for problem in outcome.problems),
        *written.problems,
    ]
    return _finish(project, report, options, problems=(*(report.problems or project.problems), *problems))
