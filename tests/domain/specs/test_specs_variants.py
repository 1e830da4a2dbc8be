"""One spec in every line ending and encoding mark says the same, at the right offsets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import SpecError
from spec2bdd.model import Spec

PLAIN = (Path(__file__).parent / "cases" / "structure.md").read_text(encoding="utf-8")

VARIANTS: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "bom": lambda text: "\ufeff" + text,
    "bom and crlf": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "every third line crlf": lambda text: "".join(
        line.replace("\n", "\r\n") if n % 3 == 0 else line for n, line in enumerate(text.splitlines(keepends=True))
    ),
    "a lone cr in the body": lambda text: text.replace("not be", "not\rbe"),
    "no final newline": lambda text: text.rstrip("\n"),
    "trailing spaces": lambda text: text.replace("\n", "  \n"),
    "form feed for a blank line": lambda text: text.replace("\n\n## Definition", "\n\f## Definition"),
}

# White space and control characters, as they may occur between two words of a criterion.
SPACES = ["\x85", "\u2028", "\u2029", "\x0b", "\x00", "\x1c", "\x07", "\x7f", "\u00a0", "\t", "\u3000", " \x00 \x85 "]


def strip_positions(spec: Spec) -> dict[str, Any]:
    """Return what is in a spec, without positions."""
    return {
        "fields": [(field.key, field.value) for field in spec.fields],
        "criteria": [
            replace(item, box=replace(item.box, offset=0), line=0, column=0, start=0) for item in spec.criteria
        ],
        "done_items": [(item.text, item.box.mark) for item in spec.done_items],
        "rest": (spec.title, spec.purpose),
    }


@pytest.mark.parametrize("vary", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_says_the_same_at_its_own_offsets(vary: Callable[[str], str]) -> None:
    text = vary(PLAIN)
    spec = parse_spec("specs/a.md", text.encode())
    assert strip_positions(parse_spec("specs/a.md", PLAIN.encode())) == strip_positions(spec)
    assert spec.text == text
    for box in [item.box for item in spec.criteria] + [item.box for item in spec.done_items]:
        assert text[box.offset - 1 : box.offset + 2] == f"[{box.mark}]"


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_white_space_and_controls_in_a_text_become_one_space(space: str) -> None:
    spec = parse_spec("specs/a.md", f"## Must Have\n- [ ] one{space}word\n".encode())
    assert [criterion.text for criterion in spec.criteria] == ["one word"]


@pytest.mark.parametrize("text", ["a\ufffdb", "a\u200db", "👩\u200d🔬"])
def test_other_strange_characters_stay_in_a_text(text: str) -> None:
    spec = parse_spec("specs/a.md", f"## Must Have\n- [ ] {text}\n".encode())
    assert [criterion.text for criterion in spec.criteria] == [text]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xff\xfe#\x00", (1, 1)),
        (b"ok\r\nn\xc3\xa9e \xe9\n", (2, 5)),
        (b"a\n\xf0\x9f\x98\x80\xed\xa0\x80", (2, 2)),
        (b"cut \xe2\x82", (1, 5)),
    ],
)
def test_bytes_that_are_not_utf_8_are_a_located_error(content: bytes, place: tuple[int, int]) -> None:
    with pytest.raises(SpecError) as caught:
        parse_spec("specs/a.md", content)
    assert (caught.value.path, caught.value.line, caught.value.column) == ("specs/a.md", *place)
    assert "UTF-8" in caught.value.hint
