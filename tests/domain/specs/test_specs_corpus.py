"""Specs that other people wrote: each is read, its boxes are where they are said to be, and can be marked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from grouped import in_one_test
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.explain import explain_reading
from spec2bdd.domain.specs.front_matter.parser import parse_front_matter
from spec2bdd.domain.specs.markdown.blocks import MarkdownBody
from spec2bdd.domain.specs.markdown.marko_blocks import parse_blocks
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Box, BoxKind, Checkbox, Spec
from spec2bdd.text.edits import Edit, apply_edits
from spec2bdd.text.source_file import parse_source_file

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.md"))

# Reasons of boxes that are at the start of a list item all the same.
OF_TASKS = re.compile(r"|(?:below|under) .*|in the definition of done|a placeholder")

# Files in which the two parsers rightly differ, and by how many task items: these boxes are in the cells of a table.
DIFFERENT: dict[str, int] = {"rsmdt__the-startup__docs__specs__005-agent-structure__PRD.md": 30}

pytestmark = pytest.mark.skipif(
    not FILES, reason="skipped, not passed: the corpus of real specs (../shared/corpus) is not on this machine"
)


def count_with_markdown_it(text: str) -> int:
    """Count the task items that another Markdown parser finds, with its plug-in for task lists."""
    tokens = MarkdownIt("commonmark").enable("table").use(tasklists_plugin).parse(text)
    return sum("task-list-item" in str(token.attrGet("class")).split() for token in tokens)


def is_task(box: Checkbox) -> bool:
    """Whether a checkbox is a task item on GitHub as well."""
    return box.mark != "" and box.mark in " xX" and OF_TASKS.fullmatch(box.reason) is not None


TEMPLATE = (TemplateDialect(),)


# Several tests compare the same readings.
@cache
def read(path: Path) -> Spec:
    """Read a real spec."""
    return parse_spec(path.name, path.read_bytes(), dialects=TEMPLATE)


@cache
def explain(path: Path) -> tuple[Checkbox, ...]:
    """Explain the reading of a real spec."""
    return tuple(explain_reading(path.name, path.read_bytes()))


def find_boxes(spec: Spec) -> list[Box]:
    """Find every checkbox that was read."""
    boxes = [item.box for item in spec.criteria] + [item.box for item in spec.done_items]
    return [box for box in boxes if box.kind is BoxKind.BOX]


@in_one_test("path", FILES, ids=lambda path: path.name)
def test_a_real_spec_is_read_and_its_boxes_can_be_marked(path: Path) -> None:
    content = path.read_bytes()
    spec = parse_spec(path.name, content)
    boxes = find_boxes(spec)
    assert spec.text.encode() == content
    assert [f"[{box.mark}]" for box in boxes] == [spec.text[box.offset - 1 : box.offset + 2] for box in boxes]
    marked = apply_edits(spec.text, [Edit(box.offset, box.offset + 1, "~") for box in boxes])
    again = parse_spec(path.name, marked.encode())
    assert [item.text for item in spec.criteria] == [item.text for item in again.criteria]
    assert {"~"} >= {box.mark for box in find_boxes(again)}


def parse_whole(text: str, start: int, vocabulary: HeadingVocabulary) -> MarkdownBody:
    """Parse all of a body with marko."""
    return parse_blocks(text, start)


@in_one_test("path", FILES, ids=lambda path: path.name)
def test_the_quick_reading_says_what_the_full_parse_says(path: Path) -> None:
    content = path.read_bytes()
    whole = parse_spec(path.name, content, dialects=(TemplateDialect(body_parser=parse_whole),))
    assert read(path) == whole


@in_one_test("path", FILES, ids=lambda path: path.name)
def test_another_parser_finds_as_many_task_items(path: Path) -> None:
    content = path.read_bytes()
    file = parse_source_file(path.name, content.decode())
    count = sum(is_task(box) for box in explain(path))
    expected = count_with_markdown_it(file.text[parse_front_matter(file).body_start :])
    assert count == expected + DIFFERENT.get(path.name, 0)


@in_one_test("path", FILES, ids=lambda path: path.name)
def test_ticking_and_unticking_every_box_gives_the_same_bytes(path: Path) -> None:
    content = path.read_bytes()
    boxes = find_boxes(parse_spec(path.name, content))
    kept = [Edit(box.offset, box.offset + 1, box.mark) for box in boxes]
    ticked = apply_edits(content.decode(), [Edit(box.offset, box.offset + 1, "x") for box in boxes])
    assert boxes == [
        Box(edit.content, box.offset)
        for edit, box in zip(kept, find_boxes(parse_spec(path.name, ticked.encode())), strict=True)
    ]
    assert apply_edits(ticked, kept).encode() == content


@in_one_test("path", FILES, ids=lambda path: path.name)
def test_every_criterion_is_explained_and_nothing_else_has_a_tier(path: Path) -> None:
    spec, boxes = read(path), explain(path)
    explained = [(box.line, box.column, box.mark, box.text, box.tier) for box in boxes if box.tier]
    marks = [item.box.mark if item.box.kind is BoxKind.BOX else "" for item in spec.criteria]
    assert explained == [
        (item.line, item.column, mark, item.text, item.tier) for item, mark in zip(spec.criteria, marks, strict=True)
    ]
    assert all(bool(box.tier) != bool(box.reason) for box in boxes)
    assert len(spec.done_items) == sum(box.reason == "in the definition of done" for box in boxes)
