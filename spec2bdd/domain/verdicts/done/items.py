"""The done items of a spec and the evidence for them in, one judgement for each out; those without belong to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from spec2bdd.domain.verdicts.criteria import is_fulfilled
from spec2bdd.domain.verdicts.done.evidence import (
    judge_benchmarks,
    judge_command,
    judge_coverage,
    judge_files,
    judge_tests,
)
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

_AGAINST = (Verdict.FAILED, Verdict.PENDING)
# All has to hold: what speaks against an item decides, then what is not known.
_ORDER = (*_AGAINST, Verdict.STALE, Verdict.NOT_RUN, Verdict.PASSED)
_MANUAL = "no evidence is configured: the box is a person's"


@dataclass(frozen=True, slots=True)
class DoneContext:
    """All that the done items of one spec are judged by.

    `found` holds what was found for each kind of each demand; `own` are the tags that make a scenario one of this spec.
    """

    judgements: Sequence[CriterionVerdict]
    facts: JudgingContext
    own: frozenset[str] = frozenset()
    found: Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult] = field(default_factory=dict)


def judge_item(item: DoneItem, demands: Sequence[EvidenceRequirement], evidence: DoneContext) -> DoneItemVerdict:
    """Return the judgement of one done item by all the demands that speak of it, which all have to be met."""
    if not demands:
        return DoneItemVerdict(item, Verdict.MANUAL, _MANUAL, mark=item.box.mark)
    pairs = [(demand, kind) for demand in demands for kind in demand.kinds]
    findings = [_judge_kind(item, demand, kind, evidence) for demand, kind in pairs]
    worst = min(findings, key=lambda found: _ORDER.index(found.verdict))
    told = [one.reason for one in findings if one.verdict is worst.verdict and one.reason]
    missing = (evidence.found.get(pair) for pair in pairs)
    refused = tuple(found for found in missing if found and found.fact is None)
    kinds = tuple(dict.fromkeys(kind for _, kind in pairs))
    mark = _mark(item, worst.verdict)
    return DoneItemVerdict(item, worst.verdict, "; ".join(dict.fromkeys(told)), kinds, mark=mark, refused=refused)


def _mark(item: DoneItem, verdict: Verdict) -> str:
    """Return the character that the box shall hold; what its author set aside stays so."""
    if item.box.set_aside:
        return item.box.mark
    if verdict is Verdict.PASSED:
        return item.box.mark if item.box.ticked else "x"
    return " " if verdict in _AGAINST and item.box.ticked else item.box.mark


def _judge_kind(item: DoneItem, demand: EvidenceRequirement, kind: EvidenceKind, evidence: DoneContext) -> Ruling:
    """Return what one kind of evidence says of an item."""
    if kind is EvidenceKind.CRITERIA:
        return judge_criteria(demand.criteria, evidence.judgements)
    if kind is EvidenceKind.TAGS:
        findings = [judge_tag(tag, evidence.own, evidence.facts) for tag in demand.tags]
        return min(findings, key=lambda found: _ORDER.index(found.verdict))
    found = evidence.found.get((demand, kind), EvidenceResult(refusal="nobody looked for it", quiet=True))
    if found.fact is None:
        return Ruling(Verdict.STALE if found.old else Verdict.NOT_RUN, found.refusal)
    return _judge_fact(item.text, demand, found)


def _judge_fact(text: str, demand: EvidenceRequirement, found: EvidenceResult) -> Ruling:
    """Return what a fact says of an item."""
    rules: tuple[tuple[type, Callable[..., Ruling]], ...] = (
        (Coverage, lambda fact: judge_coverage(text, demand, fact)),
        (TestCounts, lambda fact: judge_tests(demand, fact)),
        (BenchmarkReport, lambda fact: judge_benchmarks(text, demand, fact)),
        (FileChecks, judge_files),
        (CommandResult, lambda fact: judge_command(demand, fact)),
    )
    return next(rule(found.fact) for known, rule in rules if isinstance(found.fact, known))


def judge_criteria(tiers: Sequence[Tier], judgements: Sequence[CriterionVerdict]) -> Ruling:
    """Return whether all criteria of the tiers are fulfilled; waived ones are not asked for."""
    names = " or ".join(tiers)
    asked = [found for found in judgements if found.criterion.tier in tiers and found.verdict is not Verdict.WAIVED]
    if not asked:
        return Ruling(Verdict.NOT_RUN, f"there is no {names} criterion")
    open_ones = [found for found in asked if not is_fulfilled(found)]
    if not open_ones:
        return Ruling(
            Verdict.PASSED, f"{len(asked)} {names} {'criterion' if len(asked) == 1 else 'criteria'} fulfilled"
        )
    against = [found for found in open_ones if found.verdict in _AGAINST]
    first = (against or open_ones)[0]
    reason = f"line {first.criterion.line}: a {first.criterion.tier} criterion is {first.verdict}"
    return Ruling(first.verdict if against else Verdict.NOT_RUN, reason)
