"""Count what a report holds, and select what is shown of it; shared by all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from spec2bdd.model import (
    ChallengeReport,
    CriterionVerdict,
    Diagnostic,
    Documentation,
    DoneItemVerdict,
    Report,
    RuleId,
    Severity,
    SpecReport,
    Strength,
    Tier,
    Verdict,
)
from spec2bdd.model.history import BranchReport, Transition, TransitionKind
from spec2bdd.model.spec import name_tiers
from spec2bdd.model.values import dataclass
from spec2bdd.reporters.branch_counts import describe_proof
from spec2bdd.reporters.registry import Answer

_NOT_PASSED = {Verdict.PENDING: "is pending", Verdict.NOT_RUN: "was not run"}


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one report; `ticked` and `unticked` are boxes, also those that were only planned.

    `flaky` counts criteria with contradictory results, whatever their verdict, `external_only` those that passed
    only in an external report. `fulfilled` counts those of the `gating` criteria that acceptance no longer waits for.
    """

    specs: int = 0
    criteria: int = 0
    gating: int = 0
    fulfilled: int = 0
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    flaky: int = 0
    external_only: int = 0
    ticked: int = 0
    unticked: int = 0
    files: int = 0
    errors: int = 0
    warnings: int = 0


def find_report(answer: Answer) -> Any:
    """Find the report of an answer; that of a whole project has its last verdicts, and fails as its check does."""
    value = answer.value
    if not isinstance(value, Documentation):
        return value
    return Report(
        "report",
        wrote=False,
        specs=tuple(document.explanation.spec for document in value.specs),
        diagnostics=value.diagnostics,
        run=value.runs[-1] if value.runs else None,
        older=value.runs[:-1],
        unlinked=value.unlinked,
        notes=value.notes,
        exit_code=value.exit_code or int(value.failed),
        unlinked_fails=value.unlinked_fails,
    )


def describe_gate(report: Report, counts: Summary) -> str:
    """Describe how many criteria of the gate are proved, such as `3 of 3 musts proved`; there is a spec.

    Where a run was limited to others, none of them was selected, which is no news about any of them.
    """
    gating = [verdict for spec in report.specs for verdict in spec.gating]
    if not gating and any(spec.is_gate_waived for spec in report.specs):
        return f"all {' or '.join(report.specs[0].gate)} criteria are waived"
    left_out = [item for item in gating if item.verdict is Verdict.SKIPPED and item.rule is not RuleId.SKIPPED_BY_CODE]
    word = "selected" if report.partial and gating and left_out == gating else "proved"
    return f"{counts.fulfilled} of {counts.gating} {name_tiers(report.specs[0].gate, counts.gating)} {word}"


def summarize(report: Report) -> Summary:
    """Count the criteria, boxes, files and diagnostics of a report."""
    verdicts = [verdict for spec in report.specs for verdict in list_counted(spec)]
    gating = [verdict for spec in report.specs for verdict in spec.gating]
    # Also those of done items.
    boxes = [box for spec in report.specs for box in spec.boxes]
    severities = Counter(diagnostic.severity for diagnostic in report.diagnostics)
    return Summary(
        specs=len(report.specs),
        criteria=len(verdicts),
        gating=len(gating),
        fulfilled=sum(verdict.fulfilled for verdict in gating),
        verdicts=count_verdicts(verdicts),
        flaky=sum(verdict.flaky for verdict in verdicts),
        external_only=sum(verdict.external_only and verdict.verdict is Verdict.PASSED for verdict in verdicts),
        ticked=sum(box.ticked for box in boxes),
        unticked=sum(box.unticked for box in boxes),
        files=len(report.changes),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
    )


def count_verdicts(verdicts: Sequence[CriterionVerdict | DoneItemVerdict]) -> dict[Verdict, int]:
    """Count every verdict, in the order of `Verdict`, also those that do not occur."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    # Not a Counter: its order is that of the criteria.
    return {verdict: counts[verdict] for verdict in Verdict}


def count_labels(verdicts: Sequence[CriterionVerdict | DoneItemVerdict]) -> list[tuple[Verdict, str, int]]:
    """Count the criteria of each verdict in its words, such as `stale (reworded)`, in the order of `Verdict`."""
    counts = Counter((verdict.verdict, verdict.label) for verdict in verdicts)
    order = list(Verdict)
    rows = sorted(counts.items(), key=lambda row: (order.index(row[0][0]), row[0][1]))
    return [(verdict, label, count) for (verdict, label), count in rows]


def list_counted(spec: SpecReport) -> list[CriterionVerdict]:
    """List the verdicts of all criteria but the won't-haves, which are no part of acceptance."""
    return [verdict for verdict in spec.verdicts if verdict.criterion.tier is not Tier.WONT]


