"""Regular expressions that are compiled on their first use.

Compiling all of those that read specs takes a tenth of the time of a small `verify`, and half of them are for what most
specs do not have.
"""

from __future__ import annotations

import re
from typing import Any, cast


def compile_lazily(pattern: str, flags: re.RegexFlag | int = 0) -> re.Pattern[str]:
    """Return what can be used as the compiled expression is: its methods and its attributes are those."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))


class _LazyPattern:
    """Takes each attribute from the compiled expression once, so that later calls are as fast as its own."""

    def __init__(self, source: str, flags: re.RegexFlag | int) -> None:
        self._source, self._given = source, flags

    def __getattr__(self, name: str) -> Any:
        # `re` keeps the compiled expression for the next attribute.
        value = self.__dict__[name] = getattr(re.compile(self._source, self._given), name)
        return value
