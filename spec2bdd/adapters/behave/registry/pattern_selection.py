"""Behave's registry and queries in, a pattern for each query out that matches it and disturbs no other definition.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from behave.matchers import CFParseMatcher, Match, MatchWithError, ParseMatcher, SimplifiedRegexMatcher

from spec2bdd.adapters.behave.glue.pattern_words import find_answer, find_text, is_plain
from spec2bdd.adapters.behave.glue.step_index import MatcherIndex, StepIndex, TextIndex
from spec2bdd.model import StepQuery

_CLASSES = {one.NAME: one for one in (ParseMatcher, CFParseMatcher, SimplifiedRegexMatcher)}


def choose_patterns(
    steps: Mapping[str, Sequence[Any]],
    queries: Sequence[StepQuery],
    *,
    indexes: Mapping[str, StepIndex] | None = None,
) -> Iterator[str]:
    """Yield for each query the pattern to define it by, or nothing where a definition matches already.

    `steps` are the matchers of Behave's registry by the kind of step, and `indexes` theirs, if there are any. Each
    pattern chosen counts as a definition for the queries after it. The set loads in any order, because no pattern
    matches the text of another; and no pattern with parameters takes a step away from the definition that it has.
    """
    definitions = {kind: MatcherIndex(matchers, index=(indexes or {}).get(kind)) for kind, matchers in steps.items()}
    chosen = {kind: MatcherIndex() for kind in steps}
    known = [_is_defined(query, [definitions[query.kind], definitions["step"]]) for query in queries]
    taken = {kind: TextIndex() for kind in steps}
    # Where nothing is missing, there is no new pattern that could take one.
    for query in () if all(known) else (query for query, defined in zip(queries, known, strict=True) if defined):
        taken[query.kind].add_text(query.text)
    for query, defined in zip(queries, known, strict=True):
        new = [chosen[query.kind], chosen["step"]]
        if defined or _is_defined(query, new):
            yield ""
        else:
            # Behave looks at those of the same kind, and at those of any kind.
            rivals = [definitions[query.kind], definitions["step"], *new]
            matcher = _choose(query, rivals, taken[query.kind])
            chosen[query.kind].add_matcher(matcher)
            yield find_text(matcher)


def _is_defined(query: StepQuery, rivals: Sequence[MatcherIndex]) -> bool:
    """Tell whether Behave would find a definition; one whose arguments cannot be converted is one, too."""
    return any(find_match(matcher, query.text) for index in rivals for matcher in index.find_matchers(query.text))


def find_match(matcher: Any, text: str) -> bool:
    """Tell whether Behave would find a definition by a text; it may still fail to convert the arguments."""
    answer = find_answer(matcher, text)
    return bool(matcher.match(text)) if answer is None else answer


def _choose(query: StepQuery, rivals: Sequence[MatcherIndex], taken: TextIndex) -> Any:
    """Return the matcher of the first pattern that fits; the last one is literal and need not."""
    for pattern in query.patterns[:-1]:
        matcher = _compile(query, pattern)
        if matcher and _matches(matcher, query.text) and not _disturbs(matcher, rivals, taken):
            return matcher
    return _derive_class(query.matcher)(_stub, query.patterns[-1], query.kind)


def _disturbs(matcher: Any, rivals: Sequence[MatcherIndex], taken: TextIndex) -> bool:
    """Tell whether Behave would call the pattern ambiguous, in whatever order, or it would match a taken step."""
    pattern = find_text(matcher)
    return (
        any(_disturbed(rival, pattern) for index in rivals for rival in index.find_matchers(pattern))
        or any(_disturbed(matcher, other) for index in rivals for other in index.patterns.find_texts(matcher))
        or any(_matches(matcher, text) for text in taken.find_texts(matcher))
    )


def _disturbed(matcher: Any, pattern: str) -> bool:
    """Tell whether Behave would call a pattern ambiguous beside a definition."""
    return bool(matcher.pattern == pattern) or _matches(matcher, pattern)


def _compile(query: StepQuery, pattern: str) -> Any:
    """Return the matcher that the stub will have, or nothing if the pattern is none."""
    try:
        matcher = _derive_class(query.matcher)(_stub, pattern, query.kind)
        if not is_plain(matcher):
            matcher.compile()
    except (ValueError, NotImplementedError, re.error):
        return None
    return matcher


def _derive_class(name: str) -> Any:
    """Return the class of a step matcher."""
    if name in _CLASSES:
        return _CLASSES[name]
    # It costs a tenth of a second, and few projects use it.
    from behave.cucumber_expression import StepMatcher4CucumberExpressions

    return StepMatcher4CucumberExpressions


def _matches(matcher: Any, text: str) -> bool:
    """Tell whether a matcher matches a step's text and can convert its arguments."""
    answer = find_answer(matcher, text)
    match = matcher.match(text) if answer is None else None
    return bool(answer) or (isinstance(match, Match) and not isinstance(match, MatchWithError))


def _stub(context: Any) -> None:
    """Stand for the function that is yet to be written."""
