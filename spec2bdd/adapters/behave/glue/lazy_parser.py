"""Make the parser of a step pattern when it is first used, where that certainly works.

Behave makes one for each definition as it is loaded: with its dictionaries, it takes more memory than the function, and
nearly all texts are matched without it. The module is imported in the process that has the project's step modules
loaded.
"""

from __future__ import annotations

from typing import Any

import parse
from behave.matchers import ParseMatcher

from spec2bdd.adapters.behave.glue.pattern_words import is_plain_pattern


def make_parsers_lazily() -> None:
    """Let Behave make the parsers of plain patterns when they are first used."""
    # behave 1.3.3 calls this attribute of the class for each definition.
    ParseMatcher.PARSER_CLASS = staticmethod(_make_parser)


def _make_parser(pattern: str, extra_types: Any = None, *, case_sensitive: bool = False) -> Any:
    """Make the parser of a pattern; the errors of one that is not plain are raised at once."""
    is_literal = "{" not in pattern and "}" not in pattern
    # A plain field has no other type than `d`, which a project may register as one of its own.
    if is_literal or (is_plain_pattern(pattern) and "d" not in (extra_types or ())):
        return _LazyParser(pattern, case_sensitive=case_sensitive)
    return parse.Parser(pattern, extra_types, case_sensitive=case_sensitive)


class _LazyParser:
    """Takes each attribute from a parser that is made for the first of them."""

    __slots__ = ("_case_sensitive", "_parser", "_pattern")

    def __init__(self, pattern: str, *, case_sensitive: bool) -> None:
        self._pattern, self._case_sensitive = pattern, case_sensitive
        self._parser: Any = None

    def __getattr__(self, name: str) -> Any:
        if name in _LazyParser.__slots__:
            # A copy is made without `__init__`.
            raise AttributeError(name)
        if self._parser is None:
            self._parser = parse.Parser(self._pattern, {}, case_sensitive=self._case_sensitive)
        return getattr(self._parser, name)
