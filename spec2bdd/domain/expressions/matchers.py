r"""Translate step patterns between Behave's matchers.

Inside spec2bdd all patterns have the form of the `parse` matcher; only step files and Behave see another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spec2bdd.model import StepAnswer, StepQuery

PARSE, CFPARSE, REGEX, CUCUMBER = "parse", "cfparse", "re", "cucumber_expressions"
MATCHERS = (PARSE, CFPARSE, REGEX, CUCUMBER)
# `cfparse` differs from `parse` only in cardinality fields such as `{n:d+}`, which are never generated.
_BRACED = (PARSE, CFPARSE)
# The quotes around a parameter are part of it: `{string}` of cucumber expressions includes them.
_PART = re.compile(r'(\{\{|\}\}|"\{\w+\}"|\{\w+(?::d)?\})')
_FIELD = re.compile(r'"?\{(?P<name>\w+)(?P<number>:d)?\}"?')
_REGEX_SIGN = re.compile(r"[\\.^*+?{}\[\]|()]")
_CUCUMBER_SIGN = re.compile(r"[\\/{}()]")
# What a pattern in the form of `parse` contains only if a literal was escaped for the matcher.
_ESCAPES = {
    PARSE: ("{{", "}}"),
    CFPARSE: ("{{", "}}"),
    REGEX: ("\\", "[$]", "(?P<"),
    CUCUMBER: ("{{", "}}", "\\"),
}


def translate_pattern(pattern: str, matcher: str) -> str:
    """Translate a pattern for another matcher, as it is written into a step file; it matches the same texts.

    Behave refuses a regular expression that ends with `$`, also where that is escaped, so `$` becomes `[$]`.
    """
    if matcher in _BRACED:
        return pattern
    parts: list[str] = []
    for part in _PART.split(pattern):
        field = _FIELD.fullmatch(part)
        if field is None:
            literal = part[0] if part in ("{{", "}}") else part
            sign = _REGEX_SIGN if matcher == REGEX else _CUCUMBER_SIGN
            escaped = sign.sub(r"\\\g<0>", literal)
            parts.append(escaped.replace("$", "[$]") if matcher == REGEX else escaped)
        elif matcher == REGEX:
            value = r"[0-9]+" if field["number"] else '[^"]+' if part.startswith('"') else ".+?"
            group = f"(?P<{field['name']}>{value})"
            parts.append(f'"{group}"' if part.startswith('"') else group)
        else:
            # The parameters of a cucumber expression have no names.
            parts.append("{string}" if part.startswith('"') else "{int}" if field["number"] else "{}")
    return "".join(parts)


def choose_annotation(kind: str, matcher: str) -> str:
    """Choose the type annotation of a parameter: the groups of a regular expression are always strings."""
    return "str" if matcher == REGEX else kind


def is_same_matcher(first: str, second: str) -> bool:
    """Whether two matchers read generated patterns alike."""
    return first == second or (first in _BRACED and second in _BRACED)


def is_escaped(pattern: str, matcher: str) -> bool:
    """Whether a pattern contains something that another pattern can only match if it escapes it."""
    return any(sign in pattern for sign in _ESCAPES[matcher])


def translate_queries(queries: Iterable[StepQuery], matcher: str) -> list[StepQuery]:
    """Translate queries to the patterns of step files, which are nearly always the same."""
    if matcher == PARSE:
        return list(queries)
    return [
        StepQuery(
            query.kind, query.text, tuple(translate_pattern(pattern, matcher) for pattern in query.patterns), matcher
        )
        for query in queries
    ]


def translate_answers(answers: Iterable[StepAnswer], queries: Sequence[StepQuery]) -> list[StepAnswer]:
    """Translate the answers to translated queries back to answers to the original ones."""
    translated: list[StepAnswer] = []
    for answer, query in zip(answers, queries, strict=True):
        if answer.query is query:
            translated.append(answer)
            continue
        # The patterns of both queries are in the same order.
        pattern = query.patterns[answer.query.patterns.index(answer.pattern)] if answer.pattern else ""
        translated.append(StepAnswer(query, pattern, answer.default))
    return translated
