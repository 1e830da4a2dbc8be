"""The criteria and done items of a spec in, findings about what is said twice out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Criterion, Diagnostic, Spec, Tier

_NOT_A_WORD = re.compile(r"[\W_]+")


def find_duplicates(spec: Spec) -> Iterator[Diagnostic]:
    """Yield a finding for each criterion and each done item that repeats an earlier criterion of the spec."""
    first: dict[tuple[int | None, str], Criterion] = {}
    for criterion in spec.criteria:
        if criterion.tier is Tier.WONT:
            continue
        twin = first.setdefault((criterion.parent, _derive_words(criterion.text)), criterion)
        if twin is not criterion:
            message = f"line {twin.line} has the same text; nobody can tell the two apart in a report"
            place = (criterion.line, criterion.column)
            yield build_diagnostic(spec.path, place, code="same-text", message=message)
    lines = {words: criterion.line for (_, words), criterion in reversed(first.items())}
    for item in spec.done_items:
        if line := lines.get(_derive_words(item.text)):
            message = f"this repeats the criterion in line {line}"
            yield build_diagnostic(spec.path, (item.line, item.column), code="repeated-in-done", message=message)


def _derive_words(text: str) -> str:
    """Return the words of a text, without case, punctuation and typography."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    # A text without any word is told apart by its marks.
    return _NOT_A_WORD.sub(" ", plain).strip() or plain
