"""Find what is open in the specs of a report: criteria and done items that wait for a person, or for a run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spec2bdd.model import CriterionVerdict, Report, RuleId, Verdict
from spec2bdd.reporters.next_step.remedies import (
    describe_done,
    describe_pending,
    describe_reworded,
    describe_set_aside,
    describe_unseen,
)
from spec2bdd.reporters.summary import list_counted

_TIERS = ("must", "should", "could")
# The file that a reason names because it cannot be loaded.
_BAD_FILE = re.compile(r"`([^`]+\.(?:py|feature))`")
# What failed last time differs after each shard.
_FAILED_ONLY = re.compile(r" --failed(?= |$)")
_SHARD = re.compile(r"(--shard[ =])\d+/\d+")
_STUB = b"raise StepNotImplementedError("
_REWORDED = (RuleId.REWORDED, RuleId.REWORDED_NOT_GENERATED)


def find_reason(report: Report) -> str:
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
    if open_work := find_open_work(failing):
        return open_work
    for path, verdict in list_verdicts(failing, Verdict.PENDING):
        if verdict.criterion.box.set_aside:
            return describe_set_aside(verdict, path)
    for path, manual in list_verdicts(failing, Verdict.MANUAL):
        return f"check {path}:{manual.criterion.line} by hand, then `spec2bdd tick {manual.id}`"
    for spec in specs:
        for done in (item for item in spec.done if item.unticked):
            return describe_done(spec.spec.path, done.item.line, done.reason)
    return ""


def find_open_work(report: Report) -> str:
    """Find the first criterion that waits for a person or for a run."""
    # A new wording needs a decision, everything else that is stale only another run.
    for _, stale in sorted(list_verdicts(report, Verdict.STALE), key=lambda item: item[1].rule not in _REWORDED):
        if reworded := describe_reworded(stale.id, stale.rule):
            return reworded
        # What was run just now is not stale.
        shards = describe_missing_shards(report) if report.command in ("run", "verify") else ""
        return shards or "run `spec2bdd verify` again: the results are stale"
    for _, skipped in list_verdicts(report, Verdict.SKIPPED):
        if skipped.rule is RuleId.SKIPPED_BY_CODE and skipped.record:
            place = f"{skipped.record.feature}:{skipped.record.line}"
            return f"remove the skip of {place} from its step or hook, then `spec2bdd verify`"
    not_run = [verdict for _, verdict in list_verdicts(report, Verdict.NOT_RUN)]
    lacks_results = bool(find_lacking(report))
    if open_work := (_describe_shards(report) if lacks_results else "") or _find_pending(report):
        return open_work
    # Settings of Behave's own can keep criteria from being run, and then running again does not help.
    setting = next((diagnostic for diagnostic in report.diagnostics if diagnostic.code == "behave-setting"), None)
    if setting and lacks_results:
        return f"check whether the setting in `{setting.path}` is intended" if setting.path else "unset `BEHAVE_STAGE`"
    if not_run:
        return _find_not_run(not_run)
    for path, manual in list_verdicts(report, Verdict.MANUAL):
        if manual.rule is RuleId.TICK_REWORDED:
            place = f"{path}:{manual.criterion.line}"
            return f"check by hand that {place} also holds as it reads now, then `spec2bdd accept {manual.id}`"
    return ""


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


def _find_pending(report: Report) -> str:
    """Find the step file with the first stubs to implement, or else why criteria are pending."""
    pending = [verdict for _, verdict in list_verdicts(report, Verdict.PENDING)]
    for verdict in pending:
        if step := describe_pending(verdict):
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
    return describe_unseen(unseen, f"`{unseen.criterion.text}`") if unseen else ""


def find_mark(report: Report, *, lacks_results: bool) -> str:
    """Find how to mark what was judged; `lacks_results` is whether a criterion has none.

    There have to be results, and those of all shards of a run that was divided.
    """
    if not report.runs:
        return "run `spec2bdd verify`"
    run = report.run
    # `mark` refuses an incomplete set of shards, unless other runs of the same files have all results.
    is_divided = run and all(other.shard for other in (*report.kept, *report.runs) if other.tree == run.tree)
    shards = _describe_shards(report) if is_divided or lacks_results else ""
    return shards or "run `spec2bdd mark`"


def find_lacking(report: Report) -> list[CriterionVerdict]:
    """Find the criteria that have no result, as another shard or another run may have one."""
    return [verdict for kind in (Verdict.NOT_RUN, Verdict.SKIPPED) for _, verdict in list_verdicts(report, kind)]


def _describe_shards(report: Report) -> str:
    """Describe what to do about the other shards: run those that are missing, or judge all; empty without others."""
    # This shard alone was judged: those that ran before it have the other results.
    if not all(run.shard for run in report.kept):
        return "judge all results together with `spec2bdd mark`"
    together = "judge all shards together with `spec2bdd mark`" if report.kept else ""
    return describe_missing_shards(report) or together


def describe_missing_shards(report: Report) -> str:
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


def list_verdicts(report: Report, verdict: Verdict) -> Iterator[tuple[str, CriterionVerdict]]:
    """List all criteria of a verdict with the paths of their specs, the most important tier first."""
    located = [
        (spec.spec.path, judged) for spec in report.specs for judged in list_counted(spec) if judged.verdict is verdict
    ]
    yield from sorted(located, key=lambda item: _TIERS.index(item[1].criterion.tier))
