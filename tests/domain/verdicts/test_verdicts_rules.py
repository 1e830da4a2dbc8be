"""Which rule decided on a criterion: the most exact one, and always one that the documentation has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from verdict_values import make_item, make_judgement

from spec2bdd.domain.verdicts.rules import RULES, find_rule
from spec2bdd.model import Box, CriterionVerdict, ProofSource, StepResult, Tier, TrackedCriterion, Verdict

DOCS = Path(__file__).parents[3]
VACUOUS = StepResult("Then", "then", "it works", 9, "passed", vacuous=True)
REAL = replace(VACUOUS, vacuous=False)
ITEM = make_item()
PENDING, NOT_RUN = make_judgement(Verdict.PENDING), make_judgement(Verdict.NOT_RUN)
BELOW = "a criterion below it is pending"

DECIDED: dict[str, tuple[TrackedCriterion, CriterionVerdict | None, str]] = {
    "nobody asks": (ITEM, None, "wont"),
    "it is not wanted": (make_item(changes={"tier": Tier.WONT}), PENDING, "wont"),
    "it is set aside": (make_item("~"), PENDING, "aside"),
    "it is set aside, but not pending": (make_item("-"), make_judgement(Verdict.FAILED), "failed"),
    "it was never red": (ITEM, make_judgement(Verdict.PENDING, statuses=["passed"]), "never red"),
    "it was never red, and is on trust": (ITEM, make_judgement(Verdict.ON_TRUST, statuses=["passed"]), "never red"),
    "it was never red, and failed": (ITEM, make_judgement(Verdict.FAILED, statuses=["passed"]), "failed"),
    "its step cannot fail": (ITEM, replace(PENDING, step=VACUOUS), "vacuous"),
    "its step can fail": (ITEM, replace(PENDING, step=REAL), "pending"),
    "it is on trust": (ITEM, replace(make_judgement(Verdict.ON_TRUST), step=VACUOUS), "on trust"),
    "its words are others": (make_item(reworded="old"), make_judgement(Verdict.STALE), "reworded"),
    "its words are others, and it failed": (make_item(reworded="old"), make_judgement(Verdict.FAILED), "failed"),
    "its files are others": (ITEM, make_judgement(Verdict.STALE), "stale"),
    "its step is in doubt": (ITEM, replace(NOT_RUN, step=REAL), "bad file"),
    "its file cannot be read": (ITEM, replace(NOT_RUN, reason="`a.feature` cannot be read"), "bad file"),
    "it was not reached": (ITEM, replace(NOT_RUN, reason="not reached"), "not run"),
    "one below it is pending": (make_item(proof=ProofSource.CHILDREN), replace(PENDING, reason=BELOW), "children"),
    "its own scenario is pending": (
        make_item(proof=ProofSource.CHILDREN),
        replace(PENDING, reason="not yet"),
        "pending",
    ),
    "it only says so": (ITEM, replace(PENDING, reason=BELOW), "pending"),
}


@pytest.mark.parametrize("name", DECIDED)
def test_the_most_exact_rule_is_named(name: str) -> None:
    item, found, rule = DECIDED[name]
    assert RULES[rule] is find_rule(item, found)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_rule_of_its_own(verdict: Verdict) -> None:
    item = make_item(changes={"box": Box("x", 10)})
    assert RULES[str(verdict)] is find_rule(item, make_judgement(verdict))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_stands_where_it_says(name: str) -> None:
    page, _, anchor = RULES[name].place.partition("#")
    headings = [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert anchor in [heading.strip("# ").lower().replace(" ", "-") for heading in headings]
