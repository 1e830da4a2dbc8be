"""What stands below a criterion in, out the scripts that its author wrote there, and what could not be used.

Bullets that start with Given, When, Then, And or But are steps, wherever they stand; what is right below one is its
argument. A bullet such as `Example: a late book` and one that is a whole `Given ..., when ..., then ...` start another
scenario; a `Given` behind a `Then` does not, for it may build on all that was done. All other bullets are notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from spec2bdd.domain.gherkin.grammar.keywords import compile_label
from spec2bdd.domain.gherkin.grammar.step_arguments import derive_doc, derive_rows
from spec2bdd.domain.gherkin.phrasing.gherkin_block import INFOS, parse_fenced, parse_step
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript, ScriptError, Token, TokenKind, parse_scripts
from spec2bdd.domain.gherkin.phrasing.sentences import derive_sentence
from spec2bdd.model import Criterion, NestedBlock, NestedBlockKind, Step
from spec2bdd.text.normalize import to_single_line

_PLACEHOLDER = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class PhrasingResult:
    """The scripts that were found, and what is in the way of others."""

    scripts: tuple[ScenarioScript, ...] = ()
    faults: tuple[ScriptError, ...] = ()


def parse_nested(criterion: Criterion, language: str) -> PhrasingResult:
    """Return what the author wrote below a criterion; a part that cannot be used does not hide the others."""
    entries = criterion.nested or tuple(NestedBlock(NestedBlockKind.BULLET, text) for text in criterion.bullets)
    scripts: list[ScenarioScript] = []
    faults: list[ScriptError] = []
    for fenced, part in groupby(_mark_fenced(entries, language), key=lambda pair: pair[0]):
        for parsed in _parse_part([entry for _, entry in part], language, fenced=fenced):
            if isinstance(parsed, ScriptError):
                faults.append(parsed)
            else:
                scripts += parsed
    return PhrasingResult(tuple(scripts), tuple(faults))


def _mark_fenced(entries: Sequence[NestedBlock], language: str) -> Iterator[tuple[bool, NestedBlock]]:
    """Yield each entry, and whether it is a block of Gherkin; below a step, a block is that step's doc string."""
    before: NestedBlock | None = None
    for entry in entries:
        gherkin = entry.kind is NestedBlockKind.CODE and entry.info.lower() in INFOS
        below = before and before.kind is NestedBlockKind.BULLET and entry.depth > before.depth
        yield gherkin and not (below and before and parse_step(before.text, language)), entry
        before = entry


def _parse_part(
    entries: Sequence[NestedBlock], language: str, *, fenced: bool
) -> Iterator[tuple[ScenarioScript, ...] | ScriptError]:
    """Yield what neighbouring blocks of Gherkin, or neighbouring entries of other kinds, are parsed to."""
    if fenced:
        for entry in entries:
            parsed = parse_fenced(entry.text, language)
            yield replace(parsed, line=entry.line + parsed.line) if isinstance(parsed, ScriptError) else parsed
    elif pieces := list(_find_pieces(entries, language)):
        yield parse_scripts(pieces)


def _find_pieces(entries: Sequence[NestedBlock], language: str) -> Iterator[Token]:
    """Yield the pieces of scenarios in the order of the file; what fits nowhere is a note."""
    label: Token | None = None
    last: Token | None = None
    names: set[str] = set()
    for before, entry in zip([None, *entries[:-1]], entries, strict=True):
        if entry.kind is NestedBlockKind.BULLET:
            steps = _find_steps(entry, language)
            if steps and not last and steps[0].kind in ("and", "but"):
                return
            if len(steps) > 1 and last and not label:
                label = Token(TokenKind.SCENARIO, entry.line)
            found = [*([label] if label and steps else ()), *(Token(TokenKind.STEP, entry.line, step=s) for s in steps)]
            label = None if steps else _find_label(entry, language) or label
        else:
            found = list(_find_argument(entry, before, last, names=names, language=language)) if last else []
        yield from found
        last = found[-1] if found else last
        names = _gather_names(names, found)


def _gather_names(names: set[str], found: Sequence[Token]) -> set[str]:
    """Return the placeholders of the scenario that was read last, with those of further pieces."""
    if found and found[0].kind is TokenKind.SCENARIO:
        names = set()
    for text in (text for piece in found for text in _list_texts(piece)):
        names.update(_PLACEHOLDER.findall(text))
    return names


def _find_steps(entry: NestedBlock, language: str) -> tuple[Step, ...]:
    """Return the steps that one bullet makes: one, or those of a whole sentence."""
    sentence = derive_sentence(to_single_line(entry.text), language)
    if sentence:
        return sentence
    step = parse_step(entry.text, language)
    return (step,) if step and step.kind != "*" else ()


def _find_label(entry: NestedBlock, language: str) -> Token | None:
    """Return the heading of a scenario if a bullet is one; it counts once a step follows."""
    for part in ("scenario", "outline"):
        if match := compile_label(language, part).fullmatch(to_single_line(entry.text)):
            return Token(TokenKind.SCENARIO, entry.line, to_single_line(match[1] or ""))
    return None


def _find_argument(
    entry: NestedBlock, before: NestedBlock | None, last: Token, *, names: Set[str], language: str
) -> Iterator[Token]:
    """Yield the pieces that a table or a block of code makes: of the step that it stands below, or examples."""
    rows = derive_rows(entry.rows)
    name = _find_examples(entry, before, names, language=language) if rows else None
    if name is not None:
        yield Token(TokenKind.EXAMPLES, entry.line, name)
        yield Token(TokenKind.TABLE, entry.line, rows=rows)
    elif before and last.kind is TokenKind.STEP and last.line == before.line and _tell_below(entry, before):
        if entry.kind is NestedBlockKind.TABLE:
            yield Token(TokenKind.TABLE, entry.line, rows=rows)
        else:
            yield Token(TokenKind.DOC, entry.line, derive_doc(entry.text))


def _tell_below(entry: NestedBlock, before: NestedBlock) -> bool:
    """Tell whether something belongs to the bullet before it: it stands in it, or is announced by a colon."""
    return before.kind is NestedBlockKind.BULLET and (entry.depth > before.depth or before.text.endswith(":"))


def _find_examples(entry: NestedBlock, before: NestedBlock | None, names: Set[str], *, language: str) -> str | None:
    """Return the name of the examples that a table holds, or nothing if it holds none.

    It does below a bullet that says so, and where its columns are the placeholders of all that was said before.
    """
    if before and before.kind is NestedBlockKind.BULLET:
        match = compile_label(language, "examples").fullmatch(to_single_line(before.text))
        if match:
            return to_single_line(match[1] or "")
        if entry.depth > before.depth:
            return None
    return "" if names and names <= set(entry.rows[0]) else None


def _list_texts(piece: Token) -> Iterator[str]:
    """Yield the texts of a piece in which placeholders may stand; those of examples are none."""
    if piece.step:
        yield piece.step.text
    if piece.kind is TokenKind.DOC:
        yield piece.text
