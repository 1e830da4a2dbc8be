"""Documentation to render: specs with one criterion for each verdict, and a history."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zlib import decompress

from spec2bdd.model import (
    Box,
    Challenge,
    ChallengedScenario,
    ChallengeOutcome,
    Criterion,
    CriterionExplanation,
    CriterionStrength,
    CriterionVerdict,
    Documentation,
    DoneItem,
    DoneItemVerdict,
    EvidenceKind,
    Explanation,
    FailureKind,
    FailureReason,
    Fault,
    Field,
    ProofSource,
    Rule,
    ScenarioResult,
    Spec,
    SpecDocument,
    SpecReport,
    Status,
    StepResult,
    Strength,
    Tier,
    Timeline,
    TimelineRun,
    TrackedCriterion,
    Verdict,
)
from spec2bdd.model.explanation import CriterionLines

RULE = Rule("a step failed", "docs/verdicts.md")
STAGES = {"Draft": Status.DRAFT, "Review": Status.REVIEW, "Complete": Status.COMPLETE}


def make_criterion(
    number: int, verdict: Verdict, text: str, *, spec: str = "1_1", tier: Tier = Tier.MUST, error: str = ""
) -> CriterionVerdict:
    """Build a judged criterion with a scenario of one step."""
    status = "passed" if verdict is Verdict.PASSED else "failed" if verdict is Verdict.FAILED else "pending"
    step = StepResult("Then", "then", text, 8, status, 0.25, "steps/a_steps.py:3", error)
    record = ScenarioResult(f"features/{spec}.feature", 7, text, (), status, finished=True, steps=(step,), output=error)
    criterion = Criterion(tier, text, Box(" ", number), number + 10, 3, manual=verdict is Verdict.MANUAL)
    return CriterionVerdict(criterion, f"ac_{spec}_{number}", verdict, error, record, step)


def make_document(
    key: str, verdicts: Sequence[CriterionVerdict], *, name: str = "Rooms", status: str = "Draft", **facts: Any
) -> SpecDocument:
    """Build the document of a spec; `done` are the marks of its done items."""
    fields = {"feature_id": key.replace("_", "."), "name": name, "owner": "ana", "prd_section": "2.1", **facts}
    done = tuple(
        DoneItemVerdict(DoneItem(f"item {n}", Box(mark, 90 + n), 90 + n, 3), Verdict.MANUAL, mark=mark)
        for n, mark in enumerate(fields.pop("done", " "))
    )
    spec = Spec(
        f"specs/{key}.md",
        b"",
        tuple(Field(field, str(value), 1, 1) for field, value in fields.items()),
        criteria=tuple(verdict.criterion for verdict in verdicts),
    )
    report = SpecReport(spec, tuple(verdicts), status, status, done=done)
    entries = tuple(
        CriterionExplanation(
            number, TrackedCriterion(verdict.criterion, verdict.id, ProofSource.GENERATED), verdict, RULE
        )
        for number, verdict in enumerate(verdicts, 1)
    )
    html = "".join(
        f'<ul><li><span data-line="{verdict.criterion.line}"></span>{number}</li></ul>'
        for number, verdict in enumerate(verdicts)
    )
    proved = bool(report.gating) and all(verdict.fulfilled for verdict in report.gating)
    return SpecDocument(key, Explanation(report, entries), STAGES.get(status), is_proved=proved, html=html)


def make_strength(
    id_: str,
    strength: Strength,
    *faults: tuple[ChallengeOutcome, Sequence[str]],
    reason: str = "because",
    step: str = "",
) -> CriterionStrength:
    """Build the strength of a criterion of which these faults were tried."""
    challenges = tuple(
        Challenge(Fault("mutant", "chat/store.py", number, tuple(change)), outcome, step=step)
        for number, (outcome, change) in enumerate(faults, 1)
    )
    return CriterionStrength(id_, strength, reason, (ChallengedScenario("f", 1, "s", (id_,), challenges),))


def with_strengths(
    document: SpecDocument, *strengths: CriterionStrength, lines: CriterionLines | None = None
) -> SpecDocument:
    """Add the strengths of some criteria to a document, and to all of its criteria lines that they run."""
    known = {strength.id: strength for strength in strengths}
    entries = tuple(
        replace(entry, strength=known.get(entry.item.id), lines=lines or CriterionLines())
        for entry in document.explanation.entries
    )
    return replace(document, explanation=replace(document.explanation, entries=entries))


def make_documentation(*documents: SpecDocument, results: dict[str, str] | None = None) -> Documentation:
    """Build the documentation of a project; `results` has one letter for each run by criterion."""
    count = max(map(len, (results or {}).values()), default=0)
    runs = tuple(
        TimelineRun(f"r{n}", f"2026-11-2{n}T14:02:00+00:00", f"{n}" * 40, {Verdict.PASSED: n, Verdict.FAILED: 1})
        for n in range(count)
    )
    return Documentation("chat", "2026-11-23T18:30:15+00:00", Timeline(runs, results or {}), documents)


def unpack_data(page: str) -> tuple[list[Any], dict[str, Any]]:
    """Unpack the data of a page: the index, and what is shown of each spec by its key."""

    def unpack(text: str) -> Any:
        return json.loads(decompress(b64decode(text)))

    index = re.search(r'<script type="text/plain" id="index-data">([^<]*)</script>', page)
    specs = re.findall(r'<script type="text/plain" data-spec="([^"]*)">([^<]*)</script>', page)
    assert index is not None
    return unpack(index[1]), {key: unpack(text) for key, text in specs}


def with_hostile_texts(text: str) -> Documentation:
    """Build documentation in which every text of a user is this one."""
    verdict = replace(make_criterion(1, Verdict.FAILED, text, error=text), reason=text)
    document = make_document("1_1", [verdict], name=text, status=text, owner=text, prd_section=text)
    report = document.explanation.spec
    item = DoneItemVerdict(DoneItem(text, Box("x", 90), 90, 3), Verdict.FAILED, text, (EvidenceKind.COVERAGE,))
    reason = FailureReason(FailureKind.DONE, 90, text, text)
    report = replace(report, done=(item,), passed=False, reasons=(reason,))
    document = replace(document, explanation=replace(document.explanation, spec=report))
    faults = [(ChallengeOutcome.NOTICED, [text]), (ChallengeOutcome.UNNOTICED, [text, text])]
    strength = make_strength(verdict.id, Strength.WEAKER, *faults, reason=text, step=text)
    document = with_strengths(document, strength, lines=CriterionLines({text: text}, {text: {text: text}}))
    return replace(make_documentation(document, results={"ac_1_1_1": "pf"}), name=text, notes=(text,))
