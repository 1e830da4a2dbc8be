"""The file `words.toml` in, the words that specs are read by out: names of headings, signs, states and labels."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def read_words() -> Mapping[str, Mapping[str, Any]]:
    """Return the whole table of words; the file belongs to the package and is read once."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def find_words(table: str, key: str) -> tuple[str, ...]:
    """Return one list of words; those of several languages become one."""
    found = read_words()[table][key]
    if isinstance(found, str):
        return tuple(found.split())
    lists: Iterable[Iterable[str]] = found.values() if isinstance(found, dict) else (found,)
    return tuple(word for words in lists for word in words)


@cache
def find_marks() -> str:
    """Return the characters that a box may hold."""
    return str(read_words()["states"]["marks"])


def render_choice(words: Iterable[str]) -> str:
    """Render a regular expression that matches any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
