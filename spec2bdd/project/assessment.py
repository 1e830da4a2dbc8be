"""A project and runs in, the judged specs out: criteria, done items by their evidence, statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from spec2bdd.config import Config
from spec2bdd.config.evidence import is_regex
from spec2bdd.domain.gherkin.naming import derive_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.done.items import DoneContext, judge_item
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext, build_context, ignore_vacuity
from spec2bdd.domain.verdicts.status.dependencies import apply_dependencies, find_cycles
from spec2bdd.domain.verdicts.status.status import (
    StatusPolicy,
    check_known_status,
    derive_status,
    find_demotion_causes,
    find_failure_reasons,
)
from spec2bdd.model import (
    Diagnostic,
    DoneItemVerdict,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    ExternalReport,
    JudgeOptions,
    Severity,
    Spec,
    SpecReport,
    Status,
    TestRun,
    Verdict,
)
from spec2bdd.project.evidence import collect_evidence
from spec2bdd.project.external_results import describe_external_only, match_external_reports
from spec2bdd.project.history import load_seen_failing
from spec2bdd.project.loader import Project
from spec2bdd.text.normalize import to_comparison_key


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judged specs, in the order of the drafts, what is amiss with the evidence, and notes for the reader."""

    specs: tuple[SpecReport, ...]
    problems: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def derive_status_policy(config: Config) -> StatusPolicy:
    """Return how a project wants its statuses."""
    without = Status.COMPLETE if config.without_done == "complete" else Status.REVIEW
    return StatusPolicy(config.gate, config.statuses, without)


def judge_project(
    project: Project, runs: Sequence[TestRun], manner: JudgeOptions, reports: Sequence[ExternalReport] = ()
) -> Assessment:
    """Judge all specs by runs, by reports of other tools, and by the evidence that stands on disk now."""
    config = project.config
    matches = [_match_demands(draft.spec, config.done) for draft in project.drafts]
    asked = [demand for found in matches for demands in found for demand in demands]
    found = collect_evidence(config, asked, commands=manner.commands)
    counted = [ignore_vacuity(run) for run in runs] if config.vacuous == "pass" else runs
    flaky_passes = config.flaky == "pass"
    facts = build_context(counted, project.digests, strict=manner.strict, flaky_passes=flaky_passes)
    hearing = match_external_reports(project, reports, trusted=manner.trust_foreign)
    facts = replace(facts, red=load_seen_failing(project), hearing=hearing, features=project.contents)
    specs = [
        _judge(draft, project, facts, manner, demands=demands, found=found)
        for draft, demands in zip(project.drafts, matches, strict=True)
    ]
    settled = apply_dependencies(specs, derive_status_policy(config), hold=config.upstream == "hold")
    problems = (*_describe_refusals(settled), *find_cycles([draft.spec for draft in project.drafts]))
    return Assessment(settled, problems, (*_describe_unmatched(config.done, asked), *describe_external_only(settled)))


def find_unmatched_requirements(
    demands: Sequence[EvidenceRequirement], specs: Iterable[Spec]
) -> tuple[EvidenceRequirement, ...]:
    """Return the demands that speak of no item of any spec."""
    asked = {demand for spec in specs for found in _match_demands(spec, demands) for demand in found}
    return tuple(demand for demand in demands if demand not in asked)


def _judge(
    draft: SpecPlan,
    project: Project,
    facts: JudgingContext,
    manner: JudgeOptions,
    *,
    demands: Sequence[Sequence[EvidenceRequirement]],
    found: Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult],
) -> SpecReport:
    """Judge one spec; `demands` are those of each of its done items."""
    rules, spec = derive_status_policy(project.config), draft.spec
    judgements = judge_spec(draft.identified, facts)
    own = frozenset({f"spec_{derive_key(spec)}", *(item.id for item in draft.identified)})
    evidence = DoneContext(judgements, facts, own, found)
    done = tuple(judge_item(item, wanted, evidence) for item, wanted in zip(spec.done_items, demands, strict=True))
    before = spec.find_value("status")
    after = derive_status(spec, judgements, rules, done)
    asked = [one for one in judgements if not (manner.partial and one.verdict is Verdict.SKIPPED)]
    reasons = find_failure_reasons(asked, rules, status=before, everything=manner.gate_all, done=done)
    why = find_demotion_causes(spec, judgements, rules, done=done, after=after)
    return SpecReport(spec, judgements, before, after, answer=not reasons, reasons=reasons, done=done, why=why)


def _match_demands(spec: Spec, demands: Sequence[EvidenceRequirement]) -> list[tuple[EvidenceRequirement, ...]]:
    """Return the demands that speak of each done item: all whose text or pattern fits count."""
    here = [
        demand for demand in demands if not demand.specs or any(fnmatchcase(spec.path, one) for one in demand.specs)
    ]
    return [tuple(demand for demand in here if _fits(demand.key, item.text)) for item in spec.done_items]


def _fits(key: str, text: str) -> bool:
    """Tell whether the key of a demand means an item: the same words in any typography, or a pattern in them."""
    if is_regex(key):
        return re.search(key[1:-1], text, re.IGNORECASE) is not None
    return to_comparison_key(key) == to_comparison_key(text)


def _describe_refusals(reports: Sequence[SpecReport]) -> Iterator[Diagnostic]:
    """Yield a warning for each reason why evidence was refused, at the first item that waits for it."""
    waiting: dict[tuple[str, str], list[tuple[str, DoneItemVerdict]]] = {}
    for report in reports:
        for one in report.done:
            for text, hint in _find_refusals(one):
                waiting.setdefault((text, hint), []).append((report.spec.path, one))
    for (text, hint), items in waiting.items():
        path, first = items[0]
        boxes = "the box stays as it is" if len(items) == 1 else f"{len(items)} boxes stay as they are"
        place = (first.item.line, first.item.column)
        yield Diagnostic(path, *place, Severity.WARNING, "evidence", f"no evidence: {text}; {boxes}", hint)


def _find_refusals(found: DoneItemVerdict) -> Iterator[tuple[str, str]]:
    """Yield why an item has no verdict, as far as somebody can do something about it, and what."""
    for one in found.refused:
        if not one.quiet:
            yield one.refusal, one.hint
    if (
        not found.refused
        and found.verdict is Verdict.NOT_RUN
        and {EvidenceKind.COVERAGE, EvidenceKind.BENCHMARK} & set(found.kinds)
    ):
        yield found.reason, "say it in the item, or in its entry below `[tool.spec2bdd.done]`"


def _describe_unmatched(demands: Sequence[EvidenceRequirement], asked: Sequence[EvidenceRequirement]) -> Iterator[str]:
    """Yield a note for each demand that speaks of no item."""
    known = set(asked)
    yield from (f"no spec has the done item `{one.key}` of the configuration" for one in demands if one not in known)


def find_status_problems(project: Project, spec: Spec) -> tuple[Diagnostic, ...]:
    """Return a warning if a spec has a status of its author's own."""
    return check_known_status(spec, derive_status_policy(project.config))
