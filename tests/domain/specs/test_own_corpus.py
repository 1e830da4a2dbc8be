"""Specs in the shapes that people write: each is read as the text file of the same name says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from spec2bdd.domain.specs.dialects.template import TemplateDialect
from spec2bdd.domain.specs.explain import explain_reading
from spec2bdd.domain.specs.markdown.blocks import MarkdownBody
from spec2bdd.domain.specs.markdown.marko_blocks import parse_blocks
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.model import Spec

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")


def render_lines(spec: Spec) -> Iterator[str]:
    """Render what was read from a spec, one line each."""
    for item in spec.criteria:
        notes = "".join([" manual" if item.manual else "", f" waived: {item.waived}" if item.waived else ""])
        yield f"{item.line:>3} {item.tier:6} [{item.box.mark}] {item.given_id or '-'}{notes} | {item.text}"
    for done in spec.done_items:
        yield f"{done.line:>3} done   [{done.box.mark}] - | {done.text}"
    for diagnostic in spec.diagnostics:
        yield f"{diagnostic.line:>3} {diagnostic.code}: {diagnostic.message}"
    yield f"unread: {' '.join(map(str, spec.unread)) or '-'}"


def parse_whole(text: str, start: int, vocabulary: HeadingVocabulary) -> MarkdownBody:
    """Parse all of a body with marko."""
    return parse_blocks(text, start)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_spec_is_read_as_its_text_file_says(path: Path) -> None:
    rendered = "".join(f"{line}\n" for line in render_lines(parse_spec(path.name, path.read_bytes())))
    expected = path.with_suffix(".txt")
    if os.environ.get("SPEC2BDD_UPDATE_GOLDEN"):
        expected.write_text(rendered, encoding="utf-8")
    assert rendered == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_quick_reading_is_that_of_the_full_parse(path: Path) -> None:
    content = path.read_bytes()
    whole = parse_spec(path.name, content, dialects=(TemplateDialect(body_parser=parse_whole),))
    assert parse_spec(path.name, content) == whole


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_box_is_a_criterion_or_has_a_reason(path: Path) -> None:
    content = path.read_bytes()
    boxes = explain_reading(path.name, content)
    criteria = [(box.line, box.text) for box in boxes if box.tier]
    assert criteria == [(item.line, item.text) for item in parse_spec(path.name, content).criteria]
    assert [box.line for box in boxes if not box.tier and not box.reason] == []


def test_every_spec_has_its_text_file_and_there_are_enough() -> None:
    names = {path.stem for path in FILES}
    assert names == {path.stem for path in CORPUS.glob("*.txt")}
    assert len(names) >= 12
