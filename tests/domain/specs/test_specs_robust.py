"""Specs that are nested, long or odd beyond reason: located diagnostics, never a crash and never a long wait."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Severity

FRONT = "---\nfeature_id: 1\nname: n\nstatus: Draft\n---\n## Must Have\n"

TOO_DEEP = {
    "quotes": ("- [ ] a\n\n" + ">" * 600 + " b\n", (9, 1)),
    "lists": ("- [ ] a\n\n" + "- " * 600 + "b\n", (9, 1)),
    "indents": ("".join(" " * (2 * n) + "- [ ] a\n" for n in range(400)), (406, 1)),
    "emphasis": ("- [ ] a\n- [ ] " + "*a _b " * 1500 + "c_ d* " * 1500 + "\n", (8, 3)),
}

NOT_TOO_DEEP = {
    "quotes": "> " * 15 + "b\n\n- [ ] a\n",
    "lists": "- [ ] a\n" + "".join("  " * n + "- b\n" for n in range(1, 30)),
    "emphasis": "- [ ] " + "*" * 30 + "a" + "*" * 30 + "\n",
}

LONG = {
    "a list": "- [ ] An item that says `something` of **use**\n" * 4000,
    "a blank": "- [ ] a" + " " * 200_000 + "b\n",
    "a line": "- [ ] " + "x y " * 50_000 + "\n",
    "brackets": "- [ ] a " + "[" * 3000 + "\n",
    "joints": "- [ ] " + "a_" * 5000 + "x-\n",
    "comments": "- [ ] a " + "<!-- " * 100 + "\n",
    "waivers": "- [ ] a " + "(waived: " * 3000 + "\n",
    "tildes": "- [ ] " + "~a " * 300 + "\n",
}


@pytest.mark.parametrize(("body", "place"), TOO_DEEP.values(), ids=TOO_DEEP)
def test_markdown_nested_too_deeply_is_a_located_error(body: str, place: tuple[int, int]) -> None:
    (diagnostic,) = parse_spec("specs/a.md", (FRONT + body).encode()).diagnostics
    assert (diagnostic.path, diagnostic.code, diagnostic.severity) == ("specs/a.md", "too-deep", Severity.ERROR)
    assert (diagnostic.line, diagnostic.column) == place
    assert "nested too deeply" in diagnostic.message
    assert diagnostic.hint


def test_a_done_item_nested_too_deeply_is_left_out_and_reported() -> None:
    deep = "*a _b " * 1500 + "c_ d* " * 1500
    spec = parse_spec("specs/a.md", (FRONT + f"- [ ] a\n## Definition of Done\n- [ ] {deep}\n- [x] b\n").encode())
    assert ([c.text for c in spec.criteria], [d.text for d in spec.done_items]) == (["a"], ["b"])
    assert [(diagnostic.code, diagnostic.line, diagnostic.column) for diagnostic in spec.diagnostics] == [
        ("too-deep", 9, 3)
    ]


@pytest.mark.parametrize("body", NOT_TOO_DEEP.values(), ids=NOT_TOO_DEEP)
def test_markdown_nested_as_people_do_is_read(body: str) -> None:
    spec = parse_spec("specs/a.md", (FRONT + body).encode())
    assert ([criterion.text for criterion in spec.criteria], spec.diagnostics) == (["a"], ())


@pytest.mark.parametrize("front", ["a: " + "[" * 100_000, "- " * 100_000, "? " * 100_000, "a: " + "{b: " * 50_000])
def test_yaml_nested_too_deeply_is_a_located_error_and_the_body_is_read(front: str) -> None:
    spec = parse_spec("specs/a.md", f"---\n{front}\n---\n## Must Have\n- [ ] a\n".encode())
    assert [(diagnostic.code, diagnostic.line, diagnostic.column) for diagnostic in spec.diagnostics] == [
        ("too-deep", 1, 1)
    ]
    assert spec.diagnostics[0].message == "the front matter is too long or nested too deeply, so none of it was read"
    assert spec.diagnostics[0].hint == "use only `key: value` lines"
    assert [criterion.text for criterion in spec.criteria] == ["a"]


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_a_long_spec_is_read(body: str) -> None:
    # Where the time grows with the square of a length, this test takes hours.
    spec = parse_spec("specs/a.md", (FRONT + body).encode())
    assert (body.count("- [ ] "), ()) == (len(spec.criteria), spec.diagnostics)


# Finds of random documents that kept a reader busy without end, or for hours.
ENDLESS = {
    "a quote behind a tab": "- a\n\t  > b\n",
    "a long blank in a status": "status: a" + " " * 60 + "b\n",
    "long blanks in a status": "status: a" + " \\" * 5000 + " " * 5000 + "b\n",
}


@pytest.mark.parametrize("start", ENDLESS.values(), ids=ENDLESS)
def test_what_seemed_endless_is_read(start: str) -> None:
    spec = parse_spec("specs/a.md", f"{start}\n## Must Have\n- [ ] a\n".encode())
    assert [criterion.text for criterion in spec.criteria] == ["a"]


@pytest.mark.parametrize("quotes", ["> " * 9 + ">" + "> " * 50, ">  >" * 30, ">" * 20_000])
def test_quotes_in_quotes_are_refused_however_they_are_written(quotes: str) -> None:
    diagnostics = parse_spec("specs/a.md", f"{FRONT}- [ ] a\n\n{quotes}x\n".encode()).diagnostics
    assert [(diagnostic.code, diagnostic.line) for diagnostic in diagnostics] == [("too-deep", 9)]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xef\xbb\xbf", b"\x00", b"---", b"---\n---", b"- [ ]", b"#", b"\r", b"\f"]
)
def test_next_to_nothing_is_a_spec_without_criteria(content: bytes) -> None:
    spec = parse_spec("specs/a.md", content)
    assert spec.criteria == ()
    assert "no-criteria" in {diagnostic.code for diagnostic in spec.diagnostics}


@pytest.mark.parametrize("prefix", ["", "  ", "- ", "1. - "])
def test_quotes_in_quotes_without_end_are_refused_at_once(prefix: str) -> None:
    text = "## Acceptance Criteria\n\n- [ ] a\n\n" + prefix + "> " * 60 + "x\n"
    assert "too-deep" in [diagnostic.code for diagnostic in parse_spec("a.md", text.encode()).diagnostics]


def test_a_row_of_arrows_is_no_nest_of_quotes() -> None:
    text = "## Acceptance Criteria\n\n- [ ] a\n\n```\n" + ">" * 60 + "\n```\n"
    assert [criterion.text for criterion in parse_spec("a.md", text.encode()).criteria] == ["a"]


@pytest.mark.parametrize("body", ["-\t[ ] a\n", "- [ ] a | b\n"])
def test_more_boxes_than_a_spec_may_have_are_a_located_error(body: str) -> None:
    spec = parse_spec("specs/a.md", (FRONT + body * 80_000).encode())
    assert [(p.code, p.severity, p.line) for p in spec.diagnostics] == [("too-long", Severity.ERROR, 20_007)]
    assert spec.diagnostics[0].message == "the file has more than 20,000 boxes, so no criteria were read"


@pytest.mark.parametrize("body", ["-\ta\n", "- a | b\n", "> > a\n", ">>\n", "[a]: b\n"])
def test_more_lines_than_marko_can_read_are_a_located_error(body: str) -> None:
    spec = parse_spec("specs/a.md", (FRONT + body * 80_000).encode())
    assert [(p.code, p.severity, p.line) for p in spec.diagnostics] == [("too-long", Severity.ERROR, 30_003)]
    assert spec.diagnostics[0].message == "the file has more than 30,000 lines, so no criteria were read"
    assert spec.diagnostics[0].hint == "write one spec per feature"


def test_as_many_plain_lines_are_read() -> None:
    spec = parse_spec("specs/a.md", (FRONT + "- [ ] a\n" + "\nWords.\n" * 90_000).encode())
    assert ([criterion.text for criterion in spec.criteria], spec.diagnostics) == (["a"], ())
