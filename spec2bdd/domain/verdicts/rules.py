"""The rules that decide verdicts, in words: one sentence for each, and where the documentation explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from spec2bdd.model import CriterionVerdict, Rule, RuleId, Tier, TrackedCriterion

_PAGE = "docs/verdicts.md"
_MERGE_BASE = "docs/merge-base.md#what-becomes-of-a-criterion"

# Two rule ids share it: what to do next differs, depending on whether `generate` has seen the new text.
_REWORDED = Rule(
    "a reworded criterion is stale until the new wording is accepted", "docs/generating.md#rewording-criteria"
)

_STALE = Rule("results count only for the files and scenarios that they came from", f"{_PAGE}#verdicts")

# The anchors are those of the headings in `docs/`; a test checks that each exists.
RULES: Mapping[RuleId, Rule] = {
    RuleId.PASSED: Rule(
        "every scenario ran to completion with the current files, and every step and hook passed", f"{_PAGE}#verdicts"
    ),
    RuleId.FAILED: Rule("a step, a hook, a fixture or a clean-up failed", f"{_PAGE}#verdicts"),
    RuleId.PENDING: Rule("a step is undefined or not implemented", f"{_PAGE}#verdicts"),
    RuleId.VACUOUS: Rule("a vacuous step cannot fail, so its pass proves nothing", f"{_PAGE}#vacuous-steps"),
    RuleId.UNDEFINED: Rule("a step of a hand-written scenario has no definition", f"{_PAGE}#verdicts"),
    RuleId.NO_SCENARIO: Rule("a criterion without a scenario is not run", f"{_PAGE}#verdicts"),
    RuleId.NO_STEPS: Rule("a scenario without steps of its own proves nothing", f"{_PAGE}#verdicts"),
    RuleId.NO_EXAMPLES: Rule(
        "an outline without examples, or with a table of them without rows, proves nothing", f"{_PAGE}#verdicts"
    ),
    RuleId.SET_ASIDE: Rule(
        "a criterion that is set aside is still required unless it is waived with a reason",
        f"{_PAGE}#manual-and-waived-criteria",
    ),
    RuleId.REWORDED: _REWORDED,
    RuleId.REWORDED_NOT_GENERATED: _REWORDED,
    RuleId.TICK_REWORDED: Rule(
        "the tick of a manual criterion stays when it is reworded, until a person removes it",
        f"{_PAGE}#manual-and-waived-criteria",
    ),
    RuleId.STALE: _STALE,
    RuleId.OTHER_FILES: _STALE,
    RuleId.SKIPPED: Rule("a scenario that was left out of the run proves nothing", f"{_PAGE}#verdicts"),
    RuleId.SKIPPED_BY_CODE: Rule("a scenario that a step or hook skips proves nothing", f"{_PAGE}#verdicts"),
    RuleId.NOT_RUN: Rule("a scenario that did not run to completion neither passes nor fails", f"{_PAGE}#verdicts"),
    RuleId.BAD_FILE: Rule(
        "scenarios that may depend on a file with errors, or on one of two definitions of a step, are not run",
        f"{_PAGE}#bad-files",
    ),
    RuleId.BROKEN_RUN: Rule(
        "after an error outside the scenarios, such as in `after_all`, no pass of the run counts", f"{_PAGE}#verdicts"
    ),
    RuleId.MANUAL: Rule("a person judges a manual criterion and ticks its box", f"{_PAGE}#manual-and-waived-criteria"),
    RuleId.WAIVED: Rule(
        "a criterion that is waived with a reason is not required", f"{_PAGE}#manual-and-waived-criteria"
    ),
    RuleId.UNVERIFIED: Rule(
        "a box that was ticked before it was proved keeps its tick while its verdict is pending",
        f"{_PAGE}#unverified-boxes",
    ),
    RuleId.NEVER_RED: Rule(
        "with `require-red`, a pass counts only after a failure was recorded for the same wording",
        f"{_PAGE}#red-before-green",
    ),
    RuleId.GREEN_AT_BASE: Rule(
        "a criterion that passes at the merge base as well is not proved by this branch", _MERGE_BASE
    ),
    RuleId.NOT_COMPARED: Rule(
        'with `require-red = "base"`, a new pass counts only after its scenarios failed at the merge base',
        _MERGE_BASE,
    ),
    RuleId.BLIND: Rule(
        "a criterion whose checks notice no fault in the product is not proved", "docs/challenges.md#in-verify"
    ),
    RuleId.WEAKER: Rule(
        "a criterion whose checks notice less than before is not proved",
        "docs/challenges.md#weaker-than-before",
    ),
    RuleId.NOT_CHALLENGED: Rule(
        "with `challenge`, a pass counts only after a check of it noticed a fault", "docs/challenges.md#in-verify"
    ),
    RuleId.CHILDREN: Rule("a criterion with nested criteria has the worst of their verdicts", f"{_PAGE}#verdicts"),
    RuleId.CHILDREN_WAIVED: Rule(
        "waiving nested criteria does not waive the criterion above them", f"{_PAGE}#manual-and-waived-criteria"
    ),
    RuleId.WONT: Rule("won't-have criteria are never judged or ticked", f"{_PAGE}#manual-and-waived-criteria"),
}


def find_rule(item: TrackedCriterion, verdict: CriterionVerdict | None) -> Rule:
    """Find the rule that decided on a criterion; one without a verdict is a won't-have."""
    # A won't-have is never judged.
    if verdict is None or item.criterion.tier is Tier.WONT:
        return RULES[RuleId.WONT]
    rule_id = verdict.rule or RuleId(verdict.verdict)
    rule = RULES[rule_id]
    if rule_id is RuleId.FAILED:
        return replace(rule, sentence=_describe_failure(verdict))
    if rule_id is RuleId.PENDING and (step := verdict.step):
        is_undefined = step.status in ("undefined", "untested_undefined")
        return replace(rule, sentence=f"a step is {'undefined' if is_undefined else 'not implemented'}")
    return rule


def _describe_failure(verdict: CriterionVerdict) -> str:
    """Say which of the things that can fail has failed."""
    if verdict.flaky:
        return "results of one commit that contradict each other count as failed"
    if verdict.timed_out:
        return "a scenario that exceeds the time limit fails"
    if verdict.step:
        return "a step failed"
    # The error of a hook begins with its name.
    name = verdict.reason.partition(":")[0]
    if name == "clean-up":
        return "a clean-up failed"
    hooks = ("before_", "after_")
    return f"the hook `{name}` failed" if name.startswith(hooks) else "the scenario failed outside of its steps"
