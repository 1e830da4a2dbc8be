"""Judge a done item by the scenarios of its spec that have a tag."""

from __future__ import annotations

from collections.abc import Mapping, Set

from spec2bdd.domain.verdicts.scenarios.context import CheckedRun, JudgingContext
from spec2bdd.domain.verdicts.scenarios.flaky import resolve_results
from spec2bdd.domain.verdicts.scenarios.ruling import RESULTS, Ruling, find_worst
from spec2bdd.domain.verdicts.scenarios.runs import collect_rulings
from spec2bdd.model import Verdict


def judge_tag(tag: str, own: Set[str], context: JudgingContext) -> Ruling:
    """Judge the scenarios with a tag that also have one of the spec's `own` tags.

    How many there are is known only from a run, so only complete runs of today's files count.
    """
    if not context.runs:
        return Ruling(Verdict.NOT_RUN, "no run")
    refused = [_find_refusal(tag, checked, context.today) for checked in context.runs]
    complete = [checked for checked, refusal in zip(context.runs, refused, strict=True) if refusal is None]
    if not complete:
        return refused[-1] or Ruling(Verdict.NOT_RUN)
    run_rulings = collect_rulings(
        complete,
        lambda checked: [record for record in checked.run.results_by_tag.get(tag, ()) if own & set(record.tags)],
    )
    count = len(run_rulings)
    if not count:
        return Ruling(Verdict.NOT_RUN, f"no scenario of this spec has the tag `@{tag}`")
    worst = find_worst([resolve_results(ruling, flaky_passes=context.flaky_passes) for ruling in run_rulings.values()])
    if worst.verdict is Verdict.PASSED:
        scenarios = "scenario" if count == 1 else "scenarios"
        return Ruling(Verdict.PASSED, f"{count} {scenarios} with `@{tag}` passed")
    # A ruling that neither proves nor disproves keeps the box of the item.
    verdict = worst.verdict if worst.verdict in RESULTS else Verdict.NOT_RUN
    place = f"{worst.record.feature}:{worst.record.line}" if worst.record else f"@{tag}"
    return Ruling(verdict, f"`{place}` is {worst.verdict}: {worst.reason}")


def _find_refusal(tag: str, checked: CheckedRun, today: Mapping[str, str]) -> Ruling | None:
    """Find why a run does not count for a tag, if it does not."""
    run = checked.run
    if not run.complete or run.diagnostics or any(not failure.feature for failure in run.failures):
        return Ruling(Verdict.NOT_RUN, f"the run is incomplete, so there may be more scenarios with `@{tag}`")
    # A digest without a feature: the file was there, and the run left it out.
    unread = next((path for path in run.digests if path.endswith(".feature") and path not in run.features), "")
    if unread:
        return Ruling(Verdict.NOT_RUN, f"`{unread}` was not part of this run and may contain scenarios with `@{tag}`")
    # Any file may hold a scenario with the tag, so all have to be those of today.
    features = [path for path in (*run.digests, *today) if path.endswith(".feature")]
    reason = checked.find_stale_reason("", features, today)
    return Ruling(Verdict.STALE, f"{reason}; run again") if reason else None
