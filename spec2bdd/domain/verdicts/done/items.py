"""Judge the items of a definition of done by the evidence that is configured for them; the others belong to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from spec2bdd.domain.verdicts.criteria import choose_mark, describe_criterion, is_fulfilled
from spec2bdd.domain.verdicts.done.tagged_scenarios import judge_tag
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext
from spec2bdd.domain.verdicts.scenarios.ruling import Ruling
from spec2bdd.model import (
    BenchmarkReport,
    CommandResult,
    Coverage,
    CriterionVerdict,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    FileChecks,
    TestCounts,
    Tier,
    Verdict,
)
from spec2bdd.model.values import dataclass

_AGAINST = (Verdict.FAILED, Verdict.PENDING)
# All requirements have to be met: what speaks against an item decides, then what is not known.
_ORDER = (*_AGAINST, Verdict.STALE, Verdict.NOT_RUN, Verdict.PASSED)


@dataclass(frozen=True, slots=True)
class DoneContext:
    """What the done items of one spec are judged by.

    `own` are the tags that make a scenario one of this spec; `results` holds what was found for each kind of each
    requirement.
    """

    verdicts: Sequence[CriterionVerdict]
    context: JudgingContext
    own: frozenset[str] = frozenset()
    results: Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult] = field(default_factory=dict)


def judge_item(item: DoneItem, requirements: Sequence[EvidenceRequirement], done: DoneContext) -> DoneItemVerdict:
    """Judge one done item by all requirements that match it, which all have to be met."""
    if not requirements:
        ticked = "ticked" if item.box.ticked else "not ticked yet"
        reason = f"no evidence configured: {ticked}"
        return DoneItemVerdict(item, Verdict.MANUAL, reason, mark=item.box.mark)
    pairs = [(requirement, kind) for requirement in requirements for kind in requirement.kinds]
    rulings = [_judge_kind(item, requirement, kind, done) for requirement, kind in pairs]
    worst = _find_worst(rulings).verdict
    # Several requirements may fail for one reason, such as a missing file.
    reasons = dict.fromkeys(ruling.reason for ruling in rulings if ruling.verdict is worst and ruling.reason)
    results = (done.results.get(pair) for pair in pairs)
    return DoneItemVerdict(
        item,
        worst,
        "; ".join(reasons),
        kinds=tuple(dict.fromkeys(kind for _, kind in pairs)),
        mark=choose_mark(item.box, worst),
        refused=tuple(result for result in results if result and result.fact is None),
    )


def _judge_kind(item: DoneItem, requirement: EvidenceRequirement, kind: EvidenceKind, done: DoneContext) -> Ruling:
    """Judge an item by one kind of evidence of one requirement."""
    if kind is EvidenceKind.CRITERIA:
        return judge_criteria(requirement.criteria, done.verdicts)
    if kind is EvidenceKind.TAGS:
        return _find_worst([judge_tag(tag, done.own, done.context) for tag in requirement.tags])
    # Evidence is collected by kind; a command is not run unless that is allowed.
    result = done.results.get((requirement, kind), EvidenceResult(refusal="evidence was not collected", quiet=True))
    # Few projects configure evidence.
    from spec2bdd.domain.verdicts.done import evidence

    match result.fact:
        case None:
            return Ruling(Verdict.STALE if result.old else Verdict.NOT_RUN, result.refusal)
        case Coverage() as coverage:
            return evidence.judge_coverage(item.text, requirement, coverage)
        case TestCounts() as counts:
            return evidence.judge_tests(requirement, counts)
        case BenchmarkReport() as report:
            return evidence.judge_benchmarks(item.text, requirement, report)
        case FileChecks() as checks:
            return evidence.judge_files(checks)
        case CommandResult() as command:
            return evidence.judge_command(requirement, command)


def _find_worst(rulings: Sequence[Ruling]) -> Ruling:
    """Find the ruling that decides on an item."""
    return min(rulings, key=lambda ruling: _ORDER.index(ruling.verdict))


def judge_criteria(tiers: Sequence[Tier], verdicts: Sequence[CriterionVerdict]) -> Ruling:
    """Judge whether all criteria of the tiers are fulfilled; waived ones do not count."""
    names = " or ".join(tiers)
    required = [
        verdict for verdict in verdicts if verdict.criterion.tier in tiers and verdict.verdict is not Verdict.WAIVED
    ]
    if not required:
        return Ruling(Verdict.NOT_RUN, f"no {names} criteria")
    unfulfilled = [verdict for verdict in required if not is_fulfilled(verdict)]
    if not unfulfilled:
        criteria = "criterion" if len(required) == 1 else "criteria"
        return Ruling(Verdict.PASSED, f"{len(required)} {names} {criteria} proved")
    # Only results against a criterion speak against the item; without any, it is not known.
    against = [verdict for verdict in unfulfilled if verdict.verdict in _AGAINST]
    first = (against or unfulfilled)[0]
    return Ruling(first.verdict if against else Verdict.NOT_RUN, describe_criterion(first))
