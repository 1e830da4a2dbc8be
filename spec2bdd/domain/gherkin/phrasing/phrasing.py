"""Turn a criterion into the scripts of its scenarios: with the Given/When/Then of its author where there is any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES
from spec2bdd.domain.gherkin.phrasing.clauses import drop_full_stop, lowercase_function_word, lowercase_subject
from spec2bdd.domain.gherkin.phrasing.ears import parse_ears
from spec2bdd.domain.gherkin.phrasing.labels import drop_scenario_keyword, split_label, split_title
from spec2bdd.domain.gherkin.phrasing.nested import PhrasingResult, parse_nested, parse_step_data
from spec2bdd.domain.gherkin.phrasing.script import ScenarioScript
from spec2bdd.domain.gherkin.phrasing.sentences import parse_condition, parse_given_when_then
from spec2bdd.model import Criterion, Step
from spec2bdd.text.normalize import to_single_line

# Punctuation at the end that nothing follows.
_DANGLING = re.compile(r"(?:[\s,;]|(?<=\s)[-\u2013\u2014])+$")
_THEN = re.compile(r"then[:,\uff1a\uff0c]? (?=\S)", re.IGNORECASE)
# The signs of Chinese, Japanese and Korean come after it.
_IDEOGRAPHIC_SPACE = "\u3000"


# A criterion is phrased for its scenarios, and again for what is wrong with its steps.
@lru_cache(maxsize=256)
def phrase_criterion(criterion: Criterion, language: str = "en") -> PhrasingResult:
    """Phrase a criterion as scripts, from its best source, and report what could not be used.

    Without scripts of the author under it, the text itself is split, but only at clear clauses. No words are added.
    """
    text = to_single_line(criterion.text)
    line = drop_scenario_keyword(text, language)
    name = line if line != text else ""
    # The surest form first: a sentence may match more than one.
    sentence = split_sentence(line, language)
    title, rest = ("", line) if sentence else split_title(line)
    titled = (parse_given_when_then(rest, language) or parse_condition(rest, language)) if title else ()
    label, demand = ("", line) if sentence or titled else split_label(line)
    steps = sentence or titled or (split_sentence(demand, language) if label else ())
    result = parse_nested(criterion, language, steps)
    if not steps:
        outcome = _phrase_outcome(demand, criterion)
        steps = (Step(LANGUAGES[language].steps["then"][0], "then", outcome),)
    if result.scripts:
        scripts = _add_outcome(result, steps) if not criterion.name else result.scripts
        return replace(result, scripts=scripts, name=_name_joined_boxes(criterion, scripts) or name)
    if sentence:
        # A list under "..., the system shall:" is the data of its last step.
        is_open = line.endswith((":", "\uff1a")) and not result.faults
        script, fault = parse_step_data(steps, criterion, language) if is_open else (ScenarioScript(steps), None)
        return PhrasingResult((script,), (*result.faults, *([fault] if fault else ())), name)
    if titled:
        return replace(result, scripts=(ScenarioScript(titled),), name=title)
    if result.faults:
        return replace(result, scripts=(ScenarioScript(steps),), name=label or name)
    # What is listed under the text is the data of its last step.
    script, fault = parse_step_data(steps, criterion, language)
    return PhrasingResult((script,), (fault,) if fault else (), label or name)


def _phrase_outcome(demand: str, criterion: Criterion) -> str:
    """Phrase a text as one outcome, without its full stop, its capital, and a `Then` that is the keyword."""
    keyword = _THEN.match(demand)
    outcome = lowercase_subject(drop_full_stop(demand[keyword.end() :] if keyword else demand))
    # A colon announces what is listed below.
    words = outcome if criterion.nested else outcome.rstrip(":\uff1a")
    # The pattern would look for a match from each character on.
    return lowercase_function_word(words if words[-1:].isalnum() else _DANGLING.sub("", words) or outcome)


def _add_outcome(result: PhrasingResult, steps: Sequence[Step]) -> tuple[ScenarioScript, ...]:
    """Add what the text of the criterion says to each script under it that has no outcome."""
    if result.is_opened:
        return result.scripts
    return tuple(
        script if any(step.kind == "then" for step in script.steps) else replace(script, steps=(*script.steps, *steps))
        for script in result.scripts
    )


def list_criterion_steps(criterion: Criterion, language: str = "en") -> tuple[Step, ...]:
    """List all steps of a criterion."""
    return tuple(step for script in phrase_criterion(criterion, language).scripts for step in script.steps)


# The boxes of a spec are compared with steps before they are phrased.
@lru_cache(maxsize=1024)
def split_sentence(line: str, language: str) -> tuple[Step, ...]:
    """Split a sentence that has a condition; the result is empty if it has none."""
    is_joined = max(line, default="") > _IDEOGRAPHIC_SPACE
    if is_joined:
        # Few specs have such lines, and the expressions for many languages take long to compile.
        from spec2bdd.domain.gherkin.phrasing.translated_ears import separate_keywords

        line = separate_keywords(line)
    for parse in (parse_given_when_then, parse_ears, parse_condition):
        if steps := parse(line, language):
            return steps
    if not is_joined and not (line[:2].isalpha() and line[:2].isupper()):
        return ()
    from spec2bdd.domain.gherkin.phrasing.translated_ears import parse_translated_ears

    return parse_translated_ears(line, language)


def _name_joined_boxes(criterion: Criterion, scripts: Sequence[ScenarioScript]) -> str:
    """Name the scenario of several boxes by all their steps, since the text of the last box says only a part of it."""
    own = (block.text == criterion.text and block.line == criterion.line for block in criterion.nested[1:])
    if len(scripts) > 1 or not any(own):
        return ""
    first, *others = (f"{step.keyword} {step.text}" for step in scripts[0].steps)
    return ", ".join([first, *(words[0].lower() + words[1:] for words in others)])
