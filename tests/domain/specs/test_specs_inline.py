"""The words of a paragraph: read by ourselves where that is plain, by marko where it is not, with one result."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.domain.specs.markdown.inline_text import InlineText
from spec2bdd.domain.specs.markdown.marko_inline import parse_markup

PLAIN = {
    "words": InlineText("words"),
    "two  words\n and a third": InlineText("two words and a third"),
    "**AC-1**: an item": InlineText("AC-1: an item", lead="AC-1"),
    "an **AC-1** item": InlineText("an AC-1 item"),
    "ends in `code`": InlineText("ends in code", ends_in_code=True),
    "ends in `code` ": InlineText("ends in code", ends_in_code=True),
    "has `code` inside": InlineText("has code inside"),
    "`code`": InlineText("code", ends_in_code=True),
    "a ` b ` c": InlineText("a b c"),
    "a `  ` c": InlineText("a c"),
    "a `b ` c": InlineText("a b c"),
    "a `b*c` d": InlineText("a b*c d"),
    "**bold** and `code`": InlineText("bold and code", lead="bold", ends_in_code=True),
    "snake_case and 2 * 3": InlineText("snake_case and 2 * 3"),
    "a < 3 & b": InlineText("a < 3 & b"),
    "Stories *(mandatory)*": InlineText("Stories (mandatory)"),
    "*a* **b**": InlineText("a b"),
    "\uff0c**a**\uff0cb": InlineText("\uff0ca\uff0cb"),
    "**a**b": InlineText("ab", lead="a"),
    "a `b` <!-- c 1 -->": InlineText("a b", comments=("c 1",), ends_in_code=True),
    "a <!-- b --> c": InlineText("a c", comments=("b",)),
    "see [the list](https://example.org/a_b), [it](#top) [x]": InlineText("see the list, it [x]"),
    "[a](./b.md)[c d](e) `f`": InlineText("ac d f", ends_in_code=True),
}
MARKED = {
    "**a _b_** c": InlineText("a b c", lead="a b"),
    "***a*** c": InlineText("a c"),
    "&amp; &lt; &#33; &nosuch;": InlineText("& < ! &nosuch;"),
    r"\&amp; \*": InlineText("&amp; *"),
    "`&amp;`": InlineText("&amp;", ends_in_code=True),
    "`` a`b ``": InlineText("a`b", ends_in_code=True),
    "~~gone~~ [a](b) ![c](d)": InlineText("a c", struck=True),
    "[a <!-- x -->](b) **c <!-- y -->**": InlineText("a c", comments=("x", "y")),
    "<b>a</b><br>b": InlineText("a b"),
    "a <b>b *c* <i>d</i></b> e<wbr>f": InlineText("a b c d ef"),
    "**<kbd>a</kbd>** <KBD>b</kbd>": InlineText("a b", lead="a"),
    '<span class="a">b</span> <a name="c"> d': InlineText("b d"),
    "a <b> c <a> d": InlineText("a <b> c <a> d"),
    "a <a>, <a> and <img>": InlineText("a <a>, <a> and <img>"),
    "a </b> c": InlineText("a </b> c"),
    "<b>a</b> <b> c": InlineText("a <b> c"),
    "a **<b>** c": InlineText("a <b> c"),
    "a <p> c <div> d<hr> e": InlineText("a <p> c <div> d e"),
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
        "\uff0c",
        "*(e)*",
        "<!-- f: g -->",
        "[h i](https://j.org/k_l)",
        "](m)",
        "!",
        ":",
        "www.",
        "://",
    ]
)


@pytest.mark.parametrize(("source", "expected"), [*PLAIN.items(), *MARKED.items()])
def test_a_paragraph_says_this(source: str, expected: InlineText) -> None:
    assert parse_inline(source, {}) == expected


@pytest.mark.parametrize("source", [*PLAIN])
def test_marko_says_the_same_of_what_is_plain(source: str) -> None:
    assert parse_markup(source, {}) == PLAIN[source]


@given(parts=st.lists(WORDS, min_size=1, max_size=12))
def test_whatever_we_read_ourselves_marko_reads_as_well(parts: list[str]) -> None:
    source = "".join(parts).strip()
    assert parse_markup(source, {}) == parse_inline(source, {})


REFERENCES = {
    "The list is kept[^1]": "The list is kept",
    "The list[^note] is kept": "The list is kept",
    "The [[Basket]] is kept": "The Basket is kept",
    "The [[pages/basket|basket]] is kept": "The basket is kept",
    "The list is kept ![[list.png]]": "The list is kept",
    "`a[^1]` and `[[b]]` stay[^1]": "a[^1] and [[b]] stay",
    "[[ -f x ]] stays": "[[ -f x ]] stays",
    "m[[1,2],[3,4]] stays": "m[[1,2],[3,4]] stays",
}


@pytest.mark.parametrize(("source", "text"), REFERENCES.items())
def test_links_of_a_wiki_are_their_words_and_footnotes_are_left_out(source: str, text: str) -> None:
    assert parse_inline(source, {}).text == text
