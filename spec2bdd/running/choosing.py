"""Behave's registry and queries in, a pattern for each query out that matches it and disturbs no other definition.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from behave.matchers import Match, MatchWithError, ParseMatcher

from spec2bdd.model import StepQuery


def choose_patterns(registry: Any, queries: Sequence[StepQuery]) -> Iterator[str]:
    """Yield for each query the pattern to define it by, or nothing where a definition matches already.

    Each pattern chosen counts as a definition for the queries after it. The set loads in any order, because no pattern
    matches the text of another; and no pattern with parameters takes a step away from the definition that it has.
    """
    defined = {(query.kind, query.text) for query in queries if _is_defined(registry, query)}
    for query in queries:
        if _is_defined(registry, query):
            yield ""
        else:
            matcher = _choose(registry, query, [text for kind, text in defined if kind == query.kind])
            registry.steps[query.kind].append(matcher)
            yield matcher.pattern


def _choose(registry: Any, query: StepQuery, taken: Sequence[str]) -> Any:
    """Return the matcher of the first pattern that fits; the last one is literal and need not."""
    rivals = [*registry.steps[query.kind], *registry.steps["step"]]
    for pattern in query.patterns[:-1]:
        matcher = _compile(pattern, query.kind)
        if matcher and _matches(matcher, query.text) and not _disturbs(matcher, rivals, taken):
            return matcher
    return ParseMatcher(_stub, query.patterns[-1], query.kind)


def _disturbs(matcher: Any, rivals: Sequence[Any], taken: Sequence[str]) -> bool:
    """Tell whether Behave would call the pattern ambiguous, in whatever order, or it would match a taken step."""
    return any(rival.matches(matcher.pattern) or matcher.matches(rival.pattern) for rival in rivals) or any(
        _matches(matcher, text) for text in taken
    )


def _compile(pattern: str, kind: str) -> Any:
    """Return the matcher that the stub will have, or nothing if the pattern is none."""
    try:
        return ParseMatcher(_stub, pattern, kind).compile()
    except (ValueError, NotImplementedError):
        return None


def _matches(matcher: Any, text: str) -> bool:
    """Tell whether a matcher matches a step's text and can convert its arguments."""
    match = matcher.match(text)
    return isinstance(match, Match) and not isinstance(match, MatchWithError)


def _is_defined(registry: Any, query: StepQuery) -> bool:
    """Tell whether Behave finds a definition for the step."""
    return bool(registry.find_match(SimpleNamespace(step_type=query.kind, name=query.text)))


def _stub(context: Any) -> None:
    """Stand for the function that is yet to be written."""
