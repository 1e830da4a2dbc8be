"""The words that headings, tiers, states and placeholders are recognized by, and the names that a project adds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from spec2bdd.text.normalize import normalize_heading


class HeadingVocabulary(NamedTuple):
    """The names of headings that a project adds to the built-in ones, by what they announce.

    A named tuple, because it is part of the key when the meaning of a heading is cached, and a tuple is hashed quickly.
    """

    names: tuple[tuple[str, tuple[str, ...]], ...] = ()


DEFAULT = HeadingVocabulary()

# Arrows, signs, dingbats and pictures, as ranges of a character class.
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"


def build_vocabulary(extra: Mapping[str, tuple[str, ...]]) -> HeadingVocabulary:
    """Build the vocabulary of a project; the keys are `must should could wont criteria done leave-out`."""
    # Sorted, so that the same names in another order are the same key of the cache.
    return HeadingVocabulary(tuple((key, tuple(extra[key])) for key in sorted(extra)))


def extend_vocabulary(vocabulary: HeadingVocabulary, key: str, names: tuple[str, ...]) -> HeadingVocabulary:
    """Add names of headings to a vocabulary."""
    extra = dict(vocabulary.names)
    return build_vocabulary({**extra, key: (*extra.get(key, ()), *names)})


@cache
def load_words() -> Mapping[str, Mapping[str, Any]]:
    """Load all built-in words; the file belongs to the package and is read once."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def find_words(table: str, key: str) -> tuple[str, ...]:
    """Find one list of words; those of several languages become one list."""
    words = load_words()[table][key]
    if isinstance(words, str):
        return tuple(words.split())
    lists: Iterable[Iterable[str]] = words.values() if isinstance(words, dict) else (words,)
    return tuple(word for words in lists for word in words)


@cache
def load_heading_names(table: str, *keys: str) -> frozenset[str]:
    """Load lists of words in the form of headings that are normalized."""
    return frozenset(normalize_heading(word) for key in keys for word in find_words(table, key))


@cache
def find_marks() -> str:
    """Find the characters that a box may hold."""
    return str(load_words()["states"]["marks"])


@cache
def render_mark_class() -> str:
    """Render a regular expression that matches the one character of a box: a known state, or an emoji."""
    return rf"[{re.escape(find_marks())}{_EMOJI}]"


def render_choice(words: Iterable[str]) -> str:
    """Render a regular expression that matches any of the words, the longest first."""
    # Alternatives are tried in order, so a shorter word must not hide a longer one that it begins.
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
