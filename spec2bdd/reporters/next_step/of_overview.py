"""Suggest the next step for a project and for each of its specs, from their overview."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.model import CriterionVerdict, Report, RuleId, Spec, SpecReport, Verdict
from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.next_step.of_explanation import find_next_of_verdict
from spec2bdd.reporters.next_step.open_work import describe_missing_shards, find_mark
from spec2bdd.reporters.next_step.remedies import describe_done, describe_unlinked, describe_unread

_REWORDED = (RuleId.REWORDED, RuleId.REWORDED_NOT_GENERATED)


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
        return describe_unlinked(overview.unlinked_first)
    if step := _find_mark(overview.specs, overview):
        return step
    unread = next((spec for spec in overview.specs if spec.unread[0]), None)
    if unread and all(urgency >= unread.unread[1] for urgency, _ in urgent):
        return describe_unread(unread.path, unread.unread[0])
    if urgent:
        spec = min(urgent, key=lambda entry: entry[0])[1]
        first = spec.urgent.next if spec.urgent else None
        # As after a run of the shard.
        shards = _find_next_shard(first, overview.specs, overview) if first else ""
        return shards or find_next_of_spec(spec, overview)
    for spec in (spec for spec in overview.specs if spec.open_item[0]):
        return describe_done(spec.path, *spec.open_item)
    is_empty = bool(overview.specs) and not overview.left_out and not any(spec.groups for spec in overview.specs)
    return f"write the criteria in `{overview.specs[0].path}`, then `spec2bdd generate`" if is_empty else ""


def find_next_of_spec(spec: SpecOverview, overview: ProjectOverview) -> str:
    """Find the next step for a spec of an overview; empty where everything is done."""
    if step := _find_mark([spec], overview):
        return step
    group, (line, urgency) = spec.urgent, spec.unread
    if line and (group is None or group.urgency >= urgency):
        return describe_unread(spec.path, line)
    if group is None or group.next is None:
        return ""
    shards = _find_next_shard(group.next, [spec], overview) if group.next.verdict is not Verdict.PENDING else ""
    return shards or find_next_of_verdict(SpecReport(Spec(spec.path, b""), ()), group.next, run=None)


def _find_mark(specs: Sequence[SpecOverview], overview: ProjectOverview) -> str:
    """Find how to mark statuses and done items of specs, if nothing has to be repaired or run again before."""
    if not any(spec.unmarked for spec in specs) or any(spec.count(Verdict.FAILED, Verdict.STALE) for spec in specs):
        return ""
    return find_mark(_build_report(overview), lacks_results=_lacks_results(overview.specs))


def _find_next_shard(first: CriterionVerdict, specs: Sequence[SpecOverview], overview: ProjectOverview) -> str:
    """Find how to run the missing shards, or to mark, if the most urgent criterion of specs waits for that."""
    if first.verdict is Verdict.FAILED or first.rule in _REWORDED:
        return ""
    report, lacks_results = _build_report(overview), _lacks_results(specs)
    if first.verdict is Verdict.PASSED:
        return find_mark(report, lacks_results=lacks_results)
    return describe_missing_shards(report) if lacks_results else ""


def _build_report(overview: ProjectOverview) -> Report:
    """Build a report with the runs of an overview."""
    return Report("status", run=overview.run, older=overview.older)


def _lacks_results(specs: Sequence[SpecOverview]) -> bool:
    """Whether a criterion of these specs has no result, or none that counts."""
    return any(spec.count(Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.STALE) for spec in specs)
