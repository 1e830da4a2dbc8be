"""The sightings of criteria in, what they come to out: first pass, last failure, steadiness, durations, red or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from spec2bdd.domain.verdicts.scenarios.context import SeenFailing
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import CriterionHistory, Observation, RuleId, TrackedCriterion, Verdict

_UNSEEN = "green, but it has never been seen to fail"


def summarize_history(sightings: Sequence[Observation]) -> CriterionHistory | None:
    """Return what the sightings of one criterion, the oldest first, come to."""
    if not sightings:
        return None
    passes = [one.verdict is Verdict.PASSED for one in sightings]
    seconds = [one.seconds for one in sightings if one.verdict is not Verdict.PENDING]
    return CriterionHistory(
        runs=len(sightings),
        first_passed=next((one for one in sightings if one.verdict is Verdict.PASSED), None),
        last_failed=next((one for one in reversed(sightings) if one.verdict is Verdict.FAILED), None),
        changes=sum(one != two for one, two in pairwise(passes)),
        flaky=_find_flaky(sightings),
        median_seconds=median(seconds) if seconds else None,
        last_seconds=seconds[-1] if seconds else None,
    )


def _find_flaky(sightings: Iterable[Observation]) -> str:
    """Return the last commit at which a criterion both passed and failed, or nothing; without git nobody can say."""
    verdicts: dict[str, set[Verdict]] = defaultdict(set)
    for one in sightings:
        verdicts[one.commit].add(one.verdict)
    flaky = [commit for commit, found in verdicts.items() if commit and {Verdict.PASSED, Verdict.FAILED} <= found]
    return flaky[-1] if flaky else ""


def require_seen_failing(item: TrackedCriterion, found: Ruling, red: SeenFailing | None, *, strict: bool) -> Ruling:
    """Return the finding, or what is left of a pass of which nobody has seen that the check can fail.

    The box stays, so that a ticked one is on trust; `strict` trusts no tick. Without `red` nobody asks for it.
    """
    if red is None or found.verdict is not Verdict.PASSED or item.id in red.ids:
        return found
    verdict = Verdict.ON_TRUST if item.criterion.box.ticked and not strict else Verdict.PENDING
    reason = f"green, but whether it was ever seen to fail is not known: {red.doubt}" if red.doubt else _UNSEEN
    return replace(found, verdict=verdict, reason=reason, rule=RuleId.NEVER_RED)
