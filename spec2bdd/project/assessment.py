"""Judge the specs of a project: criteria by runs, done items by their evidence, and the statuses that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from spec2bdd.config import Config
from spec2bdd.config.evidence import is_regex, search_key
from spec2bdd.domain.gherkin.naming import build_spec_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.domain.verdicts.baseline import find_regressions
from spec2bdd.domain.verdicts.criteria import judge_spec
from spec2bdd.domain.verdicts.done.items import DoneContext, judge_item
from spec2bdd.domain.verdicts.merge_base import describe_comparisons
from spec2bdd.domain.verdicts.scenarios.context import JudgingContext, build_context, ignore_vacuity
from spec2bdd.domain.verdicts.status.dependencies import apply_dependencies, find_cycles
from spec2bdd.domain.verdicts.status.status import (
    StatusPolicy,
    check_known_status,
    compute_status,
    find_demotion_causes,
    find_failure_reasons,
    hold_unread,
)
from spec2bdd.domain.verdicts.unlinked import judge_unlinked
from spec2bdd.model import (
    BaseComparison,
    CriterionStrength,
    Diagnostic,
    DoneItemVerdict,
    EvidenceKind,
    EvidenceRequirement,
    EvidenceResult,
    ExternalReport,
    Fingerprint,
    JudgeOptions,
    RuleId,
    Severity,
    Spec,
    SpecReport,
    Status,
    TestRun,
    UnlinkedScenario,
    Verdict,
)
from spec2bdd.model.values import dataclass
from spec2bdd.project.external_results import (
    describe_external_only,
    describe_unmatched_reports,
    match_external_reports,
)
from spec2bdd.project.history import load_seen_failing
from spec2bdd.project.loader import Project
from spec2bdd.project.run_diagnostics import find_changed_trees
from spec2bdd.text.normalize import to_comparison_key


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judged specs, in the order of the plans, diagnostics on their evidence, and notes for the reader.

    `unlinked` are the scenarios that have no criterion's tag, `context` is what all of it was judged by.
    """

    specs: tuple[SpecReport, ...]
    unlinked: tuple[UnlinkedScenario, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    context: JudgingContext = JudgingContext()


def build_status_policy(config: Config) -> StatusPolicy:
    """Build the policy that a project configures for its statuses."""
    without_done = Status.COMPLETE if config.without_done == "complete" else Status.REVIEW
    return StatusPolicy(config.gate, config.statuses, without_done)


def judge_project(
    project: Project,
    runs: Sequence[TestRun],
    options: JudgeOptions,
    reports: Sequence[ExternalReport] = (),
    *,
    today: Fingerprint | None = None,
    strengths: Mapping[str, CriterionStrength] | None = None,
    comparisons: Mapping[str, BaseComparison] | None = None,
) -> Assessment:
    """Judge all specs by runs, by reports of other tools, and by the evidence that is on disk now.

    `today` is the fingerprint of the project, where it is already known. `strengths` are those of the criteria that
    passed, where they were just challenged, and `comparisons` those with the merge base; otherwise, if the project
    requires them, what is remembered.
    """
    config = project.config
    if config.challenge != "require":
        strengths = None
    incomparable: tuple[Diagnostic, ...] = ()
    if config.require_red != "base":
        comparisons = None
    elif comparisons is None:
        from spec2bdd.project.merge_base.comparison import diagnose_base_error, recall_comparisons

        recalled = recall_comparisons(project, runs)
        comparisons = recalled.known
        incomparable = (diagnose_base_error(config, recalled.error),) if recalled.error else ()
    options = replace(options, strict=options.strict or config.unverified == "untick")
    # Evidence is collected once for all specs: a report may be large, and a command slow.
    matched = [_match_requirements(plan.spec, config.done) for plan in project.plans]
    required = [requirement for items in matched for requirements in items for requirement in requirements]
    results: Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult] = {}
    if required:
        # Few projects configure evidence, whose readers take time to import.
        from spec2bdd.project.evidence import collect_evidence

        results = collect_evidence(config, required, commands=options.commands)
    # With `vacuous = "pass"` a step that cannot fail counts like any other.
    counted = [ignore_vacuity(run) for run in runs] if config.vacuous == "pass" else runs
    changed = find_changed_trees(config, runs, today=today)
    context = replace(
        build_context(
            counted,
            project.digests,
            changed=changed,
            strict=options.strict,
            flaky_passes=config.flaky == "pass",
        ),
        seen_failing=load_seen_failing(project),
        comparisons=comparisons,
        external=match_external_reports(project, reports, trusted=options.trust_external),
        features=project.contents,
    )
    if strengths is None and config.challenge == "require":
        # Few projects require it.
        from spec2bdd.project.challenges import recall_strengths

        strengths = recall_strengths(config, context.runs)
    context = replace(context, strengths=strengths)
    judged = [
        _judge(plan, project, context, options, requirements=requirements, results=results)
        for plan, requirements in zip(project.plans, matched, strict=True)
    ]
    # Specs wait for each other, so that this comes after all are judged.
    specs = apply_dependencies(judged, build_status_policy(config), hold=config.upstream == "hold")
    # Of what passes: all else waits for another reason.
    if not any(verdict.rule is RuleId.NOT_COMPARED for spec in specs for verdict in spec.verdicts):
        incomparable = ()
    diagnostics = (
        *incomparable,
        *_report_refusals(specs),
        *find_cycles([plan.spec for plan in project.plans]),
        *describe_unmatched_reports(context.external),
    )
    known = set(required)
    # The items of a spec that could not be read are not known.
    missing = () if project.unusable else config.done
    unmatched = tuple(describe_unmatched(requirement) for requirement in missing if requirement not in known)
    unlinked = judge_unlinked(context, find_criterion_ids(project))
    empty = tuple(f"`{report.path}` contains no tests" for report in reports if not report.scenarios)
    claims = _describe_unverified_claims(specs, build_status_policy(config))
    compared = describe_comparisons([verdict for spec in specs for verdict in spec.verdicts])
    notes = (*unmatched, *empty, *describe_external_only(specs), *claims, *compared)
    return Assessment(specs, unlinked, diagnostics, notes, context)


