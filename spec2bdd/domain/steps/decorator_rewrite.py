"""Moved steps, step files and the registry's answers in, out the step files whose decorators follow, and what is left.

In a step file nothing changes but the string of a decorator, and the one that an untouched stub raises. That is proved
by reading both files anew: their syntax trees differ in these strings alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spec2bdd.domain.expressions.ambiguity import compile_pattern, find_ambiguous_steps
from spec2bdd.domain.expressions.matchers import CUCUMBER, MATCHERS, PARSE, derive_written, is_same_matcher
from spec2bdd.domain.expressions.patterns import derive_patterns, derive_renamed
from spec2bdd.domain.gherkin.grammar.outlines import StepLine
from spec2bdd.domain.steps.definitions import StepDefinition, is_only_changed_there, parse_definitions, plan_literal
from spec2bdd.domain.steps.renames import CriterionRewording, StepRename
from spec2bdd.domain.steps.stubs import render_literal
from spec2bdd.model import StepAnswer
from spec2bdd.text.edits import Edit, apply_edits

_Step = tuple[str, str]
_HEADING = re.compile(
    r"\s*(?:[@#|]|(?:feature|rule|background|examples?|scenarios?|scenario outline)\s*:)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"<[^<>]+>")
# Step code can call steps: `context.execute_steps("Given a book is lent")`.
_CALL = re.compile(r"(?:given|when|then|and|but|\*)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StepSources:
    """The step files as text, their definitions, all lines of your features, and lines of code that may call steps."""

    texts: Mapping[str, str]
    definitions: Mapping[_Step, tuple[tuple[str, StepDefinition], ...]]
    uses: Sequence[str] = ()
    calls: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DefinitionSite:
    """A definition, the path of its file, and its pattern in our own form."""

    path: str
    definition: StepDefinition
    pattern: str

    @property
    def key(self) -> _Step:
        """Return what no other definition has."""
        return self.definition.kind, self.definition.pattern


@dataclass(frozen=True, slots=True)
class RewriteResult:
    """The new texts of step files, by path, and the answers of the registry without the steps that have one now.

    `notes` say why a definition that somebody has written did not follow.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[StepAnswer, ...] = ()
    notes: tuple[str, ...] = ()


def parse_step_sources(texts: Mapping[str, str], *, features: Iterable[str], default: str = PARSE) -> StepSources:
    """Return what step files define, and all that may use a step: lines of your own `features`, and of step code.

    A file that is not Python has no definitions. `default` is the matcher of a file that chooses none.
    """
    found: dict[_Step, list[tuple[str, StepDefinition]]] = defaultdict(list)
    for path, text in texts.items():
        for one in _parse(text, default):
            found[one.kind, one.pattern].append((path, one))
    calls = [line.strip() for text in texts.values() for line in text.splitlines() if _CALL.search(line)]
    return StepSources(texts, {step: tuple(places) for step, places in found.items()}, _list_uses(features), calls)


