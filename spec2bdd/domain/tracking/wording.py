"""Compare two texts of a criterion, without regard to typography and values."""

from __future__ import annotations

from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.model import Criterion, ProofSource, RecordedCriterion
from spec2bdd.text.normalize import to_comparison_key, to_quotable


def find_accepted(criterion: Criterion, entry: RecordedCriterion | None, proof: ProofSource) -> str:
    """Find the wording that was accepted last, empty if today's is that one or the criterion is new.

    A changed value is a new wording too, unless the steps are made from the text and so receive the value. Whether a
    definition reads it is not known here: `generate` records the old wording if none does.
    """
    if entry is None:
        return ""
    accepted = entry.reworded or entry.text
    # The manifest records the accepted wording in this form.
    if entry.reworded == to_quotable(criterion.text):
        return ""
    is_recorded = bool(entry.reworded) and is_same_text(entry.text, criterion.text)
    is_same = is_same_wording if _is_made_from_text(criterion, proof) and not is_recorded else is_same_text
    return "" if is_same(accepted, criterion.text) else accepted


def find_revalued(criterion: Criterion, entry: RecordedCriterion | None, proof: ProofSource) -> str:
    """Find the wording that was accepted last if a criterion differs from it in values that its steps receive."""
    # Nearly always nothing has changed at all.
    if entry is None or (entry.text == criterion.text and not entry.reworded):
        return ""
    if not _is_made_from_text(criterion, proof) or find_accepted(criterion, entry, proof):
        return ""
    accepted = entry.reworded or entry.text
    is_accepted = is_same_text(accepted, criterion.text) or entry.reworded == to_quotable(criterion.text)
    return "" if is_accepted else accepted


def _is_made_from_text(criterion: Criterion, proof: ProofSource) -> bool:
    """Whether the steps of a criterion are made from its text, and so receive the values in it."""
    return proof is ProofSource.GENERATED and not criterion.bullets and not criterion.nested


def is_new_wording(criterion: Criterion, entry: RecordedCriterion | None) -> bool:
    """Whether a criterion has other words than its record, accepted or not."""
    return entry is not None and not is_same_wording(entry.text, criterion.text)


def is_same_wording(first: str, second: str) -> bool:
    """Whether two texts differ at most in typography and in the values of typed parameters.

    A value reaches the step definition as an argument, so a result of the old value does not count for the new one.
    """
    return is_same_text(first, second) or normalize_shape(first) == normalize_shape(second)


def is_same_text(first: str, second: str) -> bool:
    """Whether two texts differ at most in typography."""
    # Nearly always they are the same to the letter, which is faster to compare.
    return first == second or to_comparison_key(first) == to_comparison_key(second)


def normalize_shape(text: str) -> str:
    """Build the key that two wordings share if they differ only in typography and in values of typed parameters."""
    return to_comparison_key(build_patterns(text)[0])
