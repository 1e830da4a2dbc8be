"""Specs that other people wrote: each is read, its boxes are where they are said to be, and can be marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.model import Box, Spec
from spec2bdd.reading.spec import parse_spec
from spec2bdd.text import Edit, apply_edits

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.md"))

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus of real specs (../shared/corpus) is not on this machine")


def find_boxes(spec: Spec) -> list[Box]:
    """Return every box that was read."""
    return [item.box for item in spec.criteria] + [item.box for item in spec.done_items]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_spec_is_read_and_its_boxes_can_be_marked(path: Path) -> None:
    content = path.read_bytes()
    spec = parse_spec(path.name, content)
    boxes = find_boxes(spec)
    assert content == spec.text.encode()
    assert [f"[{box.mark}]" for box in boxes] == [spec.text[box.offset - 1 : box.offset + 2] for box in boxes]
    marked = apply_edits(spec.text, [Edit(box.offset, box.offset + 1, "~") for box in boxes])
    again = parse_spec(path.name, marked.encode())
    assert [item.text for item in spec.criteria] == [item.text for item in again.criteria]
    assert {"~"} >= {box.mark for box in find_boxes(again)}