def rewrite_decorators(
    moves: Sequence[StepRename],
    answers: Sequence[StepAnswer],
    shelf: StepSources,
    *,
    planned: Sequence[_Step],
    matcher: str = PARSE,
) -> RewriteResult:
    """Return the step files in which each decorator that may has followed its step; `planned` are all steps to be run.

    The rows of an outline follow together. It may where just one definition has the pattern that we would write for
    the old words, no other step uses it, and the new words are free and have parameters of the same types. What may not
    gets a stub, as any new step does. So does what is written for another matcher than the `matcher` that the new words
    were found free for.
    """
    rivals = find_ambiguous_steps(answers, matcher)
    wanted = {(one.query.kind, one.query.text): one for one in answers if one.pattern}
    edits: dict[str, list[tuple[Edit, tuple[str, str]]]] = defaultdict(list)
    taken: set[_Step] = set()
    done: dict[_Step, str] = {}
    notes: list[str] = []
    for move in sorted(set(moves), key=lambda move: (move.before.kind, move.before.text, move.after.text)):
        fresh = [step for text in move.after.texts if (step := (move.after.kind, text)) in wanted]
        patterns = {wanted[step].pattern for step in fresh}
        free = len(patterns) == 1 and not any(step in rivals or step in done for step in fresh)
        place = _find_definition(move.before, shelf, matcher) if free else None
        if place and place.key not in taken:
            use = _find_use(place, shelf, planned, before=move.before.texts)
            pattern = "" if use else _derive_followed(place, *patterns, move=move)
            planned_edits = _plan_edits(shelf.texts[place.path], place.definition, pattern) if pattern else []
            if not planned_edits:
                notes += _describe_left(place, use or ("" if pattern else "its parameters are others now"))
                continue
            edits[place.path] += planned_edits
            taken.add(place.key)
            same = [one for one in wanted if one[1] in move.after.texts and place.definition.kind in (one[0], "step")]
            done |= dict.fromkeys(same, place.path)
    texts = {path: text for path, found in edits.items() if (text := _apply(shelf.texts[path], found))}
    kept = {step for step, path in done.items() if path in texts}
    return RewriteResult(texts, tuple(_clear(one, kept) for one in answers), tuple(dict.fromkeys(notes)))


def find_auto_accepted(
    rewordings: Sequence[CriterionRewording], answers: Sequence[StepAnswer], shelf: StepSources
) -> frozenset[str]:
    """Return the criteria of whose steps, old and new, nobody has implemented one: there is no proof to be accepted."""
    missing = {(one.query.kind, one.query.text): one.pattern for one in answers if one.pattern}
    return frozenset(
        one.id
        for one in rewordings
        if all(_is_unwritten(line, shelf) for line in one.before)
        and all(_is_missing(line, missing) or _is_unwritten(line, shelf) for line in one.after)
    )


def _list_uses(features: Iterable[str]) -> list[str]:
    """Return the lines of features that may be steps."""
    lines = [line.strip() for text in features for line in text.splitlines() if not _HEADING.match(line)]
    # The placeholders of an outline may become a number or a word.
    return lines + [_PLACEHOLDER.sub(value, line) for line in lines if "<" in line for value in ("1", "x")]


def _is_missing(line: StepLine, missing: Mapping[_Step, str]) -> bool:
    """Tell whether stubs that are still to be written define a line, in all rows of its outline."""
    patterns = [compile_pattern(missing[line.kind, text]) for text in line.texts if (line.kind, text) in missing]
    return all(any(pattern.fullmatch(text) for pattern in patterns) for text in line.texts)


def _is_unwritten(line: StepLine, shelf: StepSources) -> bool:
    """Tell whether a line is known to be defined by untouched stubs, in all rows of its outline."""
    found = list(_find_places(line, shelf))
    return _are_defined(line, found) and all(place.definition.is_stub for place in found)


def _are_defined(line: StepLine, places: Sequence[DefinitionSite]) -> bool:
    """Tell whether each row of a line has a definition among these."""
    patterns = [compile_pattern(place.pattern) for place in places]
    return all(any(pattern.fullmatch(text) for pattern in patterns) for text in line.texts)


def _find_places(line: StepLine, shelf: StepSources) -> Iterator[DefinitionSite]:
    """Yield the definitions with a pattern that we write for a line, for whatever matcher and kind of step."""
    every = (line.template, *(pattern for text in line.texts for pattern in derive_patterns(text)))
    for pattern in dict.fromkeys(filter(None, every)):
        for written in dict.fromkeys(derive_written(pattern, matcher) for matcher in MATCHERS):
            found = [one for key in (line.kind, "step") for one in shelf.definitions.get((key, written), ())]
            for path, one in found:
                if one.matcher in MATCHERS and derive_written(pattern, one.matcher) == written:
                    yield DefinitionSite(path, one, pattern)


def _find_definition(line: StepLine, shelf: StepSources, matcher: str) -> DefinitionSite | None:
    """Return the only definition of a line's old words, if it has a pattern as we write them for the matcher."""
    found = list(_find_places(line, shelf))
    alone = len(found) == 1 and _are_defined(line, found)
    return found[0] if alone and is_same_matcher(found[0].definition.matcher, matcher) else None


