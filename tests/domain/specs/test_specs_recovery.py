"""Front matter that YAML refuses: why, where, what to type instead, and the fields that are unambiguous."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec

KEY = "a value contains `: `, which YAML reads as another key"
KEPT = "a value begins with a character that YAML reserves"
FOLLOWED = "text follows a closing quote or bracket, or the indentation changes"
PAIRS = "write every field as `key: value` on a line of its own, the value in quotes if in doubt"
TABS = "replace the tabs in this line by spaces"

# The front matter, the position of the error, its reason, the line to type instead, and the fields that are read.
REFUSED = [
    ("name: Login: phase 2", "2:12", KEY, 'name: "Login: phase 2"', ["name=Login: phase 2"]),
    ("owner: @agent-1", "2:8", KEPT, 'owner: "@agent-1"', ["owner=@agent-1"]),
    ("name: 'a' b", "2:11", FOLLOWED, "name: \"'a' b\"", []),
    ("a: - b", "2:4", "a value begins with `-`, which YAML reads as a list", 'a: "- b"', ["a=- b"]),
    ("a: *x", "2:4", "a value begins with `*`, which YAML reserves", 'a: "*x"', []),
    ("name: it's: x", "2:11", KEY, 'name: "it\'s: x"', ["name=it's: x"]),
    ('a: b: \\"', "2:5", KEY, "a: 'b: \\\"'", ['a=b: \\"']),
    (
        'name: "it\'s" d: e',
        "2:14",
        FOLLOWED,
        "name: '\"it''s\" d: e'",
        [],
    ),
    ("name:\ta: b", "2:8", KEY, 'name: "a: b"', ["name=a: b"]),
    ("a: |\n  x: y: z\nb: c: d", "4:5", KEY, 'b: "c: d"', ["b=c: d"]),
    ("a: b\n more\nc: d: e", "4:5", KEY, 'c: "d: e"', ["c=d: e"]),
    ("x: 1\r\nname: Login: two\r", "3:12", KEY, 'name: "Login: two"', ["x=1", "name=Login: two"]),
    ("a: 'x' # c\nb: 'y\\z'\nc: !t x\nd: e: f", "5:5", KEY, 'd: "e: f"', ["d=e: f"]),
    ("a: 'x'\nb: \"y\"\nc: ''\nd: e: f # g", "5:5", KEY, 'd: "e: f # g"', ["a=x", "b=y", "c=", "d=e: f"]),
]
# The same, with the whole hint.
OTHERS = [
    (
        "name: [a",
        "2:7",
        "the bracket `[` is not closed",
        'close the bracket, or put the value in quotes: `name: "[a"`',
        ["name=[a"],
    ),
    # Where YAML gives up in a later line, the line to edit is the one that opens the bracket, the brace or the quote.
    (
        "a: 1\nname: [a\nb: 2",
        "3:7",
        "the bracket `[` is not closed",
        'close the bracket, or put the value in quotes: `name: "[a"`',
        ["a=1", "name=[a", "b=2"],
    ),
    (
        "a: {b: c\nd: e",
        "2:4",
        "the brace `{` is not closed",
        'close the brace, or put the value in quotes: `a: "{b: c"`',
        ["d=e"],
    ),
    ('a: "b\nc: d', "2:4", 'the quote `"` is not closed', 'close the quote: `a: "b"`', ["c=d"]),
    ("a: [b,\n  c\nd: e", "2:4", "the bracket `[` is not closed", "close the bracket after the last entry", ["d=e"]),
    ("b\na: 1", "2:1", "a line is neither `key: value` nor part of the value above it", PAIRS, ["a=1"]),
    ("name: 'a", "2:7", "the quote `'` is not closed", "close the quote: `name: 'a'`", []),
    ("a: {b: c", "2:4", "the brace `{` is not closed", 'close the brace, or put the value in quotes: `a: "{b: c"`', []),
    ("\tname: a", "2:1", "there is a tab where YAML expects spaces", TABS, []),
    ("a: b\n\tc: d", "3:1", "there is a tab where YAML expects spaces", TABS, []),
    ("a: 1\nb\nc: 2", "3:1", "a line is neither `key: value` nor part of the value above it", PAIRS, ["a=1", "c=2"]),
    ("a: b\n c: d\n", "3:3", KEY, PAIRS, []),
    ("%x", "2:3", "found unknown directive name", PAIRS, []),
    (
        "name: a\x01b\x01",
        "2:8",
        "the control character U+0001 is not allowed",
        "delete that character; most editors can show it",
        ["name=a\x01b\x01"],
    ),
    (
        'a: "b\\q"',
        "2:6",
        "found unknown escape character",
        """put the value in quotes: `a: '"b\\q"'`""",
        [],
    ),
]


def check(front: str, place: str, message: str, hint: str, fields: list[str]) -> None:
    """Read a spec with that front matter, and compare everything that is reported of it."""
    spec = parse_spec("specs/a.md", f"---\n{front}\n---\n## Must Have\n- [ ] a\n".encode())
    (diagnostic,) = (diagnostic for diagnostic in spec.diagnostics if diagnostic.code == "front-matter-yaml")
    assert f"{diagnostic.line}:{diagnostic.column}" == place
    assert message in diagnostic.message.removeprefix("the front matter is not valid YAML: ")
    assert diagnostic.hint == hint
    assert fields == [f"{field.key}={field.value}" for field in spec.fields]
    assert {None} >= {field.start for field in spec.fields}


@pytest.mark.parametrize(("front", "place", "message", "line", "fields"), REFUSED)
def test_a_line_that_yaml_misreads_is_reported_with_what_to_type(
    front: str, place: str, message: str, line: str, fields: list[str]
) -> None:
    check(front, place, message, f"put the value in quotes: `{line}`", fields)


@pytest.mark.parametrize(("front", "place", "message", "hint", "fields"), OTHERS)
def test_what_quotes_cannot_fix_is_reported_with_what_can(
    front: str, place: str, message: str, hint: str, fields: list[str]
) -> None:
    check(front, place, message, hint, fields)


def test_what_is_left_of_a_template_is_still_a_placeholder() -> None:
    spec = parse_spec("specs/a.md", b"---\nname: a: b\nstatus: [Draft|Review]\nowner: x\n---\n## Must Have\n- [ ] a\n")
    assert {field.key: field.placeholder for field in spec.fields} == {"name": False, "status": True, "owner": False}
