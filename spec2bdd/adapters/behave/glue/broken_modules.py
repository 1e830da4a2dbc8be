"""Find the step definitions in the text of a step module that cannot be loaded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from behave.matchers import make_step_matcher

# The file may not even be Python, so there is no syntax tree to look at.
_DECORATOR = re.compile(
    r"""
    ^[ \t]*@(?:\w+\.)*(given|when|then|step)    # `@given`, `@behave.given`; Behave has `@Given` as well
    \(\s*
    ([rRuU]?(?:                                 # a string literal, but no f-string, whose text is not known
        '(?:[^'\\\n]|\\.)*'
      | "(?:[^"\\\n]|\\.)*"
    ))
    """,
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)


def find_lost_patterns(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the kind and the matcher of each decorator with a plain string whose pattern compiles."""
    for keyword, literal in _DECORATOR.findall(content.decode("utf-8", "replace")):
        kind = keyword.lower()
        try:
            matcher = make_step_matcher(missing_function, ast.literal_eval(literal), kind).compile()
        except Exception:  # noqa: BLE001, S112  Types of the pattern may be missing, and converters may raise anything.
            continue
        yield kind, matcher


def missing_function(context: Any) -> None:
    """Take the place of a step function that cannot be loaded or is not written yet; it is never called."""
