"""The text of a file, and the places in it that are shown to its author."""

from __future__ import annotations

import pytest

from spec2bdd.model import Diagnostic, Severity
from spec2bdd.text.source_file import parse_source_file


@pytest.mark.parametrize("text", ["a\nb\nc", "a\rb\nc", "a\rb\rc"])
def test_a_carriage_return_alone_ends_a_line(text: str) -> None:
    source = parse_source_file("specs/1.md", text)
    assert source.text == "a\nb\nc"
    assert [source.find_place(offset) for offset in (0, 2, 4)] == [(1, 1), (2, 1), (3, 1)]


def test_a_carriage_return_before_a_line_feed_stays() -> None:
    source = parse_source_file("specs/1.md", "a\r\nb")
    assert (source.text, source.find_place(3)) == ("a\r\nb", (2, 1))


def test_a_diagnostic_is_at_the_line_and_column_of_its_offset() -> None:
    source = parse_source_file("specs/1.md", "a\nbc")
    place = ("specs/1.md", 2, 2)
    assert source.build_warning(3, "odd", message="odd", hint="mend it") == Diagnostic(
        *place, Severity.WARNING, "odd", "odd", "mend it"
    )
    assert source.build_error(3, "odd", message="odd") == Diagnostic(*place, Severity.ERROR, "odd", "odd", "")
