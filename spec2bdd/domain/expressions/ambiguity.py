"""The answers of Behave's registry in, the steps out that must get no stub, because Behave would take it for another's.

Behave matches the pattern of each new definition, as if it were a step, with those that it has. The pattern of `{a}` is
`{{a}}`; where that is a step too, the two are ambiguous if they are loaded in one order, and there is no other way to
write either. So it is with the backslashes of other matchers. One such pair stops a whole run.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter

from spec2bdd.domain.expressions.matchers import PARSE, derive_written, is_escaped
from spec2bdd.model import StepAnswer

# A pattern in lower case, the number of its step, the pattern itself, and the step.
_Wanted = tuple[str, int, str, StepAnswer]
_KEY = itemgetter(0, 1, 2)
_LOWERED = itemgetter(0)
_ESCAPED = re.compile(r"[{}\\]|\[\$\]|\(\?P<")
_PART = re.compile(r"(\{\{|\}\}|\{\w+(?::d)?\})")


def find_ambiguous_steps(answers: Sequence[StepAnswer], matcher: str = PARSE) -> dict[tuple[str, str], str]:
    """Return the steps that must get no stub, by kind and text, each with the step that stands in its way."""
    rivals: dict[tuple[str, str], str] = {}
    escaped = [answer for answer in answers if any(is_escaped(one, matcher) for one in _list_patterns(answer))]
    index = _derive_index(answers, matcher) if escaped else {}
    for answer in escaped:
        for other in _find_clashing(answer, index[answer.query.kind], matcher):
            loser, winner = (answer, other) if answer.pattern else (other, answer)
            if loser.pattern:
                rivals.setdefault((loser.query.kind, loser.query.text), winner.query.text)
    return rivals


def _derive_index(answers: Sequence[StepAnswer], matcher: str) -> dict[str, list[_Wanted]]:
    """Return the patterns with escapes in them by kind, sorted, so that those with one beginning stand together."""
    index: dict[str, list[_Wanted]] = defaultdict(list)
    for number, answer in enumerate(answers):
        patterns = [derive_written(pattern, matcher) for pattern in _list_patterns(answer)]
        odd = [pattern for pattern in patterns if _ESCAPED.search(pattern)]
        index[answer.query.kind] += [(pattern.lower(), number, pattern, answer) for pattern in odd]
    return defaultdict(list, {kind: sorted(wanted, key=_KEY) for kind, wanted in index.items()})


def _find_clashing(answer: StepAnswer, index: Sequence[_Wanted], matcher: str) -> Iterator[StepAnswer]:
    """Yield the steps of which a pattern is matched, as if it were a step, by a pattern that has the same escapes."""
    for pattern in (pattern for pattern in _list_patterns(answer) if is_escaped(pattern, matcher)):
        compiled, start = compile_pattern(pattern), pattern.partition("{")[0].partition("}")[0].lower()
        for lowered, _, wanted, other in islice(index, bisect_left(index, start, key=_LOWERED), None):
            if not lowered.startswith(start):
                break
            if wanted != derive_written(pattern, matcher) and compiled.fullmatch(wanted):
                yield other


def _list_patterns(answer: StepAnswer) -> Sequence[str]:
    """Return the patterns that a step has or may have: which of its own it is defined by already is not known."""
    return (answer.pattern,) if answer.pattern else answer.query.patterns


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return what a pattern matches in any form that we write it in; of letters, the case does not count."""
    return re.compile("".join(map(_translate, _PART.split(pattern))), re.IGNORECASE)


def _translate(part: str) -> str:
    """Return one part of a pattern as a regular expression."""
    if part in ("{{", "}}"):
        return re.escape(part[0])
    if _PART.fullmatch(part):
        return r"[-+ ]?\d+" if part.endswith(":d}") else ".+?"
    return re.escape(part)