def find_criterion_ids(project: Project) -> frozenset[str]:
    """Find the ids of all criteria; those of a spec that could not be read are known by its feature file."""
    manifests = [manifest for path, manifest in project.feature_index.manifests.items() if path not in project.orphans]
    recorded = {entry.id for manifest in manifests for entry in manifest.entries if entry.state != "retired"}
    return frozenset(recorded.union(item.id for plan in project.plans for item in plan.tracked))


def find_unmatched_requirements(
    requirements: Sequence[EvidenceRequirement], specs: Iterable[Spec]
) -> tuple[EvidenceRequirement, ...]:
    """Find the requirements that match no done item of any spec."""
    matched = {
        requirement for spec in specs for matches in _match_requirements(spec, requirements) for requirement in matches
    }
    return tuple(requirement for requirement in requirements if requirement not in matched)


def describe_unmatched(requirement: EvidenceRequirement) -> str:
    """Describe a requirement that matches no done item."""
    return f"no definition-of-done item of any spec matches `{requirement.key}` in `[tool.spec2bdd.done]`"


def _judge(
    plan: SpecPlan,
    project: Project,
    context: JudgingContext,
    options: JudgeOptions,
    *,
    requirements: Sequence[Sequence[EvidenceRequirement]],
    results: Mapping[tuple[EvidenceRequirement, EvidenceKind], EvidenceResult],
) -> SpecReport:
    """Judge one spec; `requirements` are those of each of its done items."""
    spec = plan.spec
    policy = build_status_policy(project.config).adapt_to(spec)
    verdicts = judge_spec(plan.tracked, context)
    # The tags that `generate` writes on a feature and on its scenarios.
    own = frozenset({f"spec_{build_spec_key(spec)}", *(item.id for item in plan.tracked)})
    done_context = DoneContext(verdicts, context, own, results)
    done = tuple(
        judge_item(item, matches, done_context) for item, matches in zip(spec.done_items, requirements, strict=True)
    )
    before = spec.find_value("status")
    after, held = hold_unread(spec, compute_status(spec, verdicts, policy, done), policy)
    # What was left out on purpose fails nothing, whatever an earlier run of other files said about it.
    left_out = [
        verdict for verdict in verdicts if verdict.verdict is Verdict.SKIPPED or verdict.rule is RuleId.OTHER_FILES
    ]
    asked = [verdict for verdict in verdicts if not options.partial or verdict not in left_out]
    if options.baseline is None:
        reasons = find_failure_reasons(asked, policy, status=before, everything=options.gate_all, done=done)
    else:
        reasons = find_regressions(asked, options.baseline.keys())
    causes = (*held, *find_demotion_causes(spec, verdicts, policy, done=done, after=after))
    return SpecReport(
        spec,
        verdicts,
        before,
        after,
        passed=not reasons,
        reasons=reasons,
        done=done,
        why=causes,
        gate=tuple(policy.gate),
    )


