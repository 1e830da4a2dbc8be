"""Blocks that are parsed without marko are those that marko gives; whatever is less plain is left to marko."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.specs.markdown.fast_path import parse_plain
from spec2bdd.domain.specs.markdown.marko_blocks import parse_chunk
from spec2bdd.domain.specs.markdown.source_map import build_source_map

PLAIN = {
    "header and rows": "| a | b |\n|---|:-:|\n| c | d |\n| e | f |\n",
    "no rows": "| a |\n|---|\n",
    "no line end": "| a |\n|---|\n| b |",
    "blanks after the rows": "| a |  \n| - | \n| b |   \n",
    "short and long rows": "| a | b |\n|---|---|\n| c |\n| d | e | f |\n",
    "empty cells": "| | b |\n|---|---|\n||\n| | |\n",
    "escaped bars": "| a \\| b |\n|---|\n| `c \\| d` |\n| e \\|\n",
    "dashes in a cell": "| - | b |\n|---|---|\n| - | - |\n",
    "below a list": "- a\n- b\n\n| c |\n|---|\n| d |\n",
    "above a list": "| c |\n|---|\n| d |\n\n- a\n",
    "below a paragraph": "words\n\n| c |\n|---|\n| d |\n\nmore words\n",
    "two tables": "| a |\n|---|\n| b |\n\n| c |\n|---|\n| d |\n",
    "code": "```\na\n\n\tb | c\n# d\n- e\n```\n",
    "code of a language": "~~~~ gherkin x\nGiven a\n~~~\n~~~~~ \n",
    "code below words and above a list": "a\n```\nb\n```\n- c\n",
    "code without a line": "```py\n```",
    "code in an item": "- a\n  ```\n  b\n\n    c\n  ```\n\n  d\n- e\n",
    "code between two lists": "- a\n```\nb\n```\n- c\n",
    "a comment": "<!-- a -->\nb\n",
    "a comment of several lines": "a\n<!-- b\n\n- c\n# d\n--> e\nf\n",
    "a comment in an item": "- a\n  <!-- id: b -->\n- c\n",
    "a comment between two lists": "- a\n<!-- b -->\n- c\n",
    "an empty comment": "<!-->\na\n",
    "headings below each other": "# a\n### b\nc\n## d #1\n- e\n",
    "rules": "a\n\n---\nb\n\n*** \n\n- c\n\n___\n\n- d\n",
    "a quote": "a\n\n> b\n>\n> - c\n\n- d\n",
    "a quote below an item": "- a\n> b\n\n- c\n",
    "a list from 1 below words": "a:\n1. b\n2. c\n",
    "a number below words": "a\n2. b\n   c\n",
    "another list below a list": "1. a\n   - b\n- c\n1) d\n",
    "a table in an item": "- a:\n\n  | b |\n  |---|\n  | c |\n\n- d\n",
}
LEFT_TO_MARKO = {
    "dashes for a header": "| - | -- |\n|---|---|\n| a | b |\n",
    "other columns in the dashes": "| a | b |\n|---|\n| c | d |\n",
    "no dashes": "| a |\n| b |\n",
    "words right above": "words\n| a |\n|---|\n| b |\n",
    "words right below": "| a |\n|---|\n| b |\nwords\n",
    "a row without its last bar": "| a |\n|---|\n| b\n",
    "an indented table": "  | a |\n  |---|\n",
    "a table right below an item": "- a\n  | b |\n  |---|\n",
    "code without an end": "```\na\n",
    "code that ends with other blanks": "  ```\n  a\n ```\n",
    "code in an item with a line further left": "- a\n  ```\n b\n  ```\n",
    "code in an item with a tab": "- a\n  ```\n  \tb\n  ```\n",
    "code with a backtick in its first line": "``` a`b\n```\n",
    "code in the line of its item": "- ```\n  a\n  ```\n",
    "a comment without an end": "<!-- a\n",
    "a comment of two lines in an item": "- a\n  <!-- b\n  -->\n",
    "other HTML": "<div>\n</div>\n",
    "dashes below words": "a\n---\n",
    "words below a quote": "> a\nb\n",
    "a quote in a quote": "> > a\n",
    "a heading with signs at its end": "## a ##\n",
    "words below a list": "- a\nb\n",
}


# Above the first section, these cover no region that would matter.
ANYWHERE = {"a list from 1 below words", "a number below words", "another list below a list"}
LINES = st.sampled_from(
    [
        *("```", "```gherkin", "``` a b", "````", "~~~", "  ```", "  ~~~~", "    ```", "``` a`b", "``"),
        *("<!-- a -->", "<!-- a", "-->", "<!-->", "  <!-- b -->", "  <!-- c", " <!-- d -->", "a --> b"),
        *("- a", "- b", "  c", "1. d", "2) e", "   f", "  - g", "    h", "- [ ] i", "a", "b c", "", "", "  ", "    "),
        *(
            "\ta",
            "  \tb",
            "| a |",
            "|---|",
            "  | b |",
            "  |---|",
            "3. j",
            "# a",
            "### b #",
            "#c",
            "---",
            "***",
            "--- ",
            "> a",
            "> - b",
            ">",
            "> > c",
        ),
        *("<div>", "\u00a0", "`` ` ``", "- ```", "> ```", "==="),
    ]
)


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_blocks_are_those_of_marko(text: str) -> None:
    source_map = build_source_map(text, 0)
    assert parse_plain(source_map, 0, len(source_map.text), below_title=True) == parse_chunk(source_map).blocks


@given(lines=st.lists(LINES, max_size=9), end=st.sampled_from(["\n", ""]))
def test_whatever_is_plain_gives_the_blocks_of_marko(lines: list[str], end: str) -> None:
    source_map = build_source_map("\n".join(lines) + end, 0)
    blocks = parse_plain(source_map, 0, len(source_map.text), below_title=True)
    assert blocks in (None, parse_chunk(source_map).blocks)


@pytest.mark.parametrize("text", LEFT_TO_MARKO.values(), ids=LEFT_TO_MARKO)
def test_any_other_block_is_left_to_marko(text: str) -> None:
    source_map = build_source_map(text, 0)
    assert parse_plain(source_map, 0, len(source_map.text), below_title=True) is None


@pytest.mark.parametrize("name", [name for name in PLAIN if name not in ANYWHERE])
def test_above_the_first_section_whatever_covers_a_region_is_left_to_marko(name: str) -> None:
    source_map = build_source_map(PLAIN[name], 0)
    assert parse_plain(source_map, 0, len(source_map.text)) is None
