"""Front matter: raw values, spans that may be replaced, and what is reported where nothing may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from grouped import in_one_test
from hypothesis import given
from hypothesis import strategies as st

from spec2bdd.domain.specs.front_matter.fields import find_fields, find_plain_fields
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec
from spec2bdd.text.source_file import parse_source_file

ENCODER = Callable[[str], str]

ENCODINGS: dict[str, ENCODER] = {
    "lf": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "bom": lambda text: "\ufeff" + text,
    "bom and crlf": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "mixed": lambda text: text.replace("\n", "\r\n", 2),
    "blank lines before": lambda text: "\n \r\n" + text,
    "spaces after the boundaries": lambda text: text.replace("---\n", "---  \t\n"),
    "beyond the basic plane": lambda text: text.replace("---\n", "---\nowner: 😀𝒜é\n", 1),
}

# The text after `status: `, its value, and what of it may be replaced.
REPLACEABLE = [
    ("Draft", "Draft", "Draft"),
    ("Draft # a remark", "Draft", "Draft"),
    ("Draft   ", "Draft", "Draft"),
    ("  In Progress", "In Progress", "In Progress"),
    ("3.10", "3.10", "3.10"),
    ("No", "No", "No"),
    ("null", "null", "null"),
    ("0o17", "0o17", "0o17"),
    ("2026-05-04T09:00:00-04:00", "2026-05-04T09:00:00-04:00", "2026-05-04T09:00:00-04:00"),
    ("a#b", "a#b", "a#b"),
    ("😀 𝒜", "😀 𝒜", "😀 𝒜"),
    ("'Draft'", "Draft", "Draft"),
    ("'it''s' # why", "it's", "it''s"),
    ('"Draft"', "Draft", "Draft"),
    (r'"a\tb\u00e9"', "a\tbé", r"a\tb\u00e9"),
    ("'# no remark'", "# no remark", "# no remark"),
]

LEFT_ALONE = [
    ("", ""),
    ("# only a remark", ""),
    ("|\n  Draft", "Draft\n"),
    (">-\n  Draft\n  still", "Draft still"),
    ("Draft\n  still", "Draft still"),
    ("'Draft\n  still'", "Draft still"),
    ("&now Draft", "Draft"),
    ("!!str Draft", "Draft"),
    ("\n  - Draft", "- Draft"),
    ("\n  a: b", "a: b"),
    ("[Draft|Review]", "[Draft|Review]"),
    ("{{status}}", "{{status}}"),
    ("'[Draft|Review]'", "[Draft|Review]"),
]

# The text between the boundaries, and parts of the message and the hint of the error.
BROKEN = [
    ("name: Login: phase 2", "a value contains `: `", '`name: "Login: phase 2"`'),
    ("owner: @agent-1", "a character that YAML reserves", '`owner: "@agent-1"`'),
    ("name: `code`", "a character that YAML reserves", '`name: "`code`"`'),
    ('name: "Say" hi', "text follows", "`name: '\"Say\" hi'`"),
    ("name: *star", "begins with `*`", '`name: "*star"`'),
    ("name: a\n\tb: c", "a tab", "replace the tabs"),
    ("name: [a", "not closed", '`name: "[a"`'),
    ("name: 'a", "the quote `'` is not closed", "`name: 'a'`"),
    ("just words\nname: a", "a line is neither", "`key: value`"),
    ("name: a\x07b", "U+0007", "delete that character"),
    ("name: a\n...\nstatus: b", "ends before the front matter", "status"),
]


def read_front(front: str) -> Spec:
    """Read a spec with that front matter."""
    return parse_spec("specs/a.md", f"---\n{front}\n---\n## Must Have\n- [ ] One\n".encode())


@in_one_test("encode", ENCODINGS.values(), ids=ENCODINGS)
@in_one_test(("written", "value", "replaceable"), REPLACEABLE)
def test_a_one_line_value_is_raw_text_and_may_be_replaced(
    encode: ENCODER, written: str, value: str, replaceable: str
) -> None:
    spec = parse_spec("specs/a.md", encode(f"---\nfeature_id: 1\nstatus: {written}\nname: n\n---\n# T\n").encode())
    field = spec.find_field("status")
    assert field is not None
    assert (field.value, spec.text[field.start : field.end]) == (value, replaceable)
    assert spec.text.splitlines()[field.line - 1][field.column - 1 :][:7] == "status:"
    assert (spec.title, tuple(p for p in spec.diagnostics if p.code != "no-criteria")) == ("T", ())


@pytest.mark.parametrize(("written", "value"), LEFT_ALONE)
def test_any_other_value_may_not_be_replaced_and_is_reported(written: str, value: str) -> None:
    spec = read_front(f"feature_id: 1\nname: n\nstatus: {written}")
    field = next(field for field in spec.fields if field.key == "status")
    assert (field.value, field.start, field.end) == (value, None, None)
    assert [diagnostic.line for diagnostic in spec.diagnostics] == [3 + 1]


def test_an_empty_quoted_value_may_be_replaced_and_is_reported() -> None:
    spec = read_front("feature_id: 1\nname: n\nstatus: ''")
    field = spec.find_field("status")
    assert field is not None
    assert (field.value, spec.text[(field.start or 0) - 1 : (field.end or 0) + 1]) == ("", "''")
    assert [(diagnostic.line, diagnostic.code) for diagnostic in spec.diagnostics] == [(4, "missing-field")]


def test_an_alias_may_not_be_replaced() -> None:
    spec = read_front("feature_id: 1\nname: &n Draft\nstatus: *n")
    assert (spec.find_value("status"), spec.fields[2].start) == ("Draft", None)
    assert [diagnostic.code for diagnostic in spec.diagnostics] == ["field-not-editable"]


def test_a_value_of_an_anchor_named_elsewhere_is_not_reported() -> None:
    assert read_front("feature_id: 1\nname: |\n  n\nstatus: Draft\ncreated: &a 1").diagnostics == ()


def test_a_key_that_comes_twice_may_not_be_replaced() -> None:
    spec = read_front("feature_id: 1\nname: n\nstatus: Draft\nstatus: Review")
    assert [field.start for field in spec.fields if field.key == "status"] == [None, None]
    assert [(diagnostic.line, diagnostic.code) for diagnostic in spec.diagnostics] == [(5, "duplicate-key")]


@pytest.mark.parametrize(("front", "message", "hint"), BROKEN)
def test_yaml_that_does_not_load_is_one_located_error(front: str, message: str, hint: str) -> None:
    spec = read_front(front)
    assert [diagnostic.code for diagnostic in spec.diagnostics] == ["front-matter-yaml"]
    assert message in spec.diagnostics[0].message
    assert hint in spec.diagnostics[0].hint
    assert 2 <= spec.diagnostics[0].line <= 3 + front.count("\n")
    assert [criterion.text for criterion in spec.criteria] == ["One"]
    assert {None} >= {field.start for field in spec.fields}


@pytest.mark.parametrize("front", ["", "# a remark", "\n\n"])
def test_empty_front_matter_lacks_every_required_field(front: str) -> None:
    assert [diagnostic.code for diagnostic in read_front(front).diagnostics] == ["missing-field"] * 3


def test_the_whole_mapping_may_be_in_braces() -> None:
    spec = read_front("{feature_id: 1, name: n, status: Draft}")
    field = spec.find_field("status")
    assert field is not None
    assert spec.text[field.start : field.end] == "Draft"


def test_a_boundary_inside_the_body_is_a_rule() -> None:
    spec = read_front("feature_id: 1\nname: n\nstatus: Draft\n---\nfoo: 1\n")
    assert tuple(field.key for field in spec.fields) == ("feature_id", "name", "status")
    assert [criterion.text for criterion in spec.criteria] == ["One"]


# Pieces of front matter, plain and not; what is read without YAML must be what YAML reads.
PIECES = (
    *("a", "b-1", "No", "3.10", "2026-05-04T09:00:00-04:00", ":", ": ", " ", "-", "- ", "#", " #", ",", "(", ")", "?"),
    *("\n", "\r\n", "\r", "\n  ", "\t", "'", '"', "[", "{", "&a ", "*a", "!", "|", ">", "%", "@", "`", "é", "~", "..."),
)


@given(st.lists(st.tuples(st.sampled_from(["a", "status", "b_2"]), st.lists(st.sampled_from(PIECES))), min_size=1))
def test_plain_front_matter_says_what_yaml_says(pairs: list[tuple[str, list[str]]]) -> None:
    text = "\n" + "".join(f"{key}: {''.join(pieces)}\n" for key, pieces in pairs)
    file = parse_source_file("specs/a.md", text)
    if plain := find_plain_fields(file, 0, len(text)):
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        assert isinstance(root, yaml.MappingNode)
        assert find_fields(file, root, 0) == plain


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_front_matter_of_the_template_is_plain(end: str) -> None:
    lines = ["feature_id: 3.10", "name: Book returns (new)", "updated: 2026-05-04T09:00:00-04:00  "]
    text = end + end.join(lines) + end
    plain = find_plain_fields(parse_source_file("specs/a.md", text), end.index("\n"), len(text)) or ()
    assert [tuple(line.rstrip().split(": ")) for line in lines] == [(field.key, field.value) for field in plain]
    assert [field.value for field in plain] == [text[field.start : field.end] for field in plain]


EXAMPLES = {"feature_id": "3.2", "name": "Book returns", "status": "Draft"}


@pytest.mark.parametrize("key", EXAMPLES)
def test_a_field_that_is_missing_or_empty_is_reported_with_an_example(key: str) -> None:
    lines = {"feature_id": "1", "name": "n", "status": "Draft"}
    hint = f"write a value on one line, such as `{key}: {EXAMPLES[key]}`"
    for without, message, line in (
        ({name: value for name, value in lines.items() if name != key}, f"the front matter has no `{key}`", 1),
        ({**lines, key: '""'}, f"`{key}` is empty", list(lines).index(key) + 2),
    ):
        (diagnostic,) = read_front("\n".join(f"{name}: {value}" for name, value in without.items())).diagnostics
        assert (
            diagnostic.code,
            diagnostic.message,
            diagnostic.hint,
            diagnostic.line,
        ) == ("missing-field", message, hint, line)
        assert diagnostic.path


NEW = "begin the file with the lines `---`, `status: Draft` and `---`"
# The beginning of a file that has no front matter, and is not meant to.
WITHOUT = {
    "a heading": "# A\n",
    "a sentence": "Note: this is a text.\n---\n",
    "an address": "https://example.org\n",
    "nothing": "",
    "a thematic break": "---\n\n# A\n",
    "a thematic break, and a sentence": "---\nNote: this is a text.\n",
    "a thematic break, and a paragraph": "---\n\nnote: this is a text.\n\nMore: that too.\n",
    "another thematic break": "***\n\n# A\n",
    "front matter in a code block": "# A\n\n```yaml\n---\nfeature_id: 1\n---\n```\n",
    "front matter in a comment": "<!--\n---\nfeature_id: 1\n---\n-->\n",
    "a heading above a rule": "# A\n\n---\nStatus of it: none\n\n---\n",
}


@pytest.mark.parametrize("text", WITHOUT.values(), ids=WITHOUT)
def test_a_text_without_front_matter_has_a_hint_how_to_add_it(text: str) -> None:
    spec = parse_spec("specs/a.md", text.encode())
    found = [(each.code, each.hint) for each in spec.diagnostics if "front-matter" in each.code]
    assert found == [("no-front-matter", NEW)]


@pytest.mark.parametrize("line", ["status: Draft", "status: Draft\nowner: Ana", "Name: A\nStatus: Draft"])
def test_a_status_without_other_fields_of_front_matter_replaces_it(line: str) -> None:
    spec = parse_spec("specs/a.md", f"{line}\n\n## Must Have\n- [ ] One\n".encode())
    assert (spec.find_value("status"), spec.diagnostics) == ("Draft", ())
