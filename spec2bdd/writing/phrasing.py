"""A criterion in, its steps out: the author's own Given/When/Then where there are any, else one `Then`."""

from __future__ import annotations

import re

from spec2bdd.model import Criterion, Step
from spec2bdd.writing.names import derive_line

_BULLET = re.compile(r"(given|when|then|and|but)\b[:,]?\s+(\S.*)", re.IGNORECASE)
_SENTENCE = re.compile(r"given\s+(\S.*?),?\s+when\s+(\S.*?),?\s+then\s+(\S.*)", re.IGNORECASE)
_HALF_SENTENCE = re.compile(r".*\b(?:and|or|but),?", re.IGNORECASE)
_EARS = re.compile(r"when\s+(\S.*?),?\s+(?:then\s+)?((?:the|this)\s+(?:\w+\s+)?system\s+shall\s+\S.*)", re.IGNORECASE)
_LEADING_CLAUSE = re.compile(r"when\s+([^,]+),\s+(?:then\s+)?([^,]+)", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"\w+(?:ing|ed)\b|(?:possible|necessary|needed|present|available|empty|in|on|at|not)\b", re.IGNORECASE
)
_CONTINUES = re.compile(r"(?:and|or|but|nor|which|who|that)\b", re.IGNORECASE)
_LOWERED = re.compile(
    r"(?:An?|The|Each|Every|All|Any|No|None|It|Its|They|Their|There|This|These|That|Those|Only|Both|When|If|While|"
    r"Once|After|Before|At|In|On|For|With|Without|Two|Three|[A-Z][a-z]{2,}ing)(?= [a-z0-9])"
)


def derive_steps(criterion: Criterion) -> tuple[Step, ...]:
    """Return the steps of a criterion, best source first; nothing is invented, and only clear clauses are split off."""
    return (
        _derive_bullets(criterion)
        or _derive_sentence(criterion.text)
        or _derive_demand(criterion.text)
        or _derive_clause(criterion.text)
        or (Step("Then", "then", _derive_text(criterion.text)),)
    )


def _derive_bullets(criterion: Criterion) -> tuple[Step, ...]:
    """Return the steps that the author wrote as bullets below the item, or none if they do not start with a keyword."""
    steps: list[Step] = []
    for match in filter(None, (_BULLET.fullmatch(derive_line(bullet)) for bullet in criterion.bullets)):
        keyword = match[1].capitalize()
        if keyword not in ("And", "But"):
            steps.append(Step(keyword, keyword.lower(), match[2]))
        elif steps:
            steps.append(Step(keyword, steps[-1].kind, match[2]))
        else:
            return ()
    return tuple(steps)


def _derive_sentence(text: str) -> tuple[Step, ...]:
    """Return the three steps of a one-line `Given ..., when ..., then ...`."""
    match = _SENTENCE.fullmatch(derive_line(text))
    if not match or any(map(_HALF_SENTENCE.fullmatch, match.groups()[:2])):
        return ()
    kinds = ("Given", "When", "Then")
    return tuple(Step(kind, kind.lower(), _drop_dot(part)) for kind, part in zip(kinds, match.groups(), strict=True))


def _derive_demand(text: str) -> tuple[Step, ...]:
    """Return the two steps of `WHEN ... THE SYSTEM SHALL ...`, the form of requirements known as EARS."""
    match = _EARS.fullmatch(derive_line(text))
    if not match or _HALF_SENTENCE.fullmatch(match[1]):
        return ()
    article, _, demand = _drop_dot(match[2]).partition(" ")
    return Step("When", "when", match[1]), Step("Then", "then", f"{article.lower()} {demand}")


def _derive_clause(text: str) -> tuple[Step, ...]:
    """Return two steps where a leading `When` clause has a subject of its own and the only comma closes it."""
    match = _LEADING_CLAUSE.fullmatch(derive_line(text))
    if not match or len(match[1].split()) < 3 or _NO_SUBJECT.match(match[1]) or _CONTINUES.match(match[2]):
        return ()
    return Step("When", "when", match[1].strip()), Step("Then", "then", _drop_dot(match[2]))


def _derive_text(text: str) -> str:
    """Return a whole criterion as the text of a step: a leading function word loses its capital, the end its dot."""
    line = _drop_dot(derive_line(text))
    return line[0].lower() + line[1:] if _LOWERED.match(line) else line


def _drop_dot(text: str) -> str:
    """Return a sentence without its closing dot; an ellipsis or an abbreviation such as `etc.` keeps it."""
    if text.endswith(("..", "etc.", "e.g.", "i.e.")) or len(text) < 2:
        return text
    return text.removesuffix(".").rstrip()
