"""An overview that is kept as JSON comes back with everything that `status` shows of it."""

from __future__ import annotations

import json

from spec2bdd.model import Box, BoxKind, Criterion, CriterionVerdict, RuleId, ScenarioResult, StepResult, TestRun
from spec2bdd.model.explanation import CriterionGroup, ProjectOverview, SpecOverview, UnlinkedFailure
from spec2bdd.model.files import FileState
from spec2bdd.model.spec import Tier
from spec2bdd.model.verdict import Verdict
from spec2bdd.project.cache.overview_json import overview_from_json, overview_to_json

STEP = StepResult("Then", "then", "it is on", 7, "passed", location="steps/lamp_steps.py:9", vacuous=True)
NEXT = CriterionVerdict(
    Criterion(Tier.MUST, "It is on", Box("x", 40, 2, BoxKind.CELL), 12, 3, manual=True),
    "ac_1_1_5f3a9c",
    Verdict.STALE,
    reason="the lamp has changed",
    record=ScenarioResult("features/lamp.feature", 5, "It is on", (), failed_at="steps/lamp_steps.py:9"),
    step=STEP,
    mark="x",
    flaky=True,
    external_only=True,
    rule=RuleId.BROKEN_RUN,
    last=Verdict.PASSED,
    changed="lamp.py",
    state=FileState.NEW,
)
GROUPS = (
    CriterionGroup(
        Tier.MUST,
        tags=("smoke",),
        verdicts={Verdict.STALE: 1, Verdict.PASSED: 4},
        fulfilled=4,
        before={Verdict.PASSED: 5},
        next=NEXT,
        urgency=2,
        staleness={"reworded": 1},
    ),
    CriterionGroup(Tier.COULD),
)
SPEC = SpecOverview(
    "specs/1.md",
    feature_id="1.1",
    name="Lamp",
    owner="@ana",
    dialect="kiro",
    status="Review",
    status_after="In Progress",
    groups=GROUPS,
    done=(2, 3),
    changed={"lamp.py": 1},
    blocker="ac_1_1_5f3a9c",
    states={"lamp.py": FileState.NEW},
    blocked="Complete",
    reached=True,
    unmarked=True,
    open_item=(30, "Reviewed"),
    unread=(41, 92),
)
RUN = TestRun("b", complete=True, started="2026-05-04T09:00:00Z", commit="5f3a9c", shard=(1, 2))
WHOLE = ProjectOverview(
    specs=(SPEC, SpecOverview("specs/2.md")),
    run=RUN,
    unlinked=3,
    warnings=4,
    notes=("a note",),
    unlinked_first=UnlinkedFailure("features/other.feature", 2, pending=True, orphan=True),
    older=(TestRun("a", complete=False),),
    unlinked_counts={"failed": 3},
)


def repeat(overview: ProjectOverview) -> ProjectOverview:
    """Keep an overview, and read it again."""
    return overview_from_json(json.loads(json.dumps(overview_to_json(overview))))


def test_an_overview_comes_back_whole() -> None:
    assert repeat(WHOLE) == WHOLE


def test_a_project_without_a_run_comes_back_as_one() -> None:
    assert repeat(ProjectOverview(specs=(SPEC,))) == ProjectOverview(specs=(SPEC,))


def test_an_incomplete_run_comes_back_as_one_of_the_past() -> None:
    assert [run.is_past for run in repeat(WHOLE).older] == [True]


def test_where_a_scenario_failed_comes_back() -> None:
    verdict = repeat(WHOLE).specs[0].groups[0].next
    assert verdict is not None
    assert verdict.record is not None
    assert verdict.record.failed_at == "steps/lamp_steps.py:9"
