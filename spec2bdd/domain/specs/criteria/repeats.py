"""Find lists that only repeat criteria from above, as the summary at the end of a spec does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from spec2bdd.domain.specs.criteria.criteria import CriterionCandidate
from spec2bdd.model import Diagnostic
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.source_file import SourceFile

# Two criteria may well be the same in two places, such as "All tests pass".
_FEWEST = 3


def drop_repeated_lists(
    file: SourceFile, candidates: Sequence[CriterionCandidate]
) -> tuple[tuple[CriterionCandidate, ...], tuple[Diagnostic, ...]]:
    """Drop each list whose items are all in lists above it, under a heading of another text, and report it.

    Lists under headings of the same text, such as the acceptance criteria of each story, are those of several stories.
    """
    kept: list[CriterionCandidate] = []
    diagnostics: list[Diagnostic] = []
    # The text of the heading above each criterion, by the words of the criterion.
    headings: dict[str, str] = {}
    for _, members in groupby(candidates, key=lambda candidate: id(candidate.checklist.markdown_list)):
        group = list(members)
        keys = [to_comparison_key(candidate.annotated.text) for candidate in group]
        owner = group[0].owner.text.casefold()
        is_repeated = (
            len(group) >= _FEWEST
            and all(headings.get(key, owner) != owner for key in keys)
            and not any(candidate.annotated.given_id or candidate.diagnostic for candidate in group)
        )
        if is_repeated:
            message = f"the {len(group)} items in this list repeat criteria from above, so they are read only once"
            hint = "delete the list, or remove its boxes"
            diagnostics.append(file.build_warning(group[0].task.offset, "repeated-list", message=message, hint=hint))
            continue
        kept += group
        for key in keys:
            headings.setdefault(key, owner)
    return tuple(kept), tuple(diagnostics)
