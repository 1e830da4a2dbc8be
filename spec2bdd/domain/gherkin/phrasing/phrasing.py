"""Turn a criterion into the scripts of its scenarios: with the Given/When/Then of its author where there is any."""

from __future__ import annotations

import re
from dataclasses import replace

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.clauses import drop_full_stop, lowercase_subject
from spec2bdd.domain.gherkin.phrasing.ears import parse_ears
from spec2bdd.domain.gherkin.phrasing.nested import PhrasingResult, parse_nested
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript
from spec2bdd.domain.gherkin.phrasing.sentences import parse_given_when_then, parse_when_clause
from spec2bdd.model import Criterion, Step
from spec2bdd.text.normalize import to_single_line

_THEN = re.compile(r"then[:,]? (?=\S)", re.IGNORECASE)
# A leading word that has its capital only because a sentence starts there; names and abbreviations keep theirs.
_CAPITALIZED = re.compile(
    r"""
    (?:
        An?|The|Each|Every|All|Any|No|None|It|Its|They|Their|There|This|These|That|Those|Only|Both      # articles ...
        | When|If|While|Once|After|Before|At|In|On|For|With|Without|Two|Three         # conjunctions, prepositions ...
        | [A-Z][a-z]{2,}ing                                                            # Returning, Logging ...
    )
    (?=[ ][a-z0-9])
    """,
    re.VERBOSE,
)


def phrase_criterion(criterion: Criterion, language: str = "en") -> PhrasingResult:
    """Phrase a criterion as scripts, from its best source, and report what could not be used.

    Without scripts of the author below it, the text itself is split, but only at clear clauses. No words are added.
    """
    result = parse_nested(criterion, language)
    if result.scripts:
        return result
    line = to_single_line(criterion.text)
    # The surest form first: a sentence may match more than one.
    steps = parse_given_when_then(line, language) or parse_ears(line, language) or parse_when_clause(line, language)
    if not steps:
        # The whole text is one outcome, without its full stop, its capital, and a `Then` that is the keyword already.
        keyword = _THEN.match(line)
        text = lowercase_subject(drop_full_stop(line[keyword.end() :] if keyword else line))
        if _CAPITALIZED.match(text):
            text = text[0].lower() + text[1:]
        steps = (Step(LANGUAGES[language].steps["then"][0], "then", text),)
    return replace(result, scripts=(ScenarioScript(steps),))


def list_criterion_steps(criterion: Criterion, language: str = "en") -> tuple[Step, ...]:
    """List all steps of a criterion."""
    return tuple(step for script in phrase_criterion(criterion, language).scripts for step in script.steps)
