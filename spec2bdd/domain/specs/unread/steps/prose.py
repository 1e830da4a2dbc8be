"""Separate steps from the sentences of a text that begin with the same words: `Given its size, we start small.`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from spec2bdd.domain.specs.unread.places import PlacedLine
from spec2bdd.domain.specs.unread.steps.step_lines import StepLine, find_events, find_outcomes

# The main clause after the condition of a sentence. A list such as `apples, pears` is one, too.
_MAIN_CLAUSE = re.compile(r"[,\u3001\uff0c][*_`]*\s*(?:[^\s,]+\s+[^\s,]|[\u3040-\u9fff\uac00-\ud7af]{2})")
# The end of a sentence, at the end of a line or above another sentence.
_END = re.compile(r"[.!?:\u2026\u3002\uff01\uff1f][)\"'*_`\u201d\u2019]*(?:\s*\Z|\s+[^\W\d_])")
_CLAUSE_SIGNS = (",", ";", ":", "\u2013", "\u2014", "-", "\u3001", "\uff0c")
# The words of other languages are seldom in the middle of a sentence.
_CLAUSE = re.compile(r"(?:[,;:\u2013\u2014*_-]|\band)[ \t]*\Z")
_CLAUSE_SIGN = re.compile(r"[,;:\u2013\u2014\u3001\uff0c]\s")


def has_scenario(steps: Sequence[StepLine]) -> bool:
    """Whether an outcome follows a condition in the same language, or a single line is surely both.

    What follows the heading of a condition is its outcome only if it is a heading, too, or right below.
    """
    seen: dict[str, StepLine] = {}
    for step in steps:
        above = [seen[language] for language, kind in step.kinds if kind == "then" and language in seen]
        if any(step.is_heading or not condition.is_heading or not condition.is_wrapped for condition in above):
            return True
        seen |= {language: step for language, kind in step.kinds if kind != "then"}
    return any(step.is_bold and is_sentence(step) for step in steps) or any(map(is_whole, steps))


def is_whole(step: StepLine) -> bool:
    """Whether an item has a step of each kind, each of which begins a clause."""
    if not step.is_marked:
        return False
    languages = {language for language, kind in step.kinds if kind == "given"}
    kinds = frozenset(pair for pair in step.kinds if pair[0] in languages)
    outcomes = [match for match in find_outcomes(kinds, step.rest) if _begins_clause(match)]
    events = [match for match in find_events(kinds, step.rest) if _begins_clause(match)]
    return bool(outcomes and events) and events[0].start() < outcomes[-1].start()


def _begins_clause(word: re.Match[str]) -> bool:
    """Whether a word begins a clause: it is written as a keyword is, or after a sign or `and`."""
    return word[0][:1].isupper() or not word[0].isascii() or _CLAUSE.search(word.string, 0, word.start()) is not None


def is_sentence(step: StepLine) -> bool:
    """Whether a line has a condition and its outcome; after a bold keyword, the outcome begins with one, too.

    Other outcomes begin the main clause, or follow an event: `then` may be anywhere in a text.
    """
    for outcome in find_outcomes(step.kinds, step.rest):
        before = step.rest[: outcome.start()].rstrip(" \t*_`")
        is_keyword = outcome[0][:1].isupper() or not outcome[0].isascii()
        if step.is_bold:
            is_outcome = is_keyword or step.rest.endswith(("**", "__"), 0, outcome.start())
        else:
            is_main = before.endswith(_CLAUSE_SIGNS) and _CLAUSE_SIGN.search(before, 0, len(before) - 1) is None
            is_outcome = is_keyword or is_main or any(find_events(step.kinds, before))
        if is_outcome:
            return True
    return False


def is_prose(lines: Sequence[tuple[PlacedLine, StepLine]]) -> bool:
    """Whether lines that may be steps are rather sentences: each condition has a main clause of its own.

    Lines right under each other that have all three kinds of steps are steps, and so is an item that has all of them.
    """
    steps = [step for _, step in lines]
    if any(step.is_bold or step.is_heading or step.has_id or not step.rest or is_whole(step) for step in steps):
        return False
    kinds = {kind for step in steps for _, kind in step.kinds}
    is_dense = all(above.offset + len(above.text) >= below.offset for (above, _), (below, _) in pairwise(lines))
    if is_dense and len(kinds) > 2:
        return False
    conditions = [step for step in steps if any(kind != "then" for _, kind in step.kinds)]
    if all(_has_main_clause(step) for step in conditions):
        return True
    # Without an event, paragraphs are no scenario.
    return not is_dense and "when" not in kinds and all(_END.search(step.rest) for step in steps)


def _has_main_clause(step: StepLine) -> bool:
    """Whether a line that begins with a condition is a whole sentence, or several."""
    return _MAIN_CLAUSE.search(step.rest) is not None and (step.is_wrapped or _END.search(step.rest) is not None)
