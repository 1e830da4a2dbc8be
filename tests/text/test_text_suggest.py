"""The nearest known name for a misspelt one."""

from __future__ import annotations

import pytest

from spec2bdd.text.suggest import suggest

NAMES = ("specs", "features", "steps")


@pytest.mark.parametrize(("word", "expected"), [("spec", "specs"), ("feature", "features"), ("steps", "steps")])
def test_the_nearest_name_is_suggested(word: str, expected: str) -> None:
    assert suggest(word, NAMES) == expected


@pytest.mark.parametrize("word", ["", "colour"])
def test_nothing_is_suggested_for_a_word_like_no_name(word: str) -> None:
    assert suggest(word, NAMES) is None


def test_a_lower_cutoff_suggests_more() -> None:
    assert suggest("cuke", ("parse", "cucumber"), cutoff=0.4) == "cucumber"
    assert suggest("cuke", ("parse", "cucumber")) is None
