"""Check for criteria, and done items, that repeat an earlier criterion."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Criterion, Diagnostic, Spec, Tier

_NOT_A_WORD = re.compile(r"[\W_]+")


def check_duplicates(spec: Spec) -> Iterator[Diagnostic]:
    """Report each criterion and each done item that repeats an earlier criterion of the spec."""
    # Under two parents, the same words say two things.
    originals: dict[tuple[int | None, str], Criterion] = {}
    for criterion in spec.criteria:
        if criterion.tier is Tier.WONT:
            continue
        original = originals.setdefault((criterion.parent, _to_words(criterion.text)), criterion)
        if original is not criterion:
            message = f"same text as line {original.line}, so both get the same steps"
            at = (criterion.line, criterion.column)
            yield build_diagnostic("same-text", message, path=spec.path, at=at)
    # Reversed, so that of several criteria with the same words the first one is named.
    lines = {words: criterion.line for (_, words), criterion in reversed(originals.items())}
    for item in spec.done_items:
        if line := lines.get(_to_words(item.text)):
            message = f"this repeats the criterion on line {line}"
            yield build_diagnostic("repeated-in-done", message, path=spec.path, at=(item.line, item.column))


def _to_words(text: str) -> str:
    """Reduce a text to its words, without case, punctuation and typography."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    # A text without any word, such as `>=`, is compared by its signs.
    return _NOT_A_WORD.sub(" ", plain).strip() or plain
