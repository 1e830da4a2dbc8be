"""Compile patterns of paths, such as `specs/**/*.md`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

_WILDCARDS = {"*": "[^/]*", "?": "[^/]"}
_WILDCARD = re.compile(r"\[!?[^\]/]+\]|.", re.DOTALL)


@functools.lru_cache(maxsize=256)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of paths, in which `*` and `?` match no `/`, and `**` matches any folders."""
    names = re.sub(r"(?:\*\*/)+", "**/", pattern).split("/")
    # `fnmatch` lets `*` match `/` too, and a name has none.
    parts = [r"(?:[^/]+/)*" if part == "**" else _WILDCARD.sub(_compile_sign, part) + "/" for part in names]
    return re.compile("".join(parts).removesuffix("/") + (r"[^/]*" if pattern.endswith("**") else ""))


def build_expression(patterns: Iterable[str]) -> str:
    """Build the regular expression of what the patterns match, and of everything in folders that they match."""
    return "|".join(f"{compile_glob(pattern).pattern}(?:/.*)?" for pattern in patterns)


def _compile_sign(match: re.Match[str]) -> str:
    """Compile a wildcard, a set of characters such as `[0-9]` or `[!a]`, or any other character."""
    text = match[0]
    if len(text) > 1:
        return "[" + text[1:-1].replace("\\", r"\\").replace("!", "^", 1 if text[1] == "!" else 0) + "]"
    return _WILDCARDS.get(text) or re.escape(text)
