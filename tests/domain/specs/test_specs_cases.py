"""Each `cases/*.md` is parsed, and the result compared with the `.json` next to it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Criterion, Diagnostic, DoneItem, Field, NestedBlock, Spec

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


def render_field(spec: Spec, field: Field) -> dict[str, Any]:
    """Render a field with the text that may be replaced in place of its span."""
    replaceable = None if field.start is None else spec.text[field.start : field.end]
    shown = {
        "key": field.key,
        "value": field.value,
        "place": f"{field.line}:{field.column}",
        "replaceable": replaceable,
    }
    return (
        shown | ({"quote": field.quote} if field.quote else {}) | ({"placeholder": True} if field.placeholder else {})
    )


def render_item(spec: Spec, item: Criterion | DoneItem) -> dict[str, Any]:
    """Render an item without what is left at its default, and its box in its brackets."""
    box = spec.text[item.box.offset - 1 : item.box.offset + 2]
    # A parent of index 0 is something, and equals `False`. The text begins right after the box.
    values = {key: value for key, value in asdict(item).items() if key != "start"}
    rest = {key: value for key, value in values.items() if value or (key, value) == ("parent", 0)}
    if isinstance(item, Criterion) and item.nested:
        rest["nested"] = [render_nested(block) for block in item.nested]
    place = f"{rest.pop('line')}:{rest.pop('column')}"
    return {"place": place, **rest, "box": box}


def render_nested(nested: NestedBlock) -> str:
    """Render what is nested in an item, on one line."""
    text = nested.text or " / ".join(" | ".join(row) for row in nested.rows)
    return f"{nested.line}: {'  ' * nested.depth}{nested.kind} {nested.info}: {text}".replace(" :", ":")


def render_diagnostic(diagnostic: Diagnostic) -> dict[str, str]:
    """Render a diagnostic as it would be printed."""
    head = f"{diagnostic.line}:{diagnostic.column}: {diagnostic.severity}: {diagnostic.code}"
    return {"diagnostic": head, "message": diagnostic.message, "hint": diagnostic.hint}


def render_spec(spec: Spec) -> dict[str, Any]:
    """Render everything that was read."""
    shown = {
        "title": spec.title,
        "purpose": spec.purpose,
        "fields": [render_field(spec, field) for field in spec.fields],
        "criteria": [render_item(spec, item) for item in spec.criteria],
        "done_items": [render_item(spec, item) for item in spec.done_items],
        "diagnostics": [render_diagnostic(diagnostic) for diagnostic in spec.diagnostics],
    }
    loaded: dict[str, Any] = json.loads(json.dumps(shown))
    return loaded


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_spec_reads_as_the_file_next_to_it_says(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    assert render_spec(parse_spec(f"specs/{case.name}", case.read_bytes())) == expected


def test_every_case_has_both_of_its_files() -> None:
    assert {case.stem for case in CASES} == {path.stem for path in (Path(__file__).parent / "cases").glob("*.json")}
