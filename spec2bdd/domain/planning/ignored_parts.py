"""Report what an author wrote in or under a criterion that looks like a step, examples or a waiver, and is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spec2bdd.diagnostics.build import build_diagnostic, build_warning
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, compile_label
from spec2bdd.domain.gherkin.grammar.outlines import PLACEHOLDER
from spec2bdd.domain.gherkin.phrasing.gherkin_block import parse_step
from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.gherkin.phrasing.sentences import parse_given_when_then
from spec2bdd.model import BoxKind, Criterion, Diagnostic, NestedBlock, NestedBlockKind, Spec, Tier
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.suggest import suggest

_EMPTY_WAIVER = re.compile(r"\(waived:?\s*\)$", re.IGNORECASE)
# What is under a scenario of these dialects is all part of it; elsewhere, a bullet after the steps may be a note.
_ONLY_STEPS = frozenset({"openspec", "spec-kit"})
# The box of a waived criterion.
_WAIVED_MARK = "~"


def describe_ignored_parts(spec: Spec, criteria: Sequence[Criterion], language: str) -> Iterator[Diagnostic]:
    """Warn of each line between two steps that is no step, placeholders without examples, and bare waivers."""
    for criterion in criteria:
        if criterion.tier is Tier.WONT or criterion.waived:
            continue
        bare = _EMPTY_WAIVER.search(criterion.text)
        # Tools of other dialects have meanings of their own for such a box.
        has_box = spec.dialect == "template" and criterion.box.kind is BoxKind.BOX
        at = (criterion.line, criterion.column)
        if bare:
            message = f"`{bare[0]}` has no reason, so it is part of the text and waives nothing"
            yield build_warning(
                "waiver-without-reason", message, path=spec.path, at=at, hint="write `(waived: REASON)`"
            )
        elif has_box and criterion.box.mark == _WAIVED_MARK:
            message = f"`[{_WAIVED_MARK}]` without a reason waives nothing: "
            message += "the criterion has no scenario, and is still required"
            yield build_diagnostic("set-aside", message, path=spec.path, at=at)
        if not criterion.manual and criterion.nested:
            yield from _describe_nested(spec.path, criterion, language)
            has_notes = spec.dialect not in _ONLY_STEPS
            yield from _describe_lost_bullets(spec.path, criterion.nested, language, has_notes=has_notes)


def _describe_nested(path: str, criterion: Criterion, language: str) -> Iterator[Diagnostic]:
    """Warn of what is nested under a criterion and looks like a step or examples."""
    for block in find_dropped_bullets(criterion.nested, language):
        text = to_single_line(block.text)
        words = [word for kind in LANGUAGES[language].steps.values() for word in kind if word != "*"]
        near = suggest(text.partition(" ")[0], words)
        hint = (
            f"did you mean `{near}`?" if near else "begin it with Given, When, Then, And or But, or move it elsewhere"
        )
        message = f"`{text}` begins with no step keyword, so it is not a step"
        yield build_warning("unread-steps", message, path=path, at=(block.line, 1), hint=hint)
    for block in _find_unread_steps(criterion, language):
        message = f"`{to_single_line(block.text)}` is no step, because none comes before it"
        hint = "write the steps before it, or move it elsewhere"
        yield build_warning("unread-steps", message, path=path, at=(block.line, 1), hint=hint)
    tables = [block for block in criterion.nested if block.rows]
    for script in phrase_criterion(criterion, language).scripts if tables else ():
        names = dict.fromkeys(name for step in script.steps for name in PLACEHOLDER.findall(step.text))
        table = next((table for table in tables if not names.keys().isdisjoint(table.rows[0])), None)
        if table and not script.examples:
            missing = [name for name in names if name not in table.rows[0]]
            shown = f"{' and '.join(f'`<{name}>`' for name in names)} {'has' if len(names) == 1 else 'have'}"
            message = f"the table is data of a step, so {shown} no examples"
            hint = f"write `Examples:` above the table{f', and add a column `{missing[0]}`' if missing else ''}"
            yield build_warning("no-examples", message, path=path, at=(table.line, 1), hint=hint)


def _describe_lost_bullets(
    path: str, blocks: Sequence[NestedBlock], language: str, *, has_notes: bool
) -> Iterator[Diagnostic]:
    """Warn of the bullets after or under the steps of a scenario that are neither steps nor the data of one.

    With `has_notes`, those after them may be notes, and only those under a step are meant to be a part of it.
    """
    dropped = {block.line for block in find_dropped_bullets(blocks, language)}
    lost: list[NestedBlock] = []
    open_depth, step_depth = -1, -1
    has_begun = False
    for block in (block for block in blocks if block.kind is NestedBlockKind.BULLET):
        line = to_single_line(block.text)
        is_label = any(compile_label(language, word).fullmatch(line) for word in ("scenario", "outline", "examples"))
        if is_label or parse_step(line, language) or parse_given_when_then(line, language):
            # What follows a colon is the data of the step.
            open_depth = block.depth if line.endswith((":", "\uff1a")) else -1
            step_depth = -1 if is_label else block.depth
            has_begun = True
        elif has_begun and not 0 <= open_depth <= block.depth and block.line not in dropped:
            lost += [block] if not has_notes or 0 <= step_depth < block.depth else []
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        message = f"`{to_single_line(lost[0].text)}`{more}: no part of a step, so no scenario has it"
        hint = "begin it with `AND`, or end the step above it with a colon"
        yield build_warning("unread-steps", message, path=path, at=(lost[0].line, 1), hint=hint)


def _find_unread_steps(criterion: Criterion, language: str) -> Iterator[NestedBlock]:
    """Find the bullets that begin with `And` or `But` and are in no scenario of their criterion."""
    bullets = [block for block in criterion.nested if block.kind is NestedBlockKind.BULLET]
    steps = [(block, step) for block in bullets if (step := parse_step(block.text, language))]
    steps = [(block, step) for block, step in steps if step.kind in ("and", "but")]
    if not steps:
        return
    phrased = phrase_criterion(criterion, language)
    if not phrased.faults:
        read = "\n".join(f"{step.text}\n{step.doc or ''}" for script in phrased.scripts for step in script.steps)
        yield from (block for block, step in steps if step.text not in read)


def find_dropped_bullets(blocks: Sequence[NestedBlock], language: str) -> Iterator[NestedBlock]:
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
