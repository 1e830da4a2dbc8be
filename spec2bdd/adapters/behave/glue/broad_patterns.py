"""Find step patterns that match more than they say: those without words, and regular expressions without an end.

The module is imported in the process that has the project's step modules loaded.
"""

from __future__ import annotations

import re
from typing import Any

from behave.matchers import RegexMatcher, SimplifiedRegexMatcher

from spec2bdd.adapters.behave.glue.pattern_words import find_text, is_parsed

_FIELD = re.compile(r"\{[^{}]*\}")
# A field with a type, such as `{count:d}`, does not match every text.
_ANY_FIELD = re.compile(r"\{\w*\}")
_WORD = re.compile(r"\w+")
_ARTICLES = frozenset({"a", "an", "the"})
_ANY_GROUP = re.compile(r"\^?(?:\(\?P<\w+>|\()?\.[*+]\??\)?\$?")


def may_be_broad(matcher: Any) -> bool:
    """Whether `describe_breadth` can find anything for some text; most patterns are ruled out by this."""
    if is_parsed(matcher):
        return _has_no_words(matcher.pattern)
    # Behave puts `^` and `$` around those of the `re` matcher.
    return isinstance(matcher, RegexMatcher) and (
        not isinstance(matcher, SimplifiedRegexMatcher) or bool(_ANY_GROUP.fullmatch(find_text(matcher)))
    )


def describe_breadth(matcher: Any, text: str) -> str:
    """Describe why a pattern that matches a step would match many others too; empty if it would not."""
    if is_parsed(matcher):
        return "has no words of its own, so it matches every step" if _has_no_words(matcher.pattern) else ""
    if not isinstance(matcher, RegexMatcher):
        return ""
    if _ANY_GROUP.fullmatch(find_text(matcher)):
        return "has no words of its own, so it matches every step"
    found = matcher.regex.match(text)
    return "has no `$`, so it matches every step that starts like it" if found and found.end() < len(text) else ""


def _has_no_words(pattern: str) -> bool:
    """Whether a format string consists of fields for any text, and of articles."""
    # Most patterns have no field, or words before the first one.
    if _WORD.findall(pattern.partition("{")[0].lower())[1:] or "{" not in pattern:
        return False
    words = _WORD.findall(_FIELD.sub(" ", pattern).lower())
    return _ARTICLES.issuperset(words) and all(map(_ANY_FIELD.fullmatch, _FIELD.findall(pattern)))
