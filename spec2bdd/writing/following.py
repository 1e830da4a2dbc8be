"""Moved steps, step files and the registry's answers in, out the step files whose decorators follow, and what is left.

In a step file nothing changes but the string of a decorator, and the one that an untouched stub raises. That is proved
by reading both files anew: their syntax trees differ in these strings alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spec2bdd.model import StepAnswer
from spec2bdd.text import Edit, apply_edits
from spec2bdd.writing.definitions import Definition, is_only_changed_there, parse_definitions, plan_literal
from spec2bdd.writing.moves import Move, Rewording
from spec2bdd.writing.patterns import derive_patterns, derive_renamed
from spec2bdd.writing.rivals import compile_pattern, find_rivals
from spec2bdd.writing.stubs import render_literal

_Step = tuple[str, str]
_READABLE = ("parse", "cfparse")
_HEADING = re.compile(
    r"\s*(?:[@#|]|(?:feature|rule|background|examples?|scenarios?|scenario outline)\s*:)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"<[^<>]+>")
# Step code can call steps: `context.execute_steps("Given a book is lent")`.
_CALL = re.compile(r"(?:given|when|then|and|but|\*)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The step files as text, their definitions, all lines of your features, and lines of code that may call steps."""

    texts: Mapping[str, str]
    definitions: Mapping[_Step, tuple[tuple[str, Definition], ...]]
    uses: Sequence[str] = ()
    calls: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """The new texts of step files, by path, and the answers of the registry without the steps that have one now."""

    texts: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[StepAnswer, ...] = ()


def parse_shelf(texts: Mapping[str, str], *, features: Iterable[str]) -> Shelf:
    """Return what step files define, and all that may use a step: lines of your own `features`, and of step code.

    A file that is not Python has no definitions.
    """
    found: dict[_Step, list[tuple[str, Definition]]] = defaultdict(list)
    for path, text in texts.items():
        for one in _parse(text):
            found[one.kind, one.pattern].append((path, one))
    calls = [line.strip() for text in texts.values() for line in text.splitlines() if _CALL.search(line)]
    return Shelf(texts, {step: tuple(places) for step, places in found.items()}, _list_uses(features), calls)


def follow_moves(
    moves: Sequence[Move], answers: Sequence[StepAnswer], shelf: Shelf, *, planned: Sequence[_Step]
) -> Followed:
    """Return the step files in which each decorator that may has followed its step; `planned` are all steps to be run.

    It may where just one definition has the pattern that we would write for the old words, no other step uses it, and
    the new words are free and have parameters of the same types. What may not gets a stub, as any new step does.
    """
    rivals = find_rivals(answers)
    wanted = {(one.query.kind, one.query.text): one for one in answers if one.pattern}
    edits: dict[str, list[tuple[Edit, tuple[str, str]]]] = defaultdict(list)
    taken: set[_Step] = set()
    done: set[_Step] = set()
    for move in sorted(set(moves), key=lambda move: (move.kind, move.before, move.after)):
        step = (move.kind, move.after)
        place = _find_definition(move, shelf) if step in wanted and step not in rivals and step not in done else None
        if place and (place[1].kind, place[1].pattern) not in taken and not _is_used(move, place[1], shelf, planned):
            pattern = derive_renamed(place[1].pattern, wanted[step].pattern)
            planned_edits = _plan_edits(shelf.texts[place[0]], place[1], pattern) if pattern else []
            edits[place[0]] += planned_edits
            if planned_edits:
                taken.add((place[1].kind, place[1].pattern))
                done.add(step)
    texts = {path: text for path, found in edits.items() if (text := _apply(shelf.texts[path], found))}
    kept = {step for step in done if any(_defines(texts, path, step) for path in texts)}
    return Followed(texts, tuple(_clear(one, kept) for one in answers))


def find_forgiven(rewordings: Sequence[Rewording], answers: Sequence[StepAnswer], shelf: Shelf) -> frozenset[str]:
    """Return the criteria of whose steps, old and new, nobody has implemented one: there is no proof to be accepted."""
    missing = {(one.query.kind, one.query.text) for one in answers if one.pattern}
    return frozenset(
        one.id
        for one in rewordings
        if all(_is_unwritten(step, shelf) for step in one.before)
        and all(step in missing or _is_unwritten(step, shelf) for step in one.after)
    )


