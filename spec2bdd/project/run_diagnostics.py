"""What to know about runs: unfinished ones, settings that leave criteria without results, files that have changed."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from spec2bdd.adapters.behave.launcher import diagnose_crash
from spec2bdd.adapters.system.git import is_tracked
from spec2bdd.config import Config
from spec2bdd.config.tool_settings import read_behave_defaults
from spec2bdd.diagnostics.build import build_diagnostic, build_error
from spec2bdd.domain.verdicts.current_errors import find_current_run_errors, find_past_runs, is_resolved
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.runs import ABORTED
from spec2bdd.errors import RecordError
from spec2bdd.model import (
    Diagnostic,
    Fingerprint,
    RuleId,
    ScenarioResult,
    Severity,
    SpecReport,
    TestRun,
    Verdict,
)
from spec2bdd.model.files import FileState
from spec2bdd.project.loader import Project, suggest_criteria
from spec2bdd.project.outcome import LoadedRuns
from spec2bdd.text.clean import clean_text
from spec2bdd.text.conflicts import RESOLVE, find_conflict_marker

# What settings do that select no scenarios; `spec2bdd run` does not accept them on its command line.
_STAGE = "replaces the folder of the steps and the file of the hooks"
_EFFECTS = {
    "dry_run": "runs no step",
    "steps_catalog": "runs no step",
    "stage": _STAGE,
    "BEHAVE_STAGE": _STAGE,
    "lang": "changes the language of features",
}
_LIMIT_HINT = "remove the setting, or pass it on the command line where needed: `spec2bdd run -- ...`"
_LACKING = (Verdict.SKIPPED, Verdict.NOT_RUN)


def refuse_external_reports(read: LoadedRuns) -> tuple[Diagnostic, ...]:
    """Build an error for each external report: without the time and the files of its run, it cannot be recorded."""
    message = "external reports cannot be added to the history"
    hint = "use record files of `spec2bdd run`"
    return tuple(Diagnostic(report.path, 0, 0, Severity.ERROR, "record", message, hint) for report in read.reports)


def describe_changed(run: TestRun) -> tuple[Diagnostic, ...]:
    """Build an error for each file that changed during a run."""
    message = "the file changed during the run; results that depend on it do not count"
    hint = "run again; if the run itself writes the file, add it to `.gitignore`"
    return tuple(
        Diagnostic(clean_text(path), 0, 0, Severity.ERROR, "run-changed", message, hint) for path in run.changed
    )


def describe_settings(config: Config, run: TestRun | None, reports: Sequence[SpecReport]) -> tuple[Diagnostic, ...]:
    """Build a warning for each setting of Behave that may be why a criterion has no result in a whole run."""
    # What kept a run from finishing is reported by itself.
    if run is None or not run.complete:
        return ()
    # Needed only where a criterion has no result.
    from spec2bdd.adapters.behave.settings import find_settings

    lacking = [verdict for report in reports for verdict in report.verdicts if verdict.verdict in _LACKING]
    if not lacking:
        return ()
    count = f"{len(lacking)} {'criterion has' if len(lacking) == 1 else 'criteria have'} no result"
    settings = find_settings(config.root)
    # Where no step is run, nothing else matters.
    settings = tuple(setting for setting in settings if setting.name == "dry_run") or settings
    return tuple(
        Diagnostic(
            setting.path,
            setting.line,
            0,
            Severity.WARNING,
            "behave-setting",
            f"`{setting.name} = {setting.value}` {_EFFECTS.get(setting.name, 'limits what Behave runs')}, and {count}",
            "remove the setting" if setting.name in _EFFECTS else _LIMIT_HINT,
        )
        for setting in settings
    )


def describe_skipped(reports: Sequence[SpecReport]) -> Iterator[Diagnostic]:
    """Build a warning for each reason for which code skipped scenarios of the gate, at the first of them."""
    skipped: dict[str, list[tuple[str, ScenarioResult]]] = {}
    for report in reports:
        for verdict in report.verdicts:
            if verdict.record and verdict.rule is RuleId.SKIPPED_BY_CODE and verdict.criterion.tier in report.gate:
                skipped.setdefault(verdict.record.skip_reason or "", []).append((verdict.id, verdict.record))
    for reason, ((criterion, first), *others) in skipped.items():
        more = f" and {len(others)} more" if others else ""
        criteria = f"{len(others) + 1} criteria are" if others else "its criterion is"
        why = f' ("{reason}")' if reason else ""
        message = f"a step or hook skipped the scenario `{first.name}`{more}{why}, so {criteria} not proved"
        hint = f'remove the skip, or if the criterion is not required, `spec2bdd waive {criterion} --reason "..."`'
        at = (first.line, 1)
        yield build_diagnostic("scenario-skipped", clean_text(message), path=first.feature, at=at, hint=hint)


def diagnose_no_start(config: Config, *, code: int, output: str) -> Diagnostic:
    """Build the error for a Behave that exited before it ran anything.

    The cause is a setting that it cannot read, a missing folder of steps, or else what its output says.
    """
    from spec2bdd.adapters.behave.settings import find_unreadable

    if unreadable := find_unreadable(config.root):
        path, reason = unreadable
        text = (config.root / path).read_text(encoding="utf-8", errors="replace")
        if marker := find_conflict_marker(text):
            message = f"Behave cannot read its settings: {marker.message}"
            return Diagnostic(path, marker.line, 1, Severity.ERROR, "run-crashed", message, RESOLVE)
        message = f"Behave cannot read its settings: {clean_text(reason)}"
        return Diagnostic(path, 0, 0, Severity.ERROR, "run-crashed", message, "correct the setting")
    if missing := _describe_missing_steps(config):
        message, hint = missing
        return build_error("run-not-started", message, hint=hint)
    message = f"Behave exited with code {code} before it began, so nothing was run"
    return replace(diagnose_crash(code=code, output=output), message=message)


def _describe_missing_steps(config: Config) -> tuple[str, str] | None:
    """Describe why Behave finds no folder of steps, and what to do; `None` if there is one where it looks."""
    behave, folder = read_behave_defaults(config.root), PurePosixPath(config.features)
    places = [(parent / behave.steps).as_posix() for parent in (folder, *folder.parents)]
    if config.steps not in places:
        names = " and ".join(f"`{place}/`" for place in places)
        message = f"Behave looks for steps in {names}, and not in `{config.steps}/`, so nothing was run"
        return message, f"move the steps to `{places[-1]}/`, and set `steps` in the configuration to it"
    if (config.root / config.steps).is_dir():
        return None
    restore = f", such as with `git restore {config.steps}`" if is_tracked(config.root, config.steps) else ""
    hint = f"restore it{restore}, or run `spec2bdd generate` to write new stubs"
    if behave.stage:
        hint = f"create it, or remove the setting `stage = {behave.stage}` of Behave"
    return f"the folder `{config.steps}/` does not exist, so nothing was run", hint


def diagnose_removed(folder: str) -> Diagnostic:
    """Build the error for a run whose records are gone, since something has removed their folder meanwhile."""
    message = f"the folder `{folder}` was removed during the run, and the results with it"
    hint = "let the step or hook that empties the project keep that folder: `git clean -e .spec2bdd`"
    return build_error("run-crashed", message, hint=hint)


def build_no_results(project: Project, hint: str) -> RecordError:
    """Build the error of a command that needs results where there are none; `hint` is for a project with criteria."""
    if criteria := suggest_criteria(project):
        return RecordError("no results: no spec has criteria yet", hint=criteria)
    return RecordError("no results yet", hint=hint)


def diagnose_no_features(project: Project) -> LoadedRuns:
    """Build the error for a project without feature files."""
    message, hint = f"nothing to run: no `.feature` files in `{project.config.features}/`", "run `spec2bdd generate`"
    if criteria := suggest_criteria(project):
        message, hint = "nothing to run: no spec has criteria yet", criteria
    return LoadedRuns(diagnostics=(Diagnostic("", 0, 0, Severity.ERROR, "no-features", message, hint),))


def find_current_errors(
    project: Project, read: LoadedRuns, specs: Sequence[SpecReport], context: JudgingContext
) -> tuple[Diagnostic, ...]:
    """Find the errors of runs that count as the project is today: records that cannot be read, and what they report.

    Every command that judges by records asks here, so that all of them answer alike. `specs` and `context` are of the
    project, judged by these runs.
    """

    def persists(error: Diagnostic) -> bool:
        path = project.config.root / error.path
        if error.code == "special-file":
            return os.path.lexists(path) and not path.is_file()
        try:
            compile(path.read_bytes(), error.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return True
        except (OSError, RecursionError, MemoryError):
            return False
        return False

    errors = find_current_run_errors(context, specs, persists=persists)
    root = project.config.root
    # The records of the last run have an absolute path, those that are named the one that was typed.
    shown = (
        replace(item, path=str(Path(item.path).relative_to(root))) if Path(item.path).is_relative_to(root) else item
        for item in errors
    )
    return (*(item for item in read.diagnostics if item.code == "record"), *shown)


def settle_past_errors(
    project: Project, read: LoadedRuns, specs: Sequence[SpecReport], context: JudgingContext
) -> tuple[tuple[Diagnostic, ...], LoadedRuns]:
    """Find what to report of earlier runs whose results a command uses; the runs are marked where they are past.

    That a hook failed is not among the diagnostics: a report shows it with the calls that led to it.
    """
    current = find_current_errors(project, read, specs, context)
    reported = soften_past_errors(read.diagnostics, current, context, keep=("run-changed",))
    shown = tuple(item for item in reported if item.code != "hook-failed")
    return shown, note_past_runs(read, specs, context)


def note_past_runs(read: LoadedRuns, specs: Sequence[SpecReport], context: JudgingContext) -> LoadedRuns:
    """Mark the runs that broke off, or failed outside scenarios, where that no longer counts."""
    # Those of the context may have been adapted to the configuration.
    past = {(run.id, run.path) for run in find_past_runs(context, specs)}
    if not past:
        return read
    runs = [replace(run, is_past=True) if (run.id, run.path) in past else run for run in read.runs]
    return replace(read, run=runs[-1], older=tuple(runs[:-1])) if read.run else replace(read, older=tuple(runs))


def note_past_older(read: LoadedRuns, specs: Sequence[SpecReport], context: JudgingContext) -> LoadedRuns:
    """Mark the runs as `note_past_runs` does, apart from the newest one, which has just ended."""
    return replace(note_past_runs(read, specs, context), run=read.run)


def soften_past_errors(
    reported: Iterable[Diagnostic],
    current: Sequence[Diagnostic],
    context: JudgingContext,
    *,
    keep: Sequence[str] = (),
) -> Iterator[Diagnostic]:
    """Yield what counts today, and all else that runs reported, of which errors become warnings; `keep` has codes.

    An abort of a run of today's files is left out, if it does not count: other runs have all the results that it lacks.
    So is an error in a file that a newer run of today's files has loaded.
    """
    yield from current
    aborts = [
        item
        for checked in context.runs
        if checked.is_of_today
        for item in checked.run.diagnostics
        if item.code == ABORTED
    ]
    for item in reported:
        if item in current or item in aborts or is_resolved(item, context):
            continue
        if item.severity is not Severity.ERROR or item.code in keep:
            yield item
        else:
            hint = "run again: this is of an earlier run, and files have changed since"
            yield replace(item, severity=Severity.WARNING, hint=hint)


def find_changed_trees(
    config: Config, runs: Iterable[TestRun], *, today: Fingerprint | None
) -> dict[Hashable, tuple[str, FileState]]:
    """Find the first file that differs from today's, by the `files_key` of each run whose fingerprint is not today's.

    With each file comes what has become of it.
    `today` is given where it is already known.
    """
    digest = today.digest if today else None
    recorded = {run.files_key: run for run in runs if not run.outdated and run.fingerprint.digest != digest}
    if not recorded:
        return {}
    # A run that has just ended knows today's fingerprint, so that most commands do not need git here.
    from spec2bdd.adapters.system.fingerprint import ask_tree, read_tree
    from spec2bdd.adapters.system.trees.differences import find_difference, was_there

    tree = read_tree(ask_tree(config.root), features=config.features, sources=config.sources)
    changed: dict[Hashable, tuple[str, FileState]] = {}
    for key, run in recorded.items():
        path = find_difference(config.root, run.fingerprint, tree, untracked=run.untracked)
        state = FileState.CHANGED
        if path and not os.path.lexists(config.root / path):
            state = FileState.DELETED
        elif path not in run.digests and not was_there(config.root, run.fingerprint, path, untracked=run.untracked):
            state = FileState.NEW
        changed[key] = path, state
    return changed
