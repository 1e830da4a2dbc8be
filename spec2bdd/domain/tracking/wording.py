"""Two texts of a criterion in, out whether one is the other in new words: typography and values are no words."""

from __future__ import annotations

from spec2bdd.domain.expressions.patterns import derive_patterns
from spec2bdd.model import Criterion, ProofSource, RecordedCriterion
from spec2bdd.text.normalize import to_comparison_key, to_quotable


def find_accepted(criterion: Criterion, entry: RecordedCriterion | None, proof: ProofSource) -> str:
    """Return the wording that was accepted last, or nothing if today's is that one or the criterion is new.

    Another value is another wording where it does not reach the steps: where they are not made from the text.
    """
    if entry is None:
        return ""
    accepted = entry.reworded or entry.text
    if entry.reworded == to_quotable(criterion.text):
        return ""
    made_from_text = proof is ProofSource.GENERATED and not criterion.bullets and not criterion.nested
    same = is_same_wording(accepted, criterion.text) if made_from_text else is_same_text(accepted, criterion.text)
    return "" if same else accepted


def is_new_wording(criterion: Criterion, entry: RecordedCriterion | None) -> bool:
    """Tell whether a criterion has other words than those that are remembered of it, accepted or not."""
    return entry is not None and not is_same_wording(entry.text, criterion.text)


def is_same_wording(one: str, other: str) -> bool:
    """Tell whether two texts differ at most in typography and in the values of typed parameters.

    A value reaches the step definition as an argument, so that no result of the old value counts for the new one.
    """
    return is_same_text(one, other) or derive_shape(one) == derive_shape(other)


def is_same_text(one: str, other: str) -> bool:
    """Tell whether two texts differ at most in typography; nearly always they are the same to the letter."""
    return one == other or to_comparison_key(one) == to_comparison_key(other)


def derive_shape(text: str) -> str:
    """Return what two wordings share if they differ only in typography and in the values of typed parameters."""
    return to_comparison_key(derive_patterns(text)[0])
