"""Making text visible."""

from __future__ import annotations

import pytest

from spec2bdd.reporters.terminal.escape import UNSAFE, render_visible, split_visible_lines

CHANGED = [
    ("\x1b[31mred", r"\x1b[31mred"),
    ("bell\x07", r"bell\x07"),
    ("\x9b2J", r"\x9b2J"),
    ("\x7f", r"\x7f"),
    ("a\tb\nc\r", r"a\tb\nc\r"),
    ("a\u202eb\u2066c\u2069", r"a\u202eb\u2066c\u2069"),
    ("\u200b\ufeff\xad", r"\u200b\ufeff\xad"),
    ("\u2028\u2029\x85", r"\u2028\u2029\x85"),
    ("\ud83d", r"\ud83d"),
    ("\U000e0041", r"\U000e0041"),
]
LEFT_ALONE = [
    "",
    "plain",
    "[bold]not markup[/bold]",
    r"C:\new\table",
    "grün, naïve, e\u0301",
    "漢字かな交じり文\u3000全角",
    "👩\u200d👩\u200d👧 👍🏽 🏳\ufe0f\u200d🌈",
    "نص عربي",
    "\xa0no-break blank",
]


@pytest.mark.parametrize(("text", "expected"), CHANGED)
def test_what_a_terminal_obeys_or_hides_becomes_an_escape(text: str, expected: str) -> None:
    assert render_visible(text) == expected


def test_each_character_that_is_not_safe_becomes_an_escape() -> None:
    characters = [*map(chr, range(0x10000)), *map(chr, range(0xE0000, 0xE0080))]
    unsafe = [char for char in characters if UNSAFE.match(char)]
    assert len(unsafe) > 2000
    assert [char for char in unsafe if render_visible(char) == char] == []


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_only_text_stays_as_it_is(text: str) -> None:
    assert render_visible(text) == text


def test_a_visible_text_stays_visible(hostile: str) -> None:
    visible = render_visible(hostile)
    assert render_visible(visible) == visible
    assert UNSAFE.search(visible) is None


LINES = [
    ("", ()),
    (" \n\t\n", ()),
    ("one", ("one",)),
    ("one\r\ntwo\n", ("one", "two")),
    ("\n  one\n\n  two\n\n", ("  one", "", "  two")),
    ("a\tb", ("a   b",)),
    ("a\rb\x0cc", (r"a\rb\x0cc",)),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_text_is_cut_at_line_feeds_only(text: str, expected: tuple[str, ...]) -> None:
    assert split_visible_lines(text) == expected
