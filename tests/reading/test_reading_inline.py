"""The words of a paragraph: read by ourselves where that is plain, by marko where it is not, with one result."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.specs.markdown.inline import Inline, parse_inline
from spec2bdd.domain.specs.markdown.marko_inline import parse_markup

PLAIN = {
    "words": Inline("words"),
    "two  words\n and a third": Inline("two words and a third"),
    "**AC-1**: an item": Inline("AC-1: an item", lead="AC-1"),
    "an **AC-1** item": Inline("an AC-1 item"),
    "ends in `code`": Inline("ends in code", ends_in_code=True),
    "ends in `code` ": Inline("ends in code", ends_in_code=True),
    "has `code` inside": Inline("has code inside"),
    "`code`": Inline("code", ends_in_code=True),
    "a ` b ` c": Inline("a b c"),
    "a `  ` c": Inline("a c"),
    "a `b ` c": Inline("a b c"),
    "a `b*c` d": Inline("a b*c d"),
    "**bold** and `code`": Inline("bold and code", lead="bold", ends_in_code=True),
    "snake_case and 2 * 3": Inline("snake_case and 2 * 3"),
    "a < 3 & b": Inline("a < 3 & b"),
}
MARKED = {
    "*a* **b**": Inline("a b"),
    "**a _b_** c": Inline("a b c", lead="a b"),
    "***a*** c": Inline("a c"),
    "&amp; &lt; &#33; &nosuch;": Inline("& < ! &nosuch;"),
    r"\&amp; \*": Inline("&amp; *"),
    "`&amp;`": Inline("&amp;", ends_in_code=True),
    "`` a`b ``": Inline("a`b", ends_in_code=True),
    "~~gone~~ [a](b) ![c](d)": Inline("gone a c"),
    "a <!-- b --> c": Inline("a c", comments=("b",)),
    "[a <!-- x -->](b) **c <!-- y -->**": Inline("a c", comments=("x", "y")),
    "<b>a</b><br>b": Inline("a b"),
}
WORDS = st.sampled_from(
    [
        "a",
        "b c",
        " ",
        "  ",
        "\n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "~",
        "<",
        "&",
        "&amp;",
        "\\",
        "(",
        ")",
        "[",
        "]",
        "d.",
        "1",
    ]
)


@pytest.mark.parametrize(("source", "expected"), [*PLAIN.items(), *MARKED.items()])
def test_a_paragraph_says_this(source: str, expected: Inline) -> None:
    assert expected == parse_inline(source, {})


@pytest.mark.parametrize("source", [*PLAIN])
def test_marko_says_the_same_of_what_is_plain(source: str) -> None:
    assert PLAIN[source] == parse_markup(source, {})


@given(parts=st.lists(WORDS, min_size=1, max_size=12))
def test_whatever_we_read_ourselves_marko_reads_as_well(parts: list[str]) -> None:
    source = "".join(parts).strip()
    assert parse_markup(source, {}) == parse_inline(source, {})