def _derive_followed(place: DefinitionSite, new: str, *, move: StepRename) -> str:
    """Return the pattern that a definition gets, or nothing where its parameters would not be what they were."""
    pairs = list(zip(move.before.columns, move.after.columns, strict=False))
    # A column may have another name, but where two have changed places each would be taken for the other.
    swapped = any(one != other and one in move.after.columns and other in move.before.columns for one, other in pairs)
    # A cucumber expression hands its values on by their order.
    ordered = place.definition.matcher == CUCUMBER
    return "" if swapped else derive_renamed(place.pattern, new, ordered=ordered)


def _find_use(place: DefinitionSite, shelf: StepSources, planned: Sequence[_Step], *, before: Sequence[str]) -> str:
    """Say what else uses a definition; to be safe, also what only looks like a step. Nothing where nothing does."""
    pattern = compile_pattern(place.pattern)
    if any(place.definition.kind in (kind, "step") and pattern.fullmatch(text) for kind, text in planned):
        return "another criterion has this step too"
    line = re.compile(rf"\S.*?(?:{pattern.pattern})", re.IGNORECASE)
    if any(map(line.fullmatch, shelf.uses)):
        return "a feature file of your own seems to use it"
    call = re.compile(rf".*{_CALL.pattern}\s*(?:{pattern.pattern})(?:[\"'\\].*)?", re.IGNORECASE)
    if any(map(call.fullmatch, shelf.calls)):
        return "step code seems to call it"
    outlined = any(_may_become(use, text) for use in shelf.uses if "<" in use for text in before)
    return "an outline of your own may become it" if outlined else ""


def _describe_left(place: DefinitionSite, reason: str) -> tuple[str, ...]:
    """Return what is told of a definition that somebody has written and that does not follow."""
    if place.definition.is_stub:
        return ()
    why = reason or "its string cannot be changed without loss"
    where = f"`@{place.definition.kind}` {place.definition.pattern!r} in {place.path}:{place.definition.line}"
    return (f"{where} did not follow the new words: {why}; call what it does from the new stub",)


def _may_become(line: str, text: str) -> bool:
    """Tell whether a line of an outline may become a step with this text."""
    parts = _PLACEHOLDER.split(line.partition(" ")[2])
    return re.fullmatch(".+".join(map(re.escape, parts)), text, re.IGNORECASE) is not None


def _plan_edits(text: str, definition: StepDefinition, pattern: str) -> list[tuple[Edit, tuple[str, str]]]:
    """Return the edits that give a definition another pattern, each with what became what; none where one cannot be."""
    spans = [definition.literal, *([definition.message] if definition.message else [])]
    written = derive_written(pattern, definition.matcher)
    fallback = render_literal(written)
    edits = [plan_literal(text, span, before=definition.pattern, after=written, fallback=fallback) for span in spans]
    pair = (definition.pattern, written)
    return [(edit, pair) for edit in edits if edit] if all(edits) else []


def _apply(text: str, edits: Sequence[tuple[Edit, tuple[str, str]]]) -> str:
    """Return the text with the edits made, or nothing if it would differ in more than these strings."""
    after = apply_edits(text, [edit for edit, _ in edits])
    try:
        return after if is_only_changed_there(text, after, values=[pair for _, pair in edits]) else ""
    except (SyntaxError, ValueError):
        return ""


def _clear(answer: StepAnswer, done: set[_Step]) -> StepAnswer:
    """Return an answer without a pattern for a step that has a definition now."""
    return replace(answer, pattern="") if (answer.query.kind, answer.query.text) in done else answer


def _parse(text: str, default: str) -> tuple[StepDefinition, ...]:
    """Return the definitions of a module, or none if it is not Python."""
    try:
        return parse_definitions(text, default=default)
    except (SyntaxError, ValueError):
        return ()
