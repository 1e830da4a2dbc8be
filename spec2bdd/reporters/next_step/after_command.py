"""Suggest the next step after a command: the one most useful thing to do."""

from __future__ import annotations

import shlex
from dataclasses import replace

from spec2bdd.model import Diagnostic, FailureKind, Report, Severity, Verdict
from spec2bdd.model.report import find_unlinked_failure
from spec2bdd.reporters.next_step.open_work import find_lacking, find_mark, find_open_work, find_reason, list_verdicts
from spec2bdd.reporters.next_step.remedies import describe_repair, describe_unlinked, describe_unread
from spec2bdd.reporters.summary import list_written_paths

_NOT_ENDED = ("run-crashed", "run-unfinished", "hook-failed")


def find_next(report: Report) -> str:
    """Find the next step after a command; empty where everything is done."""
    # What kept the command from being done in full comes first: an error, or a run that broke.
    errors = [diagnostic for diagnostic in report.diagnostics if diagnostic.severity is Severity.ERROR]
    error = min(errors, key=_rank_error, default=None)
    if error and error.code == "record" and not report.runs:
        return "record a run with `spec2bdd run`, then `spec2bdd mark`"
    # What follows names a command for a run that died; one that never began would not begin again.
    if error and (error.code not in _NOT_ENDED or not report.runs):
        location = f"{error.path}:{error.line}" if error.line else f"`{error.path}`" if error.path else ""
        if error.code == "write-failed":
            again = f"run `{report.rerun}`" if report.rerun else f"run `spec2bdd {report.command}` again"
            # One of them may only follow from another one.
            failed = sum(diagnostic.code == error.code for diagnostic in errors)
            files = f"`{error.path}`" if failed == 1 else f"these {failed} files"
            return f"make sure that {files} can be written, then {again}"
        if error.code == "file-changed":
            return f"run `spec2bdd {report.command}` again"
        if error.code in ("run-changed", "feature-changed"):
            return f"run `spec2bdd {_name_run(report)}` again"
        # The hint of an error without a place says all there is to do.
        return f"fix the error in {location}" if location else ""
    if step := _find_broken(report, error):
        return step
    # With a baseline, only what it has and no longer passes is a failure.
    lost = tuple(
        replace(spec, verdicts=tuple(verdict for verdict in spec.verdicts if verdict.criterion.line in lines))
        for spec in report.specs
        if (lines := {reason.line for reason in spec.reasons if reason.kind is FailureKind.LOST})
    )
    # The note on a patch says how to apply it, which comes before any other work.
    is_patch = bool(report.changes) and not (report.wrote or report.exit_code or report.rerun)
    for part in (*([replace(report, specs=lost)] if lost else []), report):
        follow_up = report.follow_up if report.wrote else ""
        if step := _find_failure(part) or follow_up or ("" if is_patch else find_reason(part) or find_open_work(part)):
            return step
    if report.specs and not (report.exit_code or report.changes) and not any(spec.verdicts for spec in report.specs):
        return f"write the criteria in `{report.specs[0].spec.path}`, then `spec2bdd generate`"
    unread = next(((spec.spec.path, spec.spec.unread[0]) for spec in report.specs if spec.spec.unread), None)
    return "" if is_patch else describe_unread(*unread) if unread else _suggest_commit(report)


def _rank_error(error: Diagnostic) -> tuple[bool, bool, str, int]:
    """Rank an error by its place; feature files come late, as most are generated from specs, and broken runs last."""
    return error.code in _NOT_ENDED, error.path.endswith(".feature"), error.path, error.line


def _name_run(report: Report) -> str:
    """Name the command that runs again what a command has reported of a run."""
    return {"mark": "run", "status": "verify"}.get(report.command, report.command)


def _find_broken(report: Report, error: Diagnostic | None) -> str:
    """Find what to do about a run that did not finish, or failed outside its scenarios, while that is an error."""
    # Of an earlier run, only what has not been resolved since is one.
    is_past = report.command in ("mark", "status") or report.nothing_run
    if is_past and not error and report.exit_code != 2:
        return ""
    command = _name_run(report)
    run = report.run
    # A newer run may have run other scenarios.
    is_broken = bool(run and not run.is_past and (run.failures or not run.complete))
    around = report.older if is_past and not is_broken else ()
    failures = [*(run.failures if run else ()), *(item for old in around for item in old.failures if not item.feature)]
    location = next((failure.location for failure in failures if failure.location), "")
    if error and is_past and not is_broken and error.code == "hook-failed" and error.line:
        location = f"{error.path}:{error.line}"
    if location:
        return f"fix the error in {location}, then `spec2bdd {command}`"
    if run and is_broken:
        ended = "what failed outside the scenarios" if run.complete else "why the run did not finish"
        return f"find out {ended}, then `spec2bdd {command}` again"
    return f"run `spec2bdd {command}` again" if run and error and is_past else ""


def _find_failure(report: Report) -> str:
    """Find the first step that failed, must before should; else what was only planned and not written."""
    # Only the first: the next run may show that several failures had one cause.
    for path, failed in list_verdicts(report, Verdict.FAILED):
        return f"{describe_repair(failed, path)}, then `spec2bdd verify`"
    orphans = {diagnostic.path for diagnostic in report.diagnostics if diagnostic.code == "orphan"}
    if failure := find_unlinked_failure(report.failing, orphans):
        return describe_unlinked(failure)
    if (report.changes or report.folders) and not report.wrote:
        # A patch is a success; its note says how to apply it.
        if not report.exit_code and not report.rerun:
            return ""
        # To write another patch would not change these files.
        if report.patch:
            return f"run `git apply {shlex.quote(report.patch)}`"
        # Only the command line knows what was typed.
        removes = report.command == "generate" and any(change.after is None for change in report.changes)
        return (
            f"run `{report.rerun or f'spec2bdd {report.command}'}{' --prune' if removes and not report.rerun else ''}`"
        )
    written = list_written_paths(report)
    changed = (spec for spec in report.specs if any(box.ticked or box.unticked for box in spec.boxes))
    # What is stale may prove the status again.
    held = () if any(list_verdicts(report, Verdict.STALE)) else (spec for spec in report.specs if spec.changes_status)
    if all(spec.spec.path in written for spec in (*changed, *held)):
        return ""
    # What lost its proof is repaired, not written.
    reason = find_reason(report) if report.exit_code else ""
    return reason or find_mark(report, lacks_results=bool(find_lacking(report)))


def _suggest_commit(report: Report) -> str:
    """Suggest to verify what was generated, or to commit what was written."""
    count = len(list_written_paths(report))
    if count and report.command in ("generate", "waive", "unwaive", "manual", "accept", "eject"):
        return "run `spec2bdd verify`"
    return f"commit the {'file' if count == 1 else f'{count} files'}" if count and report.versioned else ""
