"""The source of a step module that cannot be loaded in, matchers for the steps that it seems to define out.

It may not even be Python, so its decorators are found in the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from behave.matchers import make_step_matcher

_DECORATOR = re.compile(
    r"""^[ \t]*@(?:\w+\.)*(given|when|then|step)\(\s*([rRuU]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))""",
    re.MULTILINE | re.IGNORECASE,
)


def find_lost_patterns(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the kind and the matcher of each decorator with a plain literal; what cannot be matched is left out."""
    for keyword, literal in _DECORATOR.findall(content.decode("utf-8", "replace")):
        matcher = _make_matcher(keyword.lower(), literal)
        if matcher is not None:
            yield keyword.lower(), matcher


def _make_matcher(kind: str, literal: str) -> Any:
    """Return the matcher of a pattern as it is written in Python, or nothing if it is none."""
    try:
        return make_step_matcher(_stand_in, ast.literal_eval(literal), kind).compile()
    except Exception:  # noqa: BLE001  The types of the pattern may be missing, and converters may raise anything.
        return None


def _stand_in(context: Any) -> None:
    """Stand for the function that cannot be loaded."""
