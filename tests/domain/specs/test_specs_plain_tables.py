"""Tables that are parsed without marko give the blocks that marko gives; whatever is less plain is left to marko."""

from __future__ import annotations

import pytest

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
}
LEFT_TO_MARKO = {
    "dashes for a header": "| - | -- |\n|---|---|\n| a | b |\n",
    "other columns in the dashes": "| a | b |\n|---|\n| c | d |\n",
    "no dashes": "| a |\n| b |\n",
    "words right above": "words\n| a |\n|---|\n| b |\n",
    "words right below": "| a |\n|---|\n| b |\nwords\n",
    "a row without its last bar": "| a |\n|---|\n| b\n",
    "an indented table": "  | a |\n  |---|\n",
    "a table in an item": "- a\n\n  | b |\n  |---|\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_plain_table_gives_the_blocks_of_marko(text: str) -> None:
    source_map = build_source_map(text, 0)
    assert parse_plain(source_map, 0, len(source_map.text), tables=True) == parse_chunk(source_map).blocks


@pytest.mark.parametrize("text", LEFT_TO_MARKO.values(), ids=LEFT_TO_MARKO)
def test_any_other_table_is_left_to_marko(text: str) -> None:
    source_map = build_source_map(text, 0)
    assert parse_plain(source_map, 0, len(source_map.text), tables=True) is None


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_table_above_the_first_section_is_left_to_marko(text: str) -> None:
    source_map = build_source_map(text, 0)
    assert parse_plain(source_map, 0, len(source_map.text)) is None
