"""Choose for each missing step a pattern that matches it and is ambiguous with no other definition.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from behave.matchers import CFParseMatcher, Match, MatchWithError, ParseMatcher, SimplifiedRegexMatcher

from spec2bdd.adapters.behave.glue.broken_modules import missing_function
from spec2bdd.adapters.behave.glue.pattern_words import find_text, is_plain, matches_plainly
from spec2bdd.adapters.behave.glue.step_index import MatcherIndex, StepIndex, TextIndex
from spec2bdd.model import StepQuery

_MATCHER_CLASSES = {
    matcher_class.NAME: matcher_class for matcher_class in (ParseMatcher, CFParseMatcher, SimplifiedRegexMatcher)
}


def choose_patterns(
    steps: Mapping[str, Sequence[Any]],
    queries: Sequence[StepQuery],
    *,
    indexes: Mapping[str, StepIndex] | None = None,
) -> Iterator[str]:
    """Yield for each query the pattern to define it by, or an empty string if a definition matches already.

    `steps` are the matchers of Behave's registry by the kind of step, and `indexes` theirs, if there are any. Each
    chosen pattern counts as a definition for the queries after it. The set loads in any order, because no pattern
    matches the text of another; and no pattern with parameters takes a step away from the definition that it has.
    """
    definitions = {kind: MatcherIndex(matchers, index=(indexes or {}).get(kind)) for kind, matchers in steps.items()}
    chosen = {kind: MatcherIndex() for kind in steps}
    defined = [_is_defined(query, [definitions[query.kind], definitions["step"]]) for query in queries]
    # The steps that a new pattern must not match. If no step is missing, there will be no new pattern.
    taken = {kind: TextIndex() for kind in steps}
    if not all(defined):
        for query, is_defined in zip(queries, defined, strict=True):
            if is_defined:
                taken[query.kind].add_text(query.text)
    for query, is_defined in zip(queries, defined, strict=True):
        new = [chosen[query.kind], chosen["step"]]
        if is_defined or _is_defined(query, new):
            yield ""
        else:
            # Behave looks at the definitions of the same kind, and at those by `@step`.
            rivals = [definitions[query.kind], definitions["step"], *new]
            matcher = _choose_matcher(query, rivals, taken[query.kind])
            chosen[query.kind].add_matcher(matcher)
            yield find_text(matcher)


def is_found(matcher: Any, text: str) -> bool:
    """Whether Behave finds a definition for a text; it may still fail to convert the arguments."""
    result = matches_plainly(matcher, text)
    return bool(matcher.match(text)) if result is None else result


def _is_defined(query: StepQuery, rivals: Sequence[MatcherIndex]) -> bool:
    """Whether Behave finds a definition of the step in one of the indexes."""
    return any(is_found(matcher, query.text) for index in rivals for matcher in index.find_matchers(query.text))


def _choose_matcher(query: StepQuery, rivals: Sequence[MatcherIndex], taken: TextIndex) -> Any:
    """Build the matcher of the first pattern of the query that fits; the last pattern is literal and always fits."""
    matcher_class: Any = _MATCHER_CLASSES.get(query.matcher)
    if matcher_class is None:
        # The import takes a tenth of a second, and few projects use cucumber expressions.
        from behave.cucumber_expression import StepMatcher4CucumberExpressions

        matcher_class = StepMatcher4CucumberExpressions

    for pattern in query.patterns[:-1]:
        try:
            matcher = matcher_class(missing_function, pattern, query.kind)
            # A plain pattern always compiles, and compiling it takes a millisecond.
            if not is_plain(matcher):
                matcher.compile()
        except (ValueError, NotImplementedError, re.error):
            continue
        if _matches(matcher, query.text) and not _has_conflict(matcher, rivals, taken):
            return matcher
    return matcher_class(missing_function, query.patterns[-1], query.kind)


def _has_conflict(matcher: Any, rivals: Sequence[MatcherIndex], taken: TextIndex) -> bool:
    """Whether Behave would call the pattern ambiguous, in any order of loading, or it matches a step that is taken."""
    pattern = find_text(matcher)

    # Behave raises `AmbiguousStep` if a definition that is loaded already matches the text of the new pattern.
    def is_ambiguous(first: Any, second_pattern: str) -> bool:
        """Whether Behave calls the second pattern ambiguous if the first definition is loaded before it."""
        return bool(first.pattern == second_pattern) or _matches(first, second_pattern)

    return (
        any(is_ambiguous(rival, pattern) for index in rivals for rival in index.find_matchers(pattern))
        or any(is_ambiguous(matcher, other) for index in rivals for other in index.patterns.find_texts(matcher))
        or any(_matches(matcher, text) for text in taken.find_texts(matcher))
    )


def _matches(matcher: Any, text: str) -> bool:
    """Whether a matcher matches a step's text and can convert its arguments."""
    result = matches_plainly(matcher, text)
    if result is not None:
        return result
    match = matcher.match(text)
    return isinstance(match, Match) and not isinstance(match, MatchWithError)
