"""Count what an overview holds, and choose what is shown of it; shared by all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from spec2bdd.model.explanation import ProjectOverview, SpecOverview
from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.model.verdict import Verdict
from spec2bdd.reporters.summary import count_noun

TIERS = (Tier.MUST, Tier.SHOULD, Tier.COULD)


@dataclass(frozen=True, slots=True)
class TierCount:
    """The criteria of one tier: all of them, those fulfilled, those that passed before a file changed, the failing."""

    criteria: int = 0
    fulfilled: int = 0
    passed_before: int = 0
    failing: int = 0


def count_tier(specs: Sequence[SpecOverview], tier: Tier) -> TierCount:
    """Count the criteria of one tier; a waived one is neither open nor fulfilled."""
    groups = [group for spec in specs for group in spec.groups if group.tier is tier]
    waived = sum(group.verdicts.get(Verdict.WAIVED, 0) for group in groups)
    return TierCount(
        sum(sum(group.verdicts.values()) for group in groups) - waived,
        sum(group.fulfilled for group in groups) - waived,
        sum(group.before.get(Verdict.PASSED, 0) for group in groups),
        sum(group.verdicts.get(Verdict.FAILED, 0) + group.before.get(Verdict.FAILED, 0) for group in groups),
    )


def count_open(spec: SpecOverview) -> Mapping[Verdict, int]:
    """Count what a spec has open, each criterion once; the sum is what its tiers lack."""
    # Besides these, only manual criteria that are ticked are fulfilled.
    ticked = sum(group.fulfilled for group in spec.groups) - spec.count(Verdict.PASSED, Verdict.WAIVED)
    return {
        Verdict.FAILED: spec.count(Verdict.FAILED),
        Verdict.PENDING: spec.count(Verdict.PENDING),
        Verdict.STALE: spec.count(Verdict.STALE),
        Verdict.SKIPPED: spec.count(Verdict.SKIPPED),
        Verdict.NOT_RUN: spec.count(Verdict.NOT_RUN),
        Verdict.UNVERIFIED: spec.count(Verdict.UNVERIFIED),
        Verdict.MANUAL: spec.count(Verdict.MANUAL) - ticked,
    }


def count_statuses(overview: ProjectOverview) -> Mapping[str, int]:
    """Count the specs of each status, the most frequent first."""
    return dict(Counter(spec.status or "without a status" for spec in overview.specs).most_common())


def count_all_verdicts(overview: ProjectOverview) -> Mapping[Verdict, int]:
    """Count every verdict, in the order of `Verdict`, also those that do not occur."""
    return {verdict: sum(spec.count(verdict) for spec in overview.specs) for verdict in Verdict}


def count_all_labels(overview: ProjectOverview) -> Sequence[tuple[Verdict, str, int]]:
    """Count what occurs of every verdict, in the words in which a run counts it: stale criteria by why they are."""
    staleness: Counter[str] = Counter()
    for group in (group for spec in overview.specs for group in spec.groups):
        staleness.update(group.staleness)
    rows: list[tuple[Verdict, str, int]] = []
    for verdict, count in count_all_verdicts(overview).items():
        if verdict is Verdict.STALE:
            rows += [(verdict, f"stale ({why})" if why else "stale", each) for why, each in sorted(staleness.items())]
        elif count:
            rows.append((verdict, str(verdict), count))
    return rows


def count_changed(overview: ProjectOverview) -> Mapping[str, int]:
    """Count the stale criteria by the file that has changed, the one of the most criteria first."""
    counts: Counter[str] = Counter()
    for spec in overview.specs:
        counts.update(spec.changed)
    return dict(counts.most_common())


def describe_unlinked(overview: ProjectOverview) -> str:
    """Describe the scenarios without a criterion, as the summary of a run does; empty where there are none."""
    words = ", ".join(f"{count} {label}" for label, count in overview.unlinked_counts.items())
    return f"scenarios without a criterion: {words}" if words else ""


def name_holds(status: str, *, reached: bool) -> str:
    """Name what a spec lacks for a status: what blocks it, or endangers it where the spec has `reached` it already."""
    return f"{'endangers' if reached else 'blocking'} {status}" if status else "open"


def describe_changed(overview: ProjectOverview, path: str, count: int) -> str:
    """Describe, after the name of a file, what has become of it, because of which as many criteria are stale."""
    state = next((spec.states[path] for spec in overview.specs if path in spec.states), FileState.CHANGED)
    # Later runs of other criteria may have had the file as it is.
    return f"{state.phrase} since the last run of {count_noun(count, 'criterion', 'criteria')}"


def draw_bar(count: TierCount, cells: int) -> tuple[str, str, str]:
    """Draw a bar in three pieces: fulfilled, passed before a file changed, and open; no piece is rounded to all."""
    if not count.criteria:
        return "", "", ""
    proved = _scale(count.fulfilled, count.criteria, cells)
    reached = _scale(count.fulfilled + count.passed_before, count.criteria, cells)
    return "█" * proved, "▒" * (reached - proved), "░" * (cells - reached)


def _scale(part: int, whole: int, cells: int) -> int:
    """Scale a part to cells: full only if it is the whole, and empty only if it is nothing."""
    return cells if part >= whole else max(min(part, 1), min(part * cells // whole, cells - 1))
