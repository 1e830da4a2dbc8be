"""Suggest the next step for a project and for each of its specs, from their overview."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.model import CriterionVerdict, Report, RuleId, Spec, SpecReport, Verdict
from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.next_step.of_explanation import find_next_of_verdict, is_whole
from spec2bdd.reporters.next_step.open_work import describe_missing_shards
from spec2bdd.reporters.next_step.remedies import describe_done, describe_unlinked

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
        return describe_done(spec.path, *spec.open_item)
    is_empty = bool(overview.specs) and not overview.left_out and not any(spec.groups for spec in overview.specs)
    return f"write the criteria in `{overview.specs[0].path}`, then `spec2bdd generate`" if is_empty else ""


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
    return is_repaired and spec.unmarked and is_whole(overview.run)


def _find_next_shard(first: CriterionVerdict, specs: Sequence[SpecOverview], overview: ProjectOverview) -> str:
    """Find how to run the missing shards, if that comes before what the most urgent criterion of specs waits for."""
    if first.verdict is Verdict.FAILED or first.rule in _REWORDED:
        return ""
    lacks_results = any(spec.count(Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.STALE) for spec in specs)
    # `mark` refuses an incomplete set of shards, unless another run of the same files is there.
    refuses = first.verdict is Verdict.PASSED and all(run.shard for run in overview.older)
    if not (lacks_results or refuses):
        return ""
    return describe_missing_shards(Report("status", run=overview.run, older=overview.older))
