"""The rules that decide verdicts, in words: one sentence for each, and where the documentation explains it."""

from __future__ import annotations

from collections.abc import Mapping

from spec2bdd.model import CriterionVerdict, Rule, RuleId, Tier, TrackedCriterion

_PAGE = "docs/verdicts.md"

# Two rule ids share it: what to do next differs, depending on whether `generate` has seen the new text.
_REWORDED = Rule("a new wording counts once it is accepted", "docs/generating.md#other-words")

# The anchors are those of the headings in `docs/`; a test checks that each exists.
RULES: Mapping[RuleId, Rule] = {
    RuleId.PASSED: Rule(
        "every scenario of it ran to its end from today's files, and every step and hook passed", f"{_PAGE}#verdicts"
    ),
    RuleId.FAILED: Rule("a step failed, or a hook, a fixture or a clean-up around it", f"{_PAGE}#verdicts"),
    RuleId.PENDING: Rule("a step is not written or not defined, or the scenario has no steps", f"{_PAGE}#verdicts"),
    RuleId.VACUOUS: Rule("a step that cannot fail proves nothing", f"{_PAGE}#steps-that-prove-nothing"),
    RuleId.SET_ASIDE: Rule(
        "a box that is set aside without a reason is not waived: it still gates", f"{_PAGE}#notes-of-the-author"
    ),
    RuleId.REWORDED: _REWORDED,
    RuleId.REWORDED_NOT_GENERATED: _REWORDED,
    RuleId.STALE: Rule("results count for the files and the scenario that they came from", f"{_PAGE}#verdicts"),
    RuleId.SKIPPED: Rule("what was left out of a run proves nothing", f"{_PAGE}#verdicts"),
    RuleId.NOT_RUN: Rule("what did not run to its end proves nothing, in either direction", f"{_PAGE}#verdicts"),
    RuleId.BAD_FILE: Rule("what a bad file may have to do with is not run", f"{_PAGE}#bad-files"),
    RuleId.MANUAL: Rule("a person judges it, by the box", f"{_PAGE}#notes-of-the-author"),
    RuleId.WAIVED: Rule("a criterion that is waived with a reason is not required", f"{_PAGE}#notes-of-the-author"),
    RuleId.UNVERIFIED: Rule(
        "a box that was ticked before it was proved keeps its tick while its verdict is pending", f"{_PAGE}#unverified"
    ),
    RuleId.NEVER_RED: Rule(
        "with `require_red`, a check counts once it was seen to fail in these words", f"{_PAGE}#red-before-green"
    ),
    RuleId.CHILDREN: Rule("a criterion with others nested below it is what the worst of them is", f"{_PAGE}#verdicts"),
    RuleId.WONT: Rule("a box below Won't Have is never judged and never ticked", f"{_PAGE}#notes-of-the-author"),
}


def find_rule(item: TrackedCriterion, verdict: CriterionVerdict | None) -> Rule:
    """Find the rule that decided on a criterion; one without a verdict is a won't-have."""
    # A won't-have is never judged.
    if verdict is None or item.criterion.tier is Tier.WONT:
        return RULES[RuleId.WONT]
    return RULES[verdict.rule or RuleId(verdict.verdict)]