def list_written_paths(report: Report) -> frozenset[str]:
    """List the files that were really written."""
    return frozenset(change.path for change in report.changes) if report.wrote else frozenset()


def list_annotations(report: Report | ChallengeReport | BranchReport) -> list[Diagnostic]:
    """List the diagnostics of a report by location, with one for each criterion and scenario that fails.

    Of challenges, there is one for each Then step of a criterion whose checks notice nothing, or less than before; of
    what a branch changes, one for each criterion that changed.
    """
    if isinstance(report, BranchReport):
        settings = [
            Diagnostic(
                setting.path or report.configuration,
                0,
                0,
                Severity.WARNING,
                "setting-lowered",
                f"`{setting.key}` asks for less than at `{report.base}`: {setting.before} is {setting.after} now",
            )
            for setting in report.settings
        ]
        return sort_diagnostics([*report.diagnostics, *settings, *map(_annotate_transition, report.transitions)])
    if isinstance(report, ChallengeReport):
        return sort_diagnostics([*report.diagnostics, *_annotate_checks(report)])
    severity = Severity.ERROR if report.unlinked_fails else Severity.WARNING
    failing = [scenario for scenario in report.unlinked if scenario.is_failing]
    unlinked = [
        Diagnostic(
            scenario.record.feature,
            scenario.step.line if scenario.step else scenario.record.line,
            1,
            severity,
            "unlinked-failed",
            f"the scenario `{scenario.record.name}` {_NOT_PASSED.get(scenario.verdict, 'failed')}: {scenario.reason}",
        )
        for scenario in failing
    ]
    criteria = (diagnostic for spec in report.specs for diagnostic in _annotate_criteria(spec))
    return sort_diagnostics([*report.diagnostics, *criteria, *unlinked])


def _annotate_transition(transition: Transition) -> Diagnostic:
    """Annotate a criterion of which something changed since the base, on its line."""
    severity = Severity.SUGGESTION if transition.kind is TransitionKind.PROVED else Severity.WARNING
    why = "; ".join(filter(None, [transition.reason, *describe_proof(transition)]))
    return Diagnostic(
        transition.path,
        # A file that is gone has no lines.
        0 if transition.kind is TransitionKind.REMOVED else transition.line,
        1,
        Severity.ERROR if transition.fails else severity,
        "criterion-changed",
        f"{transition.kind}: {transition.tier} criterion `{transition.text}`{f': {why}' if why else ''}",
    )


def _annotate_checks(report: ChallengeReport) -> Iterator[Diagnostic]:
    """Annotate the Then steps of each criterion whose checks notice nothing, or less than before."""
    for challenged in report.criteria:
        strength, criterion = challenged.strength, challenged.criterion
        if strength.strength not in (Strength.BLIND, Strength.WEAKER):
            continue
        message = f"`{criterion.text}` ({challenged.path}:{criterion.line}): {strength.reason}"
        places = dict.fromkeys(place for scenario in strength.scenarios for place in scenario.checks)
        for place in places or (f"{challenged.path}:{criterion.line}",):
            path, _, line = place.rpartition(":")
            blind = Diagnostic(path, int(line), 1, Severity.ERROR, "blind-criterion", message)
            yield blind if strength.strength is Strength.BLIND else replace(blind, code="weaker-criterion")


def _annotate_criteria(spec: SpecReport) -> Iterator[Diagnostic]:
    """Annotate each criterion and done item that fails the check, and as a warning each one that fails otherwise."""
    reasons = {reason.line: reason for reason in spec.reasons}
    lines = {verdict.criterion.line: verdict for verdict in list_counted(spec)}
    for line, reason in reasons.items():
        detail = lines[line].reason if line in lines else reason.detail
        text = f"{reason.text}: {detail}" if detail else reason.text
        yield Diagnostic(spec.spec.path, line, 1, Severity.ERROR, "criterion-failed", text)
    for line, verdict in lines.items():
        if verdict.verdict is Verdict.FAILED and line not in reasons:
            text = f"{verdict.criterion.tier} criterion failed: {verdict.reason}"
            yield Diagnostic(spec.spec.path, line, 1, Severity.WARNING, "criterion-failed", text)


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort diagnostics by their location; those of one location keep their order."""
    return sorted(diagnostics, key=lambda diagnostic: (diagnostic.path, diagnostic.line, diagnostic.column))


def describe_status(status: str, dialect: str) -> str:
    """Name a status, or the lack of one; empty in a dialect where no spec needs a status."""
    return status or ("no status" if dialect == "template" else "")


def count_noun(count: int, noun: str, plural: str = "") -> str:
    """Render a count with its noun, such as `1 spec` or `2 criteria`."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
