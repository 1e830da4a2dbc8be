"""The answers of Behave's registry in, the steps out that must get no stub, because Behave would take it for another's.

Behave matches the pattern of each new definition, as if it were a step, with those that it has. The pattern of `{a}` is
`{{a}}`; where that is a step too, the two are ambiguous if they are loaded in one order, and there is no other way to
write either. One such pair stops a whole run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.model import StepAnswer

_PART = re.compile(r"(\{\{|\}\}|\{\w+(?::d)?\})")


def find_rivals(answers: Sequence[StepAnswer]) -> dict[tuple[str, str], str]:
    """Return the steps that must get no stub, by kind and text, each with the step that stands in its way."""
    rivals: dict[tuple[str, str], str] = {}
    for answer in (answer for answer in answers if any(map(_has_brace, _list_patterns(answer)))):
        for other in answers:
            if other.query.kind == answer.query.kind and _tell_clash(answer, other):
                loser, winner = (answer, other) if answer.pattern else (other, answer)
                if loser.pattern:
                    rivals.setdefault((loser.query.kind, loser.query.text), winner.query.text)
    return rivals


def _tell_clash(answer: StepAnswer, other: StepAnswer) -> bool:
    """Tell whether a pattern of the one step matches one of the other as if it were a step."""
    patterns = [pattern for pattern in _list_patterns(answer) if _has_brace(pattern)]
    return any(
        wanted != pattern and _compile(pattern).fullmatch(wanted)
        for pattern in patterns
        for wanted in _list_patterns(other)
        if "{" in wanted or "}" in wanted
    )


def _list_patterns(answer: StepAnswer) -> Sequence[str]:
    """Return the patterns that a step has or may have: which of its own it is defined by already is not known."""
    return (answer.pattern,) if answer.pattern else answer.query.patterns


def _has_brace(pattern: str) -> bool:
    """Tell whether a pattern has a brace that is meant literally."""
    return "{{" in pattern or "}}" in pattern


def _compile(pattern: str) -> re.Pattern[str]:
    """Return what a pattern matches, as Behave's `parse` matcher reads those that we write."""
    return re.compile("".join(map(_translate, _PART.split(pattern))), re.IGNORECASE)


def _translate(part: str) -> str:
    """Return one part of a pattern as a regular expression."""
    if part in ("{{", "}}"):
        return re.escape(part[0])
    if _PART.fullmatch(part):
        return r"[-+ ]?\d+" if part.endswith(":d}") else ".+?"
    return re.escape(part)
