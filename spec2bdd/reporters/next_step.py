"""Suggest the next step: the one most useful thing to do after a command, about a spec, or about a criterion."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spec2bdd.model import (
    CriterionExplanation,
    CriterionVerdict,
    Diagnostic,
    Explanation,
    FailureKind,
    Report,
    RuleId,
    Severity,
    Spec,
    SpecReport,
    Strength,
    TestRun,
    Verdict,
)
from spec2bdd.model.explanation import ProjectOverview, SpecOverview, UnlinkedFailure
from spec2bdd.model.report import find_unlinked_failure
from spec2bdd.reporters.summary import list_counted, list_written_paths

_TIERS = ("must", "should", "could")
# The file that a reason names because it cannot be loaded.
_BAD_FILE = re.compile(r"`([^`]+\.(?:py|feature))`")
# What failed last time differs after each shard.
_FAILED_ONLY = re.compile(r" --failed(?= |$)")
_SHARD = re.compile(r"(--shard[ =])\d+/\d+")
_STUB = b"raise StepNotImplementedError("
_INCOMPLETE = {RuleId.NO_STEPS: "write the steps of", RuleId.NO_EXAMPLES: "add rows to the examples of"}
_REWORDED = (RuleId.REWORDED, RuleId.REWORDED_NOT_GENERATED)
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
        if error.code in ("run-changed", "feature-changed", "file-changed"):
            return f"run `spec2bdd {report.command}` again"
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
        if (
            step := _find_failure(part)
            or follow_up
            or ("" if is_patch else _find_reason(part) or _find_open_work(part))
        ):
            return step
    if report.specs and not (report.exit_code or report.changes) and not any(spec.verdicts for spec in report.specs):
        return f"write the criteria in `{report.specs[0].spec.path}`, then `spec2bdd generate`"
    written = list_written_paths(report)
    # `mark` refuses an incomplete set of shards.
    unmarked = any(spec.changes_status and spec.spec.path not in written for spec in report.specs)
    if unmarked and not is_patch:
        return _find_missing_shard(report) or "run `spec2bdd mark`"
    return "" if is_patch else _suggest_commit(report)


def _rank_error(error: Diagnostic) -> tuple[bool, bool, str, int]:
    """Rank an error by its place; feature files come late, as most are generated from specs, and broken runs last."""
    return error.code in _NOT_ENDED, error.path.endswith(".feature"), error.path, error.line


def _find_broken(report: Report, error: Diagnostic | None) -> str:
    """Find what to do about a run that did not finish, or failed outside its scenarios, while that is an error."""
    # Of an earlier run, only what has not been resolved since is one.
    is_past = report.command in ("mark", "status") or report.nothing_run
    if is_past and not error and report.exit_code != 2:
        return ""
    command = {"mark": "run", "status": "verify"}.get(report.command, report.command)
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


def find_next_of_all(explanation: Explanation) -> str:
    """Find the next step for a spec; empty where everything is done."""
    if step := _find_repair(explanation):
        return step
    judged_spec = explanation.spec
    is_repaired = not any(entry.verdict in (Verdict.FAILED, Verdict.STALE) for entry in list_counted(judged_spec))
    if is_repaired and judged_spec.changes_status and _is_whole(explanation.run):
        return "run `spec2bdd mark`"
    if step := find_next(Report("status", specs=(explanation.spec,), run=explanation.run, older=explanation.older)):
        return step
    for entry in explanation.entries:
        if step := _describe_weak(entry):
            return f"`{entry.item.criterion.text}`: {step}"
    for judged in (entry.judgement for entry in explanation.entries):
        if judged and judged.verdict is Verdict.MANUAL and not judged.fulfilled:
            return find_next_of_verdict(explanation.spec, judged, run=None)
    path, item = explanation.spec.spec.path, explanation.spec.open_item
    blocked = next((blocked for blocked in explanation.blocked if blocked.holds), None)
    if item is None or blocked is None or not blocked.completes:
        return ""
    return _describe_done(path, item.item.line, item.reason if item.kinds else "")


def _describe_done(path: str, line: int, reason: str) -> str:
    """Describe what to do about done items of a spec, the first in that line; `reason` is what its evidence lacks."""
    if reason:
        return f"supply the evidence for {path}:{line} ({reason}), then `spec2bdd verify`"
    return f"tick what is done of the definition of done, from {path}:{line} on"


def find_next_of(explanation: Explanation, entry: CriterionExplanation) -> str:
    """Find the next step for a criterion; empty where everything is done."""
    if entry.judgement is None:
        return ""
    edited = any(diagnostic.code == "edited-by-hand" for diagnostic in explanation.diagnostics)
    # What is not out of date differs from what is generated because of the edit.
    if edited and entry.judgement.verdict is Verdict.STALE and not entry.item.current and not entry.item.reworded:
        files = ", ".join(f"`{path}`" for path in entry.item.files)
        return f"undo the edit in {files}, or `spec2bdd eject {entry.judgement.id}`"
    # An error in any file may be why it was not run.
    repair = _find_repair(explanation) if entry.judgement.verdict is Verdict.NOT_RUN else ""
    step = find_next_of_verdict(explanation.spec, entry.judgement, run=explanation.run, older=explanation.older)
    return repair or step or _describe_weak(entry)


def _find_repair(explanation: Explanation) -> str:
    """Find how to repair what kept the last run from being done in full, as after the run; empty where nothing did."""
    return find_next(Report("status", diagnostics=explanation.diagnostics, run=explanation.run))


def _describe_weak(entry: CriterionExplanation) -> str:
    """Describe what to do about a criterion that passes and whose checks notice no fault, or less than before."""
    strength = entry.strength.strength if entry.strength else None
    if strength not in (Strength.BLIND, Strength.WEAKER):
        return ""
    what = "check what the product returns" if strength is Strength.BLIND else "notice what they noticed before"
    return f"make its Then steps {what}; `spec2bdd challenge {entry.item.id} -v` lists the faults"


def find_next_of_verdict(
    report: SpecReport, judgement: CriterionVerdict, *, run: TestRun | None, older: Sequence[TestRun] = ()
) -> str:
    """Find the next step for a judged criterion of a spec; empty where everything is done."""
    runs = Report("status", run=run, older=tuple(older))
    box, name = judgement.criterion.box, judgement.id
    if judgement.rule is RuleId.TICK_REWORDED:
        return f"check by hand that it also holds as it reads now, then `spec2bdd accept {name}`"
    if judgement.verdict is Verdict.MANUAL:
        return "" if box.ticked else f"check it by hand, then `spec2bdd tick {name}`"
    if judgement.unseen:
        return _describe_unseen(judgement, "it")
    if judgement.verdict is Verdict.PENDING and box.set_aside:
        return _describe_set_aside(judgement, report.spec.path)
    steps = {
        Verdict.WAIVED: f"`spec2bdd unwaive {name}` if it is required again",
        Verdict.SKIPPED: _describe_missing_shards(runs) or "run `spec2bdd verify`",
        Verdict.UNVERIFIED: "write its steps, then `spec2bdd verify`",
    }
    # What is missing is only another run, unless code skips the scenario.
    if judgement.rule is RuleId.SKIPPED_BY_CODE:
        del steps[Verdict.SKIPPED]
    if step := steps.get(judgement.verdict):
        return step
    # All else is as for a spec that has no other criterion.
    spec = replace(report, verdicts=(judgement,), done=())
    return find_next(replace(runs, specs=(spec,)))


def find_next_of_spec(spec: SpecOverview, overview: ProjectOverview) -> str:
    """Find the next step for a spec of an overview; empty where everything is done."""
    group = spec.urgent
    if _is_unmarked(spec, overview):
        return "run `spec2bdd mark`"
    if group is None or group.next is None:
        return "run `spec2bdd mark`" if spec.unmarked else ""
    shards = _find_next_shard(group.next, [spec], overview) if group.next.verdict is not Verdict.PENDING else ""
    return shards or find_next_of_verdict(SpecReport(Spec(spec.path, b""), ()), group.next, run=None)


def _is_unmarked(spec: SpecOverview, overview: ProjectOverview) -> bool:
    """Whether `mark` would change the status, and nothing has to be repaired or run before: a check fails for that."""
    first = spec.urgent.next if spec.urgent else None
    is_repaired = not (first and first.verdict in (Verdict.FAILED, Verdict.STALE))
    return is_repaired and spec.unmarked and _is_whole(overview.run)


def _is_whole(run: TestRun | None) -> bool:
    """Whether there is a run, and it is no shard."""
    return run is not None and run.shard is None


def _find_next_shard(first: CriterionVerdict, specs: Sequence[SpecOverview], overview: ProjectOverview) -> str:
    """Find how to run the missing shards, if that comes before what the most urgent criterion of specs waits for."""
    if first.verdict is Verdict.FAILED or first.rule in _REWORDED:
        return ""
    lacks_results = any(spec.count(Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.STALE) for spec in specs)
    # `mark` refuses an incomplete set of shards, unless another run of the same files is there.
    refuses = first.verdict is Verdict.PASSED and all(run.shard for run in overview.older)
    if not (lacks_results or refuses):
        return ""
    return _describe_missing_shards(Report("status", run=overview.run, older=overview.older))


def find_next_of_project(overview: ProjectOverview) -> str:
    """Find the next step for a project; empty where everything is done."""
    if overview.left_out and not overview.specs:
        return "run `spec2bdd status` without a filter, or with another one"
    # A run that broke off is named before what it left open.
    if step := find_next(Report("status", diagnostics=overview.diagnostics, run=overview.run)):
        return step
    urgent = [(spec.urgent.urgency, spec) for spec in overview.specs if spec.urgent]
    failed = any(group.verdicts.get(Verdict.FAILED) for spec in overview.specs for group in spec.groups)
    # As after a run: what a criterion waits for comes after everything that fails.
    if overview.unlinked_first and not failed:
        return _describe_unlinked(overview.unlinked_first)
    is_repaired = not (failed or any(spec.count(Verdict.STALE) for spec in overview.specs))
    if is_repaired and any(_is_unmarked(spec, overview) for spec in overview.specs):
        return "run `spec2bdd mark`"
    if urgent:
        spec = min(urgent, key=lambda entry: entry[0])[1]
        first = spec.urgent.next if spec.urgent else None
        # As after a run of the shard.
        shards = _find_next_shard(first, overview.specs, overview) if first else ""
        return shards or find_next_of_spec(spec, overview)
    if any(spec.unmarked for spec in overview.specs):
        return "run `spec2bdd mark`"
    for spec in (spec for spec in overview.specs if spec.open_item[0]):
        return _describe_done(spec.path, *spec.open_item)
    is_empty = bool(overview.specs) and not overview.left_out and not any(spec.groups for spec in overview.specs)
    return f"write the criteria in `{overview.specs[0].path}`, then `spec2bdd generate`" if is_empty else ""


def _find_failure(report: Report) -> str:
    """Find the first step that failed, must before should; else what was only planned and not written."""
    # Only the first: the next run may show that several failures had one cause.
    for path, failed in _list_verdicts(report, Verdict.FAILED):
        return f"{_describe_repair(failed, path)}, then `spec2bdd verify`"
    orphans = {diagnostic.path for diagnostic in report.diagnostics if diagnostic.code == "orphan"}
    if failure := find_unlinked_failure(report.failing, orphans):
        return _describe_unlinked(failure)
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
    if all(spec.spec.path in written for spec in changed):
        return ""
    # What lost its proof is repaired, not written.
    reason = _find_reason(report) if report.exit_code else ""
    # `mark` refuses an incomplete set of shards.
    return reason or _find_missing_shard(report) or "run `spec2bdd mark`"


def _describe_unlinked(failure: UnlinkedFailure) -> str:
    """Describe what to do about a scenario without a criterion that fails the check."""
    if failure.orphan:
        return f"restore the spec of `{failure.feature}`, or delete the file"
    place = f"{failure.feature}:{failure.line}"
    if failure.pending:
        return f"write the step for {place}, then `spec2bdd verify`"
    return f"make {place} pass, then `spec2bdd verify`"


def _find_reason(report: Report) -> str:
    """Find the first criterion or done item because of which the check fails: what else is open comes later."""
    specs = []
    # Commands that show a project check nothing, and suggest what `verify` does.
    for spec in report.specs if report.exit_code or report.command == "status" else ():
        lines = {reason.line for reason in spec.reasons}
        verdicts = tuple(verdict for verdict in spec.verdicts if verdict.criterion.line in lines)
        # A criterion that is not run because of those nested under it waits for them.
        own = tuple(
            verdict for verdict in verdicts if (verdict.verdict, verdict.rule) != (Verdict.NOT_RUN, RuleId.CHILDREN)
        )
        specs.append(replace(spec, verdicts=own or verdicts))
    failing = replace(report, specs=tuple(specs), changes=())
    if open_work := _find_open_work(failing):
        return open_work
    for path, verdict in _list_verdicts(failing, Verdict.PENDING):
        if verdict.criterion.box.set_aside:
            return _describe_set_aside(verdict, path)
    for path, manual in _list_verdicts(failing, Verdict.MANUAL):
        return f"check {path}:{manual.criterion.line} by hand, then `spec2bdd tick {manual.id}`"
    for spec in specs:
        for done in (item for item in spec.done if item.unticked):
            return _describe_done(spec.spec.path, done.item.line, done.reason)
    return ""


def _describe_repair(failed: CriterionVerdict, path: str) -> str:
    """Describe what to do about a criterion of a spec that failed."""
    place = f"{failed.record.feature}:{failed.record.line}" if failed.record else f"{path}:{failed.criterion.line}"
    if failed.flaky:
        return f"find out why the results of {place} differ"
    if failed.timed_out:
        line = failed.step.line if failed.step and failed.record else 0
        place = f"the step in {failed.record.feature}:{line}" if failed.record and line else f"the scenario in {place}"
        return f"make {place} faster, or raise `timeout`"
    if failed.step and failed.record:
        return f"make the step in {failed.record.feature}:{failed.step.line} pass"
    raised_at = failed.record.failed_at if failed.record else ""
    return f"fix the error in {raised_at}" if raised_at else f"find out why {place} failed"


def _find_not_run(not_run: Sequence[CriterionVerdict]) -> str:
    """Find what to do about criteria that were not run."""
    rules = {verdict.rule for verdict in not_run}
    # No run changes a criterion whose nested criteria are all waived.
    if rules == {RuleId.CHILDREN_WAIVED}:
        return f'`spec2bdd waive {not_run[0].id} --reason "..."` if nothing of it is required'
    # A run would fail in the same way.
    if rules == {RuleId.BAD_FILE}:
        step = not_run[0].step
        if step and step.status == "ambiguous":
            return "reword or remove one of the two step definitions, then `spec2bdd verify`"
        named = _BAD_FILE.search(not_run[0].reason)
        return f"fix {named[0] if named else 'the file that cannot be used'}, then `spec2bdd verify`"
    if all(verdict.external_only for verdict in not_run):
        return "run `spec2bdd verify`, or accept the report with `spec2bdd mark --trust-external`"
    return "run `spec2bdd verify`"


def _find_open_work(report: Report) -> str:
    """Find the first criterion that waits for a person or for a run."""
    # A new wording needs a decision, everything else that is stale only another run.
    for _, stale in sorted(_list_verdicts(report, Verdict.STALE), key=lambda item: item[1].rule not in _REWORDED):
        if stale.rule is RuleId.REWORDED:
            return f"check that the steps prove the new wording, then `spec2bdd accept {stale.id}`"
        is_new = stale.rule is RuleId.REWORDED_NOT_GENERATED
        # What was run just now is not stale.
        shards = _describe_missing_shards(report) if report.command in ("run", "verify") else ""
        again = shards or "run `spec2bdd verify` again: the results are stale"
        return "run `spec2bdd generate` for the new wording" if is_new else again
    for _, skipped in _list_verdicts(report, Verdict.SKIPPED):
        if skipped.rule is RuleId.SKIPPED_BY_CODE and skipped.record:
            place = f"{skipped.record.feature}:{skipped.record.line}"
            return f"remove the skip of {place} from its step or hook, then `spec2bdd verify`"
    not_run = [verdict for _, verdict in _list_verdicts(report, Verdict.NOT_RUN)]
    if open_work := _find_missing_shard(report) or _find_pending(report):
        return open_work
    lacks_results = bool(not_run) or any(_list_verdicts(report, Verdict.SKIPPED))
    # Settings of Behave's own can keep criteria from being run, and then running again does not help.
    setting = next((diagnostic for diagnostic in report.diagnostics if diagnostic.code == "behave-setting"), None)
    if setting and lacks_results:
        return f"check whether the setting in `{setting.path}` is intended" if setting.path else "unset `BEHAVE_STAGE`"
    if not_run:
        return _find_not_run(not_run)
    for path, manual in _list_verdicts(report, Verdict.MANUAL):
        if manual.rule is RuleId.TICK_REWORDED:
            place = f"{path}:{manual.criterion.line}"
            return f"check by hand that {place} also holds as it reads now, then `spec2bdd accept {manual.id}`"
    return ""


def _suggest_commit(report: Report) -> str:
    """Suggest to verify what was generated, or to commit what was written."""
    count = len(list_written_paths(report))
    if count and report.command in ("generate", "waive", "unwaive", "manual", "accept", "eject"):
        return "run `spec2bdd verify`"
    return f"commit the {'file' if count == 1 else f'{count} files'}" if count and report.versioned else ""


def _find_missing_shard(report: Report) -> str:
    """Find what to do about other shards, where one was run and a criterion has no result: run them, or judge all."""
    lacks_results = any(_list_verdicts(report, Verdict.NOT_RUN)) or any(_list_verdicts(report, Verdict.SKIPPED))
    if not lacks_results:
        return ""
    # This shard alone was judged: those that ran before it have the other results.
    if not all(run.shard for run in report.kept):
        return "judge all results together with `spec2bdd mark`"
    together = "judge all shards together with `spec2bdd mark`" if report.kept else ""
    return _describe_missing_shards(report) or together


def _describe_missing_shards(report: Report) -> str:
    """Describe how to run the shards that no run of a report has finished; empty where none is missing."""
    report = replace(report, older=(*report.kept, *report.older))
    run = report.run
    if run is None or run.shard is None:
        return ""
    _, count = run.shard
    # Shards of other files prove nothing about these.
    parts = [other for other in report.runs if other.shard and other.shard[1] == count and other.tree == run.tree]
    finished = {other.shard[0] for other in parts if other.shard and other.complete}
    missing = [f"{shard}/{count}" for shard in range(1, count + 1) if shard not in finished]
    if not missing:
        return ""
    # Names and options are the same for all shards. `mark` does not know them.
    command, replaced = _SHARD.subn(rf"\g<1>{missing[0]}", _FAILED_ONLY.sub("", report.typed))
    if not replaced:
        command = f"spec2bdd {'verify' if report.command == 'verify' else 'run'} --shard {missing[0]}"
    what = f"{len(missing)} missing shards, beginning" if missing[1:] else "missing shard"
    return f"run the {what} with `{command}`"


def _describe_pending(verdict: CriterionVerdict) -> str:
    """Describe what to do about a pending criterion, by its scenario; empty where it has none."""
    # Its steps passed.
    if verdict.rule is RuleId.BLIND:
        return f"run `spec2bdd challenge {verdict.id}` to see which faults its checks do not notice"
    if verdict.rule is RuleId.WEAKER:
        return f"make its steps check that again, or accept it with `spec2bdd challenge {verdict.id} --forget`"
    if verdict.rule is RuleId.NOT_CHALLENGED:
        return "run `spec2bdd verify`"
    if verdict.rule in _INCOMPLETE and verdict.record:
        return f"{_INCOMPLETE[verdict.rule]} {verdict.record.feature}:{verdict.record.line}, then `spec2bdd verify`"
    # Steps that ran know their definition.
    location = verdict.step.location if verdict.step else ""
    if verdict.rule is RuleId.UNDEFINED and verdict.record and verdict.step:
        return f"define the step of {verdict.record.feature}:{verdict.step.line}, then `spec2bdd verify`"
    if location and verdict.rule is RuleId.VACUOUS:
        return f"make the step in {location} able to fail, then `spec2bdd verify`"
    return f"write the steps in `{location.rpartition(':')[0] or location}`, then `spec2bdd verify`" if location else ""


def _find_pending(report: Report) -> str:
    """Find the step file with the first stubs to implement, or else why criteria are pending."""
    pending = [verdict for _, verdict in _list_verdicts(report, Verdict.PENDING)]
    for verdict in pending:
        if step := _describe_pending(verdict):
            return step
    # Without a run, stubs that were just written are known.
    for change in report.changes:
        if change.path.endswith("_steps.py") and (change.after or b"").count(_STUB) > (change.before or b"").count(
            _STUB
        ):
            return f"write the steps in `{change.path}`, then `spec2bdd verify`"
    # What was set aside with `[~]` or `[-]` waits for its author, not for a command.
    if any(not verdict.unseen and not verdict.criterion.box.set_aside for verdict in pending):
        return "add what is missing with `spec2bdd generate`"
    unseen = next((verdict for verdict in pending if verdict.unseen), None)
    return _describe_unseen(unseen, f"`{unseen.criterion.text}`") if unseen else ""


def _describe_set_aside(verdict: CriterionVerdict, path: str) -> str:
    """Describe what to do about a criterion of a spec that is set aside without a reason."""
    place = f"{path}:{verdict.criterion.line}"
    return f'empty the box in {place}, or `spec2bdd waive {verdict.id} --reason "..."`'


def _describe_unseen(verdict: CriterionVerdict, name: str) -> str:
    """Describe what to do about a criterion whose steps passed, and were not seen failing where that is required."""
    if verdict.rule is RuleId.NOT_COMPARED:
        return "run `spec2bdd verify`"
    if verdict.rule is RuleId.GREEN_AT_BASE:
        tag = "`<!-- tags: existing -->` if it documents what is there already"
        return f"make {name} check what is new, or give it {tag}; then `spec2bdd verify`"
    return f"break what {name} checks and see it fail with `spec2bdd run`; then fix it, and `spec2bdd verify`"


def _list_verdicts(report: Report, verdict: Verdict) -> Iterator[tuple[str, CriterionVerdict]]:
    """List all criteria of a verdict with the paths of their specs, the most important tier first."""
    located = [
        (spec.spec.path, judged) for spec in report.specs for judged in list_counted(spec) if judged.verdict is verdict
    ]
    yield from sorted(located, key=lambda item: _TIERS.index(item[1].criterion.tier))
