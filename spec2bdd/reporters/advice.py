"""A report in, the one most useful thing to do now out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spec2bdd.model import CriterionExplanation, CriterionVerdict, Explanation, Report, Severity, Verdict
from spec2bdd.reporters.summary import list_counted, list_written_paths


def find_next(report: Report) -> str:
    """Return what to do next, or nothing where all is done."""
    rules: tuple[Callable[[Report], str], ...] = (
        _find_error,
        _find_broken_run,
        _find_failure,
        _find_unwritten,
        _find_stale,
        _find_pending,
        _find_unseen,
        _find_not_run,
        _find_commit,
    )
    return next((advice for rule in rules if (advice := rule(report))), "")


def _find_error(report: Report) -> str:
    """Send the reader to the first error that kept something from being done."""
    errors = (problem for problem in report.problems if problem.severity is Severity.ERROR)
    first = min(errors, key=lambda problem: (problem.path, problem.line), default=None)
    if first is None:
        return ""
    place = f"{first.path}:{first.line}" if first.line else first.path
    return f"fix the error in {place}" if place else "fix the error that is told above"


def _find_broken_run(report: Report) -> str:
    """Ask for a whole run."""
    if report.run is None or (report.run.complete and not report.run.failures):
        return ""
    ended = "keeps the run from ending" if not report.run.complete else "went wrong outside the scenarios"
    return f"find out what {ended}, then `spec2bdd {report.command}` again"


def _find_failure(report: Report) -> str:
    """Send the reader to the first step that failed, must before should."""
    first = next(_find_judgements(report, Verdict.FAILED), None)
    if first is None:
        return ""
    _, path, judgement = first
    if judgement.step and judgement.record:
        return f"make `{judgement.step.text}` pass: {judgement.record.feature}:{judgement.step.line}"
    return f"see why `{judgement.criterion.text}` failed: {path}:{judgement.criterion.line}"


def _find_judgements(report: Report, verdict: Verdict) -> Iterator[tuple[int, str, CriterionVerdict]]:
    """Yield all judgements of that verdict with their rank and spec, the most important tier first."""
    tiers = ("must", "should", "could")
    found = [
        (tiers.index(judgement.criterion.tier), spec.spec.path, judgement)
        for spec in report.specs
        for judgement in list_counted(spec)
        if judgement.verdict is verdict
    ]
    yield from sorted(found, key=lambda item: item[0])


def _find_unwritten(report: Report) -> str:
    """Offer to write what was only looked at."""
    if report.changes and not report.wrote:
        removes = any(change.after is None for change in report.changes)
        return f"write this with `spec2bdd {report.command}{' --prune' if removes else ''}`"
    written = list_written_paths(report)
    waiting = (spec for spec in report.specs if any(one.ticked or one.unticked for one in spec.boxes))
    return "mark the boxes with `spec2bdd mark`" if any(spec.spec.path not in written for spec in waiting) else ""


def _find_stale(report: Report) -> str:
    """Ask for the acceptance of the first new wording, or for a run of the files as they are today."""
    first = next(_find_judgements(report, Verdict.STALE), None)
    if first is None:
        return ""
    accept = f"`spec2bdd accept {first[2].id}`"
    if accept in first[2].reason:
        return f"see whether the steps prove the new wording; if so, {accept}"
    return "run again what has changed since: `spec2bdd verify`"


def _find_pending(report: Report) -> str:
    """Name the step file with the first stubs to write."""
    steps = [one.step for _, _, one in _find_judgements(report, Verdict.PENDING) if one.step and one.step.location]
    stubs = [change.path for change in report.changes if change.path.endswith("_steps.py")]
    paths = [*(step.location.rpartition(":")[0] or step.location for step in steps), *stubs]
    if paths:
        return f"write the steps in `{paths[0]}`, then `spec2bdd verify`"
    pending = [one for _, _, one in _find_judgements(report, Verdict.PENDING) if not one.unseen]
    # What was set aside with `[~]` or `[-]` waits for its author, not for a command.
    waits = any(one.criterion.box.mark not in ("~", "-") for one in pending)
    return "add what is missing with `spec2bdd generate`" if waits else ""


def _find_unseen(report: Report) -> str:
    """Ask to see the first check fail that nobody has seen fail."""
    pending = (one for _, _, one in _find_judgements(report, Verdict.PENDING) if one.unseen)
    first = next(pending, None)
    return f"break what `{first.criterion.text}` checks, and see it fail with `spec2bdd run`" if first else ""


def _find_not_run(report: Report) -> str:
    """Ask for results where there are none, or for what keeps a run from giving them."""
    setting = next((problem for problem in report.problems if problem.code == "behave-setting"), None)
    if setting:
        return f"see whether the setting in `{setting.path}` is wanted" if setting.path else "unset `BEHAVE_STAGE`"
    return "run them with `spec2bdd verify`" if next(_find_judgements(report, Verdict.NOT_RUN), None) else ""


def _find_commit(report: Report) -> str:
    """Ask to keep what was written."""
    count = len(list_written_paths(report))
    return f"commit the {'file' if count == 1 else f'{count} files'}" if count else ""


def find_next_of(explanation: Explanation, entry: CriterionExplanation) -> str:
    """Return the one most useful thing to do about a criterion."""
    found = entry.judgement
    if found is None:
        return ""
    box = found.criterion.box
    if found.verdict is Verdict.WAIVED:
        return f"ask for it again, if it is wanted: `spec2bdd unwaive {found.id}`"
    if found.verdict is Verdict.MANUAL:
        return "" if box.ticked else f"look whether it holds, then `spec2bdd tick {found.id}`"
    if found.unseen:
        return "break what it checks and see it fail with `spec2bdd run`; then mend it, and `spec2bdd verify`"
    if found.verdict is Verdict.PENDING and box.mark in ("~", "-"):
        return f'empty the box, or `spec2bdd waive {found.id} --reason "..."`'
    if found.verdict is Verdict.SKIPPED:
        return "run it: `spec2bdd verify`"
    if found.verdict is Verdict.ON_TRUST:
        return "write its steps, then `spec2bdd verify`"
    one = Report("run", specs=(type(explanation.spec)(explanation.spec.spec, (found,)),), run=explanation.run)
    return find_next(one)


def find_next_of_all(explanation: Explanation) -> str:
    """Return the one most useful thing to do about a spec."""
    return find_next(Report("run", specs=(explanation.spec,), run=explanation.run))
