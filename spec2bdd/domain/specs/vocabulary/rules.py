"""Extra names of headings in, the rules that specs are read by out; the rules of a project that says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class HeadingVocabulary(NamedTuple):
    """What a project adds to the words that come with the program: names of headings, by what they announce.

    A tuple with names, because every heading is looked up by its words and these, and a tuple is hashed at once.
    """

    names: tuple[tuple[str, tuple[str, ...]], ...] = ()


DEFAULT = HeadingVocabulary()


def build_vocabulary(extra: Mapping[str, tuple[str, ...]]) -> HeadingVocabulary:
    """Return the rules with extra names; the keys are `must should could wont criteria done leave-out`."""
    return HeadingVocabulary(tuple((key, tuple(extra[key])) for key in sorted(extra)))