def _describe_unverified_claims(reports: Sequence[SpecReport], policy: StatusPolicy) -> Iterator[str]:
    """Describe the specs that claim acceptance and have criteria that nothing has proved."""
    for report in reports:
        count = sum(verdict.verdict is Verdict.UNVERIFIED for verdict in report.verdicts)
        if count and policy.adapt_to(report.spec).find_status(report.status_after) in (Status.REVIEW, Status.COMPLETE):
            criteria = "1 criterion is" if count == 1 else f"{count} criteria are"
            yield (
                f"the status of {report.spec.path} is `{report.status_after}`, but {criteria} unverified; "
                f"`spec2bdd verify --strict` unticks {'it' if count == 1 else 'them'}"
            )


def _match_requirements(
    spec: Spec, requirements: Sequence[EvidenceRequirement]
) -> list[tuple[EvidenceRequirement, ...]]:
    """Match each done item with all requirements whose key is its text, or a pattern that is found in it."""
    here = [
        requirement
        for requirement in requirements
        if not requirement.specs or any(fnmatchcase(spec.path, pattern) for pattern in requirement.specs)
    ]
    matched = []
    for item in spec.done_items:
        text = to_comparison_key(item.text)
        matched.append(
            tuple(
                requirement
                for requirement in here
                if (
                    search_key(requirement.key, item.text)
                    if is_regex(requirement.key)
                    else to_comparison_key(requirement.key) == text
                )
            )
        )
    return matched


def _report_refusals(reports: Sequence[SpecReport]) -> Iterator[Diagnostic]:
    """Warn once for each reason why evidence was refused, at the first item that waits for it."""
    # One missing report may be the evidence for many items.
    waiting: dict[tuple[str, str], list[tuple[str, DoneItemVerdict]]] = {}
    for report in reports:
        for verdict in report.done:
            refusals = [(result.refusal, result.hint) for result in verdict.refused if not result.quiet]
            # The evidence was read, and the item does not say what it has to show.
            measured = {EvidenceKind.COVERAGE, EvidenceKind.BENCHMARK} & set(verdict.kinds)
            if not verdict.refused and verdict.verdict is Verdict.NOT_RUN and measured:
                hint = "add it to the item, or to its entry in `[tool.spec2bdd.done]`"
                refusals.append((verdict.reason, hint))
            for refusal in refusals:
                waiting.setdefault(refusal, []).append((report.spec.path, verdict))
    for (text, hint), verdicts in waiting.items():
        path, first = verdicts[0]
        boxes = "the box is unchanged" if len(verdicts) == 1 else f"{len(verdicts)} boxes are unchanged"
        place = (first.item.line, first.item.column)
        yield Diagnostic(path, *place, Severity.WARNING, "missing-evidence", f"no evidence: {text}; {boxes}", hint)


def find_status_diagnostics(project: Project, spec: Spec) -> tuple[Diagnostic, ...]:
    """Warn if a spec has a status of its author's own."""
    return check_known_status(spec, build_status_policy(project.config).adapt_to(spec))
