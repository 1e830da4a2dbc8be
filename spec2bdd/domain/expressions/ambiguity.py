"""Find steps that must not get a stub because Behave would reject it as ambiguous.

When a definition is added, Behave looks up its pattern as if it were the text of a step, and raises `AmbiguousStep` if
another definition matches it (behave 1.3.3). The pattern of the step `{a}` is `{{a}}`; if `{{a}}` is a step too, its
definition is rejected or not depending on the order in which they are loaded, and neither pattern can be written in
another way. The same holds for the backslashes of other matchers. One such pair stops a whole run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from spec2bdd.domain.expressions.matchers import PARSE, is_escaped, translate_pattern
from spec2bdd.model import StepAnswer

# A pattern in lower case, the number of its step, the pattern itself, and the step.
_IndexedPattern = tuple[str, int, str, StepAnswer]
# Answers cannot be compared, so they are no part of the sort key; the number makes the order stable.
_SORT_KEY = itemgetter(0, 1, 2)
_LOWER_CASE = itemgetter(0)
# What a written pattern needs, for one matcher or another, to be matched by an escaped pattern.
_ESCAPED = re.compile(r"[{}\\]|\[\$\]|\(\?P<")
_PART = re.compile(r"(\{\{|\}\}|\{\w+(?::d)?\})")


def find_ambiguous_steps(answers: Sequence[StepAnswer], matcher: str = PARSE) -> dict[tuple[str, str], str]:
    """Find the steps that must not get a stub, by kind and text, each with the text of the step that it clashes with.

    A step that is defined already wins over one that is not.
    """
    ambiguous: dict[tuple[str, str], str] = {}
    escaped = [answer for answer in answers if any(is_escaped(pattern, matcher) for pattern in _list_patterns(answer))]
    if not escaped:
        return {}
    # Index only what can clash at all, by kind, sorted so that patterns with the same beginning are adjacent.
    index: dict[str, list[_IndexedPattern]] = defaultdict(list)
    for number, answer in enumerate(answers):
        for pattern in (translate_pattern(pattern, matcher) for pattern in _list_patterns(answer)):
            if _ESCAPED.search(pattern):
                index[answer.query.kind].append((pattern.lower(), number, pattern, answer))
    for patterns in index.values():
        patterns.sort(key=_SORT_KEY)
    for answer in escaped:
        for clashing in _find_clashing(answer, index[answer.query.kind], matcher):
            # An answer with a pattern is not defined yet: the pattern is that of its stub.
            loser, winner = (answer, clashing) if answer.pattern else (clashing, answer)
            if loser.pattern:
                ambiguous.setdefault((loser.query.kind, loser.query.text), winner.query.text)
    return ambiguous


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile what a pattern matches, written for any matcher; Behave ignores the case."""
    expression: list[str] = []
    for part in _PART.split(pattern):
        if part in ("{{", "}}"):
            expression.append(re.escape(part[0]))
        elif _PART.fullmatch(part):
            expression.append(r"[-+ ]?\d+" if part.endswith(":d}") else ".+?")
        else:
            expression.append(re.escape(part))
    return re.compile("".join(expression), re.IGNORECASE)


def _find_clashing(answer: StepAnswer, index: Sequence[_IndexedPattern], matcher: str) -> Iterator[StepAnswer]:
    """Yield the steps whose pattern, taken as the text of a step, is matched by an escaped pattern of this step."""
    for pattern in (pattern for pattern in _list_patterns(answer) if is_escaped(pattern, matcher)):
        compiled = compile_pattern(pattern)
        # Only patterns that share the literal beginning can match, and the index is sorted: start there, stop early.
        start = pattern.partition("{")[0].partition("}")[0].lower()
        for lower_case, _, written, indexed in islice(index, bisect_left(index, start, key=_LOWER_CASE), None):
            if not lower_case.startswith(start):
                break
            if written != translate_pattern(pattern, matcher) and compiled.fullmatch(written):
                yield indexed


def _list_patterns(answer: StepAnswer) -> Sequence[str]:
    """List the patterns that a step has or may have: which one defines an existing step is not known."""
    return (answer.pattern,) if answer.pattern else answer.query.patterns
