"""A criterion and its judgement in, the rule that decided out: one sentence, and where the documentation has it."""

from __future__ import annotations

from collections.abc import Mapping

from spec2bdd.domain.verdicts.criteria import is_set_aside
from spec2bdd.model import CriterionVerdict, ProofSource, Rule, Tier, TrackedCriterion, Verdict

_PAGE = "docs/verdicts.md"

RULES: Mapping[str, Rule] = {
    "passed": Rule(
        "every scenario of it ran to its end from today's files, and every step and hook passed", f"{_PAGE}#verdicts"
    ),
    "failed": Rule("a step failed, or a hook, a fixture or a clean-up around it", f"{_PAGE}#verdicts"),
    "pending": Rule("a step is not written or not defined, or the scenario has no steps", f"{_PAGE}#verdicts"),
    "vacuous": Rule("a step that cannot fail proves nothing", f"{_PAGE}#steps-that-prove-nothing"),
    "aside": Rule(
        "a box that is set aside without a reason is not waived: it still gates", f"{_PAGE}#notes-of-the-author"
    ),
    "reworded": Rule("a new wording counts once it is accepted", "docs/generating.md#other-words"),
    "stale": Rule("results count for the files and the scenario that they came from", f"{_PAGE}#verdicts"),
    "skipped": Rule("what was left out of a run proves nothing", f"{_PAGE}#verdicts"),
    "not run": Rule("what did not run to its end proves nothing, in either direction", f"{_PAGE}#verdicts"),
    "bad file": Rule("what a bad file may have to do with is not run", f"{_PAGE}#bad-files"),
    "manual": Rule("a person judges it, by the box", f"{_PAGE}#notes-of-the-author"),
    "waived": Rule("nobody asks for what is waived with a reason", f"{_PAGE}#notes-of-the-author"),
    "on trust": Rule(
        "a box that was ticked before it was proved keeps its tick while its verdict is pending", f"{_PAGE}#on-trust"
    ),
    "never red": Rule(
        "with `require_red`, a check counts once it was seen to fail in these words", f"{_PAGE}#red-before-green"
    ),
    "children": Rule("a criterion with others nested below it is what the worst of them is", f"{_PAGE}#verdicts"),
    "wont": Rule("a box below Won't Have is never judged and never ticked", f"{_PAGE}#notes-of-the-author"),
}


def find_rule(item: TrackedCriterion, found: CriterionVerdict | None) -> Rule:
    """Return the rule that decided; without a judgement, nobody asks for the criterion."""
    if found is None or item.criterion.tier is Tier.WONT:
        return RULES["wont"]
    special = _find_special(item, found)
    if special:
        return RULES[special]
    nested = item.proof is ProofSource.CHILDREN and found.reason.startswith("a criterion below it")
    return RULES["children" if nested else str(found.verdict)]


def _find_special(item: TrackedCriterion, found: CriterionVerdict) -> str:
    """Return the name of a rule that is more exact than the verdict's own, or nothing."""
    match found.verdict:
        case Verdict.PENDING if is_set_aside(item.criterion):
            return "aside"
        case Verdict.PENDING | Verdict.ON_TRUST if found.unseen:
            return "never red"
        case Verdict.PENDING if found.step and found.step.vacuous:
            return "vacuous"
        case Verdict.STALE if item.reworded:
            return "reworded"
        case Verdict.NOT_RUN if found.step or "cannot be" in found.reason:
            return "bad file"
    return ""
