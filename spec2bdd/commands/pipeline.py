"""The whole program on one screen: each command is a function from a `Config` to a `Report`.

spec.md --generate--> features/*.feature + steps/*.py --run--> records --judge--> verdicts --mark--> the same spec.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from spec2bdd.adapters.behave.registry.client import open_registry
from spec2bdd.adapters.system import files
from spec2bdd.commands.accept import plan_acceptance
from spec2bdd.commands.decide import Planned
from spec2bdd.commands.eject import plan_ejection
from spec2bdd.commands.finish import finish_report, merge_changes
from spec2bdd.commands.stages import (
    Listener,
    Outcome,
    describe_nothing,
    describe_stubs,
    plan_all_marks,
    plan_generation,
    plan_settling,
    run_features,
)
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import describe_error
from spec2bdd.model import EVERYTHING, Change, Problem, Report, RunPlan
from spec2bdd.project.assessment import Judged, Manner, judge_project
from spec2bdd.project.cache_dir import make_cache
from spec2bdd.project.generate_cache import Inputs, keep_report, read_clock
from spec2bdd.project.history import remember_afresh, remember_run
from spec2bdd.project.loader import Project, read_project
from spec2bdd.project.locks import take_project, take_records
from spec2bdd.project.runs import describe_settings, describe_unfinished, read_runs, refuse_reports, run_and_keep
from spec2bdd.project.selection import NO_CHOICE, Choice, choose_run, may_leave_out


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for: `check` writes nothing, `strict` trusts no tick, `gate_all` wants every gate fulfilled.

    `patch` writes nothing either, since somebody else is to write it. `prune` removes what nobody needs any more.
    `commands` allows those of the configuration to be run for evidence, `trust_foreign` takes the word of other tools.
    `plan` says what is run, and how; `choice` what of it.
    """

    check: bool = False
    patch: bool = False
    strict: bool = False
    gate_all: bool = False
    prune: bool = False
    commands: bool = False
    trust_foreign: bool = False
    plan: RunPlan = EVERYTHING
    choice: Choice = NO_CHOICE

    @property
    def writes(self) -> bool:
        """Tell whether anything is to be written."""
        return not (self.check or self.patch)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is to be run."""
        return self.choice == NO_CHOICE and not may_leave_out(self.plan)


def generate(config: Config, options: Options) -> Report:
    """Write the feature files and step stubs that the specs ask for, and keep in mind when all is done."""
    started = read_clock(config)
    report, inputs = _generate(config, options)
    if not options.prune:
        keep_report(config, report, inputs, started=started)
    return report


def _generate(config: Config, options: Options) -> tuple[Report, Inputs]:
    """Write what the specs ask for, and tell what it came from."""
    # The step modules are loaded while the specs are read.
    with take_project(config, writes=options.writes), open_registry(config.root, steps=config.steps) as registry:
        project = read_project(config, sources=False)
        planned = plan_generation(project, registry, prune=options.prune)
        written = _write(config, planned.changes, options)
    report = Report("generate", written.changes, notes=(*describe_stubs(written.changes), *planned.notes))
    removed = {change.path for change in written.changes if change.after is None}
    problems = [problem for problem in project.problems if problem.path not in removed]
    problems += [*planned.problems, *written.problems]
    return _finish(project, report, options, problems=problems), planned.inputs


def run(config: Config, options: Options, *, on_event: Listener) -> Report:
    """Run the features as they stand, and judge the specs without marking them."""
    with take_records(config, on_event, whole=options.is_whole, writes=True):
        return _run_alone(config, options, on_event)


def _run_alone(config: Config, options: Options, on_event: Listener) -> Report:
    """Run the features while nobody else does, and judge the specs."""
    project = read_project(config)
    chosen = choose_run(project, options.choice, options.plan)
    if chosen.nothing:
        return _finish(project, Report("run", notes=chosen.notes), options, problems=project.problems)
    part, known = may_leave_out(chosen.plan), bool(project.library.tags)
    ran = run_and_keep(project, chosen.plan, on_event, whole=not part) if known else describe_nothing(config)
    judged = _judge(project, ran, options, partial=part)
    report = Report("run", specs=judged.specs, run=ran.run, notes=(*chosen.notes, *judged.notes))
    left_out = () if part else describe_settings(config, judged.specs)
    problems = (*project.problems, *ran.problems, *left_out, *judged.problems, *remember_run(project, ran.run))
    return _finish(project, report, options, problems=problems)


def mark(config: Config, options: Options, *, now: datetime, records: Sequence[str] = ()) -> Report:
    """Mark the verdicts of finished runs into the specs; `now` is an aware time for `updated`.

    `records` names record files, folders of them, and patterns of either; without any, it is those of the last run.
    """
    ran = read_runs(config, records)
    with take_project(config, writes=options.writes):
        return _mark(Report("mark"), read_project(config), ran, options, now=now)


def verify(config: Config, options: Options, *, now: datetime, on_event: Listener) -> Report:
    """Generate, run and mark in one go; with `check`, judge the committed features and write nothing."""
    generated, _ = _generate(config, options)
    with take_records(config, on_event, whole=options.is_whole, writes=options.writes):
        return _verify_alone(config, generated, options, now=now, on_event=on_event)


def _verify_alone(config: Config, generated: Report, options: Options, *, now: datetime, on_event: Listener) -> Report:
    """Run what was generated while nobody else does, and mark it."""
    project = read_project(config)
    chosen = choose_run(project, options.choice, options.plan)
    generated = replace(generated, command="verify", notes=(*generated.notes, *chosen.notes))
    if chosen.nothing:
        return generated
    if options.writes:
        ran = run_and_keep(project, chosen.plan, on_event, whole=not may_leave_out(chosen.plan))
    else:
        with TemporaryDirectory() as folder:
            # A check leaves no trace, not even of its records.
            ran = run_features(project, Path(folder) / "records", on_event, plan=chosen.plan)
    report = _mark(generated, project, ran, options, now=now, partial=may_leave_out(chosen.plan))
    # A run is judged by what was remembered before it.
    forgotten = remember_run(project, ran.run) if options.writes else ()
    return replace(report, problems=(*report.problems, *forgotten))


def accept(config: Config, typed: str, options: Options) -> Report:
    """Accept the new wording of one criterion."""
    return decide("accept", config, lambda project: plan_acceptance(project, typed), options)


def eject(config: Config, typed: str, options: Options) -> Report:
    """Make the generated scenario of one criterion its author's own."""
    return decide("eject", config, lambda project: plan_ejection(project, typed), options)


