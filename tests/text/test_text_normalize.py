"""Which wordings are the same, and what a text becomes for it."""

from __future__ import annotations

import pytest

from spec2bdd.text.normalize import digest_text, fold_accents, to_comparison_key, to_single_line

SAME = [
    ("A box opens", "a  box\topens."),
    ("A box opens", "- A box opens"),
    ("Die Tür öffnet", "- die Tür „öffnet“!"),
    ('It\'s "open"', "Its open"),
    ("A \u2013 B", "A - B"),
    ("A\u00adB", "AB"),
    ("\u00c9t\u00e9", "E\u0301te\u0301"),
]
DIFFERENT = [
    ("Plan X", "Plan"),
    ("Tür X", "Tür"),
    ("-A", "A"),
    ("-ä", "ä"),
    ("A - B", "A B"),
    ("Ä - B", "Ä B"),
    ("A, B", "A B"),
    (".", "..."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_wordings_are_the_same_that_differ_in(one: str, other: str) -> None:
    assert to_comparison_key(one) == to_comparison_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_wordings_differ_that_differ_in(one: str, other: str) -> None:
    assert to_comparison_key(one) != to_comparison_key(other)


def test_accents_ligatures_and_signs_are_folded() -> None:
    assert fold_accents("Größe & Été") == "grosse  and  ete"
    assert fold_accents("Größe") == fold_accents("groSSe") == "grosse"


def test_a_line_has_single_spaces_and_no_control_characters() -> None:
    assert to_single_line(" a\u2028b \x00 c\ud800d  e\n") == "a b c d e"
    assert to_single_line("e\u0301") == "\u00e9"


def test_a_digest_has_the_length_that_is_wanted() -> None:
    assert digest_text("a") == "ca9781"
    assert digest_text("a", length=8) == "ca978112"
    assert len(digest_text("\ud800")) == 6
