"""Find the errors of runs that still count: those that nothing has resolved since, judged by the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from spec2bdd.diagnostics.build import build_error
from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.runs import ABORTED
from spec2bdd.model import Diagnostic, Severity, SpecReport, TestRun, Verdict

_JUDGED = (Verdict.PASSED, Verdict.FAILED, Verdict.PENDING)
# Only the content of the file decides.
_OF_FEATURES = ("feature-syntax", "feature-encoding", "conflict-marker")
_FEATURE = ".feature"
_OF_MODULES = ("step-import", "environment-import")
# No run has a digest of what is no file.
_OF_PATHS = ("special-file",)
# They are of the run alone: what depends on these files is stale.
_OF_THE_RUN = ("run-changed", "feature-changed", "file-changed")


def find_current_run_errors(
    context: JudgingContext, specs: Sequence[SpecReport], *, persists: Callable[[Diagnostic], bool]
) -> tuple[Diagnostic, ...]:
    """Find the errors of runs that count today, each once.

    An error in a file counts while the file is the same and, if other files may be its cause, these are the same too.
    What broke a run off, or failed outside its scenarios, counts while the run is of today and other runs do not have
    all the results that it lacks. `persists` says whether a step module or `environment.py` is no valid Python today,
    or a path still no regular file.
    """
    judged = _find_judged(context, specs)
    errors: list[Diagnostic] = []
    for checked in context.runs:
        run = checked.run
        if run.outdated:
            continue
        is_newest = checked is context.runs[-1]
        for error in run.diagnostics:
            if error.severity is not Severity.ERROR or error.code == ABORTED:
                continue
            if _is_same(error, run, context) and _counts(error, checked, is_newest=is_newest, persists=persists):
                errors.append(error)
        if _can_break(checked, context, judged):
            errors += _list_breaks(run)
    return tuple(dict.fromkeys(errors))


def find_past_runs(context: JudgingContext, specs: Sequence[SpecReport]) -> tuple[TestRun, ...]:
    """Find the runs that broke off, or failed outside scenarios, which is no longer an error.

    An error around a feature counts for its scenarios as long as the files are the same.
    """
    judged = _find_judged(context, specs)
    return tuple(
        checked.run
        for checked in context.runs
        if (checked.run.failures or not checked.run.complete) and not _can_break(checked, context, judged)
        if not (checked.is_of_today and any(failure.feature for failure in checked.run.failures))
    )


def is_resolved(error: Diagnostic, context: JudgingContext) -> bool:
    """Whether a newer run of today's files has loaded the step or hook file of an error, and found no error in it.

    Every run loads all of these files, and only some of the feature files.
    """
    places = [number for number, checked in enumerate(context.runs, start=1) if error in checked.run.diagnostics]
    if not places or error.code == ABORTED:
        return False
    return any(
        checked.is_of_today
        and error.path in checked.run.digests
        and not error.path.endswith(_FEATURE)
        and all(item.path != error.path or item.severity is not Severity.ERROR for item in checked.run.diagnostics)
        for checked in context.runs[places[-1] :]
    )


def _find_judged(context: JudgingContext, specs: Sequence[SpecReport]) -> set[str]:
    """Find the ids of the criteria that have a result which counts; of a single run, none is asked for."""
    if len(context.runs) == 1:
        return set()
    return {verdict.id for spec in specs for verdict in spec.verdicts if verdict.verdict in _JUDGED}


def _can_break(checked: CheckedRun, context: JudgingContext, judged: set[str]) -> bool:
    """Whether an error of a run as a whole counts: it is of today, and other runs do not have all that it lacks."""
    run = checked.run
    # A single run that did not finish is an error even if it lacks no result.
    if not checked.is_of_today or len(context.runs) == 1 or not judged >= run.expected.keys():
        return checked.is_of_today
    # No pass counts of a run around which a hook failed, whatever older runs have.
    place = next(number for number, other in enumerate(context.runs, start=1) if other is checked)
    newer = [other.run for other in context.runs[place:] if other.is_of_today]
    has_failed = any(not failure.feature for failure in run.failures)
    ran = _find_run_tags([run]) & run.expected.keys()
    return has_failed and not (newer and _find_run_tags(newer) >= ran)


def _is_same(error: Diagnostic, run: TestRun, context: JudgingContext) -> bool:
    """Whether the file of an error is still the one of the run, as far as it is a feature or step file."""
    return bool(error.path) and run.digests.get(error.path) == context.today.get(error.path)


def _counts(error: Diagnostic, checked: CheckedRun, *, is_newest: bool, persists: Callable[[Diagnostic], bool]) -> bool:
    """Whether nothing but the file of an error, which is the same, can have resolved it."""
    # A later run of other features has not read this one.
    if error.code in _OF_FEATURES:
        return True
    if error.code in _OF_PATHS:
        return persists(error)
    if error.code in _OF_THE_RUN or not is_newest:
        return False
    # What a module imports may be there by now; what is no Python is none.
    return checked.is_of_today or (error.code in _OF_MODULES and error.path in checked.run.digests and persists(error))


def _find_run_tags(runs: Sequence[TestRun]) -> set[str]:
    """Find the tags of all scenarios that runs did not leave out."""
    return {tag for run in runs for result in run.results if result.status != "skipped" for tag in result.tags}


def _list_breaks(run: TestRun) -> Iterator[Diagnostic]:
    """Build an error for each thing that kept a run from reaching its end, or from counting."""
    aborts = [item for item in run.diagnostics if item.code == ABORTED and item.severity is Severity.ERROR]
    yield from aborts
    if not (aborts or run.complete):
        message = "the run did not finish; only the results up to there were used"
        hint = "run `spec2bdd run` for complete records"
        yield Diagnostic(run.path, 0, 0, Severity.ERROR, "run-unfinished", message, hint)
    for failure in run.failures:
        if not failure.feature:
            path, _, line = failure.location.rpartition(":")
            at = (int(line), 1) if path and line.isdigit() else (0, 0)
            hint = "fix it, and run again: no pass counts of a run that fails outside its scenarios"
            yield build_error("hook-failed", failure.message, path=path, at=at, hint=hint)