def rebuild_history(config: Config, records: Sequence[str]) -> Report:
    """Make the memory of runs anew from record files; those that cannot be read do not hide the others.

    Raises:
        HistoryError: it cannot be written.
    """
    project = read_project(config)
    read = read_runs(config, records)
    runs = [run for run in read.runs if run.complete]
    problems = tuple(problem for problem in read.problems if problem.code == "record") + refuse_reports(read)
    if runs:
        make_cache(config.history.parent)
        remember_afresh(project, runs)
    notes = (f"{len(runs)} whole {'run is' if len(runs) == 1 else 'runs are'} remembered",)
    return Report("history", problems=problems, notes=notes, exit_code=2 if problems else 0)


def decide(command: str, config: Config, plan: Callable[[Project], Planned], options: Options) -> Report:
    """Write what a person decided of one criterion, and say so."""
    with take_project(config, writes=options.writes):
        project = read_project(config)
        changes, notes = plan(project)
        written = _write(config, changes, options)
        report = Report(command, written.changes, notes=notes)
        return _finish(project, report, options, problems=written.problems)


def _judge(project: Project, ran: Outcome, options: Options, *, partial: bool) -> Judged:
    """Judge all specs by what was run."""
    manner = Manner(
        strict=options.strict,
        gate_all=options.gate_all,
        commands=options.commands,
        partial=partial,
        trust_foreign=options.trust_foreign,
    )
    return judge_project(project, ran.runs, manner, ran.reports)


def _mark(
    report: Report, project: Project, ran: Outcome, options: Options, *, now: datetime, partial: bool = False
) -> Report:
    """Judge every spec, mark it, and say so in the report."""
    judged = _judge(project, ran, options, partial=partial)
    specs = judged.specs
    planned = plan_all_marks(specs, project, now=now)
    settled = [plan_settling(draft, spec, project) for draft, spec in zip(project.drafts, specs, strict=True)]
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


def _finish(project: Project, report: Report, options: Options, *, problems: Iterable[Problem]) -> Report:
    """Return the report as it is told."""
    return finish_report(project, report, problems=problems, check=options.check, writes=options.writes)


def _write(config: Config, changes: Sequence[Change], options: Options) -> Outcome:
    """Write the changes, or only count them; one that cannot be written does not keep back the others."""
    if not options.writes:
        return Outcome(tuple(changes))
    with files.hold(config.root):
        written = files.write_changes(config.root, changes)
    return Outcome(written.changes, problems=tuple(describe_error(error) for error in written.errors))
