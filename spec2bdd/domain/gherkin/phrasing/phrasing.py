"""A criterion in, out the scripts of its scenarios: its author's own Given/When/Then where there are any."""

from __future__ import annotations

import re
from dataclasses import replace

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.nested import PhrasingResult, parse_nested
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript
from spec2bdd.domain.gherkin.phrasing.sentences import (
    derive_clause,
    derive_demand,
    derive_sentence,
    drop_dot,
    lower_demand,
)
from spec2bdd.model import Criterion, Step
from spec2bdd.text.normalize import to_single_line

_THEN = re.compile(r"then[:,]? (?=\S)", re.IGNORECASE)
_LOWERED = re.compile(
    r"(?:An?|The|Each|Every|All|Any|No|None|It|Its|They|Their|There|This|These|That|Those|Only|Both|When|If|While|"
    r"Once|After|Before|At|In|On|For|With|Without|Two|Three|[A-Z][a-z]{2,}ing)(?= [a-z0-9])"
)


def derive_phrasing(criterion: Criterion, language: str = "en") -> PhrasingResult:
    """Return the scripts of a criterion, best source first, and what of it could not be used.

    Nothing is invented, and only clear clauses are split off.
    """
    found = parse_nested(criterion, language)
    return (
        found
        if found.scripts
        else replace(found, scripts=(ScenarioScript(_derive_prose(to_single_line(criterion.text), language)),))
    )


def derive_steps(criterion: Criterion, language: str = "en") -> tuple[Step, ...]:
    """Return all steps of a criterion."""
    return tuple(step for script in derive_phrasing(criterion, language).scripts for step in script.steps)


def _derive_prose(line: str, language: str) -> tuple[Step, ...]:
    """Return the steps of a text alone."""
    return (
        derive_sentence(line, language)
        or derive_demand(line, language)
        or derive_clause(line, language)
        or (Step(LANGUAGES[language].steps["then"][0], "then", _derive_text(line)),)
    )


def _derive_text(line: str) -> str:
    """Return a whole criterion as the text of a step: a leading function word loses its capital, the end its dot.

    A `Then` at its start is the keyword already.
    """
    keyword = _THEN.match(line)
    text = lower_demand(drop_dot(line[keyword.end() :] if keyword else line))
    return text[0].lower() + text[1:] if _LOWERED.match(text) else text
