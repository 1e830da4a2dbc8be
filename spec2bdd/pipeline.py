"""The whole program: each command is one function from a `Config` to a `Report`, made of the stages below it.

spec.md --generate--> features/*.feature + steps/*.py --run--> records --judge--> verdicts --mark--> the same spec.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from spec2bdd import files
from spec2bdd.config import Config
from spec2bdd.errors import EditError, RecordError, Spec2bddError
from spec2bdd.judging.marks import apply_marks, check_marked, find_unmarkable, plan_edits
from spec2bdd.judging.status import derive_status, find_foreign_status, find_reasons
from spec2bdd.judging.verdicts import Facts, find_settled, judge_spec
from spec2bdd.model import Change, Problem, Report, Run, Severity, SpecReport
from spec2bdd.project import Project, describe_error, read_project
from spec2bdd.reading.spec import parse_spec
from spec2bdd.running.process import run_behave
from spec2bdd.running.records import parse_run
from spec2bdd.running.registry import ask_registry
from spec2bdd.writing.drafts import Draft
from spec2bdd.writing.features import render_feature
from spec2bdd.writing.memory import settle_trust
from spec2bdd.writing.step_files import derive_queries, plan_step_files

Listener = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for: `check` writes nothing, `strict` trusts no tick, `gate_all` wants every gate fulfilled."""

    check: bool = False
    strict: bool = False
    gate_all: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one stage gives: the changes it plans or made, the run it read, and what went wrong."""

    changes: tuple[Change, ...] = ()
    run: Run | None = None
    problems: tuple[Problem, ...] = ()


# --- the commands ---------------------------------------------------------------------------------------------------


def generate(config: Config, options: Options) -> Report:
    """Write the feature files and step stubs that the specs ask for."""
    project = read_project(config)
    planned = _plan_generation(project)
    written = _write(config, planned.changes, options)
    return _finish(Report("generate", written.changes), options, project.problems, planned.problems, written.problems)


def run(config: Config, options: Options, *, on_event: Listener) -> Report:
    """Run the features as they stand, and judge the specs without marking them."""
    project = read_project(config)
    ran = _run_features(project, config.records, on_event)
    specs = tuple(_judge(draft, project, ran.run, options) for draft in project.drafts)
    return _finish(Report("run", specs=specs, run=ran.run), options, project.problems, ran.problems)


def mark(config: Config, options: Options, *, now: datetime, records: Path | None = None) -> Report:
    """Mark the verdicts of a finished run into the specs; `now` is an aware time for `updated`."""
    return _mark(Report("mark"), read_project(config), _read_run(records or config.records), options, now=now)


def verify(config: Config, options: Options, *, now: datetime, on_event: Listener) -> Report:
    """Generate, run and mark in one go; with `check`, judge the committed features and write nothing."""
    generated = generate(config, options)
    project = read_project(config)
    with TemporaryDirectory() as folder:
        # A check leaves no trace, not even of its records.
        ran = _run_features(project, Path(folder) / "records" if options.check else config.records, on_event)
    return _mark(replace(generated, command="verify"), project, ran, options, now=now)


# --- the stages -----------------------------------------------------------------------------------------------------


def _plan_generation(project: Project) -> Outcome:
    """Plan the step files and feature files; step files come first, since features remember what they are proved by."""
    config = project.config
    answers, found = ask_registry(config.root, steps=config.steps, queries=derive_queries(project.drafts))
    step_files = {path: files.read_file(config.root, path) or b"" for path in project.digests if path.endswith(".py")}
    stubs, refused = plan_step_files(project.drafts, answers, folder=config.steps, files=step_files)
    broken = any(problem.severity is Severity.ERROR for problem in found)
    # With a step module that does not load, nobody knows what is missing: a stub might define a step twice.
    changes = ([] if broken else [*stubs], [*filter(None, (_plan_feature(draft, project) for draft in project.drafts))])
    return Outcome((*changes[0], *changes[1]), problems=(*found, *(() if broken else refused)))


def _plan_feature(draft: Draft, project: Project) -> Change | None:
    """Plan the feature file of one spec, or nothing if it is as it should be or was edited by hand."""
    if draft.feature is None or any(problem.code == "edited-by-hand" for problem in draft.problems):
        return None
    path = draft.feature.path
    before = project.contents.get(path)
    after = render_feature(draft.feature).encode("utf-8", "replace")
    # A checkout may have turned the line ends; that is no change.
    same = before is not None and before.replace(b"\r\n", b"\n") == after
    return None if same else Change(path, before, after)


def _run_features(project: Project, records: Path, on_event: Listener) -> Outcome:
    """Run Behave on all features and read its records back."""
    config = project.config
    if not project.library.tags:
        return Outcome()
    run_id = uuid4().hex
    try:
        _ignore_cache(config)
        ended = run_behave(config.root, features=config.features, record_path=records, run_id=run_id, on_event=on_event)
        read = _read_run(records, run_id=run_id)
    except Spec2bddError as error:
        return Outcome(problems=(describe_error(error),))
    if read.run and read.run.complete:
        return read
    return Outcome(run=read.run, problems=(_describe_death(ended.code, ended.output),))


def _read_run(records: Path, *, run_id: str = "") -> Outcome:
    """Read a record file; one that is missing or no record file gives a problem and no run."""
    try:
        text = records.read_text(encoding="utf-8")
        return Outcome(run=parse_run(text, path=records.name, run_id=run_id))
    except FileNotFoundError:
        error: Spec2bddError = RecordError("no records of a run", path=records.name, hint="type `spec2bdd run` first")
    except (OSError, UnicodeDecodeError) as cause:
        error = RecordError(f"cannot read the records: {cause}", path=records.name)
    except RecordError as cause:
        error = cause
    return Outcome(problems=(describe_error(error),))


def _judge(draft: Draft, project: Project, ran: Run | None, options: Options) -> SpecReport:
    """Judge one spec by a run."""
    config = project.config
    gate = config.gate
    judgements = judge_spec(draft.identified, Facts(ran, project.digests, strict=options.strict))
    before = draft.spec.find_value("status")
    after = derive_status(draft.spec, judgements, gate)
    reasons = find_reasons(judgements, gate, status=before, everything=options.gate_all)
    return SpecReport(draft.spec, judgements, before, after, answer=not reasons, reasons=reasons)


def _mark(report: Report, project: Project, ran: Outcome, options: Options, *, now: datetime) -> Report:
    """Judge every spec, mark it, and say so in the report."""
    specs = tuple(_judge(draft, project, ran.run, options) for draft in project.drafts)
    planned = [_plan_marks(spec, project, now=now) for spec in specs]
    settled = [_plan_settling(draft, spec, project) for draft, spec in zip(project.drafts, specs, strict=True)]
    # Trust ends before the boxes change: whoever is killed in between has lost a note, and keeps no unearned tick.
    changes = [*filter(None, settled), *(change for outcome in planned for change in outcome.changes)]
    written = _write(project.config, changes, options)
    report = replace(report, changes=_merge((*report.changes, *written.changes)), specs=specs, run=ran.run)
    problems = [problem for outcome in planned for problem in outcome.problems]
    return _finish(report, options, report.problems or project.problems, ran.problems, problems, written.problems)


def _plan_marks(report: SpecReport, project: Project, *, now: datetime) -> Outcome:
    """Plan the marks of one spec; what would not be read as the same spec afterwards is refused."""
    spec = report.spec
    problems = (*find_foreign_status(spec), *find_unmarkable(spec, report.status_after))
    edits = plan_edits(spec, report.judgements, status=report.status_after, now=now)
    if not edits:
        return Outcome(problems=problems)
    try:
        after = apply_marks(spec, edits).encode("utf-8")
        check_marked(spec, parse_spec(spec.path, after), report.judgements)
    except EditError as error:
        return Outcome(problems=(*problems, describe_error(error, path=spec.path)))
    return Outcome((Change(spec.path, project.contents[spec.path], after),), problems=problems)


def _plan_settling(draft: Draft, report: SpecReport, project: Project) -> Change | None:
    """Plan to take the note of trust off the criteria that have now passed or failed."""
    settled = find_settled(draft.identified, report.judgements)
    before = project.contents.get(draft.feature.path) if draft.feature else None
    if not settled or not draft.feature or before is None:
        return None
    after = settle_trust(before.decode("utf-8"), settled).encode("utf-8")
    return Change(draft.feature.path, before, after) if after != before else None


def _write(config: Config, changes: Sequence[Change], options: Options) -> Outcome:
    """Write the changes, or only count them; one that cannot be written does not keep back the others."""
    if options.check:
        return Outcome(tuple(changes))
    written: list[Change] = []
    problems: list[Problem] = []
    for change in changes:
        try:
            files.apply_changes(config.root, [change])
            written.append(change)
        except Spec2bddError as error:
            problems.append(describe_error(error, path=change.path))
    return Outcome(tuple(written), problems=tuple(problems))


def _merge(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return one change for each file, from what stood there first to what stands there last."""
    merged: dict[str, Change] = {}
    for change in changes:
        earlier = merged.get(change.path)
        merged[change.path] = replace(change, before=earlier.before) if earlier else change
    return tuple(merged.values())


def _finish(report: Report, options: Options, *problems: Iterable[Problem]) -> Report:
    """Return the report with its problems, each once, and the exit code: 0 yes, 1 no, 2 it could not all be done."""
    found = tuple(dict.fromkeys(problem for part in problems for problem in part))
    broken = any(problem.severity is Severity.ERROR for problem in found)
    broken = broken or any(not feature for feature, _ in (report.run.failures if report.run else ()))
    no = any(not spec.answer for spec in report.specs) or (options.check and report.changes)
    return replace(report, wrote=not options.check, problems=found, exit_code=2 if broken else int(bool(no)))


def _describe_death(code: int, output: str) -> Problem:
    """Return the error for a run that did not come to its end, with what Behave printed last."""
    last = [line for line in output.strip().splitlines() if line.strip()][-12:]
    message = f"Behave did not finish (exit code {code}); what it had not proved by then was not touched"
    return Problem("", 0, 0, Severity.ERROR, "run-died", message, "its last words:\n" + "\n".join(last))


def _ignore_cache(config: Config) -> None:
    """Make the folder of records one that git does not see, as other tools do with their caches."""
    folder = config.records.parent
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
