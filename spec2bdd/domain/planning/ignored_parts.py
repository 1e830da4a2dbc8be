"""Report what an author wrote in or under a criterion that looks like a step, examples or a waiver, and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_label
from spec2bdd.domain.gherkin.grammar.outlines import PLACEHOLDER
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_step
from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.gherkin.phrasing.sentences import parse_given_when_then
from spec2bdd.model import BoxKind, Criterion, Diagnostic, NestedBlock, NestedBlockKind, Severity, Spec, Tier
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.suggest import suggest

_EMPTY_WAIVER = re.compile(r"\(waived:?\s*\)$", re.IGNORECASE)
# The box of a waived criterion.
_WAIVED_MARK = "~"


def describe_ignored_parts(spec: Spec, criteria: Sequence[Criterion], language: str) -> Iterator[Diagnostic]:
    """Warn of each line between two steps that is no step, placeholders without examples, and bare waivers."""
    for criterion in criteria:
        if criterion.tier is Tier.WONT or criterion.waived:
            continue
        for line, code, message, hint in _find_ignored(criterion, language, is_template=spec.dialect == "template"):
            column = criterion.column if line == criterion.line else 1
            yield Diagnostic(spec.path, line, column, Severity.WARNING, code, message, hint)


def _find_ignored(criterion: Criterion, language: str, *, is_template: bool) -> Iterator[tuple[int, str, str, str]]:
    """Find what is ignored: its line, the code, the message and the hint."""
    bare = _EMPTY_WAIVER.search(criterion.text)
    # Tools of other dialects have meanings of their own for such a box.
    if bare is None and is_template and criterion.box.kind is BoxKind.BOX and criterion.box.mark == _WAIVED_MARK:
        message = f"`[{_WAIVED_MARK}]` without a reason waives nothing: the criterion is only set aside"
        yield criterion.line, "waiver-without-reason", message, "add the reason after the text: `(waived: REASON)`"
    if bare:
        message = f"`{bare[0]}` has no reason, so it is part of the text and waives nothing"
        yield criterion.line, "waiver-without-reason", message, "write `(waived: REASON)`"
    if criterion.manual or not criterion.nested:
        return
    for block in _find_dropped(criterion.nested, language):
        text = to_single_line(block.text)
        words = [word for kind in LANGUAGES[language].steps.values() for word in kind if word != "*"]
        near = suggest(text.partition(" ")[0], words, cutoff=0.75)
        hint = (
            f"did you mean `{near}`?" if near else "begin it with Given, When, Then, And or But, or move it elsewhere"
        )
        yield block.line, "unread-steps", f"`{text}` begins with no step keyword, so it is not a step", hint
    tables = [block for block in criterion.nested if block.rows]
    for script in phrase_criterion(criterion, language).scripts if tables else ():
        names = dict.fromkeys(name for step in script.steps for name in PLACEHOLDER.findall(step.text))
        table = next((table for table in tables if not names.keys().isdisjoint(table.rows[0])), None)
        if table and not script.examples:
            missing = [name for name in names if name not in table.rows[0]]
            shown = f"{' and '.join(f'`<{name}>`' for name in names)} {'has' if len(names) == 1 else 'have'}"
            hint = "write `Examples:` above the table"
            hint += f", and add a column `{missing[0]}`" if missing else ""
            yield table.line, "no-examples", f"the table is data of a step, so {shown} no examples", hint


def _find_dropped(blocks: Sequence[NestedBlock], language: str) -> Iterator[NestedBlock]:
    """Find the bullets that are no steps, between two that are."""
    bullets = [block for block in blocks if block.kind is NestedBlockKind.BULLET]
    for before, block, after in zip(bullets, bullets[1:], bullets[2:], strict=False):
        line = to_single_line(block.text)
        is_label = any(compile_label(language, word).fullmatch(line) for word in ("scenario", "outline", "examples"))
        is_read = is_label or parse_step(line, language) or parse_given_when_then(line, language)
        are_steps = all(parse_step(other.text, language) and other.depth == block.depth for other in (before, after))
        # What follows a colon is the data of the step.
        if are_steps and not is_read and not before.text.rstrip().endswith((":", "\uff1a")):
            yield block
