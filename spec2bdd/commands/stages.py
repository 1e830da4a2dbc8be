"""The stages that touch the world between two rooms: what is asked of Behave, and which files are to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from spec2bdd.adapters.behave.launcher import BehaveExit, derive_death, run_behave
from spec2bdd.adapters.behave.registry.client import Asked, Registry, ask_registry
from spec2bdd.adapters.results.event_log import parse_run
from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.process_pool import map_parallel
from spec2bdd.commands.prune import describe_unused, find_removable, list_other_features, plan_removals, prune_steps
from spec2bdd.config import Config
from spec2bdd.diagnostics.from_error import describe_error
from spec2bdd.domain.editing.marks import Marks, apply_marks, check_marked, find_unmarkable, plan_edits
from spec2bdd.domain.expressions.matchers import derive_read_answers, derive_written_queries
from spec2bdd.domain.gherkin.feature import render_feature
from spec2bdd.domain.gherkin.manifest.manifest import settle_trust
from spec2bdd.domain.planning.spec_plan import Draft
from spec2bdd.domain.steps.rewording import carry_wordings
from spec2bdd.domain.steps.step_modules import derive_queries, plan_step_files
from spec2bdd.domain.verdicts.criteria import find_settled
from spec2bdd.errors import EditError, RecordError, RunError, Spec2bddError
from spec2bdd.model import (
    EVERYTHING,
    Change,
    ForeignReport,
    Problem,
    Run,
    RunPlan,
    Severity,
    SpecReport,
)
from spec2bdd.project.assessment import find_status_problems
from spec2bdd.project.cache_dir import make_cache
from spec2bdd.project.generate_cache import UNKNOWN, Inputs
from spec2bdd.project.loader import Project, parse_with

Listener = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one stage gives: the changes it plans or made, the newest run that it read, what went wrong, what to tell.

    `inputs` is all that it came from, `older` holds further runs, the oldest first, and `reports` those of other tools.
    """

    changes: tuple[Change, ...] = ()
    run: Run | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: Inputs = UNKNOWN
    older: tuple[Run, ...] = ()
    reports: tuple[ForeignReport, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the oldest first."""
        return (*self.older, self.run) if self.run else self.older


def plan_generation(project: Project, registry: Registry, *, prune: bool = False) -> Outcome:
    """Plan the step files and feature files; step files come first, since features remember what they are proved by.

    With `prune`, what nobody needs any more is removed: features of specs that are gone, and untouched stubs.
    """
    config = project.config
    removed = find_removable(project) if prune else ()
    queries = derive_queries(project.drafts)
    registry.put_question(
        derive_written_queries(queries, config.matcher), features=list_other_features(project, frozenset(removed))
    )
    # Both work at the same time: few criteria are worded otherwise once it is known what is defined.
    planned = _plan_features(project.drafts, project)
    try:
        asked = registry.read_answer()
    except RunError as error:
        return Outcome((*plan_removals(project, removed), *filter(None, planned)), problems=(describe_error(error),))
    answers = tuple(derive_read_answers(asked.answers, queries))
    found = asked.problems
    step_files = {path: files.read_file(config.root, path) or b"" for path in project.digests if path.endswith(".py")}
    if any(problem.severity is Severity.ERROR for problem in found):
        # With a step module that does not load, nobody knows what is missing: a stub might define a step twice.
        return Outcome((*plan_removals(project, removed), *filter(None, planned)), problems=found)
    carried = carry_wordings(
        project.drafts, project.library, answers, files=step_files, contents=project.contents, matcher=config.matcher
    )
    stubs, refused = plan_step_files(
        project.drafts,
        carried.answers,
        folder=config.steps,
        files=carried.files,
        matcher=config.matcher,
        spread=map_parallel,
    )
    changed = {change.path: change.after for change in stubs if change.after is not None}
    pruned = prune_steps(project, registry.read_unused(), {**carried.files, **changed})
    new = {**carried.files, **changed, **(pruned.files if prune else {})}
    written = [
        Change(path, step_files.get(path), after) for path, after in new.items() if after != step_files.get(path)
    ]
    features_after = _plan_carried(carried.drafts, project, planned)
    changes = (*plan_removals(project, removed), *written, *filter(None, features_after))
    notes = (*carried.notes, *describe_unused(pruned, prune=prune))
    return Outcome(changes, problems=(*found, *refused), notes=notes, inputs=_derive_inputs(project, asked))


def _derive_inputs(project: Project, asked: Asked) -> Inputs:
    """Return all that the plan came from."""
    files = (str(project.config.root / path) for path in {*project.contents, *project.digests})
    return Inputs((*files, *asked.files), asked.folders, closed=asked.closed)


def _plan_features(drafts: Iterable[Draft], project: Project) -> list[Change | None]:
    """Plan the feature file of each spec."""
    return [_plan_feature(draft, project) for draft in drafts]


def _plan_carried(
    drafts: Sequence[Draft], project: Project, planned: Sequence[Change | None]
) -> Iterator[Change | None]:
    """Yield the feature file of each spec as planned before, or anew where its draft has become another since."""
    for draft, before, change in zip(drafts, project.drafts, planned, strict=True):
        yield change if draft is before else _plan_feature(draft, project)


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


def run_features(project: Project, records: Path, on_event: Listener, *, plan: RunPlan = EVERYTHING) -> Outcome:
    """Run Behave on the features that the plan names, and read its records back."""
    config = project.config
    if not project.library.tags:
        return Outcome()
    run_id = uuid4().hex
    try:
        if config.records.parent in records.parents:
            make_cache(config.records.parent)
        ended = run_behave(
            config.root,
            features=config.features,
            record_path=records,
            run_id=run_id,
            on_event=on_event,
            plan=plan,
        )
        read = read_run(records, run_id=run_id)
    except Spec2bddError as error:
        return Outcome(problems=(describe_error(error),))
    if read.run and read.run.complete:
        return read
    return Outcome(
        run=read.run, problems=(*(read.run.problems if read.run else ()), *_find_causes(config, ended, read))
    )


def read_run(records: Path, *, run_id: str = "") -> Outcome:
    """Read a record file; one that is missing or no record file gives a problem and no run."""
    try:
        text = records.read_text(encoding="utf-8")
        run = parse_run(text, path=records.name, run_id=run_id)
        return Outcome(run=run, problems=run.problems)
    except FileNotFoundError:
        error: Spec2bddError = RecordError("no records of a run", path=records.name, hint="type `spec2bdd run` first")
    except (OSError, UnicodeDecodeError) as cause:
        error = RecordError(f"cannot read the records: {cause}", path=records.name)
    except RecordError as cause:
        error = cause
    return Outcome(problems=(describe_error(error),))


def plan_all_marks(reports: Sequence[SpecReport], project: Project, *, now: datetime) -> list[Outcome]:
    """Plan the marks of each spec; to read the marked ones again is shared among all cores."""
    return map_parallel(partial(plan_marks, project=project, now=now), reports)


def plan_marks(report: SpecReport, project: Project, *, now: datetime) -> Outcome:
    """Plan the marks of one spec; what would not be read as the same spec afterwards is refused."""
    spec = report.spec
    problems = (*find_status_problems(project, spec), *find_unmarkable(spec, report.status_after))
    marks = Marks(report.judgements, report.done, report.status_after)
    edits = plan_edits(spec, marks, now=now)
    if not edits:
        return Outcome(problems=problems)
    try:
        after = apply_marks(spec, edits, marks).encode("utf-8")
        check_marked(spec, parse_with(project.config, spec.path, after), marks)
    except EditError as error:
        return Outcome(problems=(*problems, describe_error(error, path=spec.path)))
    return Outcome((Change(spec.path, project.contents[spec.path], after),), problems=problems)


def plan_settling(draft: Draft, report: SpecReport, project: Project) -> Change | None:
    """Plan to take the note of trust off the criteria that have now passed or failed."""
    settled = find_settled(draft.identified, report.judgements)
    before = project.contents.get(draft.feature.path) if draft.feature else None
    if not settled or not draft.feature or before is None:
        return None
    after = settle_trust(before.decode("utf-8", "surrogateescape"), settled).encode("utf-8", "surrogateescape")
    return Change(draft.feature.path, before, after) if after != before else None


def _find_causes(config: Config, ended: BehaveExit, read: Outcome) -> tuple[Problem, ...]:
    """Return why Behave did not come to its end: a step module that ends Python itself, else what it said itself."""
    if read.run is None:
        # Without a first line, the modules were never all loaded.
        try:
            ask_registry(config.root, steps=config.steps, queries=())
        except Spec2bddError as error:
            return (describe_error(error),)
    return (derive_death(code=ended.code, output=ended.output),)


def describe_nothing(config: Config) -> Outcome:
    """Return the error for a project without feature files."""
    message = f"there is nothing to run: `{config.features}/` holds no `.feature` file"
    return Outcome(problems=(Problem("", 0, 0, Severity.ERROR, "no-features", message, "type `spec2bdd generate`"),))


def describe_stubs(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return a note for each step file that got stubs."""
    stub = b"raise StepNotImplementedError("
    counts = {change.path: (change.after or b"").count(stub) - (change.before or b"").count(stub) for change in changes}
    return tuple(
        f"{count} new {'stub' if count == 1 else 'stubs'} to fill in: {path}"
        for path, count in counts.items()
        if count > 0
    )
