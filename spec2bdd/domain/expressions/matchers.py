r"""A pattern in the form of Behave's `parse` matcher in, out the same for another matcher, escaped by its own rules.

Inside of spec2bdd all patterns have the one form; only step files and Behave see another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spec2bdd.model import StepAnswer, StepQuery

PARSE, CFPARSE, REGEX, CUCUMBER = "parse", "cfparse", "re", "cucumber_expressions"
MATCHERS = (PARSE, CFPARSE, REGEX, CUCUMBER)
# For the patterns that we write, the two are one.
_BRACED = (PARSE, CFPARSE)
_PART = re.compile(r'(\{\{|\}\}|"\{\w+\}"|\{\w+(?::d)?\})')
_FIELD = re.compile(r'"?\{(?P<name>\w+)(?P<number>:d)?\}"?')
_REGEX_SIGN = re.compile(r"[\\.^*+?{}\[\]|()]")
_CUCUMBER_SIGN = re.compile(r"[\\/{}()]")


def derive_written(pattern: str, matcher: str) -> str:
    """Return a pattern as a step file has it for a matcher; it matches the same texts.

    Behave refuses a regular expression that ends with `$`, whatever stands before that, so `$` becomes `[$]`.
    """
    if matcher in _BRACED:
        return pattern
    derive_part = _derive_regex if matcher == REGEX else _derive_expression
    return "".join(derive_part(part) for part in _PART.split(pattern))


def derive_type(kind: str, matcher: str) -> str:
    """Return the type that a parameter arrives with: a regular expression gives nothing but texts."""
    return "str" if matcher == REGEX else kind


def is_same_matcher(one: str, other: str) -> bool:
    """Tell whether two matchers read the patterns that we write alike."""
    return one == other or (one in _BRACED and other in _BRACED)


def is_escaped(pattern: str, matcher: str) -> bool:
    """Tell whether a pattern has something in it that another pattern can only have been given by escaping."""
    signs = ("\\", "[$]", "(?P<") if matcher == REGEX else ("{{", "}}", "\\") if matcher == CUCUMBER else ("{{", "}}")
    return any(sign in pattern for sign in signs)


def translate_queries(queries: Iterable[StepQuery], matcher: str) -> list[StepQuery]:
    """Return queries with the patterns that stand in step files, which are nearly always the same."""
    if matcher == PARSE:
        return list(queries)
    return [
        StepQuery(query.kind, query.text, tuple(derive_written(one, matcher) for one in query.patterns), matcher)
        for query in queries
    ]


def translate_answers(answers: Iterable[StepAnswer], queries: Sequence[StepQuery]) -> list[StepAnswer]:
    """Return the answers to such queries as answers to the queries that they were made from."""
    return [
        answer if answer.query is query else StepAnswer(query, _find_pattern(answer, query), answer.default)
        for answer, query in zip(answers, queries, strict=True)
    ]


def _find_pattern(answer: StepAnswer, query: StepQuery) -> str:
    """Return the pattern that was chosen, in our own form."""
    return query.patterns[answer.query.patterns.index(answer.pattern)] if answer.pattern else ""


def _derive_regex(part: str) -> str:
    """Return one part of a pattern as a regular expression."""
    field = _FIELD.fullmatch(part)
    if field is None:
        return _REGEX_SIGN.sub(r"\\\g<0>", _unescape(part)).replace("$", "[$]")
    if part.startswith('"'):
        return f'"(?P<{field["name"]}>[^"]+)"'
    return f"(?P<{field['name']}>{r'[0-9]+' if field['number'] else '.+?'})"


def _derive_expression(part: str) -> str:
    """Return one part of a pattern as a cucumber expression, whose parameters have no names."""
    field = _FIELD.fullmatch(part)
    if field is None:
        return _CUCUMBER_SIGN.sub(r"\\\g<0>", _unescape(part))
    return "{string}" if part.startswith('"') else "{int}" if field["number"] else "{}"


def _unescape(part: str) -> str:
    """Return what a literal part of a pattern matches."""
    return part[0] if part in ("{{", "}}") else part
