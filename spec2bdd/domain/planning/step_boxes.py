"""Join boxes that are the steps of one scenario: `- [ ] Given: ...`, `- [ ] When: ...`, `- [ ] Then: ...`.

The scenario belongs to the last box. Each other box is the parent of the next one, so it passes with the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_step
from spec2bdd.domain.gherkin.phrasing.nested import list_nested_blocks
from spec2bdd.domain.gherkin.phrasing.phrasing import split_sentence
from spec2bdd.model import Criterion, NestedBlock, NestedBlockKind
from spec2bdd.text.normalize import to_single_line

# The kinds that may follow a kind; a scenario begins with one of `""`.
_NEXT_KINDS = {"": ("given", "when"), "given": ("given", "when", "then"), "when": ("when", "then"), "then": ("then",)}


def join_step_boxes(criteria: Sequence[Criterion], language: str) -> tuple[Criterion, ...]:
    """Join each run of boxes that begins with Given or When and ends with a Then; others stay as they are."""
    joined = list(criteria)
    kinds = [_find_kind(criterion, language) for criterion in criteria]
    for start, end in _find_runs(criteria, kinds):
        run = criteria[start:end]
        blocks: list[NestedBlock] = []
        for criterion in run:
            blocks.append(NestedBlock(NestedBlockKind.BULLET, criterion.text, line=criterion.line))
            blocks += (replace(block, depth=block.depth + 1) for block in list_nested_blocks(criterion))
        for index in range(start + 1, end):
            joined[index] = replace(joined[index], parent=index - 1)
        joined[end - 1] = replace(joined[end - 1], nested=tuple(blocks))
    return tuple(joined)


def _find_runs(criteria: Sequence[Criterion], kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each run, in the order of the file."""
    # Two criteria are in one list if they agree in these, and are in the order of the file.
    places = [(criterion.tier, criterion.group, criterion.parent, criterion.column) for criterion in criteria]
    start = 0
    while start < len(kinds):
        end, kind = start, ""
        first = start
        if start + 1 < len(kinds) and criteria[start + 1].parent == start:
            # The first step may be the box around the others.
            first = start + 1
        while end < len(kinds) and (
            end == start or (places[end] == places[first] and criteria[end].line > criteria[start].line)
        ):
            # `And` and `But` have the kind of the step before them.
            following = kind if kinds[end] in ("and", "but") else kinds[end]
            if not following or following not in _NEXT_KINDS[kind]:
                break
            end, kind = end + 1, following
        if kind == "then" and end > start + 1:
            yield start, end
        start = max(end, start + 1)


def _find_kind(criterion: Criterion, language: str) -> str:
    """Find the kind of step that the text of a criterion is; empty for a whole sentence, and for any other text."""
    line = to_single_line(criterion.text)
    # An id, a decision or a mark of its own makes a criterion of its own.
    if criterion.given_id or criterion.manual or criterion.waived or criterion.box.set_aside:
        return ""
    step = parse_step(line, language)
    if step is None or step.kind == "*" or split_sentence(line, language):
        return ""
    return step.kind