def _list_uses(features: Iterable[str]) -> list[str]:
    """Return the lines of features that may be steps."""
    lines = [line.strip() for text in features for line in text.splitlines() if not _HEADING.match(line)]
    # The placeholders of an outline may become a number or a word.
    return lines + [_PLACEHOLDER.sub(value, line) for line in lines if "<" in line for value in ("1", "x")]


def _is_unwritten(step: _Step, shelf: Shelf) -> bool:
    """Tell whether a step is known to be an untouched stub."""
    found = [one for pattern in derive_patterns(step[1]) for _, one in shelf.definitions.get((step[0], pattern), ())]
    return bool(found) and all(one.is_stub for one in found)


def _find_definition(move: Move, shelf: Shelf) -> tuple[str, Definition] | None:
    """Return the only definition of a step's old words, if it has a pattern as we write them."""
    found = [
        place for pattern in derive_patterns(move.before) for place in shelf.definitions.get((move.kind, pattern), ())
    ]
    return found[0] if len(found) == 1 and found[0][1].matcher in _READABLE else None


def _is_used(move: Move, definition: Definition, shelf: Shelf, planned: Sequence[_Step]) -> bool:
    """Tell whether any other step is defined by a definition; to be safe, also one that only looks like a step."""
    pattern = compile_pattern(definition.pattern)
    if any(kind == move.kind and pattern.fullmatch(text) for kind, text in planned):
        return True
    line = re.compile(rf"\S.*?(?:{pattern.pattern})", re.IGNORECASE)
    call = re.compile(rf".*{_CALL.pattern}\s*(?:{pattern.pattern})(?:[\"'\\].*)?", re.IGNORECASE)
    return (
        any(map(line.fullmatch, shelf.uses))
        or any(map(call.fullmatch, shelf.calls))
        or any(_may_become(use, move.before) for use in shelf.uses if "<" in use)
    )


def _may_become(line: str, text: str) -> bool:
    """Tell whether a line of an outline may become a step with this text."""
    parts = _PLACEHOLDER.split(line.partition(" ")[2])
    return re.fullmatch(".+".join(map(re.escape, parts)), text, re.IGNORECASE) is not None


def _plan_edits(text: str, definition: Definition, pattern: str) -> list[tuple[Edit, tuple[str, str]]]:
    """Return the edits that give a definition another pattern, each with what became what; none where one cannot be."""
    spans = [definition.literal, *([definition.message] if definition.message else [])]
    fallback = render_literal(pattern)
    edits = [plan_literal(text, span, before=definition.pattern, after=pattern, fallback=fallback) for span in spans]
    pair = (definition.pattern, pattern)
    return [(edit, pair) for edit in edits if edit] if all(edits) else []


def _apply(text: str, edits: Sequence[tuple[Edit, tuple[str, str]]]) -> str:
    """Return the text with the edits made, or nothing if it would differ in more than these strings."""
    after = apply_edits(text, [edit for edit, _ in edits])
    try:
        return after if is_only_changed_there(text, after, values=[pair for _, pair in edits]) else ""
    except (SyntaxError, ValueError):
        return ""


def _defines(texts: Mapping[str, str], path: str, step: _Step) -> bool:
    """Tell whether a changed file defines a step."""
    return any(
        one.kind == step[0] and compile_pattern(one.pattern).fullmatch(step[1])
        for one in parse_definitions(texts[path])
    )


def _clear(answer: StepAnswer, done: set[_Step]) -> StepAnswer:
    """Return an answer without a pattern for a step that has a definition now."""
    return replace(answer, pattern="") if (answer.query.kind, answer.query.text) in done else answer


def _parse(text: str) -> tuple[Definition, ...]:
    """Return the definitions of a module, or none if it is not Python."""
    try:
        return parse_definitions(text)
    except (SyntaxError, ValueError):
        return ()
